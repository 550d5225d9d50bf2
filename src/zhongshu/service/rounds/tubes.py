"""The register of positive tubes: who gave a swab to each, and who of them was sampled again.

The lake holds every tube.  The register holds those in which a laboratory found something, because
their members are held in place until each has a result of his own (rule T-13).  It is brought in
line from the lake whenever a feed of tubes or of tests came, in whatever order the feeds come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q, QuerySet

from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.people import facade as people
from zhongshu.service.rounds import clockfacts
from zhongshu.service.rounds.models import RoundPoint, Tube, TubeMember
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units

FOUND = ("positive", "suspect")  # what makes a tube's members wait for a result of their own
OWN = ("positive", "negative")  # results that end a member's waiting
_SPAN = DAY  # a tube's first swab and the last of it lie on one day or the next
_AGAIN = 7 * DAY  # whoever is sampled later is not sampled again because of the tube

Row = dict[str, Any]


def follow(*, lake: Lake, kind: str, rows: pa.Table, actor: Actor, now: dt.datetime) -> None:
    """Rows of the feed `kind` (``tubes``, ``tube_results`` or ``lab_results``, as the lake keeps
    them) have come: enter the tubes found positive, and renew members and their results.

    A province sends millions of rows a day and few tubes are positive: the rows are looked through
    for those of the register, and the lake is read for these alone."""
    with transaction.atomic(), rowsecurity.unscoped():
        tests: pa.Table | None = None
        changed: Collection[int]
        if kind == "tube_results":
            changed = _enter(lake, rows, actor, now)
        elif kind == "tubes":
            waiting = dict(_open().values_list("code", "pk"))
            changed = [waiting[code] for code in _among(rows["tube"], list(waiting), pa.string())]
        else:
            tests = rows.filter(pc.equal(rows["method"], "single"))
            members = _waiting_for_a_result().values_list("person", "tube")
            persons = set(_among(tests["person"], [one for one, _ in members], pa.int64()))
            changed = [tube for person, tube in members if person in persons]
        tubes = list(Tube.objects.select_for_update().filter(pk__in=set(changed)).order_by("pk"))
        if tubes:
            _renew(lake, tubes, tests)
            clockfacts.told(tubes, actor=actor, now=now)


def collected(
    *, swabs: Iterable[tuple[int, str]], at: dt.datetime, actor: Actor, now: dt.datetime
) -> int:
    """A receipt says that each (person, tube code) was sampled again; how many that is news of."""
    with transaction.atomic(), rowsecurity.unscoped():
        wanted = set(swabs)
        found = TubeMember.objects.select_for_update(of=("self",)).filter(
            recollected_at=None,
            person__in={person for person, _ in wanted},
            tube__code__in={code for _, code in wanted},
            tube__incident=incidents.current(),
        )
        mine = [
            one for one in found.select_related("tube") if (one.person, one.tube.code) in wanted
        ]
        for one in mine:
            one.recollected_at = max(at, one.tube.reported_at)
            one.recollected_known_at = now
        TubeMember.objects.bulk_update(mine, ["recollected_at", "recollected_known_at"])
        tubes = list({one.tube_id: one.tube for one in mine}.values())
        _close(tubes, _members(tubes).values())
        clockfacts.told(tubes, actor=actor, now=now)
    return len(mine)


def _open() -> QuerySet[Tube]:
    """Tubes that still wait for somebody."""
    return Tube.objects.filter(incident=incidents.current(), withdrawn_at=None, confirmed_at=None)


def _waiting_for_a_result() -> QuerySet[TubeMember]:
    return TubeMember.objects.filter(
        resulted_at=None, tube__withdrawn_at=None, tube__incident=incidents.current()
    )


def _among(column: pa.ChunkedArray, wanted: Sequence[Any], kind: pa.DataType) -> list[Any]:
    """Those of `wanted` that the column holds."""
    values = pa.array(sorted(set(wanted)), kind)
    found: list[Any] = values.filter(pc.is_in(values, value_set=pc.unique(column))).to_pylist()
    return found


def _enter(lake: Lake, rows: pa.Table, actor: Actor, now: dt.datetime) -> list[int]:
    """Tubes found positive, and those of the register whose result is another now; their ids."""
    incident = incidents.current()
    shared = pc.greater(rows["swabs"], 1)  # a swab alone in its tube is a person's own result
    found = rows.filter(pc.and_(shared, pc.is_in(rows["result"], value_set=pa.array(FOUND))))
    register = dict(Tube.objects.filter(incident=incident).values_list("code", "pk"))
    there = {code: register[code] for code in _among(rows["tube"], list(register), pa.string())}
    codes = sorted(there.keys() | set(found["tube"].to_pylist()))
    if not codes:
        return []
    told = rows.filter(pc.is_in(rows["tube"], value_set=pa.array(codes)))
    days = [beijing_day(at) for at in told["sampled_at"].to_pylist()]
    newest = lake.tube_results(codes, min(days), max(days))
    placed = units.resolve(newest["village_code"], fallback=incident.scope_unit_id)
    for one, unit, path in zip(
        newest.to_pylist(), placed["unit"].to_pylist(), placed["unit_path"].to_pylist(), strict=True
    ):
        stands = one["result"] in FOUND
        if one["tube"] not in there and not stands:
            continue
        fields = {
            "unit_id": unit,
            "unit_path": path,
            "laboratory": one["lab_id"],
            "swabs": one["swabs"],
            "sampled_at": one["sampled_at"],
            "received_at": one["received_at"],
            "reported_at": one["reported_at"],
            "withdrawn_at": None if stands else one["reported_at"],
        } | ({"result": one["result"]} if stands else {})
        tube, fresh = Tube.objects.update_or_create(
            incident=incident,
            code=one["tube"],
            defaults=fields,
            create_defaults=fields | {"known_at": now},
        )
        there[tube.code] = tube.pk
        if fresh:
            audit.record(
                actor=actor, action="tubes.enter", object_=f"tube:{tube.pk}", at=now,
                facts={"code": tube.code, "result": tube.result, "swabs": tube.swabs},
            )  # fmt: skip
    return sorted(there[code] for code in codes if code in there)


def _renew(lake: Lake, tubes: Sequence[Tube], tests: pa.Table | None) -> None:
    """Members and their results; what a receipt told stays.  tests: those that have come, where
    nobody can be new; None: all of the lake."""
    known = _members(tubes)
    if tests is None:
        known |= _new_members(lake, tubes, known)
        tests = _tests(lake, tubes, {person for _, person in known})
    own: dict[int, list[Row]] = {}
    for row in sorted(tests.to_pylist(), key=lambda row: (row["sampled_at"], row["sample_no"])):
        if row["method"] == "single" and row["result"] in OWN:
            own.setdefault(row["person"], []).append(row)
    changed = []
    reported = {one.pk: one.reported_at for one in tubes}
    for (tube, person), one in known.items():
        first = (row for row in own.get(person, ()) if row["sampled_at"] >= reported[tube])
        row = next(first, None)
        if row is not None and not _later(one, row):
            _resulted(one, row)
            changed.append(one)
    TubeMember.objects.bulk_update(
        changed, ["recollected_at", "recollected_known_at", "result", "resulted_at"]
    )
    _close(tubes, known.values())


def _members(tubes: Sequence[Tube]) -> dict[tuple[int, int], TubeMember]:
    """By tube and person."""
    rows = TubeMember.objects.filter(tube__in=tubes)
    return {(one.tube_id, one.person): one for one in rows}


def _new_members(
    lake: Lake, tubes: Sequence[Tube], known: Collection[tuple[int, int]]
) -> dict[tuple[int, int], TubeMember]:
    by_code = {one.code: one for one in tubes}
    days = [beijing_day(one.sampled_at) for one in tubes]
    swabs = lake.swabs(list(by_code), min(days), max(days) + _SPAN).to_pylist()
    new = [row for row in swabs if (by_code[row["tube"]].pk, row["person"]) not in known]
    if not new:
        return {}
    persons = pa.array([row["person"] for row in new], pa.int64())
    fallback = incidents.current().scope_unit_id
    lives = people.traits(persons, fallback=fallback).to_pylist()
    made = []
    for row, home in zip(new, lives, strict=True):
        tube = by_code[row["tube"]]
        nowhere = not home["placed"] and home["unit"] == fallback
        made.append(
            TubeMember(
                tube=tube,
                tube_path=tube.unit_path,
                person=row["person"],
                swabbed_at=row["sampled_at"],
                unit_id=tube.unit_id if nowhere else home["unit"],
                unit_path=tube.unit_path if nowhere else home["unit_path"],
            )
        )
    return {(one.tube_id, one.person): one for one in TubeMember.objects.bulk_create(made)}


def _tests(lake: Lake, tubes: Sequence[Tube], persons: Collection[int]) -> pa.Table:
    """Of these persons, from the first of the tubes' results on."""
    days = [beijing_day(one.reported_at) for one in tubes]
    last = min(max(lake.days("tests"), default=min(days)), max(days) + _AGAIN)
    return lake.person_tests(persons, min(days), last)


