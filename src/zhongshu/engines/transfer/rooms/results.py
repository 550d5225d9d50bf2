"""The tables of a room plan."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.rooms import parties, sites

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Given:
    """Rooms given to one party: the index of the site and the rooms of one floor."""

    site: int
    choice: sites.Choice


def assignments(
    people: pa.Table,
    party: parties.Parties,
    given: dict[int, Given],
    places: list[sites.Site],
    *,
    km: Floats,
    rules: model.RoomRules,
) -> pa.Table:
    person = people["person"].to_pylist()
    rows = []
    for index, got in sorted(given.items()):
        known = bool(party.located[index])
        nearer = int((km[index] < km[index, got.site] - 1e-9).sum())
        base = {
            "household": int(party.household[index]),
            "degree": int(party.degree[index]),
            "site_id": places[got.site].site_id,
            "floor": got.choice.floor.number,
            "distance_km": float(km[index, got.site]) if known else None,
            "site_rank": nearer + 1 if known else None,
            "flags": _flags(got.choice, party, index, rules),
        }
        beds = _spread([(r.no, r.capacity) for r in got.choice.rooms], int(party.size[index]))
        rows += [
            {**base, "person": person[row], "room_no": bed}
            for row, bed in zip(party.rows[index], beds, strict=True)
        ]
    return pa.Table.from_pylist(rows, schema=model.ASSIGNMENTS)


def _spread(rooms: list[tuple[str, int]], size: int) -> list[str]:
    """Room numbers for `size` people: one in each room first, then filling up in order."""
    extra = size - len(rooms)
    beds: list[str] = []
    for number, capacity in rooms:
        more = min(capacity - 1, extra)
        extra -= more
        beds += [number] * (1 + more)
    return beds


def _flags(
    choice: sites.Choice, party: parties.Parties, index: int, rules: model.RoomRules
) -> list[str]:
    flags = {
        "mixed_floor": len(choice.floor.degrees) > 1,
        "not_adjacent": not choice.adjacent,
        "several_rooms": len(choice.rooms) > 1,
        "no_low_floor": bool(party.low[index]) and choice.floor.number > rules.low_floor_max,
        "no_coordinates": not party.located[index],
        "kept_together": bool(party.kept[index]),
        "no_companion": bool(party.lone[index]),
        "room_ready_later": any(room.later for room in choice.rooms),
    }
    return [name for name, raised in flags.items() if raised]


def unserved(people: pa.Table, party: parties.Parties, reasons: dict[int, str]) -> pa.Table:
    person = people["person"].to_pylist()
    rows = [
        {
            "person": person[row],
            "household": int(party.household[index]),
            "degree": int(party.degree[index]),
            "reason": reason,
        }
        for index, reason in sorted(reasons.items())
        for row in party.rows[index]
    ]
    return pa.Table.from_pylist(rows, schema=model.UNSERVED_PEOPLE)


def site_use(places: list[sites.Site], party: parties.Parties, given: dict[int, Given]) -> pa.Table:
    used = [0] * len(places)
    persons = [0] * len(places)
    for index, got in given.items():
        used[got.site] += len(got.choice.rooms)
        persons[got.site] += int(party.size[index])
    rows = [
        {
            "site_id": site.site_id,
            "rooms_total": site.total,
            "rooms_free": site.free,
            "rooms_reserved": min(site.reserved, site.free),
            "rooms_used": used[s],
            "persons": persons[s],
        }
        for s, site in enumerate(places)
    ]
    return pa.Table.from_pylist(rows, schema=model.SITE_USE)
