"""How one signs in, as the pack for privacy and security in force says (rule S-1)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from zhongshu.rules import reader
from zhongshu.rules.model import Pack

# The kinds of characters a password may be made of; how many of them it needs is a figure.
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


@dataclasses.dataclass(frozen=True, slots=True)
class SignIn:
    """lock_after_failures: in a row; locked_for: how long then; secret_life: of a one-time secret;
    password_chars, password_classes: least length, least kinds of characters (of four)."""

    lock_after_failures: int
    locked_for: dt.timedelta
    secret_life: dt.timedelta
    password_chars: int
    password_classes: int

    def fits(self, password: str) -> bool:
        """Long enough and of enough kinds of characters."""
        kinds = sum(bool(re.search(pattern, password)) for pattern in _CLASSES)
        return len(password) >= self.password_chars and kinds >= self.password_classes


def in_force(on: dt.date, *, path: str = "") -> SignIn:
    """The figures of the Beijing day `on`; a unit on `path` may have set stricter ones.

    Refuses (NotFound) a day on which no such pack holds.
    """
    return of(reader.applicable(disease=reader.ANY, topic=reader.PRIVACY, on=on, path=path))


def of(pack: Pack) -> SignIn:
    return SignIn(
        lock_after_failures=int(pack.number("login.lock_after_failures")),
        locked_for=dt.timedelta(minutes=pack.number("login.lock_min")),
        secret_life=dt.timedelta(hours=pack.number("login.secret_h")),
        password_chars=int(pack.number("login.password_chars")),
        password_classes=int(pack.number("login.password_classes")),
    )
