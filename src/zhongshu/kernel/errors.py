"""Two kinds of trouble, split at the root.

`Refused`: a person asked for something that cannot be done, can read why, and can act on it.
Everything else that is raised is a fault of ours.  A `Refused` carries a stable code, the facts,
and one clear sentence; the HTTP status or exit code is chosen at the door, never here.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A request that was understood and declined.

    code: stable dotted identifier, e.g. ``feeds.unknown_kind``; message catalogues key on it.
    message: one English sentence: what is wrong, where, what to do.
    facts: values the message was made from (ids only, never personal data).
    """

    def __init__(self, code: str, message: str, /, **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts: Mapping[str, object] = dict(facts)


class NotFound(Refused):
    """The thing does not exist, or lies outside the asker's scope; the two look the same."""


class NotAllowed(Refused):
    """The asker's posts do not give the permission (who)."""


class WrongState(Refused):
    """The record's state does not allow it (policy)."""


class BadInput(Refused):
    """What was sent cannot be read or contradicts itself."""
