"""Stops, sites and vehicles as arrays, and the refusals about them."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.transfer import model
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Stops:
    """One entry per stop.  Times are seconds after the shift begins; `due` may pass its end.

    site: index into the sites.  klass: index of the (site, cohort) pair.  board_s: at the door.
    weight: worth of a person served, relative to others.
    """

    stop: Ints
    household: Ints
    lon: Floats
    lat: Floats
    site: Ints
    cohort: list[str]
    klass: Ints
    persons: Ints
    assisted: Ints
    ready_s: Ints
    due_s: Ints
    board_s: Ints
    weight: Floats

    def __len__(self) -> int:
        return len(self.stop)


@dataclasses.dataclass(frozen=True)
class Fleet:
    """Ready vehicles in groups that are alike: depot, usable seats, assisted places."""

    depot_lon: Floats
    depot_lat: Floats
    depot: Ints  # per group
    seats: Ints
    places: Ints
    vehicles: list[list[str]]


@dataclasses.dataclass(frozen=True)
class Matrices:
    """Between all points, in the order depots, sites, homes.  metres and seconds, int64."""

    metres: Ints
    seconds: Ints


def horizon_s(rules: model.TripRules) -> int:
    if rules.start.tzinfo is None:
        raise BadInput("transfer.naive_shift", "The shift's start has no time zone; add one.")
    if rules.shift_h <= 0 or rules.speed_kmh <= 0 or rules.detour_factor < 1:
        raise BadInput(
            "transfer.bad_shift",
            "A shift needs hours above 0, a speed above 0 and a detour factor of at least 1.",
        )
    return int(rules.shift_h * 3600)


def read_sites(table: pa.Table) -> tuple[list[str], Floats, Floats]:
    tables.require(table, "sites", model.SITES.names)
    lon, lat = tables.floats(table, "lon"), tables.floats(table, "lat")
    if not (np.isfinite(lon) & np.isfinite(lat)).all():
        raise BadInput("transfer.site_without_point", "Every site needs coordinates; add them.")
    return tables.texts(table, "site_id"), lon, lat


def read_stops(table: pa.Table, site_ids: list[str], rules: model.TripRules) -> Stops:
    """Refuses unknown sites, repeated stops, and stops of no people."""
    tables.require(table, "stops", model.STOPS.names)
    tables.not_negative(table, "stops", ["persons", "assisted"])
    stop, persons = tables.ints(table, "stop"), tables.ints(table, "persons")
    if len(np.unique(stop)) < len(stop) or (persons < 1).any():
        raise BadInput("transfer.bad_stops", "Each stop is listed once and has at least 1 person.")
    index = {site: position for position, site in enumerate(site_ids)}
    wanted = tables.texts(table, "site_id")
    unknown = sorted({site for site in wanted if site not in index})
    if unknown:
        raise BadInput(
            "transfer.unknown_site",
            f"Stops go to site(s) that are not listed: {', '.join(unknown[:5])}.",
            sites=unknown,
        )
    site = np.array([index[name] for name in wanted], np.int64)
    cohort = tables.texts(table, "cohort")
    labels = {
        pair: n for n, pair in enumerate(sorted(set(zip(site.tolist(), cohort, strict=True))))
    }
    board = rules.board_min_per_stop * 60 + rules.board_min_per_person * 60 * persons
    return Stops(
        stop=stop,
        household=tables.ints(table, "household", null=0),
        lon=tables.floats(table, "lon"),
        lat=tables.floats(table, "lat"),
        site=site,
        cohort=cohort,
        klass=np.array([labels[p] for p in zip(site.tolist(), cohort, strict=True)], np.int64),
        persons=persons,
        assisted=tables.ints(table, "assisted", null=0),
        ready_s=_seconds(table, "ready_at", rules.start, null=0),
        due_s=_seconds(table, "due_at", rules.start, null=horizon_s(rules)),
        board_s=np.ceil(board).astype(np.int64),
        weight=np.array([rules.cohort_weight.get(name, 1.0) for name in cohort], np.float64),
    )


def read_fleet(table: pa.Table, rules: model.TripRules) -> Fleet:
    """Only vehicles in state `ready`.  Refuses vehicles without seats or without a depot point."""
    tables.require(table, "vehicles", model.VEHICLES.names)
    rows = [row for row in table.to_pylist() if row["state"] == "ready"]
    groups: dict[tuple[float, float, int, int], list[str]] = {}
    for row in rows:
        if row["lon"] is None or row["lat"] is None or row["seats"] is None or row["seats"] < 1:
            raise BadInput(
                "transfer.bad_vehicle",
                f"The vehicle {row['vehicle_id']} needs a depot with coordinates and a seat.",
                vehicle_id=row["vehicle_id"],
            )
        seats = int(row["seats"] * rules.seat_share.get(row["kind"], 1.0) + 1e-9)
        places = min(seats, rules.assisted_places.get(row["kind"], 0))
        if seats:
            key = (float(row["lon"]), float(row["lat"]), seats, places)
            groups.setdefault(key, []).append(str(row["vehicle_id"]))
    keys = sorted(groups)
    depots = sorted({key[:2] for key in keys})
    return Fleet(
        depot_lon=np.array([point[0] for point in depots], np.float64),
        depot_lat=np.array([point[1] for point in depots], np.float64),
        depot=np.array([depots.index(key[:2]) for key in keys], np.int64),
        seats=np.array([key[2] for key in keys], np.int64),
        places=np.array([key[3] for key in keys], np.int64),
        vehicles=[sorted(groups[key]) for key in keys],
    )


def matrices(
    fleet: Fleet, lon: Floats, lat: Floats, stops: Stops, rules: model.TripRules
) -> Matrices:
    """True distances and driving times; homes without coordinates must be taken out before."""
    x = np.concatenate([fleet.depot_lon, lon, stops.lon])
    y = np.concatenate([fleet.depot_lat, lat, stops.lat])
    km = geo.matrix_km(x, y, x, y) * rules.detour_factor
    seconds = np.ceil(km / rules.speed_kmh * 3600).astype(np.int64)
    return Matrices(metres=np.rint(km * 1000).astype(np.int64), seconds=seconds)


def pick(stops: Stops, keep: NDArray[np.bool_]) -> Stops:
    """The stops where `keep` is true."""
    chosen = np.flatnonzero(keep)
    fields = {
        field.name: getattr(stops, field.name)[chosen]
        for field in dataclasses.fields(stops)
        if field.name != "cohort"
    }
    return Stops(cohort=[stops.cohort[i] for i in chosen], **fields)


def _seconds(table: pa.Table, column: str, start: dt.datetime, *, null: int) -> Ints:
    """Instants as seconds after `start`."""
    epoch = int(start.timestamp())
    stamps = table[column].combine_chunks().cast(pa.timestamp("s", tz="UTC")).cast(pa.int64())
    return np.asarray(stamps.fill_null(epoch + null).to_numpy(), dtype=np.int64) - epoch
