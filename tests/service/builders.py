"""Synthetic records for the service's tests: each builder shows only what matters."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pyarrow as pa

from zhongshu.kernel.feeds import FEEDS, Kind
from zhongshu.kernel.time import BEIJING
from zhongshu.reference.tables import SCHEMAS
from zhongshu.service.accounts import facade as accounts
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import INTAKE, Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.periods import facade as periods
from zhongshu.service.units import facade as units

NOW = dt.datetime(2022, 11, 8, 20, tzinfo=BEIJING)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)

PROVINCE, CITY, COUNTY, TOWNSHIP = (
    "14" + "0" * 10,
    "1401" + "0" * 8,
    "140105" + "0" * 6,
    "140105001000",
)
VILLAGE, VILLAGE_2 = "140105001001", "140105001002"
OTHER_CITY, OTHER_COUNTY = "1402" + "0" * 8, "140212" + "0" * 6
OTHER_TOWNSHIP, OTHER_VILLAGE = "140212001000", "140212001001"
ZONE = "140171000000"
_UNITS = (
    (PROVINCE, "山西省", 1, None),
    (CITY, "太原市", 2, PROVINCE),
    (COUNTY, "小店区", 3, CITY),
    (ZONE, "太原示范区", 3, CITY),
    (TOWNSHIP, "坞城街道", 4, COUNTY),
    (VILLAGE, "坞城社区", 5, TOWNSHIP),
    (VILLAGE_2, "许西社区", 5, TOWNSHIP),
    (OTHER_CITY, "大同市", 2, PROVINCE),
    (OTHER_COUNTY, "新荣区", 3, OTHER_CITY),
    (OTHER_TOWNSHIP, "新荣镇", 4, OTHER_COUNTY),
    (OTHER_VILLAGE, "北街社区", 5, OTHER_TOWNSHIP),
)

_ARROW = {
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.MOMENT: pa.timestamp("s", tz="UTC"),
}


def load_units(changes: list[dict[str, Any]] | None = None) -> int:
    """A province of two cities, with one development zone."""
    paths: dict[str | None, str] = {None: ""}
    rows = []
    for code, name, level, parent in _UNITS:
        paths[code] = f"{paths[parent]}{code}/"
        rows.append(
            {"code": code, "name": name, "level": level, "parent": parent,
             "zone": code == ZONE, "path": paths[code]}
        )  # fmt: skip
    return units.load(
        divisions=pa.Table.from_pylist(rows, schema=_schema("divisions")),
        identifiers=pa.Table.from_pylist(
            [{"code": COUNTY, "authority": "mca", "value": "140105"}],
            schema=_schema("identifiers"),
        ),
        changes=pa.Table.from_pylist(changes or [], schema=_schema("changes")),
        census=pa.table({"code": [PROVINCE, COUNTY], "pop": [34_915_616, 1_000_000]}),
        census_source="synthetic census",
        zone_hosts=pa.table(
            {"zone_code": [ZONE], "host_code": [COUNTY], "rule": ["synthetic rule"]}
        ),
        actor=INTAKE,
        now=NOW,
    )


def _schema(name: str) -> pa.Schema:
    return SCHEMAS[name]


def incident(**given: Any) -> incidents.Incident:
    facts: dict[str, Any] = {
        "key": "synthetic-shanxi",
        "name": {"zh": "合成演示疫情", "en": "Synthetic outbreak"},
        "disease": "covid-19",
        "mode": "emergency",
        "level": "II",
        "pack": "cn-covid-9",
        "scope_unit": PROVINCE,
        "synthetic": True,
        "actor": INTAKE,
        "now": NOW,
    }
    return incidents.open_incident(**(facts | given))


def headquarters() -> incidents.Incident:
    """Units and an open incident: what every other register stands on."""
    load_units()
    return incident()


def feed(name: str, *rows: dict[str, Any]) -> pa.Table:
    """Rows of a feed; columns not given are null."""
    schema = pa.schema([(c.name, _ARROW.get(c.kind, pa.string())) for c in FEEDS[name].columns])
    return pa.Table.from_pylist(list(rows), schema=schema)


def id_no(serial: int) -> str:
    """A number whose region (990000) was never assigned to anybody."""
    return f"99000019900101{serial:03d}X"


def household(serial: int, village: str = VILLAGE) -> dict[str, Any]:
    return {
        "household_id": f"H{serial}",
        "village_code": village,
        "address": f"{serial}号楼",
        "lon": 112.5,
        "lat": 37.8,
    }


def person(serial: int, home: int, name: str = "合成人") -> dict[str, Any]:
    return {
        "id_no": id_no(serial),
        "name": name,
        "sex": "F",
        "birth_date": dt.date(1990, 1, 1),
        "household_id": f"H{home}",
    }


def register(*people_: dict[str, Any], homes: list[dict[str, Any]]) -> int:
    return people.register(
        households=feed("households", *homes), persons=feed("persons", *people_), known_at=NOW
    )


def case_row(serial: int, village: str = VILLAGE, **given: Any) -> dict[str, Any]:
    row = {
        "case_no": f"C{serial}",
        "id_no": id_no(serial),
        "name": "合成人",
        "category": "confirmed",
        "village_code": village,
        "onset_date": dt.date(2022, 11, 5),
        "sampled_at": NOW - 2 * DAY,
        "confirmed_at": NOW - 2 * DAY,
        "reported_at": NOW - DAY,
        "found_by": "contact",
        "severity": "mild",
    }
    return row | given


def take_cases(*rows: dict[str, Any], at: dt.datetime = NOW) -> int:
    return cases.take_line_list(table=feed("cases", *rows), known_at=at)


def case(serial: int, village: str = VILLAGE, **given: Any) -> cases.Case:
    row = case_row(serial, village, **given)
    take_cases(row)
    return cases.Case.objects.get(case_no=row["case_no"])


def pseudonym(serial: int) -> int:
    return people.pseudonym(id_no(serial))


_S = pa.timestamp("s", tz="UTC")
_CONTACTS = pa.schema(
    [("case_id", pa.int64()), ("person", pa.int64()), ("degree", pa.int8()),
     ("via_person", pa.int64()), ("first_exposure", _S), ("last_exposure", _S),
     ("exposures", pa.int32()), ("minutes", pa.float64()), ("imputed", pa.bool_()),
     ("rule_id", pa.string()), ("score", pa.float64()), ("reason", pa.string()),
     ("is_case", pa.bool_())]
)  # fmt: skip
_EXPOSURES = pa.schema(
    [("case_id", pa.int64()), ("degree", pa.int8()), ("source_person", pa.int64()),
     ("person", pa.int64()), ("setting", pa.string()), ("place", pa.int32()), ("time_from", _S),
     ("time_to", _S), ("overlap_min", pa.float64()), ("imputed", pa.bool_()),
     ("rule_id", pa.string())]
)  # fmt: skip
_NOTICES = pa.schema(
    [("place", pa.int32()), ("case_id", pa.int64()), ("time_from", _S), ("time_to", _S),
     ("persons", pa.int32())]
)  # fmt: skip


def trace(
    case_: cases.Case, *people_: tuple[int, int], as_of: dt.datetime = NOW, run_id: int = 1
) -> dict[str, int]:
    """A trace of one case that found (serial, degree) people, one exposure each."""
    return trace_all({case_: list(people_)}, as_of=as_of, run_id=run_id)


def trace_all(
    found: dict[cases.Case, list[tuple[int, int]]], *, as_of: dt.datetime = NOW, run_id: int = 1
) -> dict[str, int]:
    """A trace of several cases; (serial, degree) people of each."""
    met = NOW - 4 * DAY
    pairs = [(one, serial, degree) for one, people_ in found.items() for serial, degree in people_]
    rows = [
        {"case_id": one.pk, "person": pseudonym(serial), "degree": degree,
         "first_exposure": met, "last_exposure": met, "exposures": 1, "minutes": 30.0,
         "imputed": False, "rule_id": "WHO-1", "score": 1.0, "reason": "met", "is_case": False}
        for one, serial, degree in pairs
    ]  # fmt: skip
    meetings = [
        {"case_id": one.pk, "degree": degree, "source_person": one.person,
         "person": pseudonym(serial), "setting": "visit", "place": 7, "time_from": met,
         "time_to": met + HOUR / 2, "overlap_min": 30.0, "imputed": False, "rule_id": "WHO-1"}
        for one, serial, degree in pairs
    ]  # fmt: skip
    return contacts.upsert(
        contacts=pa.Table.from_pylist(rows, schema=_CONTACTS),
        exposures=pa.Table.from_pylist(meetings, schema=_EXPOSURES),
        notices=pa.Table.from_pylist([], schema=_NOTICES),
        run_id=run_id,
        as_of=as_of,
    )


def signal_table(unit: str = COUNTY, **given: Any) -> pa.Table:
    evidence = {
        "history": [{"date": "2022-11-07", "count": None}],
        "expected_upper": 9,
        "tested": 5,
    }
    row = {
        "unit": unit, "stream": "fever_clinic", "date": dt.date(2022, 11, 8), "observed": 20.0,
        "expected": 5.0, "sd": 2.0, "z": 7.5, "p_value": 0.0001, "method": "EARS-C2",
        "grade": "orange", "evidence": json.dumps(evidence),
    }  # fmt: skip
    return pa.Table.from_pylist([row | given])


def run(as_of: dt.datetime = NOW) -> periods.Run:
    return periods.start_run(as_of=as_of, card={"engine": "synthetic"}, now=as_of)


def draft(key: str = "zone/1", unit: str = COUNTY, **given: Any) -> periods.Draft:
    facts: dict[str, Any] = {
        "kind": "zone",
        "key": key,
        "unit": unit,
        "title": {"zh": "划定高风险区", "en": "Draw a high-risk area"},
        "reasons": [{"text": {"zh": "有病例", "en": "There are cases"}, "rule_id": "Z9-1"}],
        "cost": [],
        "pack_id": "cn-covid-9",
        "pack_version": "cn-covid-9",
        "inputs_hash": "0" * 64,
        "directive": {"zh": "即日封控", "en": "Close today"},
        "sign_hours": 2.0,
        "due_hours": 24.0,
        "recipients": [unit],
    }
    return periods.Draft(**(facts | given))


def proposal(key: str = "zone/1", unit: str = COUNTY, **given: Any) -> periods.Proposal:
    return periods.propose(run=run(), draft=draft(key, unit, **given), now=NOW)


def path(code: str) -> str:
    return units.get(code).path


def scope(code: str = PROVINCE) -> Scope:
    return Scope((path(code),))


def user(username: str, *posts: tuple[str, str]) -> accounts.User:
    accounts.create_user(username=username, display_name=username, posts=posts, now=NOW)
    return accounts.by_name(username)


def actor(code: str = PROVINCE, role: str = "commander", name: str = "commander") -> Actor:
    """Somebody at a post, for the services; no user row."""
    return Actor(name, None, code, path(code), (role,))


def open_person(case_: cases.Case) -> None:
    """Somebody opens the identity of a case's person, for investigation."""
    people.open_identity(
        actor=actor(),
        purpose="investigation",
        note="",
        pseudonyms=[case_.person],
        now=NOW,
    )
