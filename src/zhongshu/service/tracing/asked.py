"""What is asked for a case: his infectious window under a pack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model
from zhongshu.rules import windows
from zhongshu.rules.model import Pack


def windows_of(known: pa.Table, *, pack: Pack, until: dt.datetime) -> pa.Table:
    """The infectious window of each case in `known` (schema `cases.CASES`): `model.CASES`."""
    rows = []
    for row in known.to_pylist():
        found = windows.infectious(
            pack,
            onset=row["onset_date"],
            sampled_at=row["sampled_at"] or row["reported_at"],
            confirmed_at=row["confirmed_at"] or row["reported_at"],
            until=until,
        )
        rows.append(
            {
                "case_id": row["case_id"],
                "person": row["person"],
                "window_from": found.begin,
                "window_to": found.end,
            }
        )
    return pa.Table.from_pylist(rows, schema=model.CASES)


def only(asked: pa.Table, case_ids: Collection[int]) -> pa.Table:
    """All cases of `asked`, those not in `case_ids` with an empty window.

    What is said of one case depends on who else is a case and on how far back scans are read, so
    the others stay in the question; with nothing to ask for they cost next to nothing.
    """
    mine = pc.is_in(asked["case_id"], value_set=pa.array(sorted(case_ids), pa.int64()))
    until = pc.if_else(mine, asked["window_to"], asked["window_from"])
    return asked.set_column(asked.schema.get_field_index("window_to"), "window_to", until)
