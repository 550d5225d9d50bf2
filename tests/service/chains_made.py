"""Cases whose contacts live in several counties: for letters, chains and what would clear."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence

import pyarrow as pa
from django.conf import settings

from tests.service import builders as b
from zhongshu.lake.lake import Lake
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts

START = b.NOW - 4 * b.DAY  # 4 November, 20:00


@dataclasses.dataclass(frozen=True)
class Met:
    """One meeting of `serial`: with the case, or with the contact `via`."""

    serial: int
    via: int | None = None
    minutes: float = 30.0
    at: dt.datetime = START
    place: int | None = 1
    imputed: bool = False

    @property
    def home(self) -> bool:
        return self.place is None


def market(name: str = "合成市场", kind: str = "market") -> int:
    """A place of the lake; its key."""
    lake = Lake(settings.ZHONGSHU_LAKE)
    place = {"place_id": name, "name": name, "kind": kind, "village_code": b.VILLAGE}
    lake.write_places(pa.Table.from_pylist([place | {"lon": 112.5, "lat": 37.8}]))
    (key,), _known = lake.place_keys(pa.array([name]))
    return int(key.as_py())


def trace(
    case: cases.Case,
    *meetings: Met,
    as_of: dt.datetime = b.NOW,
    notices: Sequence[dict[str, object]] = (),
) -> dict[int, contacts.Contact]:
    """A trace of `case` that found these meetings; serial to contact."""
    people: dict[int, list[Met]] = {}
    for one in meetings:
        people.setdefault(one.serial, []).append(one)
    rows = [_contact(case, serial, mine) for serial, mine in people.items()]
    contacts.upsert(
        contacts=pa.Table.from_pylist(rows, schema=_CONTACTS),
        exposures=pa.Table.from_pylist([_exposure(case, m) for m in meetings], schema=_EXPOSURES),
        notices=pa.Table.from_pylist(
            [{"case_id": case.pk, **notice} for notice in notices], schema=b._NOTICES
        ),
        run_id=1,
        as_of=as_of,
        traced={case.pk: "new_case"},
    )
    return {
        serial: contacts.Contact.objects.get(case=case, person=b.pseudonym(serial))
        for serial in people
    }


def _contact(case: cases.Case, serial: int, mine: list[Met]) -> dict[str, object]:
    degree = 1 if mine[0].via is None else 2
    best = max(mine, key=lambda met: met.minutes)
    timed = [met.minutes for met in mine if not met.home]
    parts = {
        "confirmed_s": 60 * sum(m.minutes for m in mine if not m.home and not m.imputed),
        "imputed_s": 60 * sum(m.minutes for m in mine if m.imputed),
        "household": any(met.home for met in mine),
        "link": 0.5,
        "via": None if degree == 1 else 0.25,
    }
    return {
        "case_id": case.pk, "person": b.pseudonym(serial), "degree": degree,
        "via_person": b.pseudonym(best.via) if best.via else None,
        "first_exposure": min(met.at for met in mine),
        "last_exposure": max(met.at + _length(met) for met in mine), "exposures": len(mine),
        "minutes": sum(timed), "imputed": all(met.imputed for met in mine),
        "rule_id": "WHO-2" if degree == 1 else "WHO-6", "score": sum(timed) / 1000,
        "reason": json.dumps(parts), "is_case": False,
        "release_on": (max(met.at for met in mine) + 8 * b.DAY).date(),
        "kind": "living" if parts["household"] else "field_judgement", "places": 1,
        "two_places": False,
    }  # fmt: skip


def _exposure(case: cases.Case, met: Met) -> dict[str, object]:
    return {
        "case_id": case.pk, "degree": 1 if met.via is None else 2,
        "source_person": b.pseudonym(met.via) if met.via else case.person,
        "person": b.pseudonym(met.serial), "setting": "household" if met.home else "visit",
        "place": met.place, "time_from": met.at, "time_to": met.at + _length(met),
        "overlap_min": 0.0 if met.home else met.minutes, "imputed": met.imputed,
        "rule_id": "WHO-2" if met.via is None else "WHO-6",
    }  # fmt: skip


def _length(met: Met) -> dt.timedelta:
    return dt.timedelta(minutes=met.minutes)


_CONTACTS = pa.schema(
    [*b._CONTACTS, ("release_on", pa.date32()), ("kind", pa.string()), ("places", pa.int32()),
     ("two_places", pa.bool_())]
)  # fmt: skip
_EXPOSURES = b._EXPOSURES


def neighbours() -> cases.Case:
    """A case in Xiaodian; 2 and 3 live there, 12 to 14 in Datong; 21 is in no register."""
    b.headquarters()
    here = [b.person(serial, 1, f"合成{serial}") for serial in (1, 2, 3)]
    there = [b.person(serial, 11, f"=合成{serial}") for serial in (12, 13, 14)]
    b.register(*here, *there, homes=[b.household(1, b.VILLAGE), b.household(11, b.OTHER_VILLAGE)])
    return b.case(1, b.VILLAGE)
