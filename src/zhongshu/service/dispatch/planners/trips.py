"""Trips as a dispatcher, a map and a driver read them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterator, Mapping

import pyarrow as pa

from zhongshu.engines.transfer import model
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.parties import Riders
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Bar,
    Column,
    JobDraft,
    Row,
    Rows,
    Step,
)
from zhongshu.service.kit.text import Text, text
from zhongshu.service.resources import facade as resources

_TRIPS = (
    Column("trip", "id"),
    Column("vehicle", "code"),
    Column("depot", "text"),
    Column("site", "text"),
    Column("cohort", "code"),
    Column("stops", "number"),
    Column("persons", "persons"),
    Column("leaves", "moment"),
    Column("arrives", "moment"),
    Column("clean", "moment"),
    Column("km", "km", "km"),
)
_STOPS = (
    Column("stop", "id"),
    Column("vehicle", "code"),
    Column("trip", "number"),
    Column("order", "number"),
    Column("site", "text"),
    Column("persons", "persons"),
    Column("arrives", "moment"),
    Column("leaves", "moment"),
    Column("needs", "flags"),
)


@dataclasses.dataclass(frozen=True)
class View:
    """asked: the stops as they were asked, `model.STOPS` with extras."""

    ask: Ask
    plan: model.TripPlan
    asked: pa.Table
    riders: Mapping[int, Riders]
    cars: Mapping[str, resources.Thing]
    places: Mapping[str, resources.Thing]
    rules: model.TripRules

    def tables(self) -> dict[str, Rows]:
        trips = [
            {
                "trip": f"{row['vehicle_id']}-{row['trip']}",
                "vehicle": row["vehicle_id"],
                "depot": self.cars[row["vehicle_id"]].facts.get("depot", ""),
                "site": self._site(row["site_id"]),
                "cohort": row["cohort"],
                "stops": row["stops"],
                "persons": row["persons"],
                "leaves": row["leaves_at"].isoformat(),
                "arrives": row["arrives_at"].isoformat(),
                "clean": row["clean_at"].isoformat(),
                "km": round(row["km"], 1),
            }
            for row in self._trips()
        ]
        by = {(row["vehicle_id"], row["trip"]): row for row in self._trips()}
        stops = [
            {
                "stop": str(row["stop"]),
                "vehicle": row["vehicle_id"],
                "trip": row["trip"],
                "order": row["order"],
                "site": self._site(by[row["vehicle_id"], row["trip"]]["site_id"]),
                "persons": row["persons"],
                "arrives": row["arrives_at"].isoformat(),
                "leaves": row["leaves_at"].isoformat(),
                "needs": self._needs(row["stop"]),
            }
            for row in sorted(self.plan.stops.to_pylist(), key=_in_order)
        ]
        return {"trips": Rows(_TRIPS, trips), "stops": Rows(_STOPS, stops)}

    def bars(self) -> list[Bar]:
        """A lane for each vehicle: boarding, driving, handing over, disinfecting."""
        hand = dt.timedelta(minutes=self.rules.handover_min)
        found = []
        for trip, stops in self._driven():
            lane, name = trip["vehicle_id"], self._site(trip["site_id"])
            at = trip["leaves_at"]
            for row in stops:
                found.append(Bar(lane, "drive", at, row["arrives_at"], name, lane))
                found.append(
                    Bar(
                        lane,
                        "board",
                        row["arrives_at"],
                        row["leaves_at"],
                        str(row["persons"]),
                        str(row["stop"]),
                    )
                )
                at = row["leaves_at"]
            arrived = trip["arrives_at"]
            over = min(arrived + hand, trip["clean_at"])
            found.append(Bar(lane, "drive", at, arrived, name, lane))
            found.append(Bar(lane, "handover", arrived, over, name, trip["site_id"]))
            found.append(Bar(lane, "disinfect", over, trip["clean_at"], "", lane))
        return found

    def features(self) -> list[Row]:
        """Depots, stops (coarse), sites, and a line for each trip."""
        points = {row["stop"]: common.coarse(row["lon"], row["lat"])
                  for row in self.asked.to_pylist()}  # fmt: skip
        found: list[Row | None] = []
        persons: dict[str, int] = {}
        for trip, stops in self._driven():
            car, site = self.cars[trip["vehicle_id"]], self.places[trip["site_id"]]
            persons[site.code] = persons.get(site.code, 0) + trip["persons"]
            way = [(car.lon, car.lat)] if trip["trip"] == 1 else []
            way += [points[row["stop"]] for row in stops] + [(site.lon, site.lat)]
            whole = [(lon, lat) for lon, lat in way if lon is not None and lat is not None]
            if len(whole) > 1:
                found.append(
                    common.line(
                        whole, role="trip", id=car.code, label=site.name, value=trip["persons"]
                    )
                )
            found += [
                common.spot(
                    *points[row["stop"]],
                    role="home",
                    id=str(row["stop"]),
                    label=car.code,
                    value=row["persons"],
                )
                for row in stops
            ]
        for code, number in sorted(persons.items()):
            site = self.places[code]
            found.append(
                common.spot(
                    site.lon, site.lat, role=site.kind, id=code, label=site.name, value=number
                )
            )
        depots = {(car.lon, car.lat): car for car in self.cars.values()}
        for (lon, lat), car in sorted(depots.items(), key=lambda item: item[1].code):
            label = str(car.facts.get("depot", car.name))
            found.append(common.spot(lon, lat, role="depot", id=label, label=label, value=0))
        return [one for one in found if one is not None]

    def jobs(self) -> tuple[JobDraft, ...]:
        """One for each vehicle that drives."""
        steps: dict[str, list[Step]] = {}
        served: dict[str, int] = {}
        for trip, stops in self._driven():
            mine = steps.setdefault(trip["vehicle_id"], [])
            served[trip["vehicle_id"]] = served.get(trip["vehicle_id"], 0) + trip["persons"]
            mine += [self._boarding(row, self._asked[row["stop"]]) for row in stops]
            mine.append(self._arrival(trip))
        return tuple(
            JobDraft(
                "vehicle",
                code,
                self.cars[code].unit_id,
                self._title(code, served[code]),
                tuple(own),
            )
            for code, own in sorted(steps.items())
        )

    def _title(self, code: str, persons: int) -> Text:
        name = self.cars[code].name
        return text(f"{name}：转运 {persons} 人", f"{name}: {persons} persons to bring")

    def _boarding(self, row: Row, asked: Row) -> Step:
        who = self.riders.get(row["stop"])
        count = row["persons"]
        return Step(
            kind="stop",
            at=row["arrives_at"],
            ends=row["leaves_at"],
            label=text(f"第 {row['stop']} 户，{count} 人", f"Home {row['stop']}: {count} persons"),
            lon=asked["lon"],
            lat=asked["lat"],
            thing=str(row["stop"]),
            count=count,
            persons=who.persons if who else (),
            facts={"trip": row["trip"], "needs": self._needs(row["stop"])},
        )

    def _arrival(self, trip: Row) -> Step:
        site = self.places[trip["site_id"]]
        return Step(
            kind="site",
            at=trip["arrives_at"],
            ends=trip["clean_at"],
            label=text(
                f"送达 {site.name}，交接 {trip['persons']} 人后消毒",
                f"Hand over {trip['persons']} persons at {site.name}, then disinfect",
            ),
            place=site.name,
            lon=site.lon,
            lat=site.lat,
            thing=f"{trip['site_id']}/{trip['trip']}",
            count=trip["persons"],
            facts={"trip": trip["trip"], "km": round(trip["km"], 1)},
        )

    def _driven(self) -> Iterator[tuple[Row, list[Row]]]:
        """Trips in the order of vehicle and number, each with its stops in order."""
        stops: dict[tuple[str, int], list[Row]] = {}
        for row in sorted(self.plan.stops.to_pylist(), key=_in_order):
            stops.setdefault((row["vehicle_id"], row["trip"]), []).append(row)
        for trip in self._trips():
            yield trip, stops.get((trip["vehicle_id"], trip["trip"]), [])

    def _trips(self) -> list[Row]:
        rows: list[Row] = self.plan.trips.to_pylist()
        return sorted(rows, key=lambda row: (row["vehicle_id"], row["trip"]))

    def _site(self, code: str) -> str:
        return self.places[code].name if code in self.places else code

    def _needs(self, stop: int) -> list[str]:
        row = self._asked.get(stop, {})
        found = [name for name in ("assisted", "stretchers") if row.get(name)]
        escorts = [one for one in (row.get("escort") or "").split(";") if one and ":" not in one]
        return [*found, *escorts]

    @functools.cached_property
    def _asked(self) -> Mapping[int, Row]:
        return {row["stop"]: row for row in self.asked.to_pylist()}


def _in_order(row: Row) -> tuple[str, int, int]:
    return row["vehicle_id"], row["trip"], row["order"]
