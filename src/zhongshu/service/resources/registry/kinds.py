"""What the registry knows: the kinds of things and the states each may be in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True, slots=True)
class Lives:
    """states: the closed list, the first is that of a thing just entered; usable: those in which
    something of it can be taken at once."""

    states: tuple[str, ...]
    usable: frozenset[str]


def _lives(*states: str, usable: tuple[str, ...]) -> Lives:
    return Lives(states, frozenset(usable))


_HOUSE = _lives("open", "reserve", "preparing", "closed", usable=("open",))
_SPARE = _lives("reserve", "preparing", "open", "closed", usable=("open",))
_STAFF = _lives("ready", "on_duty", "resting", "away", usable=("ready", "on_duty"))

LIVES: Mapping[str, Lives] = {
    "site": _HOUSE,
    "room": _lives("free", "taken", "cleaning", "disinfecting", "closed", usable=("free",)),
    "hospital": _HOUSE,
    "laboratory": _HOUSE,
    "machine": _lives("ready", "running", "repair", "off", usable=("ready", "running")),
    "sampler": _STAFF,
    "point": _SPARE,
    "vehicle": _lives("ready", "out", "disinfecting", "broken", usable=("ready", "out")),
    "driver": _STAFF,
    "courier": _lives("ready", "out", "broken", usable=("ready", "out")),
    "delivery": _lives("ready", "out", "broken", usable=("ready", "out")),
    "store": _HOUSE,
    "lot": _lives("usable", "quarantined", "expired", "withdrawn", usable=("usable",)),
    "enterprise": _lives("producing", "paused", "closed", usable=("producing",)),
    "price_point": _HOUSE,
    "checkpoint": _SPARE,
    "team": _STAFF,
}

# What of a thing can be taken, by its kind; some things only hold others.
POOLS: Mapping[str, tuple[str, ...]] = {
    "site": ("places",),
    "room": ("places",),
    "hospital": ("beds", "icu"),
    "laboratory": ("tubes_per_day",),
    "machine": ("tubes_per_day",),
    "sampler": ("persons",),
    "point": ("desks",),
    "vehicle": ("seats", "vehicle"),
    "driver": ("persons",),
    "courier": ("vehicle",),
    "delivery": ("vehicle",),
    "store": (),
    "lot": ("units",),
    "enterprise": ("units_per_day",),
    "price_point": (),
    "checkpoint": ("lanes",),
    "team": ("persons",),
}
# The kind of thing that such a thing stands in.
STANDS_IN: Mapping[str, str] = {"room": "site", "machine": "laboratory", "lot": "store"}
# What else a person may tell of it, each a code or a short text; hospital: whose own staff it is;
# store: from which a delivery vehicle goes out.
FACTS: Mapping[str, tuple[str, ...]] = {
    "hospital": ("type",),
    "laboratory": ("batch", "opens_h", "closes_h"),
    "vehicle": ("type", "depot"),
    "delivery": ("type", "store"),
    "store": ("level", "cold"),
    "lot": ("goods", "measure", "expires_on"),
    "enterprise": ("goods",),
    "price_point": ("goods",),
    "team": ("skill", "hospital"),
}
# Those of them that are numbers, and what they may be: tubes in a run, hours of the day.
NUMBERS: Mapping[str, tuple[float, float]] = {
    "batch": (1, 384),
    "opens_h": (0, 24),
    "closes_h": (0, 24),
}


def check_kind(kind: str) -> Lives:
    """The states of `kind`; refuses (BadInput) a kind there is not."""
    if kind not in LIVES:
        raise BadInput(
            "resources.kind",
            f"There is no kind of resource '{kind}'; there are {', '.join(LIVES)}.",
            kind=kind,
        )
    return LIVES[kind]


def check_state(kind: str, state: str) -> None:
    """Refuses (BadInput) a state that things of `kind` do not have."""
    known = check_kind(kind).states
    if state not in known:
        raise BadInput(
            "resources.state",
            f"A {kind} cannot be '{state}'; it can be {', '.join(known)}.",
            kind=kind,
            state=state,
        )