def _later(one: TubeMember, row: Row) -> bool:
    """Whether the member had his result by a sample before this one."""
    had = one.recollected_at if one.resulted_at is not None else None
    return had is not None and bool(row["sampled_at"] > had)


def _resulted(one: TubeMember, row: Row) -> None:
    if one.recollected_known_at is None or one.recollected_known_at > row["reported_at"]:
        one.recollected_known_at = row["reported_at"]
    one.recollected_at = row["sampled_at"]
    one.result, one.resulted_at = row["result"], row["reported_at"]


def _close(tubes: Sequence[Tube], members: Iterable[TubeMember]) -> None:
    """recollected_at and confirmed_at, when all that the laboratory counted are known and done."""
    of: dict[int, list[TubeMember]] = {}
    for one in members:
        of.setdefault(one.tube_id, []).append(one)
    for tube in tubes:
        own = of.get(tube.pk, [])
        whole = len(own) >= tube.swabs
        tube.recollected_at = _last([one.recollected_at for one in own]) if whole else None
        tube.confirmed_at = _last([one.resulted_at for one in own]) if whole else None
    Tube.objects.bulk_update(tubes, ["recollected_at", "confirmed_at"])


def _last(moments: Sequence[dt.datetime | None]) -> dt.datetime | None:
    """None where one of them is not there yet."""
    told = [one for one in moments if one is not None]
    return max(told) if told and len(told) == len(moments) else None


