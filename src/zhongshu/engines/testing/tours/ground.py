"""Stops, places and vehicles as arrays for the search."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.testing.tours import model
from zhongshu.engines.testing.tours.clock import NEVER, WHOLE, Ground
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Row = dict[str, Any]
Ints = NDArray[np.int64]
NEAR = 24
STOPS_MOST = 6_000  # metres and seconds of all pairs are kept
A_TUBE_M = 1_000_000  # metres a stop left out costs, and besides for each tube or person
A_STOP_M = 10_000


@dataclasses.dataclass(frozen=True)
class Stop:
    """Hours are moments; None: no limit.  own: its tubes are sampled at the stop itself."""

    name: str
    part: int
    lon: float
    lat: float
    persons: int
    tubes: int
    board_s: int
    place: int
    ready: dt.datetime | None
    due: dt.datetime | None
    sampled_from: dt.datetime | None
    worth: int

    @property
    def own(self) -> bool:
        return self.sampled_from is None


@dataclasses.dataclass(frozen=True)
class Fleet:
    """Rows of VEHICLES with every figure filled in."""

    rows: list[Row]

    def more(self, number: int) -> Fleet:
        """As many further vehicles, like those there are in turn."""
        copies = [self.rows[n % len(self.rows)] for n in range(number)] if self.rows else []
        return Fleet([*self.rows, *copies])


def fleet(vehicles: pa.Table, rules: model.TourRules) -> Fleet:
    """Refuses vehicles without coordinates, shifts that are over before they begin, bad figures."""
    tables.require(vehicles, "vehicles", model.VEHICLES.names)
    located(vehicles, "vehicles")
    ends = rules.start + dt.timedelta(hours=rules.shift_h)
    rows = []
    for row in vehicles.to_pylist():
        own = {name: row.get(name) for name in model.VEHICLE_EXTRAS.names}
        full = {
            **row,
            "tubes_max": rules.tubes_max if own["tubes_max"] is None else own["tubes_max"],
            "from_at": max(rules.start, own["from_at"] or rules.start),
            "until_at": min(ends, own["until_at"] or ends),
            "speed_kmh": rules.speed_kmh if own["speed_kmh"] is None else own["speed_kmh"],
            "pace": 1.0 if own["pace"] is None else own["pace"],
        }
        if full["tubes_max"] < 0 or min(full["speed_kmh"], full["pace"]) <= 0:
            raise BadInput(
                "testing.bad_rates",
                f"Vehicle {row['vehicle_id']} has a speed or pace not above 0, or room below 0.",
                id=row["vehicle_id"],
            )
        rows.append(full)
    return Fleet(rows)


def located(table: pa.Table, name: str) -> None:
    for column in ("lon", "lat"):
        missing = int((~np.isfinite(tables.floats(table, column))).sum())
        if missing:
            raise BadInput(
                "testing.no_coordinates",
                f"{missing} row(s) of '{name}' have no coordinates; add them.",
                table=name,
                rows=missing,
            )


def check(rules: model.TourRules) -> None:
    """Refuses rates that make no sense, and a start without a zone."""
    if rules.start.tzinfo is None:
        raise BadInput("testing.naive_start", "The start has no time zone; add one, e.g. +08:00.")
    least = (rules.speed_kmh, rules.detour_factor, rules.every_h, rules.shift_h, rules.part_min)
    none = (rules.stop_min, rules.home_min, rules.person_min, rules.unload_min, rules.vehicle_km)
    if min(*least, rules.pool_size, rules.handover_h) <= 0 or min(none) < 0 or rules.tubes_max < 1:
        raise BadInput(
            "testing.bad_rates",
            "Speed, detour, hours, pool size and room must be above 0; minutes and the worth of a "
            "vehicle not below 0.",
        )
    if rules.every_h >= rules.handover_h:
        raise BadInput(
            "testing.courier_too_seldom",
            f"Tubes are fetched every {rules.every_h:g} h and have to be at the laboratory within "
            f"{rules.handover_h:g} h of sampling: fetch them more often.",
            every_h=rules.every_h,
            handover_h=rules.handover_h,
        )


def nearest(lon: float, lat: float, places: list[Row]) -> int:
    km = geo.haversine_km(lon, lat, [p["lon"] for p in places], [p["lat"] for p in places])
    return int(np.argmin(km))


def of(
    stops: list[Stop], places: list[Row], cars: Fleet, rules: model.TourRules, *, together: bool
) -> Ground:
    """Refuses more stops than all pairs can be kept of."""
    if len(stops) > STOPS_MOST:
        raise BadInput(
            "testing.too_many_stops",
            f"{len(stops)} stops are too many at once; plan at most {STOPS_MOST}, area by area.",
            stops=len(stops),
        )
    points = [*cars.rows, *places]
    lon = np.array([*(row["lon"] for row in points), *(one.lon for one in stops)], np.float64)
    lat = np.array([*(row["lat"] for row in points), *(one.lat for one in stops)], np.float64)
    km = geo.matrix_km(lon, lat, lon, lat) * rules.detour_factor
    keep = round(rules.handover_h * 3600)
    seconds = np.ceil(km / rules.speed_kmh * 3600).astype(np.int32)

    def since(moment: dt.datetime) -> int:
        return round((moment - rules.start).total_seconds())

    ready = _ints(since(one.ready) if one.ready else 0 for one in stops)
    due = _ints(since(one.due) if one.due else NEVER for one in stops)
    first = len(points)
    return Ground(
        metres=np.rint(km * 1000).astype(np.int32),
        seconds=seconds,
        vehicles=len(cars.rows),
        places=len(places),
        place=_ints(one.place for one in stops),
        together=together,
        ready=ready,
        due=due,
        board=_ints(one.board_s for one in stops),
        by=_ints(since(one.sampled_from) + keep if one.sampled_from else NEVER for one in stops),
        keep=_ints(keep if one.own else NEVER for one in stops),
        tubes=_ints(one.tubes for one in stops),
        room=_ints(row["tubes_max"] for row in cars.rows),
        begins=_ints(since(row["from_at"]) for row in cars.rows),
        until=_ints(since(row["until_at"]) for row in cars.rows),
        slow=_ints(np.ceil(WHOLE * rules.speed_kmh / row["speed_kmh"]) for row in cars.rows),
        pace=_ints(np.ceil(WHOLE * row["pace"]) for row in cars.rows),
        unload=round(rules.unload_min * 60),
        weight=_ints(A_STOP_M + A_TUBE_M * one.worth for one in stops),
        use=round(rules.vehicle_km * 1000),
        near=_near(seconds[first:, first:], ready, due),
        bases=np.argsort(seconds[first:, : len(cars.rows)], axis=1, kind="stable"),
    )


def _near(seconds: NDArray[np.int32], ready: Ints, due: Ints) -> Ints:
    """The stops close in space and in time, itself first."""
    apart = np.maximum(0, ready[None, :] - np.minimum(due, ready + 3600)[:, None])
    far = seconds + np.maximum(apart, apart.T)
    np.fill_diagonal(far, -1)
    return np.ascontiguousarray(np.argsort(far, axis=1, kind="stable")[:, :NEAR])


def _ints(values: Any) -> Ints:
    return np.fromiter((int(one) for one in values), np.int64)
