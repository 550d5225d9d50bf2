"""Reading the vault: pseudonymous tables for the engines, masked identities for lists."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Avg, Count, Q

from zhongshu.kernel.errors import NotFound
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import masks
from zhongshu.service.people.masks import Masked
from zhongshu.service.people.models import Household, Person
from zhongshu.service.units import facade as units

HOUSEHOLDS = pa.schema(
    [
        ("person", pa.int64()),
        ("household", pa.int64()),
        ("village_code", pa.string()),
        ("unit", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
    ]
)
VILLAGES = pa.schema(
    [
        ("village_code", pa.string()),
        ("residents", pa.int64()),
        ("households", pa.int64()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
    ]
)
_TRAITS = pa.schema(
    [
        ("person", pa.int64()),
        ("sex", pa.string()),
        ("birth_date", pa.date32()),
        ("special_need", pa.string()),
        ("unit", pa.string()),
        ("unit_path", pa.string()),
        ("placed", pa.bool_()),
    ]
)

CARED_FOR = pa.schema(
    [
        ("person", pa.int64()),
        ("household", pa.int64()),
        ("village_code", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("named", pa.bool_()),
    ]
)


def households() -> pa.Table:
    """Everybody registered with a household: schema `HOUSEHOLDS`, sorted by person; no names."""
    return fetch(
        "SELECT p.pseudonym AS person, h.id AS household, h.village_code, h.unit_id AS unit, "
        "h.lon, h.lat FROM people_person p JOIN people_household h ON h.id = p.household_id "
        "ORDER BY p.pseudonym",
        HOUSEHOLDS,
    )


def villages() -> pa.Table:
    """Residents and households of each village (units known here only): schema `VILLAGES`.

    lon, lat: mean of the households' points.
    """
    return fetch(
        "SELECT h.unit_id AS village_code, sum(n.people)::bigint AS residents, "
        "count(*) AS households, avg(h.lon) AS lon, avg(h.lat) AS lat "
        "FROM people_household h JOIN (SELECT household_id, count(*) AS people "
        "FROM people_person GROUP BY household_id) n ON n.household_id = h.id "
        "WHERE h.unit_known GROUP BY h.unit_id ORDER BY h.unit_id",
        VILLAGES,
    )


def cared_for(
    *, path: str, born_by: dt.date, needs: Collection[str], named: Collection[int]
) -> pa.Table:
    """Who lives in a household under `path` and was born by that day, has one of the special needs
    or is one of `named`: schema `CARED_FOR`, by household and person.

    Units known here only, as `villages` counts them.
    """
    return fetch(
        "SELECT p.pseudonym AS person, h.id AS household, h.unit_id AS village_code, h.lon, h.lat, "
        "p.pseudonym = ANY (%s) AS named "
        "FROM people_person p JOIN people_household h ON h.id = p.household_id "
        "WHERE h.unit_known AND h.unit_path LIKE %s AND (p.birth_date <= %s "
        "OR string_to_array(p.special_need, ';') && %s OR p.pseudonym = ANY (%s)) "
        "ORDER BY h.id, p.pseudonym",
        CARED_FOR,
        [sorted(named), f"{path}%", born_by, sorted(needs), sorted(named)],
    )


def traits(persons: pa.Array | pa.ChunkedArray, *, fallback: str) -> pa.Table:
    """For each pseudonym, in order: sex, birth_date, special_need, unit, unit_path, placed.

    placed is false for somebody the register does not know; then the unit is `fallback`.
    """
    wanted = pc.unique(persons).to_pylist()
    found = fetch(
        "SELECT p.pseudonym AS person, p.sex, p.birth_date, p.special_need, p.unit_id AS unit, "
        "p.unit_path, p.household_id IS NOT NULL AS placed FROM people_person p "
        "WHERE p.pseudonym = ANY (%s)",
        _TRAITS,
        [wanted],
    )
    at = pc.index_in(persons, value_set=found["person"].combine_chunks())
    home = units.get(fallback)
    columns = {name: pc.take(found[name], at) for name in _TRAITS.names if name != "person"}
    columns["unit"] = pc.fill_null(columns["unit"], home.code)
    columns["unit_path"] = pc.fill_null(columns["unit_path"], home.path)
    columns["placed"] = pc.fill_null(columns["placed"], False)
    return pa.table(columns)


@dataclasses.dataclass(frozen=True, slots=True)
class Home:
    """The unit a person lives in; placed: by a household, not by whoever entered him."""

    unit: str
    path: str
    placed: bool


def within(person: int, scope: Scope) -> Home | None:
    """Where a person of the vault lives, if that is within scope."""
    row = scope.filter(Person.objects.filter(pseudonym=person)).first()
    return Home(row.unit_id, row.unit_path, row.household_id is not None) if row else None


def check_within(persons: Collection[int], scope: Scope) -> None:
    """Refuses (NotFound) unless all of them are in the vault and live within scope."""
    wanted = set(persons)
    if scope.filter(Person.objects.filter(pseudonym__in=wanted)).count() < len(wanted):
        raise NotFound("people.unknown", "There is no such person within your rights.")


def masked(persons: Collection[int]) -> Mapping[int, Masked]:
    """Masked identities, without opening the vault for anybody: surname, ends of the number,
    village; a person who is not registered is left out."""
    rows = Person.objects.filter(pseudonym__in=set(persons)).values_list(
        "pseudonym", "name", "id_no", "unit_id"
    )
    people = list(rows)
    names = units.refs(unit for *_, unit in people)
    return {
        person: {
            "name": masks.name(name),
            "id_no": masks.id_no(id_no),
            "address": names[unit]["name"] if unit in names else "",
            "masked": True,
        }
        for person, name, id_no, unit in people
    }


def homes(persons: Collection[int]) -> Mapping[int, tuple[float | None, float | None]]:
    """Pseudonym to (lon, lat) of the household; persons without one are left out."""
    rows = Person.objects.filter(pseudonym__in=set(persons), household__isnull=False)
    return {
        person: (lon, lat)
        for person, lon, lat in rows.values_list("pseudonym", "household__lon", "household__lat")
    }


def middles(scope: Scope) -> Mapping[str, tuple[float, float, int]]:
    """unit_path of villages in scope to the mean (lon, lat) and number of their households."""
    rows = scope.filter(Household.objects.filter(lon__isnull=False, lat__isnull=False))
    found = rows.values_list("unit_path").annotate(Avg("lon"), Avg("lat"), Count("id")).order_by()
    return {path: (lon, lat, number) for path, lon, lat, number in found}


@dataclasses.dataclass(frozen=True, slots=True)
class Living:
    """Who is registered in a unit; lon, lat: mean of the households' points, None without any."""

    people: int
    households: int
    special_needs: int
    lon: float | None
    lat: float | None


def living(scope: Scope) -> Mapping[str, Living]:
    """unit_path to who lives there in a household, within scope; two queries."""
    persons = scope.filter(Person.objects.filter(household__isnull=False))
    points = {path: (lon, lat) for path, (lon, lat, _) in middles(scope).items()}
    counted = persons.values_list("unit_path").annotate(
        people=Count("pk"),
        homes=Count("household", distinct=True),
        special=Count("pk", filter=~Q(special_need="")),
    )
    return {
        path: Living(people, households, special, *points.get(path, (None, None)))
        for path, people, households, special in counted.order_by()
    }


def age_years(birth: dt.date | None, on: dt.date) -> int | None:
    """Completed years."""
    if birth is None:
        return None
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
