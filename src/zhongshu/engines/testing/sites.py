"""Villages, candidate points and laboratories as arrays, and the points a siting opens."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.testing import model, siting
from zhongshu.engines.testing.chain import Hours, Labs
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Area:
    """located: villages with coordinates.  lab_km: shape (points, labs)."""

    units: list[str]
    people: Ints
    located: NDArray[np.bool_]
    points: list[str]
    spot: Floats  # of the points: lon, lat
    desks_max: Ints
    towns: list[str | None]  # of the points
    words: list[str | None]
    from_h: Floats  # own hours, after the start; infinite where there are none
    until_h: Floats
    reach: siting.Reach
    lab_ids: list[str]
    per_hour: Floats
    lab_km: Floats


@dataclasses.dataclass(frozen=True)
class Opened:
    """The points in use: their index, people, desks at most, hours, and roads to laboratories."""

    index: Ints
    people: Ints
    desks_max: Ints
    hours: Hours
    labs: Labs


def read(
    villages: pa.Table,
    candidates: pa.Table,
    labs: pa.Table,
    rules: model.RoundRules,
    start: dt.datetime,
) -> Area:
    """Refuses negative numbers, points or laboratories without coordinates, hours that are over,
    and words other than pin and forbid."""
    tables.require(villages, "villages", model.VILLAGES.names)
    tables.require(candidates, "candidates", model.CANDIDATES.names)
    tables.require(labs, "labs", model.LABS.names)
    tables.not_negative(villages, "villages", ["people"])
    tables.not_negative(candidates, "candidates", ["desks_max"])
    tables.not_negative(labs, "labs", ["tubes_per_day"])
    lon, lat = tables.floats(villages, "lon"), tables.floats(villages, "lat")
    point_lon, point_lat = _located(candidates, "candidates")
    lab_lon, lab_lat = _located(labs, "labs")
    km = geo.matrix_km(lon, lat, point_lon, point_lat) * rules.detour_factor
    # A village without coordinates has NaN distances, hence nothing in reach.
    return Area(
        units=tables.texts(villages, "unit_code"),
        people=tables.ints(villages, "people"),
        located=np.isfinite(lon) & np.isfinite(lat),
        points=tables.texts(candidates, "point_id"),
        spot=np.column_stack([point_lon, point_lat]),
        desks_max=tables.ints(candidates, "desks_max"),
        towns=_column(candidates, "township"),
        words=_words(candidates),
        from_h=_own(candidates, "from_at", start, -np.inf),
        until_h=_until(candidates, start),
        reach=siting.within(km, walk_max_km=rules.walk_max_km),
        lab_ids=tables.texts(labs, "lab_id"),
        per_hour=tables.floats(labs, "tubes_per_day") / 24,
        lab_km=geo.matrix_km(point_lon, point_lat, lab_lon, lab_lat) * rules.detour_factor,
    )


def hours(area: Area, rules: model.RoundRules) -> Hours:
    """Of all candidates: those of the round within their own."""
    opens = np.maximum(rules.setup_h, area.from_h)
    closes = np.minimum(rules.setup_h + rules.sampling_h, area.until_h)
    return Hours(opens, np.maximum(0.0, closes - opens))


def task(area: Area, rules: model.RoundRules) -> siting.Task:
    """A point holds what its desks sample in the opening hours, at most the planning size.

    Refuses a pinned point that can sample nobody."""
    by_desks = np.floor(area.desks_max * rules.per_desk_h * hours(area, rules).length + 1e-9)
    capacity = np.minimum(by_desks, rules.people_per_point_max).astype(np.int64)
    capacity[[word == "forbid" for word in area.words]] = 0
    pinned = np.array([word == "pin" for word in area.words], np.bool_)
    if (pinned & (capacity == 0)).any():
        name = area.points[int(np.flatnonzero(pinned & (capacity == 0))[0])]
        raise BadInput(
            "testing.pinned_shut",
            f"Point {name} must open and can sample nobody in the hours of the round.",
            id=name,
        )
    names = sorted({town for town in area.towns if town is not None})
    number = {name: n for n, name in enumerate(names)}
    town = np.array([-1 if one is None else number[one] for one in area.towns], np.int64)
    usable = np.bincount(town[(town >= 0) & (capacity > 0)], minlength=len(names))
    floor = np.minimum(usable, rules.points_per_township).astype(np.int64)
    return siting.Task(area.people, capacity, area.reach, rules.point_cost_km, town, floor, pinned)


def opened(area: Area, found: siting.Siting, rules: model.RoundRules) -> Opened:
    load = np.bincount(area.reach.point, weights=found.flow, minlength=len(area.points))
    index = np.flatnonzero(found.opened)
    return Opened(
        index=index,
        people=load[index].astype(np.int64),
        desks_max=area.desks_max[index],
        hours=hours(area, rules).of(index),
        labs=Labs(area.per_hour, area.lab_km[index]),
    )


def unserved(area: Area, found: siting.Siting) -> pa.Table:
    reachable = np.bincount(area.reach.village, minlength=len(area.units)) > 0
    rows = [
        {
            "unit_code": area.units[n],
            "people": int(found.left[n]),
            "reason": _reason(bool(area.located[n]), bool(reachable[n])),
        }
        for n in np.flatnonzero(found.left)
    ]
    return pa.Table.from_pylist(rows, schema=model.UNSERVED)


def _column(candidates: pa.Table, name: str) -> list[Any]:
    """An optional column."""
    if name not in candidates.column_names:
        return [None] * candidates.num_rows
    found: list[Any] = candidates[name].to_pylist()
    return found


def _words(candidates: pa.Table) -> list[str | None]:
    words = _column(candidates, "word")
    if unknown := sorted({str(one) for one in words} - {"None", "", "pin", "forbid"}):
        raise BadInput(
            "testing.unknown_word",
            f"A candidate's word is pin, forbid or empty, not '{unknown[0]}'.",
            word=unknown[0],
        )
    return words


def _own(candidates: pa.Table, name: str, start: dt.datetime, without: float) -> Floats:
    moments = _column(candidates, name)
    return np.array(
        [without if at is None else (at - start).total_seconds() / 3600 for at in moments],
        np.float64,
    )


def _until(candidates: pa.Table, start: dt.datetime) -> Floats:
    until = _own(candidates, "until_at", start, np.inf)
    if (until <= 0).any():
        name = candidates["point_id"][int(np.flatnonzero(until <= 0)[0])].as_py()
        raise BadInput(
            "testing.window_past", f"The hours of point {name} are over before the round.", id=name
        )
    return until


def _reason(located: bool, reachable: bool) -> str:
    if not located:
        return "no_coordinates"
    return "points_full" if reachable else "no_point_in_reach"


def _located(table: pa.Table, name: str) -> tuple[Floats, Floats]:
    lon, lat = tables.floats(table, "lon"), tables.floats(table, "lat")
    missing = int((~(np.isfinite(lon) & np.isfinite(lat))).sum())
    if missing:
        raise BadInput(
            "testing.no_coordinates",
            f"{missing} row(s) of '{name}' have no coordinates; add them.",
            table=name,
            rows=missing,
        )
    return lon, lat
