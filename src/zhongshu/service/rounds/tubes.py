"""The register of positive tubes: who gave a swab to each, and who of them was sampled again.

The lake holds every tube.  The register holds those in which a laboratory found something, because
their members are held in place until each has a result of his own (rule T-13).  It is brought in
line from the lake whenever a feed of tubes or of tests came, in whatever order the feeds come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q

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
    them) have come: enter the tubes found positive, and renew members and their results."""
    with transaction.atomic(), rowsecurity.unscoped():
        changed: Collection[int]
        if kind == "tube_results":
            changed = _enter(lake, rows, actor, now)
        elif kind == "tubes":
            changed = _open().filter(code__in=_distinct(rows["tube"])).values_list("pk", flat=True)
        else:
            singly = rows.filter(pc.equal(rows["method"], "single"))
            waiting = TubeMember.objects.filter(
                resulted_at=None, tube__withdrawn_at=None, tube__incident=incidents.current()
            )
            known = waiting.filter(person__in=_waiting_in(singly, waiting))
            changed = known.values_list("tube", flat=True)
        tubes = list(Tube.objects.select_for_update().filter(pk__in=set(changed)).order_by("pk"))
        for one in tubes:
            _renew(lake, one)
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
        for tube in tubes:
            _close(tube)
        clockfacts.told(tubes, actor=actor, now=now)
    return len(mine)


def _open() -> Any:
    """Tubes that still wait for somebody."""
    return Tube.objects.filter(incident=incidents.current(), withdrawn_at=None, confirmed_at=None)


def _waiting_in(singly: pa.Table, waiting: Any) -> set[int]:
    """Of the persons of `singly`, those who wait for a result."""
    if not singly.num_rows:
        return set()
    known = pa.array(sorted(set(waiting.values_list("person", flat=True))), pa.int64())
    return set(singly.filter(pc.is_in(singly["person"], value_set=known))["person"].to_pylist())


def _enter(lake: Lake, rows: pa.Table, actor: Actor, now: dt.datetime) -> list[int]:
    """Tubes found positive, and those of the register whose result is another now; their ids."""
    incident = incidents.current()
    shared = pc.greater(rows["swabs"], 1)  # a swab alone in its tube is a person's own result
    found = rows.filter(pc.and_(shared, pc.is_in(rows["result"], value_set=pa.array(FOUND))))
    register = Tube.objects.filter(incident=incident, code__in=_distinct(rows["tube"]))
    there = dict(register.values_list("code", "pk"))
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


def _renew(lake: Lake, tube: Tube) -> None:
    """Members and their results as the lake tells them; what a receipt told stays."""
    first = beijing_day(tube.sampled_at)
    swabs = lake.swabs([tube.code], first, first + _SPAN)
    known = {one.person: one for one in tube.members.all()}
    new = [row for row in swabs.to_pylist() if row["person"] not in known]
    for row, home in zip(new, _homes(new, tube), strict=True):
        known[row["person"]] = TubeMember.objects.create(
            tube=tube,
            tube_path=tube.unit_path,
            person=row["person"],
            swabbed_at=row["sampled_at"],
            **home,
        )
    results = _results(lake, tube, known)
    for person, row in results.items():
        one = known[person]
        if one.recollected_known_at is None or one.recollected_known_at > row["reported_at"]:
            one.recollected_known_at = row["reported_at"]
        one.recollected_at = row["sampled_at"]
        one.result, one.resulted_at = row["result"], row["reported_at"]
        one.save()
    _close(tube)


def _homes(rows: list[Row], tube: Tube) -> list[dict[str, str]]:
    if not rows:
        return []
    persons = pa.array([row["person"] for row in rows], pa.int64())
    lives = people.traits(persons, fallback=tube.unit_id).select(["unit", "unit_path"])
    return [{"unit_id": row["unit"], "unit_path": row["unit_path"]} for row in lives.to_pylist()]


def _results(lake: Lake, tube: Tube, persons: Collection[int]) -> Mapping[int, Row]:
    """The first result of a sample of one's own, taken after the tube's result was known."""
    first = beijing_day(tube.reported_at)
    last = min(max(lake.days("tests"), default=first), first + _AGAIN)
    tests = lake.person_tests(persons, first, last)
    found: dict[int, Row] = {}
    for row in sorted(tests.to_pylist(), key=lambda row: (row["sampled_at"], row["sample_no"])):
        own = row["method"] == "single" and row["result"] in OWN
        if own and row["sampled_at"] >= tube.reported_at:
            found.setdefault(row["person"], row)
    return found


def _close(tube: Tube) -> None:
    """recollected_at and confirmed_at, when all that the laboratory counted are known and done."""
    members = list(tube.members.all())
    whole = len(members) >= tube.swabs

    def last(moments: list[dt.datetime | None]) -> dt.datetime | None:
        told = [one for one in moments if one is not None]
        return max(told) if whole and members and len(told) == len(members) else None

    tube.recollected_at = last([one.recollected_at for one in members])
    tube.confirmed_at = last([one.resulted_at for one in members])
    tube.save(update_fields=["recollected_at", "confirmed_at"])


def _distinct(column: pa.ChunkedArray) -> list[str]:
    found: list[str] = pc.unique(column).to_pylist()
    return found


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
