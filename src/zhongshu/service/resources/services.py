"""Taking resource reports in, set-based; one function for every kind."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from django.db import transaction

from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import INTAKE, Actor
from zhongshu.service.kit.bulk import staged
from zhongshu.service.kit.moments import SECONDS, constant
from zhongshu.service.resources.registry import feeding
from zhongshu.service.resources.tables import KINDS, Kind
from zhongshu.service.units import facade as units

_COMMON = {
    "code": "text",
    "unit_code": "text",
    "unit_path": 'text COLLATE "C"',
    "unit_known": "boolean",
    "lon": "double precision",
    "lat": "double precision",
    "as_of": "timestamptz",
    "known_at": "timestamptz",
}


def take(*, feed: str, table: pa.Table, known_at: dt.datetime, actor: Actor = INTAKE) -> int:
    """Take the reports of `feed` (columns: ``kernel.feeds``) in; rows new or changed.

    Every report is kept under (thing, as_of); a report sent again changes nothing, a corrected
    one replaces it.  A report counts from its as_of on (sampling points: from 1970 on).
    """
    kind = KINDS[feed]
    home = incidents.current().scope_unit_id
    with transaction.atomic():
        columns = {kind.column(name): sql for name, sql in kind.columns.items()} | _COMMON
        with staged(_prepared(kind, table, home, known_at), "staged_reports", columns) as run:
            run.execute(_upsert(kind))
            changed = int(run.rowcount)
            feeding.follow(run, feed, dated=kind.dated)
        if changed:
            facts = {"rows": table.num_rows, "changed": changed}
            audit.record(
                actor=actor,
                action="resources.take",
                object_=f"feed:{feed}",
                at=known_at,
                facts=facts,
            )
    return changed


def _prepared(kind: Kind, table: pa.Table, home: str, known_at: dt.datetime) -> pa.Table:
    placed = units.resolve(table[kind.code], fallback=home)
    rows = table.num_rows
    as_of = table["as_of"] if kind.dated else pa.repeat(pa.scalar(0, SECONDS), rows)
    nowhere = pa.nulls(rows, pa.float64())
    own = {kind.column(name): table[name] for name in kind.columns}
    return pa.table(
        own
        | {
            "code": table[kind.code],
            "unit_code": placed["unit"],
            "unit_path": placed["unit_path"],
            "unit_known": placed["unit_known"],
            "lon": table["lon"] if kind.placed else nowhere,
            "lat": table["lat"] if kind.placed else nowhere,
            "as_of": as_of,
            "known_at": constant(known_at, rows),
        }
    )


def _upsert(kind: Kind) -> str:
    own = [kind.column(name) for name in kind.columns]
    source = [*own, "code", "unit_code", "unit_path", "unit_known", "lon", "lat", "as_of"]
    target = ["unit_id" if name == "unit_code" else name for name in source]
    conflict = ", ".join(kind.conflict)
    values = [name for name in target if name not in kind.conflict]
    present = ", ".join(f"{kind.table}.{name}" for name in values)
    excluded = ", ".join(f"excluded.{name}" for name in values)
    return f"""
        INSERT INTO {kind.table} ({", ".join(target)}, known_at)
        SELECT DISTINCT ON ({conflict}) {", ".join(source)}, known_at
          FROM staged_reports ORDER BY {conflict}
        ON CONFLICT ({conflict}) DO UPDATE SET
            ({", ".join(values)}) = ({excluded}), known_at = excluded.known_at
        WHERE ({present}) IS DISTINCT FROM ({excluded})
    """
