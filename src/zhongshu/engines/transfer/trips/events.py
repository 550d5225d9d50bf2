"""What an event does to a day under way: who waits where, and what each vehicle has done."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from zhongshu.engines.transfer import model
from zhongshu.kernel.errors import BadInput

Row = dict[str, Any]


@dataclasses.dataclass
class Vehicle:
    """One vehicle's day.  line: its stops in order, each trip a list.  held: of them, those done or
    headed for.  at_site: the site after the last of these, too.  busy_until: it leaves its last
    held point then at the earliest.  done: of a vehicle that is down, the trips it completed."""

    trips: list[list[int]]
    held: int
    at_site: bool
    busy_until: dt.datetime
    headed: int | None  # the stop it is on its way to, or at
    leg_s: float  # seconds it has been on that leg, with the drive ahead of it
    down: bool = False
    done: int = 0


@dataclasses.dataclass
class Now:
    """The day at an instant: stops by number, vehicles by id."""

    at: dt.datetime
    stops: dict[int, Row]
    vehicles: dict[str, Vehicle]
    touched: set[int] = dataclasses.field(default_factory=set)
    gone: dict[int, str] = dataclasses.field(default_factory=dict)  # stop -> why it is given up


def standing(plan: model.Day, stops: list[Row], at: dt.datetime) -> Now:
    """Where everybody is.  A vehicle that has left for a point is held to it."""
    visits: dict[tuple[str, int], list[Row]] = {}
    for row in plan.stops.to_pylist():
        visits.setdefault((row["vehicle_id"], row["trip"]), []).append(row)
    vehicles: dict[str, Vehicle] = {}
    for trip in sorted(plan.trips.to_pylist(), key=lambda row: (row["vehicle_id"], row["trip"])):
        fresh = Vehicle([], 0, at_site=False, busy_until=at, headed=None, leg_s=0)
        car = vehicles.setdefault(trip["vehicle_id"], fresh)
        homes = sorted(visits[trip["vehicle_id"], trip["trip"]], key=lambda row: row["order"])
        car.trips.append([row["stop"] for row in homes])
        _advance(car, trip, homes, at)
    return Now(at, {row["stop"]: row for row in stops}, vehicles)


def _advance(car: Vehicle, trip: Row, homes: list[Row], at: dt.datetime) -> None:
    left = trip["leaves_at"]
    for row in homes:
        if left > at:
            return
        car.held += 1
        car.at_site = False
        under_way = row["leaves_at"] > at
        car.headed = row["stop"] if under_way else None
        car.leg_s = (row["arrives_at"] - left).total_seconds() if under_way else 0.0
        left = row["leaves_at"]
    if left <= at:
        car.at_site = True
        car.leg_s = max(0.0, min((at - left).total_seconds(), 1e9))
        if trip["arrives_at"] <= at:
            car.done, car.leg_s = len(car.trips), 0.0


def apply(now: Now, event: model.Event, sites: set[str]) -> None:
    """Changes the day.  Refuses what is unknown or already over."""
    if isinstance(event, model.VehicleDown):
        _down(now, event)
    elif isinstance(event, model.NotHome):
        _not_home(now, event)
    else:
        _full(now, event, sites)


def _down(now: Now, event: model.VehicleDown) -> None:
    car = now.vehicles.get(event.vehicle_id)
    if car is None:
        raise BadInput(
            "transfer.event_unknown",
            f"The vehicle {event.vehicle_id} has no trip in this plan; name one that drives.",
            vehicle_id=event.vehicle_id,
        )
    line = [stop for trip in car.trips for stop in trip]
    over = sum(len(trip) for trip in car.trips[: car.done])
    boarded = [stop for stop in line[over : car.held] if stop != car.headed]
    for stop in boarded:
        row = dict(now.stops[stop])
        row.update(ready_at=now.at, due_at=None)
        if event.lon is not None and event.lat is not None:
            row.update(lon=event.lon, lat=event.lat)
        now.stops[stop] = row
    now.touched.update(line[over:])
    car.down, car.trips, car.held = True, car.trips[: car.done], over


def _not_home(now: Now, event: model.NotHome) -> None:
    for car in now.vehicles.values():
        line = [stop for trip in car.trips for stop in trip]
        if event.stop not in line:
            continue
        if line.index(event.stop) < car.held and car.headed != event.stop:
            raise BadInput(
                "transfer.event_too_late",
                f"Stop {event.stop} is behind its vehicle already; it cannot be taken out.",
                stop=event.stop,
            )
        if car.headed == event.stop:
            # Wherever it is on the way, or at the door: going back first is never faster.
            car.held, car.headed = car.held - 1, None
            car.busy_until = now.at + dt.timedelta(seconds=car.leg_s)
            car.at_site = _ends_trip(car)
        car.trips = [kept for t in car.trips if (kept := [s for s in t if s != event.stop])]
    if event.stop not in now.stops:
        raise BadInput(
            "transfer.event_unknown", f"Stop {event.stop} is not in this plan.", stop=event.stop
        )
    now.touched.add(event.stop)
    if event.again_from is None:
        now.gone[event.stop] = "not_at_home"
    else:
        now.stops[event.stop] = {
            **now.stops[event.stop], "ready_at": max(event.again_from, now.at), "due_at": None
        }  # fmt: skip


def _ends_trip(car: Vehicle) -> bool:
    """Whether the last held home is the last of its trip, so its site is done, too."""
    passed = 0
    for trip in car.trips:
        passed += len(trip)
        if passed == car.held:
            return True
    return False


def _full(now: Now, event: model.SiteFull, sites: set[str]) -> None:
    if event.instead not in sites or event.site_id not in sites:
        raise BadInput(
            "transfer.event_unknown",
            f"The sites {event.site_id} and {event.instead} must both be listed.",
            sites=[event.site_id, event.instead],
        )
    there: set[int] = set()
    for car in now.vehicles.values():
        there.update(stop for trip in car.trips[: car.done] for stop in trip)
    for stop, row in now.stops.items():
        if row["site_id"] == event.site_id and stop not in there:
            now.stops[stop] = {**row, "site_id": event.instead}
            now.touched.add(stop)
    for car in now.vehicles.values():
        aboard = car.at_site and len(car.trips) > 0 and car.done < _trip_of(car)
        if aboard and car.trips[_trip_of(car) - 1][0] in now.touched:
            car.at_site = False  # on its way there: it turns round, going back first at worst
            car.busy_until = now.at + dt.timedelta(seconds=car.leg_s)


def _trip_of(car: Vehicle) -> int:
    """Number of the trip (from 1) the last held home belongs to; 0 when none is held."""
    passed = 0
    for number, trip in enumerate(car.trips, start=1):
        passed += len(trip)
        if passed >= car.held > 0:
            return number
    return 0
