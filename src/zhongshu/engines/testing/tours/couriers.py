"""Couriers' tours: boxes of tubes from the points to their laboratories, none too old."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing.tours import answer, ground, model
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import table_hash

Row = dict[str, Any]


def plan(
    *,
    points: pa.Table,
    labs: pa.Table,
    couriers: pa.Table,
    rules: model.TourRules,
    limit: model.Limit = model.SOME,
    seed: int = 1,
) -> model.TourPlan:
    """Tours for the tubes of `points` (model.POINTS) to `labs` (PLACES) by `couriers` (VEHICLES).

    A point's tubes are put into a box every `every_h` and at closing; a box is fetched once it is
    closed, and is at the point's laboratory within `handover_h` of the first swab that can be in
    it.  A trip serves one laboratory.  A box nobody can fetch in time is listed, with its tubes.
    Aim: as many tubes as can be, then the fewest kilometres with `vehicle_km` for each vehicle.
    No bound is proven.  Refuses (BadInput) negative numbers, unknown laboratories, couriers or
    laboratories without coordinates, a point that closes before it opens, closing in the past.
    Does not: know pauses, cool boxes, or swabs that come unevenly over the opening hours.
    """
    began = time.perf_counter()
    ground.check(rules)
    tables.require(points, "points", model.POINTS.names)
    tables.require(labs, "labs", model.PLACES.names)
    tables.not_negative(points, "points", ["tubes"])
    ground.located(labs, "labs")
    places, cars = labs.to_pylist(), ground.fleet(couriers, rules)
    stops, left = _stops(points.to_pylist(), places, cars, rules)
    case = answer.Case(
        stops, places, cars, rules, together=True, what="tubes of", amount=lambda one: one.tubes,
        left=left, engine="testing.couriers",
        inputs={"points": table_hash(points), "labs": table_hash(labs),
                "couriers": table_hash(couriers)},
    )  # fmt: skip
    return answer.plan(case, limit, seed, lambda: time.perf_counter() - began)


def _stops(
    points: list[Row], places: list[Row], cars: ground.Fleet, rules: model.TourRules
) -> tuple[list[ground.Stop], list[answer.Left]]:
    number = {row["lab_id"]: n for n, row in enumerate(places)}
    room = max((row["tubes_max"] for row in cars.rows), default=rules.tubes_max) or 1
    stops: list[ground.Stop] = []
    left: list[answer.Left] = []
    for row in points:
        _check(row, number, rules)
        why = _never(row, places)
        if why:
            left.append((row["point_id"], float(row["tubes"]), why))
        if why or not row["tubes"]:
            continue
        lab = row.get("lab_id")
        place = ground.nearest(row["lon"], row["lat"], places) if lab is None else number[lab]
        part = 0
        for tubes, opened, closed in boxes(row, rules.every_h):
            for amount in _cut(tubes, room):
                part += 1
                stops.append(
                    ground.Stop(
                        name=row["point_id"], part=part, lon=row["lon"], lat=row["lat"], persons=0,
                        tubes=amount, board_s=round(rules.stop_min * 60), place=place,
                        ready=closed, due=None, sampled_from=opened, worth=amount,
                    )
                )  # fmt: skip
    return stops, left


def _check(row: Row, number: dict[str, int], rules: model.TourRules) -> None:
    name = row["point_id"]
    if row["opens_at"] is None or row["closes_at"] is None or row["closes_at"] < row["opens_at"]:
        raise BadInput(
            "testing.bad_hours", f"Point {name} does not open before it closes.", id=name
        )
    if row["opens_at"] < rules.start:
        raise BadInput(
            "testing.window_past",
            f"Point {name} opens at {row['opens_at'].isoformat()}, before the plan begins.",
            id=name,
        )
    if row.get("lab_id") is not None and row["lab_id"] not in number:
        raise BadInput(
            "testing.unknown_lab",
            f"Point {name} sends its tubes to {row['lab_id']}, which is not among the "
            "laboratories.",
            id=name,
        )


def _never(row: Row, places: list[Row]) -> str | None:
    if row["lon"] is None or row["lat"] is None:
        return "no_coordinates"
    return None if places else "no_laboratory"


def boxes(row: Row, every_h: float) -> Iterator[tuple[int, dt.datetime, dt.datetime]]:
    """(tubes, first swab, closed) of each box with tubes; swabs come evenly while it is open."""
    length = (row["closes_at"] - row["opens_at"]).total_seconds() / 3600
    steps = max(1, math.ceil(length / every_h - 1e-9))
    begin, had = row["opens_at"], 0
    for n in range(1, steps + 1):
        end = row["closes_at"]
        if n < steps:
            end = row["opens_at"] + dt.timedelta(hours=n * every_h)
        share = (end - row["opens_at"]).total_seconds() / 3600 / length if length else 1.0
        until = row["tubes"] if n == steps else math.floor(row["tubes"] * share)
        if until > had:
            yield until - had, begin, end
        begin, had = end, until


def _cut(tubes: int, room: int) -> list[int]:
    parts = math.ceil(tubes / room)
    return [tubes // parts + (n < tubes % parts) for n in range(parts)]
