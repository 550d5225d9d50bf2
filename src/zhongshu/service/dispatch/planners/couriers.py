"""Couriers of a round: their tours as a dispatcher and a driver read them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping

import pyarrow as pa

from zhongshu.engines.testing import model as rounds
from zhongshu.engines.testing.tours import couriers, model, validate
from zhongshu.kernel.geo import haversine_km
from zhongshu.rules.model import Pack
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Bar,
    Column,
    JobDraft,
    Row,
    Rows,
    Step,
    Taking,
)
from zhongshu.service.kit.scope import Scope
from zhongshu.service.kit.text import text
from zhongshu.service.resources import facade as resources

COURIER = "courier"
_LIMIT = model.Limit(iterations=1_000)
_TRIPS = (
    Column("trip", "id"),
    Column("vehicle", "code"),
    Column("laboratory", "text"),
    Column("stops", "number"),
    Column("tubes", "number"),
    Column("leaves", "moment"),
    Column("arrives", "moment"),
    Column("km", "km", "km"),
)
_STOPS = (
    Column("stop", "id"),
    Column("vehicle", "code"),
    Column("trip", "number"),
    Column("order", "number"),
    Column("point", "text"),
    Column("tubes", "number"),
    Column("arrives", "moment"),
    Column("leaves", "moment"),
)


def rules(pack: Pack, start: dt.datetime) -> model.TourRules:
    """As many hours as a round has; boarding and handing over take what they take in transfer."""
    return model.TourRules(
        start=start,
        shift_h=pack.number("test.round_hours"),
        handover_h=pack.number("test.handover_h"),
        speed_kmh=pack.number("transfer.speed_kmh"),
        detour_factor=pack.number("transfer.detour_factor"),
        stop_min=pack.number("transfer.board_min_per_stop"),
        unload_min=pack.number("transfer.handover_min"),
        vehicle_km=0.0,  # their number is given
        every_h=pack.number("test.courier_every_h"),
        rule_ids=("T-18",),
    )


@dataclasses.dataclass(frozen=True)
class Tours:
    """cars: of the registry, by code."""

    plan: model.TourPlan
    cars: Mapping[str, resources.Thing]
    points: Mapping[str, resources.Thing]
    labs: Mapping[str, resources.Thing]

    def tables(self) -> dict[str, Rows]:
        trips = [
            {
                "trip": f"{row['vehicle_id']}-{row['trip']}",
                "vehicle": row["vehicle_id"],
                "laboratory": self.labs[row["lab_id"]].name,
                "stops": row["stops"],
                "tubes": row["tubes"],
                "leaves": row["leaves_at"].isoformat(),
                "arrives": row["arrives_at"].isoformat(),
                "km": round(row["km"], 1),
            }
            for row in self.plan.trips.to_pylist()
        ]
        stops = [
            {
                "stop": f"{row['place']}/{row['part']}",
                "vehicle": row["vehicle_id"],
                "trip": row["trip"],
                "order": row["order"],
                "point": self.points[row["place"]].name,
                "tubes": row["tubes"],
                "arrives": row["begins_at"].isoformat(),
                "leaves": row["ends_at"].isoformat(),
            }
            for row in self.plan.stops.to_pylist()
        ]
        return {"trips": Rows(_TRIPS, trips), "stops": Rows(_STOPS, stops)}

    def jobs(self) -> Iterator[JobDraft]:
        """One for each courier that drives: its boxes, then the laboratory, trip by trip."""
        stops: dict[tuple[str, int], list[Row]] = {}
        for row in self.plan.stops.to_pylist():
            stops.setdefault((row["vehicle_id"], row["trip"]), []).append(row)
        steps: dict[str, list[Step]] = {}
        tubes: dict[str, int] = {}
        for trip in self.plan.trips.to_pylist():
            name = trip["vehicle_id"]
            own = steps.setdefault(name, [])
            own += [self._box(row) for row in stops[name, trip["trip"]]]
            own.append(self._arrival(trip))
            tubes[name] = tubes.get(name, 0) + trip["tubes"]
        for name, own in steps.items():
            car = self.cars[name]
            title = text(f"{car.name}：收 {tubes[name]} 管", f"{car.name}: {tubes[name]} tubes")
            yield JobDraft(COURIER, name, car.unit_id, title, tuple(own))

    def takings(self) -> Iterator[Taking]:
        """Each car that drives, from its first trip to the end of its last."""
        trips: dict[str, list[Row]] = {}
        for row in self.plan.trips.to_pylist():
            trips.setdefault(row["vehicle_id"], []).append(row)
        for name, own in sorted(trips.items()):
            begins = min(row["leaves_at"] for row in own)
            ends = max(row["ends_at"] for row in own)
            yield Taking(COURIER, name, "vehicle", 1, begins, ends)

    def _box(self, row: Row) -> Step:
        one = self.points[row["place"]]
        return Step(
            kind="tubes",
            at=row["begins_at"],
            ends=row["ends_at"],
            label=text(
                f"在 {one.name} 取样 {row['tubes']} 管", f"Fetch {row['tubes']} tubes at {one.name}"
            ),
            place=one.name,
            lon=one.lon,
            lat=one.lat,
            thing=f"{row['place']}/{row['part']}",
            count=row["tubes"],
            facts={"trip": row["trip"]},
        )

    def _arrival(self, trip: Row) -> Step:
        lab = self.labs[trip["lab_id"]]
        return Step(
            kind="tubes",
            at=trip["arrives_at"],
            ends=trip["ends_at"],
            label=text(
                f"送达 {lab.name}，交接 {trip['tubes']} 管",
                f"Hand over {trip['tubes']} tubes at {lab.name}",
            ),
            place=lab.name,
            lon=lab.lon,
            lat=lab.lat,
            thing=f"{trip['vehicle_id']}-{trip['trip']}",
            count=trip["tubes"],
            facts={"trip": trip["trip"], "km": round(trip["km"], 1)},
        )

    def bars(self) -> Iterator[Bar]:
        for row in self.plan.trips.to_pylist():
            lab = self.labs[row["lab_id"]].name
            yield Bar(
                row["vehicle_id"], "drive", row["leaves_at"], row["ends_at"], lab, row["lab_id"]
            )


def ready(ask: Ask, path: str, at: dt.datetime) -> dict[str, resources.Thing]:
    """Cars under `path` that nobody has taken at the moment, by code; those told as broken down
    are left out."""
    known = resources.things(scope=Scope((path,)), as_of=ask.ground.as_of, kind=COURIER)
    usable = [one for one in common.usable(known.order_by("code")) if one.lon is not None]
    left = resources.registry.frees(usable, at)
    broken = {one.thing for one in ask.events if one.kind == "vehicle_down"}
    return {
        one.code: one
        for one in usable
        if one.code not in broken
        and left[one.pk].get("vehicle", 0) + ask.own.get((COURIER, one.code, "vehicle"), 0) > 0
    }


def plan(
    *,
    cars: Mapping[str, resources.Thing],
    found: rounds.RoundPlan,
    points: Mapping[str, resources.Thing],
    labs: Mapping[str, resources.Thing],
    by: model.TourRules,
    seed: int,
) -> Tours:
    """Tours of those cars, each from where it stands."""
    spots = [
        {**row, "lon": points[row["point_id"]].lon, "lat": points[row["point_id"]].lat}
        for row in found.points.to_pylist()
    ]
    places = [{"lab_id": code, "lon": one.lon, "lat": one.lat} for code, one in labs.items()
              if one.lon is not None]  # fmt: skip
    rows = [{"vehicle_id": code, "lon": one.lon, "lat": one.lat} for code, one in cars.items()]
    given = {
        "points": pa.Table.from_pylist(
            spots, schema=pa.schema([*model.POINTS, *model.POINT_EXTRAS])
        ),
        "labs": pa.Table.from_pylist(places, schema=model.PLACES),
        "couriers": pa.Table.from_pylist(rows, schema=model.VEHICLES),
    }
    tours = couriers.plan(**given, rules=by, limit=_LIMIT, seed=seed)
    common.sound(validate.check_couriers(tours, **given, rules=by))
    return Tours(tours, cars, points, labs)


def nearest(
    cars: Mapping[str, resources.Thing],
    found: rounds.RoundPlan,
    labs: Mapping[str, resources.Thing],
    number: int,
) -> dict[str, resources.Thing]:
    """Of the cars those nearest to a laboratory in use, `number` at most."""
    used = [labs[row["lab_id"]] for row in found.labs.to_pylist() if row["tubes"]]

    def km(code: str) -> float:
        own = cars[code]
        return min(
            (
                float(haversine_km(own.lon or 0.0, own.lat or 0.0, one.lon or 0.0, one.lat or 0.0))
                for one in used
            ),
            default=0.0,
        )

    return {code: cars[code] for code in sorted(cars, key=lambda code: (km(code), code))[:number]}
