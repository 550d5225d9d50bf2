"""What answers about the registry of resources look like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ninja import Schema
from pydantic import Field

from zhongshu.api.shapes import AskedList, UnitRef
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.units import facade as units

MOST = 50  # lines of history and of the ledger shown on a thing's page, the newest


class PoolItem(Schema):
    """total: in the mode it is in.  free: what nobody has at the moment asked for.  reported:
    what the newest report called free."""

    pool: str
    total: int
    free: int
    reported: int | None


class ThingItem(Schema):
    """origin: feed, person or made (synthetic).  opens_in_h: hours from an order until it can be
    used; null where it can, or where nobody knows.  turns: it has another capacity in the other
    mode."""

    id: int
    kind: str
    code: str
    name: str
    part_of: str
    unit: UnitRef
    lon: float | None
    lat: float | None
    state: str
    usable: bool
    state_since: dt.datetime
    state_by: str
    mode: str
    turns: bool
    opens_in_h: int | None
    pools: list[PoolItem]
    reported_at: dt.datetime | None
    facts: dict[str, Any]
    origin: str


class ChangeItem(Schema):
    """what: state or mode."""

    what: str
    before: str
    after: str
    at: dt.datetime
    by: str
    why: str


class HoldItem(Schema):
    """holder: ``plan:12``, ``job:3`` or ``person``."""

    id: int
    pool: str
    amount: int
    begins: dt.datetime
    ends: dt.datetime | None
    holder: str
    note: str
    by: str
    at: dt.datetime
    released_at: dt.datetime | None
    released_by: str


class ThingDetail(ThingItem):
    """states: those it may be put in.  other: its capacity in the other mode.  changes, holds: the
    newest 50."""

    states: list[str]
    other: dict[str, int] | None
    changes: list[ChangeItem]
    holds: list[HoldItem]


class ConversionItem(Schema):
    id: int
    unit: UnitRef
    mode: str
    kinds: list[str]
    why: str
    by: str
    at: dt.datetime
    things: int
    reversed_at: dt.datetime | None
    reversed_by: str


class ReadyItem(Schema):
    """See `service.resources.registry.reading.Ready`."""

    unit: UnitRef
    kind: str
    pool: str
    things: int
    open: int
    held: int
    opening: int
    emergency: int


class Readiness(Schema):
    hours: int
    rows: list[ReadyItem]


class ThingList(AskedList):
    kind: str = Field(default="", description=f"one of {', '.join(registry.LIVES)}")
    state: str = ""
    mode: str = Field(default="", pattern="^(|ordinary|emergency)$")
    part_of: str = Field(default="", description="code of the site, store or laboratory")
    text: str = Field(default="", max_length=50, description="part of the name")


class ThingIn(Schema):
    """A thing to be entered.  state empty: the first of its kind.  capacity, emergency: amounts by
    pool.  part_of: code of the site, laboratory or store that a room, machine or lot stands in.
    opens_in_h: for a state in which it cannot be used.  facts: type, depot, goods, measure,
    expires_on, skill or hospital, as its kind has them."""

    kind: str = Field(description=f"one of {', '.join(registry.LIVES)}")
    code: str = Field(max_length=100)
    name: str = Field(max_length=200)
    unit: str
    capacity: dict[str, int] = Field(default_factory=dict)
    emergency: dict[str, int] | None = None
    state: str = ""
    part_of: str = Field(default="", max_length=100)
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    opens_in_h: int | None = Field(default=None, ge=0, le=8760)
    facts: dict[str, str] = Field(default_factory=dict)


class StateIn(Schema):
    """opens_in_h: for a state in which it cannot be used."""

    state: str
    why: str = Field(max_length=2000)
    opens_in_h: int | None = Field(default=None, ge=0, le=8760)


class HoldIn(Schema):
    pool: str
    amount: int
    begins: dt.datetime
    ends: dt.datetime | None = None
    note: str = Field(default="", max_length=200)


class ReleaseIn(Schema):
    holds: list[int] = Field(max_length=200)


class ConvertIn(Schema):
    unit: str
    mode: str
    kinds: list[str] = Field(max_length=20)
    why: str = Field(max_length=2000)


class WhyIn(Schema):
    why: str = Field(max_length=2000)


_THING = (
    "kind", "code", "name", "part_of", "lon", "lat", "state_since", "state_by", "mode",
    "opens_in_h", "reported_at", "facts", "origin",
)  # fmt: skip
_CHANGE = ("what", "before", "after", "at", "by", "why")
_HOLD = (
    "id", "pool", "amount", "begins", "ends", "holder", "note", "by", "at", "released_at",
    "released_by",
)  # fmt: skip
_CONVERSION = (
    "id", "mode", "kinds", "why", "by", "at", "things", "reversed_at", "reversed_by",
)  # fmt: skip


def items(things: Sequence[registry.Thing], at: dt.datetime) -> list[dict[str, Any]]:
    """Rows of a list, with what is free at the moment `at`: one query more."""
    free = registry.frees(things, at)
    return [_item(one, free[one.pk]) for one in things]


def _item(one: registry.Thing, free: dict[str, int]) -> dict[str, Any]:
    state = getattr(one, "state_then", one.state)
    told = one.reported or {}
    pools = [
        {"pool": name, "total": total, "free": free[name], "reported": told.get(name)}
        for name, total in sorted(registry.capacity_of(one).items())
    ]
    return {name: getattr(one, name) for name in _THING} | {
        "id": one.pk,
        "unit": units.ref(one.unit),
        "state": state,
        "usable": state in registry.LIVES[one.kind].usable,
        "turns": one.emergency is not None,
        "pools": pools,
    }


def detail(one: registry.Thing, at: dt.datetime) -> dict[str, Any]:
    (item,) = items([one], at)
    other = one.capacity if one.mode == "emergency" else one.emergency
    return item | {
        "states": list(registry.LIVES[one.kind].states),
        "other": other if one.emergency is not None else None,
        "changes": [
            {name: getattr(row, name) for name in _CHANGE} for row in registry.changes(one)[:MOST]
        ],
        "holds": [
            {name: getattr(row, name) for name in _HOLD} for row in registry.holds(one)[:MOST]
        ],
    }


def conversion(one: registry.Conversion) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _CONVERSION} | {"unit": units.ref(one.unit)}
