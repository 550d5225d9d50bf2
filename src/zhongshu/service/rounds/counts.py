"""The arithmetic of a round: what its counts come to, hop by hop, and when they raise an alarm.

Samples go from the point over the courier to the laboratory.  Both sides of each hand-over tell
their own number; where the two differ, something is lost, counted twice or not yet told.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

QUEUE = "queue"
HAND_OVERS = (("handed", "picked_up"), ("delivered", "received"))
WHAT = (
    "registered", "sampled", "void_point", "handed",
    "picked_up", "void_transit", "delivered",
    "received", "void_lab", "tested", "reported", "positive",
    QUEUE,
)  # fmt: skip
# At each hop: what comes in, what is lost there, what goes on.
HOPS = (
    ("point", "sampled", "void_point", "handed"),
    ("courier", "picked_up", "void_transit", "delivered"),
    ("laboratory", "received", "void_lab", "reported"),
)
OF_LABORATORIES = frozenset({"received", "void_lab", "tested", "reported", "positive"})
# Where the hours of the hand-over count: until the laboratory has it, or it is void.
_ARRIVED = ("received", "void_point", "void_transit")


@dataclasses.dataclass(frozen=True, slots=True)
class Hop:
    """came = waiting + void + went, always; waiting below zero cannot be.  gap: what the hop
    before says it handed on, less `came` (0 at the first)."""

    hop: str
    came: int
    waiting: int
    void: int
    went: int
    gap: int


def hops(sums: Mapping[str, int]) -> list[Hop]:
    """The conservation board of counts summed by what they are of."""
    found: list[Hop] = []
    before: int | None = None
    for name, enters, lost, leaves in HOPS:
        came, void, went = (sums.get(key, 0) for key in (enters, lost, leaves))
        gap = 0 if before is None else before - came
        found.append(Hop(name, came, came - void - went, void, went, gap))
        before = went
    return found


def summary(sums: Mapping[str, int]) -> dict[str, int]:
    """registered, sampled, in_transit, received, tested, reported, positive, void; sampled =
    in_transit + received + reported + void, where received are those still at the laboratory and
    in_transit everything between swab and laboratory."""
    void = sum(sums.get(lost, 0) for _, _, lost, _ in HOPS)
    at_laboratory = sums.get("received", 0) - sums.get("void_lab", 0) - sums.get("reported", 0)
    sampled, reported = sums.get("sampled", 0), sums.get("reported", 0)
    return {
        "registered": sums.get("registered", 0),
        "sampled": sampled,
        "in_transit": sampled - void - reported - at_laboratory,
        "received": at_laboratory,
        "tested": sums.get("tested", 0),
        "reported": reported,
        "positive": sums.get("positive", 0),
        "void": void,
    }


def drift(now: Mapping[str, int], settled: Mapping[str, int]) -> int:
    """How many samples do not add up.  now: all counts; settled: those of events old enough to
    have been answered by the other side.

    Handed on long ago and still not taken, or taken long ago and never handed on, or more gone
    from a hop than ever came.
    """
    off = 0
    for gives, takes in HAND_OVERS:
        off += max(0, settled.get(gives, 0) - now.get(takes, 0))
        off += max(0, settled.get(takes, 0) - now.get(gives, 0))
    return off + sum(max(0, -hop.waiting) for hop in hops(now))


def overdue(now: Mapping[str, int], old: Mapping[str, int]) -> int:
    """Samples taken longer ago than they may be under way (`old`: counts until then) that have
    not arrived."""
    return max(0, old.get("sampled", 0) - sum(now.get(key, 0) for key in _ARRIVED))


def last_result(
    sums: Mapping[str, int], *, reported_lately: int, hours: float, at: dt.datetime
) -> dt.datetime | None:
    """When the last result comes at the pace of the last `hours`; None before the first sample and
    while nothing is reported, and `at` when nothing is outstanding."""
    told = summary(sums)
    outstanding = told["in_transit"] + told["received"]
    if outstanding <= 0:
        return at if told["reported"] > 0 else None
    if reported_lately <= 0:
        return None
    return at + dt.timedelta(hours=outstanding / (reported_lately / hours))
