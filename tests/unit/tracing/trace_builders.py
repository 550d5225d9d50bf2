"""Small tables for tracing tests: only what matters to a test is written down."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.kernel.time import parse_moment

KINDS = ("market", "school", "bus")


def at(clock: str, *, day: int = 1) -> dt.datetime:
    """A Beijing moment of November 2022."""
    return parse_moment(f"2022-11-{day:02d}T{clock}:00+08:00")


def rules(**changes: Any) -> model.TraceRules:
    """10 minutes make a contact; 60 are assumed without a scan out; 8 hours are the most."""
    every = dict.fromkeys(KINDS, 1.0)
    plain: dict[str, Any] = {
        "window_days_before": 2,
        "degrees": 2,
        "heavy_place_persons": 50,
        "min_overlap_min": {kind: 10 * one for kind, one in every.items()},
        "imputed_stay_min": {kind: 60 * one for kind, one in every.items()},
        "max_stay_min": {kind: 480 * one for kind, one in every.items()},
        "rule_ids": {kind: f"WHO-2.{kind}" for kind in (*KINDS, "household")},
        "second_rule_id": "WHO-6",
    }
    return model.TraceRules(**(plain | changes))


def cases(*rows: tuple[int, int, dt.datetime, dt.datetime]) -> pa.Table:
    return _table(model.CASES, rows)


def visits(
    *rows: tuple[int, int, dt.datetime, dt.datetime | None], known: dt.datetime | None = None
) -> pa.Table:
    """(person, place, time in, time out); recorded at `known`, else on entry."""
    return _table(model.VISITS, [(*row, known or row[2]) for row in rows])


def places(
    kinds: dict[int, str] | None = None, *, within: dict[int, tuple[int, int | None]] | None = None
) -> pa.Table:
    """Kind by place; `within`: the whole of a sub-place and its number there."""
    rows = (kinds or {1: "market", 2: "school", 3: "bus"}).items()
    return _table(
        model.PLACES, [(key, kind, *(within or {}).get(key, (None, None))) for key, kind in rows]
    )


def aliases(*merged: tuple[int, int]) -> pa.Table:
    """(pseudonym, the one it is merged into)."""
    return _table(model.ALIASES, merged)


def households(*members: tuple[int, ...]) -> pa.Table:
    """Each argument is one household's persons."""
    return _table(
        model.HOUSEHOLDS, [(person, 900 + n) for n, home in enumerate(members) for person in home]
    )


def isolations(*rows: tuple[int, dt.datetime]) -> pa.Table:
    return _table(model.ISOLATIONS, rows)


def _table(schema: pa.Schema, rows: Any) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema
    )
