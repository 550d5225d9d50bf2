"""Isolation sites as floors of rooms, and the choice of rooms on them."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.rooms.parties import Requires, needs_of
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput

BEING_READIED = frozenset({"cleaning", "disinfecting"})  # states that end by themselves


@dataclasses.dataclass
class Room:
    """tags: what it offers, the kind of its site included.  later: being made ready."""

    no: str
    capacity: int
    free: bool
    tags: frozenset[str] = frozenset()
    later: bool = False

    def offers(self, requires: Requires) -> bool:
        return all(self.tags & wanted for wanted in requires)

    def suits(self, requires: Requires) -> bool:
        return self.free and self.offers(requires)


@dataclasses.dataclass
class Floor:
    number: int
    rooms: list[Room]  # in door order, so neighbours in the list are neighbours in the corridor
    degrees: set[int]  # of the people who live there, now or by this plan


@dataclasses.dataclass
class Site:
    """usable: rooms that may still be given out (free less the reserve)."""

    site_id: str
    lon: float
    lat: float
    floors: list[Floor]
    total: int
    free: int
    reserved: int
    usable: int

    def widest_floor(self, requires: Requires) -> int:
        """Beds on the floor with the most free beds that offer what is asked."""
        beds = (sum(r.capacity for r in f.rooms if r.suits(requires)) for f in self.floors)
        return max(beds, default=0)

    def offers(self, requires: Requires) -> int:
        """The same over all rooms, free or not."""
        beds = (sum(r.capacity for r in f.rooms if r.offers(requires)) for f in self.floors)
        return max(beds, default=0)


@dataclasses.dataclass(frozen=True)
class Choice:
    """Rooms of one floor for one party.  rank: smaller is better."""

    floor: Floor
    rooms: tuple[Room, ...]
    mixed: bool
    adjacent: bool
    rank: tuple[int, ...]


def read(rooms: pa.Table, rules: model.RoomRules) -> list[Site]:
    """Sites in order of their id.  Refuses tables without rooms, beds below 1, sites without a
    point, and a reserve outside 0..1.  A site listed without a room number is left out."""
    tables.require(rooms, "rooms", [name for name in model.ROOMS.names if name != "degree"])
    if not 0 <= rules.reserve_share <= 1:
        raise BadInput(
            "transfer.bad_reserve", f"The reserve {rules.reserve_share} is not within 0..1."
        )
    rows = [row for row in rooms.to_pylist() if row["room_no"] is not None]
    if not rows:
        raise BadInput("transfer.no_rooms", "No isolation room was given; take in the rooms first.")
    if any(row["capacity"] is None or row["capacity"] < 1 for row in rows):
        raise BadInput("transfer.room_without_beds", "Every room needs a capacity of at least 1.")
    rows.sort(key=lambda r: (r["site_id"], r["floor"], _door(r["room_no"])))
    return [
        _site(site_id, list(members), rules)
        for site_id, members in itertools.groupby(rows, key=lambda row: str(row["site_id"]))
    ]


def without_rooms(rooms: pa.Table) -> list[str]:
    """Sites of the table that have no room at all."""
    listed: set[str] = set()
    roomy: set[str] = set()
    for row in rooms.select(["site_id", "room_no"]).to_pylist():
        (listed if row["room_no"] is None else roomy).add(str(row["site_id"]))
    return sorted(listed - roomy)


@dataclasses.dataclass(frozen=True)
class Wish:
    """What a party asks of a site.  low_max: it wants a floor at or below; None: no wish (then low
    floors are spared).  mix: a floor of the other degree will do."""

    size: int
    degree: int
    low_max: int | None
    requires: Requires
    mix: bool


def choose(site: Site, wish: Wish) -> Choice | None:
    """The best rooms for a party, or None."""
    options = (
        option
        for floor in site.floors
        if wish.mix or not floor.degrees - {wish.degree}
        for option in _on_floor(floor, wish)
        if len(option.rooms) <= site.usable
    )
    return min(options, key=lambda option: option.rank, default=None)


def take(site: Site, choice: Choice, *, degree: int) -> None:
    for room in choice.rooms:
        room.free = False
    choice.floor.degrees.add(degree)
    site.usable -= len(choice.rooms)


def _site(site_id: str, rows: list[dict[str, Any]], rules: model.RoomRules) -> Site:
    lon, lat = rows[0]["lon"], rows[0]["lat"]
    point = tuple(math.nan if value is None else float(str(value)) for value in (lon, lat))
    if not all(map(math.isfinite, point)):
        raise BadInput(
            "transfer.site_without_point",
            f"The isolation site {site_id} has no coordinates; add them to its rooms.",
            site_id=site_id,
        )
    floors = [
        _floor(int(str(number)), list(members), rules)
        for number, members in itertools.groupby(rows, key=lambda row: row["floor"])
    ]
    free = sum(room.free for floor in floors for room in floor.rooms)
    reserved = math.ceil(rules.reserve_share * len(rows) - 1e-9)
    usable = max(0, free - reserved)
    return Site(site_id, point[0], point[1], floors, len(rows), free, reserved, usable)


def _floor(number: int, rows: list[dict[str, Any]], rules: model.RoomRules) -> Floor:
    known = {int(str(row["degree"])) for row in rows if row.get("degree") is not None}
    return Floor(number, [_room(row, rules) for row in rows], known)


def _room(row: dict[str, Any], rules: model.RoomRules) -> Room:
    tags = needs_of(row.get("tags") or "") | ({row["kind"]} if row.get("kind") else set())
    ready = row.get("ready_at")
    later = (
        row["state"] in BEING_READIED
        and ready is not None
        and rules.ready_by is not None
        and ready <= rules.ready_by
    )
    zone = row.get("zone")
    liveable = not rules.zones or zone is None or zone in rules.zones
    free = liveable and (row["state"] == "free" or later)
    return Room(str(row["room_no"]), int(row["capacity"]), free, frozenset(tags), later)


def _door(room_no: object) -> tuple[int, str]:
    digits = "".join(ch for ch in str(room_no) if ch.isdigit())
    return (int(digits) if digits else 0, str(room_no))


def _on_floor(floor: Floor, wish: Wish) -> Iterator[Choice]:
    mixed = bool(floor.degrees - {wish.degree})
    suits = [room.suits(wish.requires) for room in floor.rooms]
    windows = list(_windows(floor.rooms, suits, wish.size))
    adjacent = bool(windows)
    if not windows:
        scattered = _scattered(
            [r for r, ok in zip(floor.rooms, suits, strict=True) if ok], wish.size
        )
        windows = [scattered] if scattered else []
    is_low = wish.low_max is not None and floor.number <= wish.low_max
    for rooms in windows:
        waste = sum(room.capacity for room in rooms) - wish.size
        rank = (
            int(mixed),
            int(wish.low_max is not None and not is_low),
            int(not adjacent),
            len(rooms),
            int(wish.degree not in floor.degrees),  # fill one's own floor before opening another
            sum(len(room.tags) for room in rooms),  # spare the rooms that offer more
            waste,
            floor.number if wish.low_max is not None else -floor.number,  # spare the low floors
        )
        yield Choice(floor, rooms, mixed, adjacent, rank)


def _windows(rooms: list[Room], suits: list[bool], size: int) -> Iterator[tuple[Room, ...]]:
    """Runs of neighbouring suitable rooms that hold `size`, none longer than needed."""
    for start in range(len(rooms)):
        beds = 0
        for end in range(start, len(rooms)):
            if not suits[end]:
                break
            beds += rooms[end].capacity
            if beds >= size:
                yield tuple(rooms[start : end + 1])
                break


def _scattered(rooms: list[Room], size: int) -> tuple[Room, ...] | None:
    """The largest of these rooms until `size` fit."""
    chosen: list[Room] = []
    for room in sorted(rooms, key=lambda r: -r.capacity):
        chosen.append(room)
        if sum(r.capacity for r in chosen) >= size:
            return tuple(chosen)
    return None
