"""Triggers that write down how the number of running clocks changes, statement by statement.

Deltas are only added, so writers never wait for each other; the sweep folds them (see
`counters`).
"""

from __future__ import annotations

import pgtrigger

_ADD = """
    INSERT INTO clocks_delta (unit_path, kind_id, ends_itself, due_minute, n)
    SELECT unit_path, kind_id, ends_itself, date_trunc('minute', due_at), sum(n)
      FROM ({changes}) AS changes
     GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
    RETURN NULL;
"""
_ROWS = """
    SELECT unit_path, kind_id, ends_itself, due_at, {n} AS n FROM {rows} WHERE state = 'running'
"""
_CAME = _ROWS.format(n=1, rows="new_rows")
_WENT = _ROWS.format(n=-1, rows="old_rows")


def _trigger(
    name: str, operation: pgtrigger.Operation, changes: str, old: bool, new: bool
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(  # type: ignore[no-untyped-call]
            old="old_rows" if old else None, new="new_rows" if new else None
        ),
        func=_ADD.format(changes=changes),
    )


COUNTED = [
    _trigger("clock_count_came", pgtrigger.Insert, _CAME, old=False, new=True),
    _trigger("clock_count_went", pgtrigger.Delete, _WENT, old=True, new=False),
    _trigger(
        "clock_count_changed", pgtrigger.Update, f"{_WENT} UNION ALL {_CAME}", old=True, new=True
    ),
]
