"""The sweep: steps that have come are told, clocks that end by themselves end.

Each batch is one statement and one transaction: a killed sweep loses the batch it was in, whole,
and the next one does it.  Two sweeps at once pass over each other's clocks.  A step is told once
per clock and arming, which the database holds even where a sweep were wrong.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db import connection, transaction

from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.clocks import counters, sql
from zhongshu.service.kit.actor import Actor

SWEEP = Actor("sweep")
BATCH = 20_000
_CODE = 13

_ENDABLE = sql.listed(states.sources("clock", "meet"))
_END = f"""
    WITH over AS (
        SELECT id FROM clocks_clock
         WHERE state = 'running' AND ends_itself AND due_at <= %(now)s
         ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED),
    ended AS (
        UPDATE clocks_clock c
           SET state = 'met', ended_at = c.due_at, ended_known_at = c.due_at,
               next_step = '', next_at = NULL
          FROM over WHERE c.id = over.id AND c.state IN ({_ENDABLE})
        RETURNING c.id, c.due_at)
    INSERT INTO clocks_clockevent (clock_id, at, what, by, note, after)
    SELECT id, %(now)s, 'met', %(by)s, '', jsonb_build_object('state', 'met', 'ended_at', due_at)
      FROM ended
"""
_TELL = f"""
    WITH ready AS (
        SELECT id, kind_id, unit_path, anchor_at, due_at, done, arming FROM clocks_clock
         WHERE state = 'running' AND next_at <= %(now)s
         ORDER BY next_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED),
    reached AS (
        SELECT r.id, r.arming, g.ord, g.step, {sql.step_at("g", "r")} AS at,
               left(r.unit_path,
                    greatest({_CODE}, length(r.unit_path) - {_CODE} * g.levels_up)) AS to_path
          FROM ready r JOIN clocks_rung g ON g.kind_id = r.kind_id
         WHERE NOT g.step = ANY (r.done) AND {sql.step_at("g", "r")} <= %(now)s),
    told AS (
        INSERT INTO clocks_notification
            (clock_id, arming, step, at, told_at, unit_id, unit_path, by, note, read_by)
        SELECT id, arming, step, at, %(now)s, left(right(to_path, {_CODE}), -1), to_path,
               %(by)s, '', ''
          FROM reached
            ON CONFLICT (clock_id, arming, step) WHERE step <> 'reminded' DO NOTHING
        RETURNING clock_id, step, unit_id),
    noted AS (
        INSERT INTO clocks_clockevent (clock_id, at, what, by, to_unit_id, note)
        SELECT clock_id, %(now)s, step, %(by)s, unit_id, '' FROM told),
    steps AS (
        SELECT id, array_agg(step ORDER BY ord) AS reached FROM reached GROUP BY id),
    done AS (
        SELECT r.*, r.done || coalesce(s.reached, '{{}}') AS now_done
          FROM ready r LEFT JOIN steps s USING (id)),
    moved AS (
        UPDATE clocks_clock c
           SET done = d.now_done, next_step = coalesce(n.step, ''), next_at = n.at
          FROM done d LEFT JOIN LATERAL {sql.next_rung("d", "d.now_done")} n ON true
         WHERE c.id = d.id
        RETURNING c.id)
    SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM told)
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Swept:
    """ended: clocks that ended by themselves; moved: clocks that took a step; told: notifications
    written; folded: changes of the counters taken in."""

    ended: int
    moved: int
    told: int
    folded: int


def sweep(*, now: dt.datetime, batch: int = BATCH) -> Swept:
    """Do all that has come by `now` (the headquarters' clock).  Doing it again does nothing."""
    ended = moved = told = 0
    full = True
    while full:
        count = _ended(now, batch)
        ended, full = ended + count, count == batch
    full = True
    while full:
        count, words = _told(now, batch)
        moved, told, full = moved + count, told + words, count == batch
    return Swept(ended, moved, told, counters.fold())


def _ended(now: dt.datetime, batch: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_END, {"now": now, "batch": batch, "by": SWEEP.name})
        ended = int(cursor.rowcount)
        if ended:
            _record("clocks.end", now, {"clocks": ended})
    return ended


def _told(now: dt.datetime, batch: int) -> tuple[int, int]:
    """(clocks that took a step, notifications) of one batch."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TELL, {"now": now, "batch": batch, "by": SWEEP.name})
        moved, told = cursor.fetchone()
        if moved:
            _record("clocks.escalate", now, {"clocks": moved, "told": told})
    return moved, told


def _record(action: str, now: dt.datetime, facts: dict[str, object]) -> None:
    audit.record(actor=SWEEP, action=action, object_="clocks", at=now, facts=facts)
