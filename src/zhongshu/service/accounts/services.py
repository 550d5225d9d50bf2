"""Who may sign in: users, posts, one-time secrets, passwords."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotAllowed, NotFound, WrongState
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import signing_in
from zhongshu.rules.permissions import check_may_hold
from zhongshu.service.accounts.models import OneTimeSecret, Post, User
from zhongshu.service.audit import facade as audit
from zhongshu.service.kit.actor import Actor
from zhongshu.service.units import facade as units

INSTALLER = Actor("installer")
# Checked when there is no such user, so that the answer takes as long either way.
_NOBODY = make_password("nobody has this password")


MAX_NAME = 150


def create_user(
    *,
    username: str,
    display_name: str,
    posts: Sequence[tuple[str, str]],
    now: dt.datetime,
    actor: Actor = INSTALLER,
) -> str:
    """Make a user with (unit code, role) posts; the answer is his one-time secret, kept nowhere.

    Refuses an empty name, a name that is taken, an unknown unit or role, and roles nobody holds
    together.
    """
    if not username.strip() or len(username) > MAX_NAME:
        raise BadInput(
            "accounts.name", f"A user needs a sign-in name of 1 to {MAX_NAME} characters."
        )
    check_may_hold([role for _, role in posts])
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise WrongState("accounts.name_taken", f"There is a user {username} already.")
        user = User(username=username, display_name=display_name, created_at=now)
        user.set_unusable_password()
        user.save()
        for code, role in posts:
            unit = units.get(code)
            Post.objects.create(user=user, unit_id=unit.code, unit_path=unit.path, role=role)
        secret = _new_secret(user, now)
        audit.record(
            actor=actor,
            action="user.create",
            object_=f"user:{username}",
            at=now,
            facts={"posts": [list(post) for post in posts]},
        )
    return secret


def new_secret(*, username: str, now: dt.datetime, actor: Actor = INSTALLER) -> str:
    """A fresh one-time secret; the user's unused older ones stop working."""
    with transaction.atomic():
        user = User.objects.filter(username=username).first()
        if user is None:
            raise NotFound("accounts.unknown", f"There is no user {username}.")
        OneTimeSecret.objects.filter(user=user, used_at=None).update(expires_at=now)
        secret = _new_secret(user, now)
        audit.record(actor=actor, action="user.new_secret", object_=f"user:{username}", at=now)
    return secret


def _new_secret(user: User, now: dt.datetime) -> str:
    secret = secrets.token_urlsafe(24)
    life = _figures(now).secret_life
    OneTimeSecret.objects.create(user=user, secret_hash=_hash(secret), expires_at=now + life)
    return secret


def _figures(now: dt.datetime) -> signing_in.SignIn:
    return signing_in.in_force(beijing_day(now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def use_secret(*, secret: str, now: dt.datetime) -> User:
    """The user the secret lets in, once.  Refuses an unknown, used or expired one."""
    with transaction.atomic():
        found = (
            OneTimeSecret.objects.select_for_update()
            .select_related("user")
            .filter(secret_hash=_hash(secret), used_at=None, expires_at__gt=now)
            .first()
        )
        if found is None or not found.user.is_active:
            raise NotAllowed(
                "session.secret", "This sign-in link was used or has expired; ask for a new one."
            )
        found.used_at = now
        found.save(update_fields=["used_at"])
        user = found.user
        audit.record(
            actor=Actor(user.username, user.pk),
            action="session.open",
            object_=f"user:{user.username}",
            at=now,
            facts={"by": "secret"},
        )
    return user


def check_sign_in(*, username: str, password: str, now: dt.datetime) -> User:
    """The user, when name and password fit.

    Refuses otherwise, always with the same words; after the failures and for the time the pack
    says (S-1) also the right password.  Failures are kept even though the answer is a refusal.
    """
    figures = _figures(now)
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=username, is_active=True).first()
        fits = check_password(password, user.password if user else _NOBODY)
        locked = bool(user and user.locked_until and user.locked_until > now)
        if user and fits and not locked:
            user.failures, user.locked_until = 0, None
            user.save(update_fields=["failures", "locked_until"])
            _record_sign_in(user, now, "session.open", {"by": "password"})
            return user
        if user and not locked:
            user.failures += 1
            if user.failures >= figures.lock_after_failures:
                user.failures, user.locked_until = 0, now + figures.locked_for
            user.save(update_fields=["failures", "locked_until"])
            _record_sign_in(user, now, "session.refuse", {"locked": user.locked_until is not None})
    minutes = figures.locked_for / dt.timedelta(minutes=1)
    raise NotAllowed(
        "session.refused",
        f"Name and password do not fit, or the account is locked for {minutes:g} minutes.",
        minutes=round(minutes),
    )


def _record_sign_in(user: User, now: dt.datetime, action: str, facts: dict[str, object]) -> None:
    actor = Actor(user.username, user.pk)
    audit.record(actor=actor, action=action, object_=f"user:{user.username}", at=now, facts=facts)


def set_password(*, user: User, password: str, now: dt.datetime) -> None:
    """Refuses one shorter, or of fewer kinds of characters, than the pack asks for (S-1)."""
    figures = _figures(now)
    if not figures.fits(password):
        raise BadInput(
            "accounts.weak_password",
            f"A password has at least {figures.password_chars} characters and "
            f"{figures.password_classes} of: small letters, capitals, digits, other signs.",
            characters=figures.password_chars,
            classes=figures.password_classes,
        )
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        _record_sign_in(user, now, "user.set_password", {})
