"""Setting and ending colours, set-based."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from django.db import transaction

from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.kit.bulk import staged
from zhongshu.service.people import facade as people

COLOURED = {
    "person": "bigint",
    "colour": "text",
    "rule_id": "text",
    "verified": "boolean",
    "until": "timestamptz",
    "judgement": "text",
}
_STAGED = COLOURED | {"unit": "text", "unit_path": 'text COLLATE "C"'}
# An open colour ends when its reason does; one from outside, when the rules give one themselves.
_END = """
    UPDATE codes_code c SET ended_at = %(as_of)s
     WHERE c.incident_id = %(incident)s AND c.ended_at IS NULL AND (
           (c.set_by = %(by)s AND NOT EXISTS (
                SELECT 1 FROM staged_codes s WHERE s.person = c.person AND s.colour = c.colour
                   AND s.rule_id = c.rule_id))
        OR (c.set_by <> %(by)s AND EXISTS (
                SELECT 1 FROM staged_codes s WHERE s.person = c.person)))
"""
_RENEW = """
    UPDATE codes_code c
       SET (until, judgement, verified, pack_version, unit_id, unit_path, run_id) =
           (s.until, s.judgement::jsonb, s.verified, %(version)s, s.unit, s.unit_path, %(run)s)
      FROM staged_codes s
     WHERE c.incident_id = %(incident)s AND c.ended_at IS NULL AND c.person = s.person
       AND (c.until, c.judgement, c.verified, c.pack_version, c.unit_path)
           IS DISTINCT FROM (s.until, s.judgement::jsonb, s.verified, %(version)s, s.unit_path)
"""
_SET = """
    INSERT INTO codes_code (incident_id, person, colour, rule_id, verified, pack_version, since,
                            until, set_by, judgement, run_id, unit_id, unit_path)
    SELECT %(incident)s, s.person, s.colour, s.rule_id, s.verified, %(version)s, %(as_of)s,
           s.until, %(by)s, s.judgement::jsonb, %(run)s, s.unit, s.unit_path
      FROM staged_codes s
     WHERE NOT EXISTS (SELECT 1 FROM codes_code c WHERE c.incident_id = %(incident)s
                          AND c.person = s.person AND c.ended_at IS NULL)
"""


def take(
    *, table: pa.Table, pack_version: str, run_id: int, as_of: dt.datetime, actor: Actor = CYCLE
) -> dict[str, int]:
    """Take in everybody whose colour is not green: columns `COLOURED`, one row a person.

    Whoever is not in the table any more is green again.  Counts: set, renewed, ended.  The same
    table again: all zero.
    """
    incident = incidents.current()
    names = {
        "incident": incident.pk, "run": run_id, "as_of": as_of, "by": CYCLE.name,
        "version": pack_version,
    }  # fmt: skip
    counts = {}
    with transaction.atomic():
        placed = _placed(table, incident.scope_unit_id)
        with staged(placed, "staged_codes", _STAGED) as run:
            for name, statement in (("ended", _END), ("renewed", _RENEW), ("set", _SET)):
                run.execute(statement, names)
                counts[name] = int(run.rowcount)
        if any(counts.values()):
            audit.record(
                actor=actor, action="codes.judge", object_=f"run:{run_id}", at=as_of, facts=counts
            )
    return counts


_REPORT = """
    INSERT INTO codes_code (incident_id, person, colour, rule_id, verified, pack_version, since,
                            until, set_by, judgement, unit_id, unit_path)
    SELECT %(incident)s, s.person, s.colour, coalesce(s.rule_id, ''), false, '', %(as_of)s,
           s.until, %(by)s, '{}'::jsonb, s.unit, s.unit_path
      FROM staged_codes s
     WHERE NOT EXISTS (SELECT 1 FROM codes_code c WHERE c.incident_id = %(incident)s
                          AND c.person = s.person AND c.ended_at IS NULL)
"""
_ENDED_OUTSIDE = """
    UPDATE codes_code c SET ended_at = %(as_of)s
     WHERE c.incident_id = %(incident)s AND c.ended_at IS NULL AND c.set_by = %(by)s
       AND NOT EXISTS (SELECT 1 FROM staged_codes s WHERE s.person = c.person
                          AND s.colour = c.colour)
"""


def report(*, table: pa.Table, set_by: str, as_of: dt.datetime, actor: Actor) -> int:
    """Take in the colours another system shows (columns `COLOURED`); how many are new.

    They give nobody a colour here: the inspection asks whether a rule supports them.  Its earlier
    ones that are not among them have ended.  Persons who have a colour by our rules are passed
    over.
    """
    incident = incidents.current()
    names = {"incident": incident.pk, "as_of": as_of, "by": set_by}
    with transaction.atomic():
        with staged(_placed(table, incident.scope_unit_id), "staged_codes", _STAGED) as run:
            run.execute(_ENDED_OUTSIDE, names)
            ended = int(run.rowcount)
            run.execute(_REPORT, names)
            new = int(run.rowcount)
        audit.record(
            actor=actor,
            action="codes.report",
            object_=f"codes:{set_by}",
            at=as_of,
            facts={"reported": table.num_rows, "new": new, "ended": ended},
        )
    return new


def _placed(table: pa.Table, home: str) -> pa.Table:
    """With the unit each person lives in; somebody nobody knows is filed under `home`."""
    lives = people.traits(table["person"], fallback=home)
    columns = {name: table[name] for name in COLOURED}
    return pa.table(columns | {"unit": lives["unit"], "unit_path": lives["unit_path"]})
