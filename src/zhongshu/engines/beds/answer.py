"""Turning the columns of the program into the tables of the plan."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.beds import model
from zhongshu.engines.beds.program import Program, held_in

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = dict[str, Any]
LEAST = 1e-5
"""Expected persons below it are rounding."""


@dataclasses.dataclass(frozen=True)
class Lying:
    """Groups, hospitals and persons of the pairs in use."""

    group: Ints
    hospital: Ints
    persons: Ints


def lying(made: Program, x: Floats, pairs: tuple[Ints, Ints]) -> Lying:
    taken = np.round(x[made.columns.count :] * made.unit[pairs[0]]).astype(np.int64)
    used = np.flatnonzero(taken)
    return Lying(pairs[0][used], pairs[1][used], taken[used])


def waiting(made: Program, x: Floats) -> Ints:
    """Persons by group who lie where they may not."""
    found = np.zeros(len(made.ground.groups), np.int64)
    found[made.waits] = np.round(
        x[made.waits_at : made.waits_at + len(made.waits)] * made.unit[made.waits]
    )
    return found


def short_worth(made: Program, x: Floats) -> float:
    """What all who are left out or short come to, in kilometres."""
    cost = np.concatenate(made.columns.cost)
    blocks = ((made.left, made.put_at), (made.lost, made.move), (made.over, made.centre))
    return float(sum(cost[a:b] @ x[a:b] for a, b in blocks))


def tables(made: Program, x: Floats, placed: Lying, staff: pa.Table | None) -> dict[str, pa.Table]:
    """The tables of `model.BedPlan` by their names."""
    load = _load(made, x)
    rows = {
        "assignments": [*_assigned(made, placed), *_waits(made, x)],
        "load": load,
        "later": _later(made, x),
        "expected": _expected(made, x),
        "short": _short(made, x),
        "staff_needs": _staff(made, load, staff),
    }
    schemas = {name: getattr(model, name.upper()) for name in rows}
    return {name: pa.Table.from_pylist(rows[name], schema=schemas[name]) for name in rows}


def _date(made: Program, day: int) -> dt.date:
    return made.ground.on + dt.timedelta(days=int(day))


def _assigned(made: Program, placed: Lying) -> list[Row]:
    held = held_in(made.ground)
    return [
        _row(made, held, g, h, persons)
        for g, h, persons in zip(
            placed.group.tolist(), placed.hospital.tolist(), placed.persons.tolist(), strict=True
        )
    ]


def _row(made: Program, held: Ints, g: int, h: int, persons: int) -> Row:
    ground, at = made.ground, int(made.ground.at[g])
    severity, km = int(ground.severity[g]), float(ground.km[g, h])
    before = made.options.before.get(g, frozenset())
    moved = at >= 0 and at != h
    return {
        "group": ground.groups[g],
        "hospital_id": ground.hospitals[h],
        "persons": persons,
        "severity": made.rules.severities[severity],
        "pool": ground.pools[held[h, severity]],
        "arrives_on": _date(made, ground.day[g]),
        "move": "transfer" if moved else "stay" if at == h else "admit",
        "why": _why(made, g, h) if moved else None,
        "km": 0.0 if at == h else None if math.isnan(km) else km,
        "choice": int(ground.rank[severity, h]) + 1,
        "changed": bool(before) and h not in before,
    }


def _why(made: Program, g: int, h: int) -> str:
    """Why somebody lying in a hospital goes to another."""
    ground, at, s = made.ground, int(made.ground.at[g]), int(made.ground.severity[g])
    steps = dict(made.options.steps)
    if not steps["no_hospital_of_tier"][g, at]:
        return "step_up"
    if not steps["no_hospital_for_need"][g, at]:
        return "need"
    return "step_down" if ground.rank[s, h] < ground.rank[s, at] else "room"


def _waits(made: Program, x: Floats) -> list[Row]:
    ground = made.ground
    found, held = waiting(made, x), held_in(ground)
    still: Row = {"move": "waits", "choice": None}
    return [
        {**_row(made, held, g, int(ground.at[g]), int(found[g])), **still}
        for g in np.flatnonzero(found).tolist()
    ]


def _inside(made: Program, x: Floats) -> Floats:
    """(h, d, s)"""
    g = made.ground
    shape = (len(g.hospitals), g.days, len(g.worth))
    inside: Floats = x[made.inside : made.inside + math.prod(shape)].reshape(shape)
    return inside


def in_pools(made: Program, x: Floats) -> Floats:
    """Persons expected, (h, p, d)."""
    inside, held = _inside(made, x), held_in(made.ground)
    load = np.zeros(made.ground.beds.shape)
    for p in range(len(made.ground.pools)):
        load[:, p] = np.einsum("hds,hs->hd", inside, (held == p).astype(np.float64))
    return load


def _load(made: Program, x: Floats) -> list[Row]:
    g, persons = made.ground, in_pools(made, x)
    return [
        {
            "hospital_id": g.hospitals[h],
            "pool": g.pools[p],
            "date": _date(made, d),
            "beds": int(g.beds[h, p, d]),
            "usable": int(g.usable[h, p, d]),
            "persons": round(float(persons[h, p, d]), 6),
        }
        for h, p in np.argwhere(g.has).tolist()
        for d in range(g.days)
    ]


def _later(made: Program, x: Floats) -> list[Row]:
    g, later = made.ground, made.later
    moved = x[made.move : made.over].reshape(g.days - 1, len(later.km))
    return [
        {
            "date": _date(made, d + 1),
            "severity": made.rules.severities[later.severity[n]],
            "from_hospital": g.hospitals[later.tail[n]],
            "to_hospital": g.hospitals[later.head[n]],
            "persons": round(float(moved[d, n]), 6),
            "km": float(later.km[n]),
        }
        for d, n in np.argwhere(moved > LEAST).tolist()
    ]


def _expected(made: Program, x: Floats) -> list[Row]:
    g = made.ground
    rows = []
    for (f, h), persons in zip(made.put, x[made.put_at : made.lost].tolist(), strict=True):
        day, s, _, km = g.arrivals[f]
        row = {
            "row": f,
            "date": _date(made, day),
            "severity": made.rules.severities[s],
            "hospital_id": g.hospitals[h],
            "persons": round(persons, 6),
            "km": None if math.isnan(km[h]) else float(km[h]),
        }
        if persons > LEAST:
            rows.append(row)
    return rows


def _short(made: Program, x: Floats) -> list[Row]:
    g, names = made.ground, made.rules.severities
    sums: dict[tuple[int, int], float] = {}
    for (day, s, _, _), persons in zip(g.arrivals, x[made.lost : made.inside], strict=True):
        sums[day, s] = sums.get((day, s), 0.0) + float(persons)
    rows: list[tuple[int, str | None, str, str, float]] = [
        (d, None, "forecast", names[s], n) for (d, s), n in sorted(sums.items())
    ]
    suited = (g.rank >= 0) & g.has[:, g.pool].T
    inside = np.where(suited.T[:, None, :], 0.0, _inside(made, x))
    rows += [
        (d, g.hospitals[h], "unsuited", names[s], float(inside[h, d, s]))
        for h, d, s in np.argwhere(inside > LEAST).tolist()
    ]
    over = x[made.over : made.centre].reshape(g.usable.shape)
    rows += [
        (d, g.hospitals[h], "beds", g.pools[p], float(over[h, p, d]))
        for h, p, d in np.argwhere(over > LEAST).tolist()
    ]
    return [
        {"date": _date(made, d), "hospital_id": h, "what": what, "code": code,
         "persons": round(n, 6)}
        for d, h, what, code, n in rows
        if n > LEAST
    ]  # fmt: skip


def _staff(made: Program, load: list[Row], staff: pa.Table | None) -> list[Row]:
    """Whole people of each skill for the expected load of all pools, against who is there."""
    wanted: dict[tuple[str, dt.date, str], float] = {}
    for row in load:
        for skill, each in made.rules.staff_per_bed.get(row["pool"], {}).items():
            key = (row["hospital_id"], row["date"], skill)
            wanted[key] = wanted.get(key, 0.0) + each * row["persons"]
    present: dict[tuple[str, str], int] = {}
    for row in staff.to_pylist() if staff is not None else []:
        key2 = (row["hospital_id"], row["skill"])
        present[key2] = present.get(key2, 0) + row["persons"]
    return [
        {
            "hospital_id": h,
            "date": date,
            "skill": skill,
            "wanted": math.ceil(number - 1e-6),
            "present": present.get((h, skill), 0),
            "lacks": max(math.ceil(number - 1e-6) - present.get((h, skill), 0), 0),
        }
        for (h, date, skill), number in sorted(wanted.items())
        if number > LEAST
    ]
