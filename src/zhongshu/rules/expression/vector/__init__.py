"""Expressions over a table of subjects: every row what `expression.evaluate` says, much faster.

Columns are facts; a column that is not there is unknown.  Timestamps with a zone are moments,
dates are days, list<struct> columns are lists of elements; naive timestamps are unknown.

Without a vector form, and so slower: `plusTime`, `dccDateOfBirth`, `extractFromUVCI`, `within`,
and `in` with more than 16 items run once per different combination of their arguments' values;
`reduce`, `peak` and lists that are no Arrow lists run once per row.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from zhongshu.rules.expression.values import Figures
from zhongshu.rules.expression.vector import engine
from zhongshu.rules.expression.vector.engine import Rows

__all__ = ["Rows", "evaluate"]


def evaluate(expr: Any, table: pa.Table | Rows, *, figures: Figures | None = None) -> pa.Array:
    """The value of `expr` for each row, null where it is unknown.

    Numbers come as float64, moments as timestamp[us, UTC], days as date32, text as string; rows of
    different kinds as a dense union.  Both branches of `if`, `and`, `or` are computed for all
    rows, so a figure the pack does not have is refused also where no row needs it.
    table: give `Rows(table)` to evaluate several expressions over the same facts.
    Refuses as `expression.evaluate` does.
    """
    return engine.evaluate(expr, table, figures=figures)
