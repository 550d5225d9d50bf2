"""One unit, several codes: which unit does a code mean, and which codes has a unit."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools

from zhongshu.reference import read


@dataclasses.dataclass(frozen=True, slots=True)
class Identifier:
    """A code of `authority` (nbs or mca) for the unit `code`, valid from and to (None: open)."""

    code: str
    authority: str
    value: str
    valid_from: dt.date | None
    valid_to: dt.date | None


@functools.cache
def _all() -> tuple[Identifier, ...]:
    return tuple(Identifier(**row) for row in read.table("identifiers").to_pylist())


@functools.cache
def _by_unit() -> dict[str, tuple[Identifier, ...]]:
    found: dict[str, list[Identifier]] = {}
    for item in _all():
        found.setdefault(item.code, []).append(item)
    return {code: tuple(items) for code, items in found.items()}


@functools.cache
def _by_value() -> dict[tuple[str, str], Identifier]:
    # A present code comes after a retired one and so wins.
    ordered = sorted(_all(), key=lambda item: item.valid_to or dt.date.max)
    return {(item.authority, item.value): item for item in ordered}


def of_unit(code: str) -> tuple[Identifier, ...]:
    """All identifiers of the unit, retired ones too; none for an unknown unit."""
    return _by_unit().get(code, ())


def find(value: str, authority: str | None = None) -> Identifier | None:
    """The unit that `value` names, or None.

    The same township code may mean two different townships to two authorities, so give the
    authority where it is known; without one statistics (nbs) come before civil affairs (mca),
    and a retired code is found last.
    """
    authorities = (authority,) if authority else ("nbs", "mca")
    found = (_by_value().get((name, value)) for name in authorities)
    return next((item for item in found if item is not None), None)
