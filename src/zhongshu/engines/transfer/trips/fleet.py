"""Stops, sites and vehicles as arrays, and the refusals about them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.trips.distances import Finder
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FAR_S = 10**9  # later than any shift


@dataclasses.dataclass(frozen=True)
class Stops:
    """One entry per stop.  Times are seconds after the shift begins; `due` may pass its end.

    site: index into the sites.  klass: index of the (site, cohort) pair, one of its own for those
    who ride alone.  board_s: at the door.  from_s, by_s: appointments at the site, else None-like
    bounds.  weight: worth of a person served, relative to others.  asks: who must ride along.
    """

    stop: Ints
    household: Ints
    lon: Floats
    lat: Floats
    site: Ints
    cohort: list[str]
    asks: list[frozenset[str]]
    klass: Ints
    persons: Ints
    assisted: Ints
    stretchers: Ints
    ready_s: Ints
    due_s: Ints
    from_s: Ints
    by_s: Ints
    board_s: Ints
    weight: Floats

    def __len__(self) -> int:
        return len(self.stop)


@dataclasses.dataclass(frozen=True)
class Fleet:
    """Ready vehicles in groups that are alike: depot, seats, places, crew and shift."""

    depot_lon: Floats
    depot_lat: Floats
    depot: Ints  # per group
    seats: Ints
    places: Ints
    beds: Ints  # stretchers
    from_s: Ints
    until_s: Ints
    kind: list[str]
    crew: list[frozenset[str]]
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


def codes(text: object) -> frozenset[str]:
    """Codes separated by semicolons."""
    return frozenset(part.strip() for part in str(text or "").split(";") if part.strip())


def read_sites(table: pa.Table) -> tuple[list[str], Floats, Floats]:
    tables.require(table, "sites", model.SITES.names)
    lon, lat = tables.floats(table, "lon"), tables.floats(table, "lat")
    if not (np.isfinite(lon) & np.isfinite(lat)).all():
        raise BadInput("transfer.site_without_point", "Every site needs coordinates; add them.")
    return tables.texts(table, "site_id"), lon, lat


def read_stops(table: pa.Table, site_ids: list[str], rules: model.TripRules) -> Stops:
    """Refuses unknown sites, repeated stops, stops of no people, and appointments of people who
    do not ride alone."""
    tables.require(table, "stops", model.STOPS.names)
    tables.not_negative(table, "stops", ["persons", "assisted"])
    table = _with_extras(table, model.STOP_EXTRAS)
    stop, persons = tables.ints(table, "stop"), tables.ints(table, "persons")
    if len(np.unique(stop)) < len(stop) or (persons < 1).any():
        raise BadInput("transfer.bad_stops", "Each stop is listed once and has at least 1 person.")
    site = _site_index(tables.texts(table, "site_id"), site_ids)
    cohort = tables.texts(table, "cohort")
    alone = [bool(flag) for flag in table["alone"].to_pylist()]
    alone = [flag or name in rules.alone_cohorts for flag, name in zip(alone, cohort, strict=True)]
    end = horizon_s(rules)
    from_s = _seconds(table, "arrive_from", rules.start, null=0)
    by_s = _seconds(table, "arrive_by", rules.start, null=FAR_S)
    fixed = [row is not None for row in table["arrive_by"].to_pylist()]
    if any(set_ and not own for set_, own in zip(fixed, alone, strict=True)):
        raise BadInput(
            "transfer.appointment_shared",
            "A stop with an appointment at the site must ride alone; mark it so.",
        )
    board = rules.board_min_per_stop * 60 + rules.board_min_per_person * 60 * persons
    return Stops(
        stop=stop,
        household=tables.ints(table, "household", null=0),
        lon=tables.floats(table, "lon"),
        lat=tables.floats(table, "lat"),
        site=site,
        cohort=cohort,
        asks=[codes(text) for text in table["escort"].to_pylist()],
        klass=_classes(site, cohort, alone),
        persons=persons,
        assisted=tables.ints(table, "assisted", null=0),
        stretchers=tables.ints(table, "stretchers", null=0),
        ready_s=_seconds(table, "ready_at", rules.start, null=0),
        due_s=_seconds(table, "due_at", rules.start, null=end),
        from_s=from_s,
        by_s=by_s,
        board_s=np.ceil(board).astype(np.int64),
        weight=np.array([rules.cohort_weight.get(name, 1.0) for name in cohort], np.float64),
    )


def _site_index(wanted: list[str], site_ids: list[str]) -> Ints:
    index = {site: position for position, site in enumerate(site_ids)}
    unknown = sorted({site for site in wanted if site not in index})
    if unknown:
        raise BadInput(
            "transfer.unknown_site",
            f"Stops go to site(s) that are not listed: {', '.join(unknown[:5])}.",
            sites=unknown,
        )
    return np.array([index[name] for name in wanted], np.int64)


def _classes(site: Ints, cohort: list[str], alone: list[bool]) -> Ints:
    """Who may share a vehicle between two disinfections has the same number."""
    keys: list[tuple[int, str, int]] = [
        (s, name, n if own else -1)
        for n, (s, name, own) in enumerate(zip(site.tolist(), cohort, alone, strict=True))
    ]
    labels = {key: n for n, key in enumerate(sorted(set(keys)))}
    return np.array([labels[key] for key in keys], np.int64)


def read_fleet(table: pa.Table, rules: model.TripRules, *, single: bool = False) -> Fleet:
    """Only vehicles in state `ready`; `single` makes each a group of its own.  Refuses vehicles
    without seats or without a depot point."""
    tables.require(table, "vehicles", model.VEHICLES.names)
    rows = [row for row in table.to_pylist() if row["state"] == "ready"]
    groups: dict[tuple[Any, ...], list[str]] = {}
    for row in rows:
        if row["lon"] is None or row["lat"] is None or row["seats"] is None or row["seats"] < 1:
            raise BadInput(
                "transfer.bad_vehicle",
                f"The vehicle {row['vehicle_id']} needs a depot with coordinates and a seat.",
                vehicle_id=row["vehicle_id"],
            )
        key = (*_alike(row, rules), row["vehicle_id"] if single else "")
        if key[2]:
            groups.setdefault(key, []).append(str(row["vehicle_id"]))
    keys = sorted(groups)
    depots = sorted({key[:2] for key in keys})
    seats, places, beds, from_s, until_s = (
        np.array([key[n] for key in keys], np.int64) for n in range(2, 7)
    )
    return Fleet(
        depot_lon=np.array([point[0] for point in depots], np.float64),
        depot_lat=np.array([point[1] for point in depots], np.float64),
        depot=np.array([depots.index(key[:2]) for key in keys], np.int64),
        seats=seats,
        places=places,
        beds=beds,
        from_s=from_s,
        until_s=until_s,
        kind=[key[7] for key in keys],
        crew=[frozenset(key[8]) for key in keys],
        vehicles=[sorted(groups[key]) for key in keys],
    )


def _alike(row: dict[str, Any], rules: model.TripRules) -> tuple[Any, ...]:
    """What makes vehicles alike: lon, lat, seats, places, stretchers, shift, kind, crew."""
    kind = row["kind"]
    seats = int(row["seats"] * rules.seat_share.get(kind, 1.0) + 1e-9)
    places, beds = row.get("wheelchairs"), row.get("stretchers")
    places = rules.assisted_places.get(kind, 0) if places is None else places
    beds = rules.stretcher_places.get(kind, 0) if beds is None else beds
    begin, end = row.get("from_at"), row.get("until_at")
    from_s = 0 if begin is None else max(0, _after(rules.start, begin))
    until_s = horizon_s(rules) if end is None else min(horizon_s(rules), _after(rules.start, end))
    named = kind if rules.cohort_kinds else ""
    crew = tuple(sorted(codes(row.get("crew"))))
    point = float(row["lon"]), float(row["lat"])
    return (*point, seats, min(seats, places), min(seats, beds), from_s, until_s, named, crew)


def _after(start: dt.datetime, moment: dt.datetime) -> int:
    return int((moment - start).total_seconds())


def carries(stops: Stops, cars: Fleet, rules: model.TripRules) -> NDArray[np.bool_]:
    """Whether a vehicle of each group may carry each stop at all, shape (stops, groups)."""
    kinds = [rules.cohort_kinds.get(name) for name in stops.cohort]
    allowed = [
        [crew >= asked and (wanted is None or kind in wanted)
         for crew, kind in zip(cars.crew, cars.kind, strict=True)]
        for asked, wanted in zip(stops.asks, kinds, strict=True)
    ]  # fmt: skip
    shape = (len(stops), len(cars.vehicles))
    return np.asarray(np.array(allowed, bool).reshape(shape) & seated(stops, cars), dtype=bool)


def seated(stops: Stops, cars: Fleet) -> NDArray[np.bool_]:
    """Whether the vehicle alone has the seats, places and stretchers, shape (stops, groups)."""
    enough = stops.persons[:, None] <= cars.seats
    enough &= stops.assisted[:, None] <= cars.places
    enough &= stops.stretchers[:, None] <= cars.beds
    return np.asarray(enough, dtype=bool)


def matrices(
    fleet: Fleet, site_ids: list[str], at: tuple[Floats, Floats], stops: Stops, find: Finder
) -> Matrices:
    """Between all points.  at: of the sites.  Homes must have coordinates."""
    x = np.concatenate([fleet.depot_lon, at[0], stops.lon])
    y = np.concatenate([fleet.depot_lat, at[1], stops.lat])
    names = [f"depot {n + 1}" for n in range(len(fleet.depot_lon))]
    names += [f"site {name}" for name in site_ids] + [f"stop {n}" for n in stops.stop]
    return Matrices(*find(names, x, y))


def part(matrices: Matrices, before: int, keep: NDArray[np.bool_]) -> Matrices:
    """The matrices of the first `before` points and the homes where `keep` is true."""
    points = np.concatenate([np.arange(before), before + np.flatnonzero(keep)])
    cut = np.ix_(points, points)
    return Matrices(matrices.metres[cut], matrices.seconds[cut])


def with_appointments(stops: Stops, direct_s: Ints) -> Stops:
    """The windows at the door that meet those at the site.  direct_s: drive from door to site."""
    spent = stops.board_s + direct_s
    ready = np.where(
        stops.from_s > 0, np.maximum(stops.ready_s, stops.from_s - spent), stops.ready_s
    )
    return dataclasses.replace(
        stops, ready_s=ready, due_s=np.minimum(stops.due_s, stops.by_s - spent)
    )


def pick(stops: Stops, keep: NDArray[np.bool_]) -> Stops:
    """The stops where `keep` is true."""
    chosen = np.flatnonzero(keep)
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(stops):
        values = getattr(stops, field.name)
        fields[field.name] = (
            [values[i] for i in chosen] if isinstance(values, list) else values[chosen]
        )
    return Stops(**fields)


def _with_extras(table: pa.Table, extras: pa.Schema) -> pa.Table:
    """The table with missing optional columns as nulls."""
    for field in extras:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table


def _seconds(table: pa.Table, column: str, start: dt.datetime, *, null: int) -> Ints:
    """Instants as seconds after `start`."""
    epoch = int(start.timestamp())
    stamps = table[column].combine_chunks().cast(pa.timestamp("s", tz="UTC")).cast(pa.int64())
    return np.asarray(stamps.fill_null(epoch + null).to_numpy(), dtype=np.int64) - epoch
