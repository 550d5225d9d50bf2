"""The twelve layers of the situation map, as GeoJSON."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.kernel.time import beijing_day
from zhongshu.rules import publishing
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit import places
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.resources import facade as resources
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.signals import facade as signals
from zhongshu.service.units import facade as units
from zhongshu.service.zones import facade as zones

Feature = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Layer:
    """count: things counted, shown or not; age_of_data: when the newest of it was known;
    suppressed: small numbers outside the scope were left out."""

    key: str
    count: int
    age_of_data: dt.datetime | None
    features: Sequence[Feature]
    suppressed: bool = False


def feature(properties: Mapping[str, Any], geometry: Mapping[str, Any] | None) -> Feature:
    """Without a geometry the properties' ``code`` names the unit it stands for."""
    return {"type": "Feature", "properties": dict(properties), "geometry": geometry}


def point(lon: float | None, lat: float | None) -> dict[str, Any] | None:
    if lon is None or lat is None:
        return None
    return {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}


def read(*, scope: Scope, as_of: dt.datetime) -> list[Layer]:
    makers: Sequence[Callable[[Scope, dt.datetime], Layer]] = (
        _county_colours, _risk_areas, _cases, _signals, _contacts, _sites, _hospitals, _points,
        _vehicles, _laboratories, _places_notice, _residents,
    )  # fmt: skip
    return [make(scope, as_of) for make in makers]


def _newest(moments: Iterable[dt.datetime | None]) -> dt.datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _county_colours(scope: Scope, as_of: dt.datetime) -> Layer:
    """Every county with a colour: colours are public."""
    with rowsecurity.aggregate():
        rows = zones.listed(scope=_everywhere(), as_of=as_of, kind="county", state="standing")
        found = zones.then(rows.select_related("unit"))
    features = [
        feature(
            {
                "code": one.zone.unit_id,
                "name": one.zone.unit.name,
                "colour": one.level,
                "state": one.state,
                "rule_id": one.evaluation.rule_id,
            },
            None,
        )
        for one in found
    ]
    age = _newest(one.evaluation.as_of for one in found)
    return Layer("county_colours", len(features), age, features)


def _everywhere() -> Scope:
    """All provinces, for public or suppressed aggregates only."""
    return Scope(tuple(units.Unit.objects.filter(level=1).values_list("path", flat=True)))


def _risk_areas(scope: Scope, as_of: dt.datetime) -> Layer:
    rows = zones.listed(scope=scope, as_of=as_of, kind="risk_area", state="standing")
    found = zones.then(rows.select_related("unit"))
    features = [
        feature(
            {
                "zone_id": one.zone.pk,
                "code": one.zone.unit_id,
                "name": one.zone.unit.name,
                "level": one.level,
                "state": one.state,
                "residents": one.evaluation.residents,
            },
            one.zone.geometry,
        )
        for one in found
    ]
    age = _newest(one.evaluation.as_of for one in found)
    return Layer("risk_areas", len(features), age, features)


def _cases(scope: Scope, as_of: dt.datetime) -> Layer:
    """Points of the homes inside the scope; outside, one number per county, if not too small."""
    own = list(cases.listed(scope=scope, as_of=as_of).order_by("id"))
    homes = people.homes([case.person for case in own])
    features = [
        feature(
            {
                "case_id": case.pk,
                "case_no": case.case_no,
                "category": case.category,
                "reported_at": case.reported_at.isoformat(),
            },
            point(*homes.get(case.person, (None, None))),
        )
        for case in own
    ]
    outside, hidden = _cases_outside(scope, as_of)
    age = _newest(case.known_at for case in own)
    return Layer("cases", len(own), age, features + outside, suppressed=hidden)


def _cases_outside(scope: Scope, as_of: dt.datetime) -> tuple[list[Feature], bool]:
    """Rule P-9: (cells large enough to be published, whether any was not)."""
    with rowsecurity.aggregate():
        paths = cases.counts_by_path(as_of)
        known = units.refs_on_paths(paths)
    counts: dict[str, int] = {}
    for path, number in paths.items():
        county = units.county_of(path, known)
        if county is not None and not scope.covers(path):
            counts[county["code"]] = counts.get(county["code"], 0) + number
    on = beijing_day(as_of)
    shown = {
        code: number
        for code, number in counts.items()
        if number >= publishing.suppress_below(on, path=known[code]["path"])
    }
    features = [
        feature({"code": code, "name": known[code]["name"], "count": number}, None)
        for code, number in sorted(shown.items())
    ]
    return features, len(shown) < len(counts)


def _signals(scope: Scope, as_of: dt.datetime) -> Layer:
    rows = signals.listed(scope=scope, as_of=as_of, state="open")
    found = list(rows.select_related("unit").order_by("id"))
    features = [
        feature(
            {
                "signal_id": signal.pk,
                "code": signal.unit_id,
                "name": signal.unit.name,
                "stream": signal.stream,
                "grade": signal.grade,
                "observed": signal.observed,
            },
            None,
        )
        for signal in found
    ]
    return Layer("signals", len(found), _newest(one.known_at for one in found), features)


