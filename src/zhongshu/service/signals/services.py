"""Taking detected signals in."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from django.db import transaction
from django.db.models import Case, Q, Value, When

from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.kit.bulk import staged
from zhongshu.service.signals import borders, clockfacts, figures, grouping, snoozing
from zhongshu.service.signals.models import Signal
from zhongshu.service.signals.selectors import OPEN
from zhongshu.service.units import facade as units

_NEW = states.initial("signal")
_MEASURED = "observed, expected, sd, z, p_value, probability, grade, evidence, withdrawn_as_of"
_EXCLUDED = ", ".join(f"excluded.{name.strip()}" for name in _MEASURED.split(","))
_PRESENT = ", ".join(f"signals_signal.{name.strip()}" for name in _MEASURED.split(","))
_UPSERT = f"""
    INSERT INTO signals_signal (incident_id, unit_id, unit_path, stream, date, method, rule, state,
                                handled_by, reason, check_note, risk, risk_note, known_at, run_id,
                                {_MEASURED})
    SELECT %(incident)s, s.unit, s.unit_path, s.stream, s.date, s.method, s.rule, '{_NEW}', '',
           '', '', '', '', %(as_of)s, %(run)s, s.observed, s.expected, s.sd, s.z, s.p_value,
           s.probability, s.grade, s.evidence::jsonb, NULL::timestamptz
      FROM staged_signals s
    ON CONFLICT (incident_id, unit_id, stream, date, method, rule) DO UPDATE SET
        known_at = least(signals_signal.known_at, excluded.known_at), run_id = excluded.run_id,
        ({_MEASURED}) = ({_EXCLUDED})
    WHERE ({_PRESENT}) IS DISTINCT FROM ({_EXCLUDED})
"""
# What this very moment had raised and does not raise any more (data came in late).
_WITHDRAW = f"""
    UPDATE signals_signal g SET withdrawn_as_of = %(as_of)s
     WHERE g.incident_id = %(incident)s AND g.known_at = %(as_of)s AND g.state = '{_NEW}'
       AND g.withdrawn_as_of IS NULL AND (g.rule = '') = %(statistics)s
       AND NOT EXISTS (SELECT 1 FROM staged_signals s
                        WHERE s.unit = g.unit_id AND s.stream = g.stream AND s.date = g.date
                          AND s.method = g.method AND s.rule = g.rule)
"""
_STAGED = {
    "unit": "text",
    "unit_path": 'text COLLATE "C"',
    "stream": "text",
    "date": "date",
    "method": "text",
    "observed": "double precision",
    "expected": "double precision",
    "sd": "double precision",
    "z": "double precision",
    "p_value": "double precision",
    "probability": "double precision",
    "rule": "text",
    "grade": "text",
    "evidence": "text",
}


def upsert(
    *,
    table: pa.Table,
    run_id: int,
    as_of: dt.datetime,
    actor: Actor = CYCLE,
    statistics: bool = True,
) -> int:
    """Take signals in, by (unit, stream, date, method, rule); rows new or changed.

    table: unit (code), stream, date, observed, expected, sd, z, p_value, method, grade, evidence
    (JSON text), and where known probability and rule.  What people did about a signal stays.
    statistics: these are all that the counts of this moment raise; else all that the rules do.
    What the same moment had raised of that sort, and is not in the table, is withdrawn.
    """
    incident = incidents.current()
    table = _completed(table)
    placed = units.resolve(table["unit"], fallback=incident.scope_unit_id)
    table = table.append_column("unit_path", placed["unit_path"])
    names = {
        "incident": incident.pk, "run": run_id, "as_of": as_of, "statistics": statistics,
    }  # fmt: skip
    with transaction.atomic():
        snoozing.expire(actor=actor, now=as_of)
        with staged(table, "staged_signals", _STAGED) as run:
            run.execute(_UPSERT, names)
            changed = int(run.rowcount)
            run.execute(_WITHDRAW, names)
            changed += int(run.rowcount)
        if changed:
            touched = Q(run_id=run_id) | Q(withdrawn_as_of=as_of)
            found = list(Signal.objects.filter(touched, incident=incident))
            _group(incident.pk, as_of)
            clockfacts.told(found, actor=actor, now=as_of)
            facts = {"signals": table.num_rows, "changed": changed}
            audit.record(
                actor=actor, action="signals.detect", object_=f"run:{run_id}", at=as_of, facts=facts
            )
    return changed


def _completed(table: pa.Table) -> pa.Table:
    rows = table.num_rows
    for name, blank in (
        ("probability", pa.nulls(rows, pa.float64())),
        ("rule", pa.array([""] * rows, pa.string())),
    ):
        if name not in table.column_names:
            table = table.append_column(name, blank)
    return table


def _group(incident_id: int, as_of: dt.datetime) -> None:
    """Put every signal that has no group into one: that of an outbreak still open, or its own."""
    there = Signal.objects.filter(incident_id=incident_id, withdrawn_as_of=None)
    fresh = list(there.filter(group=None).values_list("pk", "unit_id", "date", "group"))
    if not fresh:
        return
    days = figures.number("signal.group_days", now=as_of)
    reach = dt.timedelta(days=days)
    first, last = min(row[2] for row in fresh), max(row[2] for row in fresh)
    alive = there.filter(state__in=OPEN).exclude(group=None).values("group")
    known = there.filter(group__in=alive, date__gte=first - reach, date__lte=last + reach)
    spots = [*fresh, *known.values_list("pk", "unit_id", "date", "group")]
    found = grouping.group(
        (grouping.Spot(*row) for row in spots), borders=borders.touching(), days=int(days)
    )
    _renamed(incident_id, found)


def _renamed(incident_id: int, found: grouping.Grouped) -> None:
    rows = Signal.objects.filter(incident_id=incident_id)
    newly = list(rows.filter(pk__in=found.fresh))
    for one in newly:
        one.group = found.fresh[one.pk]
    Signal.objects.bulk_update(newly, ["group"], batch_size=2000)
    whens = [When(group=old, then=Value(new)) for old, new in found.merged.items()]
    if whens:
        rows.filter(group__in=found.merged).update(group=Case(*whens))
