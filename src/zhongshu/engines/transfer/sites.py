"""Isolation sites as floors of rooms, and the choice of rooms on them."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator

import pyarrow as pa

from zhongshu.engines.transfer import model
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass
class Room:
    no: str
    capacity: int
    free: bool


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

    @property
    def largest(self) -> int:
        """Beds in the largest free room, 0 when none is free."""
        return max((r.capacity for f in self.floors for r in f.rooms if r.free), default=0)

    def worth(self, beds: int) -> int:
        """The largest usable rooms, each counted in steps of `beds`, a started step as a whole."""
        free = (r.capacity for f in self.floors for r in f.rooms if r.free)
        return sum(sorted((-(-capacity // beds) for capacity in free), reverse=True)[: self.usable])

    def widest_floor(self) -> int:
        """Beds on the floor with the most free beds."""
        return max((sum(r.capacity for r in f.rooms if r.free) for f in self.floors), default=0)


@dataclasses.dataclass(frozen=True)
class Choice:
    """Rooms of one floor for one party.  rank: smaller is better."""

    floor: Floor
    rooms: tuple[Room, ...]
    mixed: bool
    adjacent: bool
    rank: tuple[int, ...]


def read(rooms: pa.Table, *, reserve_share: float) -> list[Site]:
    """Sites in order of their id.  Refuses tables without rooms, beds below 1, sites without a
    point, and a reserve outside 0..1."""
    tables.require(rooms, "rooms", [name for name in model.ROOMS.names if name != "degree"])
    if not rooms.num_rows:
        raise BadInput("transfer.no_rooms", "No isolation room was given; take in the rooms first.")
    if not 0 <= reserve_share <= 1:
        raise BadInput("transfer.bad_reserve", f"The reserve {reserve_share} is not within 0..1.")
    if (tables.ints(rooms, "capacity", null=0) < 1).any():
        raise BadInput("transfer.room_without_beds", "Every room needs a capacity of at least 1.")
    rows = sorted(rooms.to_pylist(), key=lambda r: (r["site_id"], r["floor"], _door(r["room_no"])))
    return [
        _site(site_id, list(members), reserve_share)
        for site_id, members in itertools.groupby(rows, key=lambda row: str(row["site_id"]))
    ]


def choose(site: Site, *, size: int, degree: int, low_max: int | None, mix: bool) -> Choice | None:
    """The best rooms for a party, or None.  `mix` allows a floor of the other degree.

    low_max: the party wants a floor at or below it; None: no wish (then low floors are spared).
    """
    options = (
        option
        for floor in site.floors
        if mix or not floor.degrees - {degree}
        for option in _on_floor(floor, size=size, degree=degree, low_max=low_max)
        if len(option.rooms) <= site.usable
    )
    return min(options, key=lambda option: option.rank, default=None)


def take(site: Site, choice: Choice, *, degree: int) -> None:
    for room in choice.rooms:
        room.free = False
    choice.floor.degrees.add(degree)
    site.usable -= len(choice.rooms)


def _site(site_id: str, rows: list[dict[str, object]], reserve_share: float) -> Site:
    lon, lat = rows[0]["lon"], rows[0]["lat"]
    point = tuple(math.nan if value is None else float(str(value)) for value in (lon, lat))
    if not all(map(math.isfinite, point)):
        raise BadInput(
            "transfer.site_without_point",
            f"The isolation site {site_id} has no coordinates; add them to its rooms.",
            site_id=site_id,
        )
    floors = [
        _floor(int(str(number)), list(members))
        for number, members in itertools.groupby(rows, key=lambda row: row["floor"])
    ]
    free = sum(room.free for floor in floors for room in floor.rooms)
    reserved = math.ceil(reserve_share * len(rows) - 1e-9)
    usable = max(0, free - reserved)
    return Site(site_id, point[0], point[1], floors, len(rows), free, reserved, usable)


def _floor(number: int, rows: list[dict[str, object]]) -> Floor:
    rooms = [
        Room(str(row["room_no"]), int(str(row["capacity"])), row["state"] == "free") for row in rows
    ]
    known = {int(str(row["degree"])) for row in rows if row.get("degree") is not None}
    return Floor(number, rooms, known)


def _door(room_no: object) -> tuple[int, str]:
    digits = "".join(ch for ch in str(room_no) if ch.isdigit())
    return (int(digits) if digits else 0, str(room_no))


def _on_floor(floor: Floor, *, size: int, degree: int, low_max: int | None) -> Iterator[Choice]:
    mixed = bool(floor.degrees - {degree})
    windows = list(_windows(floor.rooms, size))
    adjacent = bool(windows)
    if not windows:
        scattered = _scattered(floor.rooms, size)
        windows = [scattered] if scattered else []
    is_low = low_max is not None and floor.number <= low_max
    for rooms in windows:
        waste = sum(room.capacity for room in rooms) - size
        rank = (
            int(mixed),
            int(low_max is not None and not is_low),
            int(not adjacent),
            len(rooms),
            int(degree not in floor.degrees),  # fill a floor of one's own before opening another
            waste,
            floor.number if low_max is not None else -floor.number,  # spare the low floors
        )
        yield Choice(floor, rooms, mixed, adjacent, rank)


def _windows(rooms: list[Room], size: int) -> Iterator[tuple[Room, ...]]:
    """Runs of neighbouring free rooms that hold `size`, none longer than needed."""
    for start in range(len(rooms)):
        beds = 0
        for end in range(start, len(rooms)):
            if not rooms[end].free:
                break
            beds += rooms[end].capacity
            if beds >= size:
                yield tuple(rooms[start : end + 1])
                break


def _scattered(rooms: list[Room], size: int) -> tuple[Room, ...] | None:
    """The largest free rooms of a floor until `size` fit, when no neighbouring run does."""
    chosen: list[Room] = []
    for room in sorted((r for r in rooms if r.free), key=lambda r: -r.capacity):
        chosen.append(room)
        if sum(r.capacity for r in chosen) >= size:
            return tuple(chosen)
    return None
