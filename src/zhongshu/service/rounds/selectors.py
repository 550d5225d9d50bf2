"""Reading a round as it was known at a moment: its board, its parts, and what is wrong."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import reader
from zhongshu.service.kit.scope import Scope
from zhongshu.service.rounds import counts
from zhongshu.service.rounds.models import Round, RoundPoint, Tube

PACK = "testing-round"
Sums = Mapping[str, int]
_HOUR = dt.timedelta(hours=1)
_MINUTE = dt.timedelta(minutes=1)
_CODE = 13  # a code and its slash in a path


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A point and its counts: all, those settled, those as old as a hand-over may take.  queue:
    the last told, None if none was; last_at: when it or anybody with its samples last told."""

    row: RoundPoint
    sums: Sums
    settled: Sums
    old: Sums
    queue: int | None
    queue_at: dt.datetime | None
    last_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class Alarm:
    """kind: tube, drift, silent, handover, queue, late.  point: empty for the whole round; of a
    positive tube its code.  n: members to be sampled again, samples, minutes of silence, persons
    waiting, or samples outstanding."""

    kind: str
    point: str
    name: str
    n: int


@dataclasses.dataclass(frozen=True, slots=True)
class Live:
    """A round at a moment.  areas: {code of the unit just below: sums}; last_result: foretold."""

    round: Round
    sums: Sums
    points: Sequence[Point]
    laboratories: Mapping[str, Sums]
    areas: Mapping[str, Sums]
    alarms: Sequence[Alarm]
    last_result: dt.datetime | None


def listed(*, scope: Scope, as_of: dt.datetime) -> QuerySet[Round]:
    return scope.filter(Round.objects.filter(made_at__lte=as_of)).select_related("unit")


def get(round_id: int, scope: Scope) -> Round:
    found = scope.filter(Round.objects.filter(pk=round_id)).select_related("unit").first()
    if found is None:
        raise NotFound("rounds.unknown", f"There is no round {round_id} within your rights.")
    return found


_SUMS = """
    SELECT point, laboratory, what, sum(n)::bigint,
           coalesce(sum(n) FILTER (WHERE at <= %(settled)s), 0)::bigint,
           coalesce(sum(n) FILTER (WHERE at <= %(old)s), 0)::bigint,
           coalesce(sum(n) FILTER (WHERE at > %(lately)s), 0)::bigint, max(at)
      FROM rounds_tally
     WHERE round_id = %(round)s AND what <> 'queue' AND known_at <= %(at)s AND at <= %(at)s
     GROUP BY point, laboratory, what
"""
_QUEUES = """
    SELECT DISTINCT ON (point) point, n, at FROM rounds_tally
     WHERE round_id = %(round)s AND what = 'queue' AND known_at <= %(at)s AND at <= %(at)s
     ORDER BY point, at DESC, id DESC
"""


def live(held: Round, *, at: dt.datetime) -> Live:
    """Three queries, whatever has been counted."""
    pack = reader.load(PACK)
    figure = {key.removeprefix("round."): pack.number(key) for key in pack.figures()}
    params: dict[str, Any] = {
        "round": held.pk,
        "at": at,
        "settled": at - figure["settle_min"] * _MINUTE,
        "old": at - figure["handover_h"] * _HOUR,
        "lately": at - figure["rate_h"] * _HOUR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, params)
        sums = cursor.fetchall()
        cursor.execute(_QUEUES, params)
        queues = {point: (n, then) for point, n, then in cursor.fetchall()}
    points = _points(held, sums, queues)
    total = _added((row[2], row[3]) for row in sums)
    lately = sum(row[6] for row in sums if row[2] == "reported")
    last = counts.last_result(total, reported_lately=lately, hours=figure["rate_h"], at=at)
    return Live(
        round=held,
        sums=total,
        points=points,
        laboratories=_by((row[1], row[2], row[3]) for row in sums if row[1]),
        areas=_areas(held, points),
        alarms=[*_tubes(held, at), *_alarms((held, total, last), points, figure, at)],
        last_result=last if held.closed_at is None else None,
    )


