"""What everybody may know of a round: where its points are, their hours, and how long one waits.

Nothing of a person and no count of samples; only rounds that somebody published.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from zhongshu.kernel.errors import WrongState
from zhongshu.rules import reader
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.rounds import services
from zhongshu.service.rounds.models import Round, RoundPoint
from zhongshu.service.rounds.selectors import PACK
from zhongshu.service.units import facade as units

AHEAD = dt.timedelta(days=1)  # a round is announced a day before its first point opens
PER_DESK = "test.per_desk_hour"
_FIRST_H = 0.25  # a point open for less has no pace of its own yet
_STEP_MIN = 5  # waits are told in steps: nobody can promise a minute


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """A point as the public sees it.  place: names from the county down.  waiting, wait_min: None
    where nobody told the queue lately; told_at: when it was told."""

    id: int
    name: str
    place: str
    path: str
    lon: float | None
    lat: float | None
    opens_at: dt.datetime
    closes_at: dt.datetime
    desks: int
    waiting: int | None
    wait_min: int | None
    told_at: dt.datetime | None


def publish(
    *, round_id: int, published: bool, scope: Scope, actor: Actor, now: dt.datetime
) -> Round:
    """Tell everybody from now on, or nobody any more; what it is already changes nothing.

    Refuses (WrongState) a round that is closed.
    """
    with transaction.atomic():
        held = services.locked(round_id, scope)
        if held.closed_at is not None:
            raise WrongState("rounds.closed", "This round is closed; its counts stand.")
        if published == (held.published_at is not None):
            return held
        held.published_at = now if published else None
        held.save(update_fields=["published_at"])
        action = "rounds.publish" if published else "rounds.withdraw"
        audit.record(actor=actor, action=action, object_=f"round:{held.pk}", at=now, facts={})
    return held


# Of each point: the queue last told, and the swabs of the last hours.
_TOLD = """
    SELECT t.round_id, t.point, q.n, q.at,
           coalesce(sum(t.n) FILTER (WHERE t.what = 'sampled' AND t.at > %(lately)s), 0)::bigint
      FROM rounds_tally t
      LEFT JOIN LATERAL (
           SELECT n, at FROM rounds_tally
            WHERE round_id = t.round_id AND point = t.point AND what = 'queue'
              AND at <= %(at)s AND at > %(fresh)s AND known_at <= %(at)s
            ORDER BY at DESC, id DESC LIMIT 1) q ON true
     WHERE t.round_id = ANY(%(rounds)s) AND t.known_at <= %(at)s AND t.at <= %(at)s
     GROUP BY t.round_id, t.point, q.n, q.at
"""
_Told = tuple[int | None, dt.datetime | None, int]


def notices(at: dt.datetime) -> list[Notice]:
    """Points of all published rounds that are open or open within a day, by place and name.

    A point of several rounds is told as that of the last to open.
    A queue told longer ago than a point may be silent is not told on.  The wait is the queue over
    the swabs an hour of the last hours it was open, where there were any; else over the planned
    rate of the point's desks.  Four queries, whatever there is.
    """
    incident = incidents.find_current()
    if incident is None:
        return []
    now_on = {
        one.pk
        for one in Round.objects.filter(
            incident=incident,
            published_at__lte=at,
            closed_at=None,
            opens_at__lte=at + AHEAD,
            closes_at__gt=at,
        )
    }
    if not now_on:
        return []
    pack = reader.load(PACK)
    edition = reader.load(incident.pack)
    per_desk = edition.number(PER_DESK) if edition.get(PER_DESK) else 0.0
    hours = pack.number("round.rate_h")
    told = _told(now_on, at, hours, pack.number("round.silent_min"))
    taking_part = RoundPoint.objects.filter(round_id__in=now_on)
    newest = taking_part.order_by("round__opens_at", "round_id")
    rows = {one.code: one for one in newest}.values()
    names = units.refs_on_paths(one.unit_path for one in rows)
    found = [
        _notice(
            one,
            names,
            told.get((one.round_id, one.code), (None, None, 0)),
            hours=min(hours, (at - one.opens_at) / dt.timedelta(hours=1)),
            per_desk=per_desk,
        )
        for one in rows
    ]
    return sorted(found, key=lambda one: (one.place, one.name, one.id))


def _told(
    rounds: set[int], at: dt.datetime, hours: float, silent_min: float
) -> Mapping[tuple[int, str], _Told]:
    params: dict[str, Any] = {
        "rounds": sorted(rounds),
        "at": at,
        "lately": at - dt.timedelta(hours=hours),
        "fresh": at - dt.timedelta(minutes=silent_min),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, params)
        return {(row[0], row[1]): (row[2], row[3], row[4]) for row in cursor.fetchall()}


def _notice(
    one: RoundPoint,
    names: Mapping[str, units.UnitRef],
    told: _Told,
    *,
    hours: float,
    per_desk: float,
) -> Notice:
    """hours: those of the last ones that it was open."""
    waiting, told_at, sampled = told
    swabbing = sampled > 0 and hours >= _FIRST_H
    pace = sampled / hours if swabbing else one.desks * per_desk
    return Notice(
        id=one.pk,
        name=one.name,
        place=_place(one.unit_path.split("/"), names),
        path=one.unit_path,
        lon=one.lon,
        lat=one.lat,
        opens_at=one.opens_at,
        closes_at=one.closes_at,
        desks=one.desks,
        waiting=waiting,
        wait_min=wait_min(waiting, pace),
        told_at=told_at,
    )


def wait_min(waiting: int | None, pace: float) -> int | None:
    """Minutes until `waiting` persons are swabbed at `pace` an hour, in whole steps upwards."""
    if waiting is None or (waiting > 0 and pace <= 0):
        return None
    return _STEP_MIN * math.ceil(waiting / pace * 60 / _STEP_MIN) if waiting else 0


def _place(codes: Sequence[str], names: Mapping[str, units.UnitRef]) -> str:
    """County, township and village; a province and a city say nothing to a neighbour."""
    line = [names[code] for code in codes if code in names]
    return "".join(unit["name"] for unit in line if unit["level"] not in ("province", "city"))
