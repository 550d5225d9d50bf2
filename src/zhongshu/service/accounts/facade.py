"""What others may use of accounts."""

from __future__ import annotations

from zhongshu.rules.permissions import Permission
from zhongshu.service.accounts.answers import answer_once
from zhongshu.service.accounts.models import User
from zhongshu.service.accounts.selectors import Held, by_name, held, posts, users
from zhongshu.service.accounts.services import (
    check_sign_in,
    create_user,
    new_secret,
    set_password,
    use_secret,
)
from zhongshu.service.kit.actor import Actor

__all__ = [
    "Held",
    "User",
    "actor",
    "answer_once",
    "by_name",
    "check_sign_in",
    "create_user",
    "held",
    "new_secret",
    "posts",
    "set_password",
    "use_secret",
    "users",
]


def actor(username: str, permission: Permission | str) -> Actor:
    """Who acts, for the command line: the user at the first post that grants `permission`.

    Refuses an unknown user, or one whose posts do not grant it.
    """
    return held(by_name(username)).actor(Permission(permission))