def open_points(path: str, as_of: dt.datetime) -> list[RoundPoint]:
    """Points under `path` of rounds that go on as of then."""
    found = RoundPoint.objects.filter(
        round__incident=incidents.current(),
        round__made_at__lte=as_of,
        round__closed_at=None,
        closes_at__gt=as_of,
        unit_path__startswith=path,
    )
    newest = found.order_by("round__opens_at", "round_id")
    return list({one.code: one for one in newest}.values())


def pending(path: str, as_of: dt.datetime) -> list[TubeMember]:
    """Who lives under `path` and waits to be sampled again as of then, by the tube's result."""
    return _waiting("recollected_known_at", path, as_of)


def unresolved(path: str, as_of: dt.datetime) -> list[TubeMember]:
    """Who lives under `path` and has no result of his own as of then, by the tube's result."""
    return _waiting("resulted_at", path, as_of)


def _waiting(field: str, path: str, as_of: dt.datetime) -> list[TubeMember]:
    waits = Q(**{field: None}) | Q(**{f"{field}__gt": as_of})
    found = TubeMember.objects.filter(
        waits,
        tube__incident=incidents.current(),
        tube__withdrawn_at=None,
        tube__known_at__lte=as_of,
        tube__reported_at__lte=as_of,
        unit_path__startswith=path,
    )
    return list(found.select_related("tube").order_by("tube__reported_at", "tube", "person"))
