"""A province's day of zoning: 117 counties, 21,895 villages.  Synthetic."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.zoning import model
from zhongshu.kernel.random import stream

SEED = 20221108
ON = dt.date(2022, 11, 8)
RULES = model.ZoneRules(
    high=model.LevelRule("Z9-1", "village", 7, "medium", 1.0),
    medium=model.LevelRule("Z9-2", "village", 7, "low", 0.5, stepped_days=3),
    place_high=model.PlaceRule(minutes=240, persons=50, cases=3),
    place_medium=model.PlaceRule(minutes=60, persons=5, cases=2),
    colour=model.ColourRule("COLOUR", days=14, high_cases=10, medium_cases=1),
    local_case_rule_id="Z9-5",
    lookback_days=10,
    first_day=0,
    quarantined_restart=True,
    shape_buffer_m=50.0,
)


def province(
    cases: int, exposures: int, *, counties: int = 117, villages: int = 21_895, seed: int = SEED
) -> dict[str, Any]:
    """Cases live in one in ten villages; each village has 20 homes with a point."""
    rng = stream(seed, "zoning")
    rows = [_unit(f"C{n}", "county", None, 300_000) for n in range(counties)]
    townships = counties * 12
    rows += [_unit(f"T{n}", "township", f"C{n % counties}", 25_000) for n in range(townships)]
    rows += [
        _unit(f"V{n}", "village", f"T{n % townships}", int(people))
        for n, people in enumerate(rng.lognormal(7, 0.7, villages))
    ]
    hit = rng.integers(0, villages // 10, cases)
    days = rng.integers(0, 20, cases)
    stays = rng.integers(0, cases, exposures)
    at = dt.datetime(2022, 11, 5, 8, tzinfo=dt.UTC)
    points = rng.normal((112.5, 37.8), 0.5, (villages, 2)).repeat(20, axis=0)
    points += rng.normal(0, 0.002, points.shape)
    return {
        "units": pa.Table.from_pylist(rows, schema=model.UNITS),
        "cases": pa.Table.from_pylist(
            [
                {
                    "case_id": n,
                    "person": n + 1,
                    "unit_code": f"V{hit[n]}",
                    "onset": None,
                    "confirmed_on": ON - dt.timedelta(days=int(days[n])),
                    "in_quarantine": bool(rng.random() < 0.4),
                    "imported": False,
                }
                for n in range(cases)
            ],
            schema=model.CASES,
        ),
        "exposures": pa.Table.from_pylist(
            [
                {
                    "case_id": int(case),
                    "place": int(rng.integers(0, exposures // 4)),
                    "unit_code": f"V{int(rng.integers(0, villages))}",
                    "time_from": at,
                    "time_to": at + dt.timedelta(hours=1),
                    "minutes": float(rng.exponential(40)),
                    "persons": int(rng.exponential(10)),
                }
                for case in stays
            ],
            schema=model.EXPOSURES,
        ),
        "zones": pa.Table.from_pylist([], schema=model.ZONES),
        "coverage": pa.Table.from_pylist([], schema=model.COVERAGE),
        "homes": pa.table(
            [
                np.array([f"V{n}" for n in range(villages)]).repeat(20),
                points[:, 0],
                points[:, 1],
            ],
            schema=model.HOMES,
        ),
    }


def _unit(code: str, kind: str, parent: str | None, people: int) -> dict[str, Any]:
    base = {"unit_code": code, "kind": kind, "parent": parent}
    return {**base, "people": people, "households": people // 3}
