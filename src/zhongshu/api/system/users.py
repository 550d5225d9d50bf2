"""Users and their posts, for security administration."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs, wall
from zhongshu.api.system.session import Post
from zhongshu.rules.permissions import Permission
from zhongshu.service.accounts import facade as accounts
from zhongshu.service.units import facade as units

router = Router(tags=["system"])


class UserItem(Schema):
    id: int
    username: str
    display_name: str
    posts: list[Post]
    active: bool


class PostIn(Schema):
    unit: str
    role: str


class UserIn(Schema):
    username: str = Field(pattern=r"^[A-Za-z0-9._-]{2,150}$")
    display_name: str = Field(min_length=1, max_length=150)
    posts: list[PostIn] = Field(min_length=1, max_length=20)


class Made(Schema):
    one_time_secret: str


@router.get("/users", response=list[UserItem])
@needs(Permission.USER_MANAGE, apart=True)
def users(request: HttpRequest) -> object:
    """Users with a post within one's rights, with those posts."""
    return [
        {
            "id": user.pk,
            "username": user.username,
            "display_name": user.display_name,
            "active": user.is_active,
            "posts": [
                {"id": post.pk, "unit": units.ref(post.unit), "role": post.role} for post in posts
            ],
        }
        for user, posts in accounts.users(here(request).scope)
    ]


@router.post("/users", response=Made)
@needs(Permission.USER_MANAGE, apart=True)
def add_user(request: HttpRequest, body: UserIn) -> object:
    """A new user, posted within one's rights; the secret is shown this once."""
    asking = here(request)
    for post in body.posts:
        units.get(post.unit, asking.scope)
    secret = accounts.create_user(
        username=body.username,
        display_name=body.display_name,
        posts=[(post.unit, post.role) for post in body.posts],
        now=wall(),
        actor=asking.actor,
    )
    return {"one_time_secret": secret}
