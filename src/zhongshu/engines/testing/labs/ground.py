"""Loads and laboratories as arrays, in hours after the start."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.testing.labs import model
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Ground:
    """arrive: hour a load reaches a laboratory, (loads, labs), inf where it may not go; a load
    without tubes goes nowhere.

    opens, closes: hours of the opening periods up to the horizon, (labs, periods), inf-padded.
    """

    loads: list[str]
    labs: list[str]
    tubes: Ints
    ready: Floats
    located: NDArray[np.bool_]
    km: Floats
    arrive: Floats
    machines: Ints
    batch: Ints
    run_h: Floats
    opens: Floats
    closes: Floats


def read(loads: pa.Table, labs: pa.Table, rules: model.LabRules, start: dt.datetime) -> Ground:
    """Refuses negative or missing numbers, doubles, times before the start, a naive start."""
    _check(rules, start)
    tables.require(loads, "loads", model.LOADS.names)
    tables.require(labs, "labs", model.LABS.names)
    tables.not_negative(loads, "loads", ["tubes"])
    tables.not_negative(labs, "labs", ["machines"])
    _once(loads, "loads", "load")
    _once(labs, "labs", "lab_id")
    lon, lat = tables.floats(loads, "lon"), tables.floats(loads, "lat")
    place = tables.floats(labs, "lon"), tables.floats(labs, "lat")
    if not np.isfinite(place).all():
        raise BadInput(
            "testing.no_coordinates", "A laboratory has no coordinates; give its lon and lat."
        )
    km = geo.matrix_km(lon, lat, *place) * rules.detour_factor
    ready = _ready(loads, start)
    machines, batch, run_h = _machines(labs)
    road = km / rules.courier_kmh
    tubes = tables.ints(loads, "tubes").copy()  # Arrow's own memory is read-only
    goes = np.isfinite(km) & (road <= rules.carry_max_h) & (machines > 0) & (tubes[:, None] > 0)
    opens, closes = _open(labs, rules.horizon_h, start)
    return Ground(
        loads=tables.texts(loads, "load"),
        labs=tables.texts(labs, "lab_id"),
        tubes=tubes,
        ready=ready,
        located=np.isfinite(lon) & np.isfinite(lat),
        km=km,
        arrive=np.where(goes, ready[:, None] + road, np.inf),
        machines=machines,
        batch=batch,
        run_h=run_h,
        opens=opens,
        closes=closes,
    )


def _check(rules: model.LabRules, start: dt.datetime) -> None:
    if start.tzinfo is None:
        raise BadInput("testing.naive_start", "The start has no time zone; add one, e.g. +08:00.")
    above = (rules.horizon_h, rules.courier_kmh, rules.detour_factor, rules.carry_max_h)
    if min(above) <= 0 or min(rules.due_h, rules.late_weight, rules.report_h) < 0:
        raise BadInput(
            "testing.bad_rates",
            "Horizon, courier speed, detour factor and the time on the road must be above 0, and "
            "the time due, the weight of lateness and the time to report not below 0.",
        )


def _once(table: pa.Table, name: str, key: str) -> None:
    names = tables.texts(table, key)
    if len(set(names)) < len(names):
        double = next(one for n, one in enumerate(names) if one in names[:n])
        raise BadInput(
            "testing.double", f"The table {name} has {key} {double} twice; give each one row."
        )


def _ready(loads: pa.Table, start: dt.datetime) -> Floats:
    moments = loads["ready_at"].to_pylist()
    hours = [math.nan if at is None else (at - start).total_seconds() / 3600 for at in moments]
    ready = np.array(hours, np.float64)
    if not (ready >= 0).all():
        raise BadInput(
            "testing.ready_before_start",
            "A load has no ready_at, or one before the start; give the moment its courier leaves.",
        )
    return ready


def _machines(labs: pa.Table) -> tuple[Ints, Ints, Floats]:
    machines = tables.ints(labs, "machines").copy()
    batch = tables.ints(labs, "batch").copy()
    run_h = tables.floats(labs, "run_h").copy()
    if not ((batch >= 1) & (run_h > 0)).all():
        raise BadInput(
            "testing.bad_machines",
            "A laboratory has a batch below 1 or a run of no time; give tubes per run and hours.",
        )
    return machines, batch, run_h


def _open(labs: pa.Table, horizon_h: float, start: dt.datetime) -> tuple[Floats, Floats]:
    given = [
        labs[name].to_pylist() if name in labs.column_names else [None] * labs.num_rows
        for name in model.LAB_EXTRAS.names
    ]
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    offset = (midnight - start).total_seconds() / 3600
    rows = [_periods(a, b, offset, horizon_h) for a, b in zip(*given, strict=True)]
    width = max((len(row) for row in rows), default=0) or 1
    padded = [[*row, *[(np.inf, np.inf)] * (width - len(row))] for row in rows]
    pairs = np.array(padded, np.float64).reshape(len(rows), width, 2)
    return np.ascontiguousarray(pairs[:, :, 0]), np.ascontiguousarray(pairs[:, :, 1])


def _periods(
    opens: float | None, closes: float | None, offset: float, horizon_h: float
) -> list[tuple[float, float]]:
    if opens is None and closes is None:
        return [(0.0, horizon_h)]
    if opens is None or closes is None or not (0 <= opens <= 24 and 0 <= closes <= 24):
        raise BadInput(
            "testing.bad_hours",
            "Opening hours need opens_h and closes_h between 0 and 24, or neither of them.",
        )
    lasts = closes - opens if closes > opens else closes - opens + 24
    if lasts >= 24:
        return [(0.0, horizon_h)]
    days = range(-1, math.ceil((horizon_h - offset) / 24) + 1)
    found = [(offset + 24 * day + opens, offset + 24 * day + opens + lasts) for day in days]
    cut = [(max(a, 0.0), min(b, horizon_h)) for a, b in found]
    return [(a, b) for a, b in cut if a < b]
