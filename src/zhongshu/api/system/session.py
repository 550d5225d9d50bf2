"""Signing in and out, and who one is."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema, Status
from ninja.errors import AuthenticationError, HttpError
from ninja.utils import check_csrf
from pydantic import Field

from zhongshu.api.door import headquarters_now, open_to, wall
from zhongshu.api.shapes import Text, UnitRef
from zhongshu.kernel.errors import BadInput
from zhongshu.service.accounts import facade as accounts
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.periods import facade as periods
from zhongshu.service.units import facade as units

router = Router(tags=["session"])
BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(Schema):
    """Name and password, or a one-time secret."""

    username: str = Field(default="", max_length=150)
    password: str = Field(default="", max_length=200)
    secret: str = Field(default="", max_length=200)


class NewPassword(Schema):
    new_password: str = Field(max_length=200)


class UserRef(Schema):
    username: str
    display_name: str
    has_password: bool


class Post(Schema):
    id: int
    unit: UnitRef
    role: str


class Incident(Schema):
    id: int
    name: Text
    disease: str
    level: str | None
    mode: str
    synthetic: bool
    pack: str


class HeadquartersClock(Schema):
    """now: the headquarters' time, the wall clock plus `offset_s`."""

    now: dt.datetime
    latest_as_of: dt.datetime | None
    offset_s: int


class Session(Schema):
    user: UserRef
    posts: list[Post]
    permissions: list[str]
    scope: UnitRef | None
    incident: Incident | None
    clock: HeadquartersClock


@router.post("/session", auth=None, response={204: None})
@open_to("anyone")
def sign_in(request: HttpRequest, body: SignIn) -> object:
    if check_csrf(request):
        raise HttpError(403, "CSRF check failed")
    now = wall()
    if body.secret:
        user = accounts.use_secret(secret=body.secret, now=now)
    elif body.username and body.password:
        user = accounts.check_sign_in(username=body.username, password=body.password, now=now)
    else:
        raise BadInput("session.refused", "Send a name and a password, or a one-time secret.")
    login(request, user, backend=BACKEND)
    return Status(204, None)


@router.get("/session", auth=None, response=Session)
@open_to("anyone")
def session(request: HttpRequest) -> object:
    """Who is signed in; 401 when nobody is.  Either way the CSRF cookie is set."""
    get_token(request)
    if not request.user.is_authenticated:
        raise AuthenticationError
    user = request.user
    held = accounts.held(user)
    incident = incidents.find_current()
    now = headquarters_now()
    run = periods.latest_run(now)
    posts = [
        {"id": post.pk, "unit": units.ref(post.unit), "role": post.role} for post in held.posts
    ]
    return {
        "user": {
            "username": user.username,
            "display_name": user.display_name,
            "has_password": user.has_usable_password(),
        },
        "posts": posts,
        "permissions": sorted(permission.value for permission in held.permissions),
        "scope": posts[0]["unit"] if posts else None,
        "incident": _incident(incident) if incident else None,
        "clock": {
            "now": now,
            "latest_as_of": run.as_of if run else None,
            "offset_s": incident.clock_offset_s if incident else 0,
        },
    }


def _incident(one: incidents.Incident) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "disease": one.disease,
        "level": one.level or None,
        "mode": one.mode,
        "synthetic": one.synthetic,
        "pack": one.pack,
    }


@router.delete("/session", response={204: None})
@open_to("signed_in")
def sign_out(request: HttpRequest) -> object:
    logout(request)
    return Status(204, None)


@router.post("/session/password", response={204: None})
@open_to("signed_in")
def set_password(request: HttpRequest, body: NewPassword) -> object:
    """Eight characters and three of four kinds; other sessions of the user end."""
    user = cast(accounts.User, request.user)
    accounts.set_password(user=user, password=body.new_password, now=wall())
    update_session_auth_hash(request, user)
    return Status(204, None)