_Row = tuple[str, str, str, int, int, int, int, dt.datetime]


def _points(
    held: Round, rows: Sequence[_Row], queues: Mapping[str, tuple[int, dt.datetime]]
) -> list[Point]:
    mine: dict[str, list[_Row]] = {}
    for row in rows:
        mine.setdefault(row[0], []).append(row)
    found = []
    for one in held.points.select_related("unit").order_by("code"):
        own = mine.get(one.code, [])
        queue, queue_at = queues.get(one.code, (None, None))
        told = [row[7] for row in own] + ([queue_at] if queue_at else [])
        found.append(
            Point(
                row=one,
                sums=_added((row[2], row[3]) for row in own),
                settled=_added((row[2], row[4]) for row in own),
                old=_added((row[2], row[5]) for row in own),
                queue=queue,
                queue_at=queue_at,
                last_at=max(told, default=None),
            )
        )
    return found


def _added(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for what, n in pairs:
        sums[what] = sums.get(what, 0) + n
    return sums


def _by(rows: Iterable[tuple[str, str, int]]) -> dict[str, Sums]:
    found: dict[str, list[tuple[str, int]]] = {}
    for name, what, n in rows:
        found.setdefault(name, []).append((what, n))
    return {name: _added(pairs) for name, pairs in sorted(found.items())}


def _areas(held: Round, points: Sequence[Point]) -> dict[str, Sums]:
    """By the unit just below the round's own; points of that unit itself under its code."""
    start = len(held.unit_path)
    rows = [
        (one.row.unit_path[start : start + _CODE - 1] or held.unit_id, what, n)
        for one in points
        for what, n in one.sums.items()
    ]
    return _by(rows)


def _tubes(held: Round, at: dt.datetime) -> list[Alarm]:
    """Positive tubes of the round's unit, told since it opened, whose members wait to be sampled
    again; also after it was closed."""
    found = Tube.objects.filter(
        incident=held.incident_id,
        withdrawn_at=None,
        unit_path__startswith=held.unit_path,
        sampled_at__gte=held.opens_at,
        sampled_at__lt=held.closes_at,
        known_at__lte=at,
    ).select_related("unit")
    waits = Q(members__recollected_known_at=None) | Q(members__recollected_known_at__gt=at)
    rows = found.annotate(
        known=Count("members"), n=Count("members", filter=waits & Q(members__isnull=False))
    )
    return [
        Alarm("tube", one.code, one.unit.name, one.n + max(0, one.swabs - one.known))
        for one in rows.order_by("reported_at", "id")
        if one.n or one.known < one.swabs
    ]


def _alarms(
    live_: tuple[Round, Sums, dt.datetime | None],
    points: Sequence[Point],
    figure: Mapping[str, float],
    at: dt.datetime,
) -> list[Alarm]:
    held, total, last = live_
    if held.closed_at is not None and held.closed_at <= at:
        return []
    found = [alarm for one in points for alarm in _of_point(one, figure, at)]
    told = counts.summary(total)
    if (last is not None and last > held.due_at) or (last is None and at > held.due_at):
        found.append(Alarm("late", "", held.title, told["in_transit"] + told["received"]))
    order = ("late", "handover", "drift", "queue", "silent")
    return sorted(found, key=lambda one: (order.index(one.kind), -one.n, one.point))


def _of_point(one: Point, figure: Mapping[str, float], at: dt.datetime) -> list[Alarm]:
    row = one.row
    drift = counts.drift(one.sums, one.settled)
    late = counts.overdue(one.sums, one.old)
    quiet = 0
    if row.opens_at <= at < row.closes_at:
        quiet = int((at - max(row.opens_at, one.last_at or row.opens_at)) / _MINUTE)
    waiting = one.queue or 0
    return [
        Alarm(kind, row.code, row.name, n)
        for kind, n, raised in (
            ("drift", drift, drift > 0),
            ("handover", late, late > 0),
            ("silent", quiet, quiet > figure["silent_min"]),
            ("queue", waiting, waiting > figure["queue_most"] and at < row.closes_at),
        )
        if raised
    ]