def _contacts(scope: Scope, as_of: dt.datetime) -> Layer:
    """Persons who are contacts, by township, placed at the middle of its households."""
    paths = contacts.by_path(scope=scope, as_of=as_of)
    known = units.refs_on_paths(paths)
    counts: dict[str, int] = {}
    for path, number in paths.items():
        place = units.on_path(path, "township", known) or units.county_of(path, known)
        if place is not None:
            counts[place["code"]] = counts.get(place["code"], 0) + number
    middles = _middles(scope, {known[code]["path"]: code for code in counts})
    features = [
        feature(
            {"code": code, "name": known[code]["name"], "count": number},
            point(*middles.get(code, (None, None))),
        )
        for code, number in sorted(counts.items())
    ]
    return Layer("contacts", sum(counts.values()), None, features)


def _middles(scope: Scope, codes: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """The middle of the households of each unit in `codes` (path to code)."""
    sums: dict[str, tuple[float, float, int]] = {}
    for path, (lon, lat, number) in people.middles(scope).items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            code = codes.get("/".join(parts[:depth]) + "/")
            if code is not None:
                east, north, all_ = sums.get(code, (0.0, 0.0, 0))
                sums[code] = (east + lon * number, north + lat * number, all_ + number)
    return {code: (east / number, north / number) for code, (east, north, number) in sums.items()}


def _table_layer(key: str, table: pa.Table, columns: Mapping[str, str]) -> Layer:
    """One feature per row.  columns: property -> column."""
    rows = table.to_pylist()
    features = [
        feature(
            {name: row[column] for name, column in columns.items()}, point(row["lon"], row["lat"])
        )
        for row in rows
    ]
    return Layer(key, len(rows), _newest(row["as_of"] for row in rows), features)


def _sites(scope: Scope, as_of: dt.datetime) -> Layer:
    table = resources.sites(scope=scope, as_of=as_of)
    names = {"id": "site_id", "name": "site_name", "rooms_free": "free", "rooms_total": "rooms"}
    return _table_layer("isolation_sites", table, names)


def _hospitals(scope: Scope, as_of: dt.datetime) -> Layer:
    table = resources.latest("hospital_beds", as_of=as_of, scope=scope)
    names = ("name", "tier", "beds_free", "beds_total", "icu_free", "icu_total")
    return _table_layer("hospitals", table, {name: name for name in names})


def _points(scope: Scope, as_of: dt.datetime) -> Layer:
    table = resources.latest("sampling_points", as_of=as_of, scope=scope)
    layer = _table_layer("sampling_points", table, {"name": "name", "desks": "desks_max"})
    return dataclasses.replace(layer, age_of_data=None)


def _vehicles(scope: Scope, as_of: dt.datetime) -> Layer:
    """Depots, with the vehicles ready there."""
    table = resources.latest("vehicles", as_of=as_of, scope=scope)
    depots: dict[tuple[str, float, float], Feature] = {}
    for row in table.to_pylist():
        where = (row["depot_name"], row["lon"], row["lat"])
        empty = {"name": row["depot_name"], "count": 0, "ready": 0}
        depot = depots.setdefault(where, feature(empty, point(row["lon"], row["lat"])))
        depot["properties"]["count"] += 1
        depot["properties"]["ready"] += row["state"] == "ready"
    age = _newest(table["as_of"].to_pylist())
    return Layer("vehicles", table.num_rows, age, list(depots.values()))


def _laboratories(scope: Scope, as_of: dt.datetime) -> Layer:
    table = resources.latest("laboratories", as_of=as_of, scope=scope)
    return _table_layer("laboratories", table, {"name": "name", "tubes_per_day": "tubes_per_day"})


def _places_notice(scope: Scope, as_of: dt.datetime) -> Layer:
    """Venues named in notices; one feature per venue, with the persons of its busiest notice."""
    rows = list(contacts.notices(scope=scope, as_of=as_of))
    named = places.by_key({row.place for row in rows})
    busiest: dict[int, int] = {}
    for row in rows:
        busiest[row.place] = max(busiest.get(row.place, 0), row.persons)
    features = [
        feature(
            {"name": named[key]["name"], "kind": named[key]["kind"], "persons": persons},
            point(named[key]["lon"], named[key]["lat"]),
        )
        for key, persons in sorted(busiest.items())
        if key in named
    ]
    return Layer("places_notice", len(busiest), _newest(row.known_at for row in rows), features)


def _residents(scope: Scope, as_of: dt.datetime) -> Layer:
    """Population of the counties in scope, by the census; a public figure."""
    rows = scope.filter(units.Unit.objects.filter(level=3, population__isnull=False), "path")
    features = [
        feature({"code": unit.code, "name": unit.name, "population": unit.population}, None)
        for unit in rows.order_by("code")
    ]
    return Layer("residents", len(features), None, features)
