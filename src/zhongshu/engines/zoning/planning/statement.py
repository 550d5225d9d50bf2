"""What each zone of a plan states: why, who is inside, what they need daily, and what ends it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from zhongshu.engines.zoning import model as zoning
from zhongshu.engines.zoning import release
from zhongshu.engines.zoning.planning.model import EVIDENCE, Figures
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Stay:
    """One exposure in the zone: place, the case that was there, from and to."""

    place: int
    case_id: int
    time_from: dt.datetime | None
    time_to: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class Statement:
    """One zone in words to be: cells, why, who, what daily, and until when.

    cases: of which the home lies inside; stays: exposures inside.  A zone without either lies
    where the model expects risk; `risk_share` is its share of the whole.  daily: what must be
    supplied each day, residents x the pack's figure.  conditions: rows as zoning.CONDITIONS;
    releases_on: the earliest day of the next step down, if no case comes.
    """

    cells: tuple[str, ...]
    risk_share: float
    person_days: float
    cases: tuple[int, ...]
    places: tuple[int, ...]
    stays: tuple[Stay, ...]
    inside: Mapping[str, int]
    daily: Mapping[str, float]
    conditions: tuple[Row, ...]
    releases_on: dt.date


def state(
    figures: Figures,
    *,
    evidence: pa.Table,
    rules: zoning.ZoneRules,
    on: dt.date,
    per_person_daily: Mapping[str, float],
    per_special_daily: Mapping[str, float] | None = None,
) -> tuple[Statement, ...]:
    """One statement per zone, drawn at the high level on `on`; order as in `figures.zones`.

    evidence: model.EVIDENCE; rows outside the zones are passed over.  per_person_daily and
    per_special_daily: supplies by name, units per resident and per person with special needs, from
    the pack.  Refuses supplies below zero.
    """
    tables.require(evidence, "evidence", EVIDENCE.names)
    special = per_special_daily or {}
    if min([*per_person_daily.values(), *special.values()], default=0.0) < 0:
        raise BadInput("zoning.bad_supply", "A daily supply is below zero; correct the pack.")
    zone_of = {cell: n for n, zone in enumerate(figures.zones) for cell in zone}
    found: list[list[Row]] = [[] for _ in figures.zones]
    for row in evidence.to_pylist():
        if row["cell_id"] in zone_of:
            found[zone_of[row["cell_id"]]].append(row)
    return tuple(
        _one(
            figures,
            n,
            rows,
            rules=rules,
            on=on,
            daily=_daily(figures, n, per_person_daily, special),
        )
        for n, rows in enumerate(found)
    )


def _daily(
    figures: Figures, n: int, person: Mapping[str, float], special: Mapping[str, float]
) -> dict[str, float]:
    inside = figures.inside[n]
    found = {name: inside["people"] * each for name, each in person.items()}
    for name, each in special.items():
        found[name] = found.get(name, 0.0) + inside["special_needs"] * each
    return found


def _one(
    figures: Figures,
    n: int,
    rows: list[Row],
    *,
    rules: zoning.ZoneRules,
    on: dt.date,
    daily: dict[str, float],
) -> Statement:
    homes = {row["case_id"]: row for row in rows if row["place"] is None}
    stays = [row for row in rows if row["place"] is not None]
    zone = {"since": on, "stepped": False}
    clock = release.read(zone, rules.high, rules, cases=list(homes.values()), coverage=[], on=on)
    conditions = release.conditions("", clock, rules.high, on=on)
    return Statement(
        cells=figures.zones[n],
        risk_share=figures.risk_share[n],
        person_days=figures.person_days[n],
        cases=tuple(sorted(homes)),
        places=tuple(sorted({row["place"] for row in stays})),
        stays=tuple(
            Stay(row["place"], row["case_id"], row["time_from"], row["time_to"]) for row in stays
        ),
        inside=figures.inside[n],
        daily=daily,
        conditions=tuple({k: v for k, v in row.items() if k != "unit_code"} for row in conditions),
        releases_on=clock.due_on,
    )
