"""Small-cell protection: how many persons, without telling when they were few.

Every count is told rounded down to a multiple of the pack's figure, and one under twice the figure
only as "below" that: the least that a reader can narrow "below" to from above is then no small cell
itself.  As all questions round alike, a count that comes from two of them by subtraction is an
interval too (fixed rounding: Willenborg & de Waal, Elements of Statistical Disclosure Control,
Springer 2001, ch. 9).

Rounded parts and a rounded total can still pin a part together: ten and four ones under a total of
10 to 14 must be just that.  So the total is told no nearer to the least that its parts allow than
`least - 1`: then each part under the figure can still be any of `least` numbers.  (Pinned from
above, a part is twice the figure less one.)  A list whose rows may overlap (hours, floors) says
how many there were at most, all rows together: it is hidden where that comes within the figure of
how many the parts say there were at least, so that hiding it tells no more than it would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypedDict


class Count(TypedDict):
    """value: the number, where `about` it rounded; null: hidden, and then `below` says under what
    it lies, null where it is hidden to protect another."""

    value: int | None
    below: int | None
    about: bool


HIDDEN: Count = {"value": None, "below": None, "about": False}


class Told(NamedTuple):
    """total: of everybody; parts: of each part, which add up to it; at_least: how many the parts
    say there were."""

    total: Count
    parts: list[Count]
    at_least: int


def count(persons: int, *, least: int) -> Count:
    """One number; least: the smallest that is no small cell, 2 or more."""
    if persons <= 0:
        return {"value": 0, "below": None, "about": False}
    if persons < 2 * least:
        return {"value": None, "below": 2 * least, "about": False}
    return {"value": persons - persons % least, "below": None, "about": True}


def counts(persons: Sequence[int], *, least: int) -> Told:
    """Numbers that together are everybody, nobody twice."""
    parts = [count(number, least=least) for number in persons]
    low = sum(map(_low, parts))
    lowest = 0 if low <= least else -(-low // least) * least
    return Told(count(max(sum(persons), lowest), least=least), parts, low)


def covering(persons: Sequence[int], of: Told, *, least: int) -> list[Count]:
    """Numbers that together are everybody, the same person perhaps in several."""
    if len(persons) == 1:
        return [of.total]
    told = [count(number, least=least) for number in persons]
    if sum(_high(one, least) for one in told) <= of.at_least + least:
        return [HIDDEN] * len(told)
    return told


def _low(one: Count) -> int:
    return (one["value"] or 0) if one["below"] is None else 1


def _high(one: Count, least: int) -> int:
    if one["below"] is not None:
        return one["below"] - 1
    return (one["value"] or 0) + least - 1 if one["value"] else 0
