"""Result of judging a column, and the context judges need."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Set

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from zhongshu.connectors.feeds.reasons import CODE_OF_CELL, CODE_OF_FLAG
from zhongshu.kernel.feeds import Kind
from zhongshu.lake.schema import SECONDS

TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.MOMENT: SECONDS,
    Kind.DIVISION: pa.string(),
    Kind.ID_NO: pa.string(),
    Kind.SERVICE: pa.string(),
    Kind.SPOT: pa.string(),
}
Codes = npt.NDArray[np.uint8]


@dataclasses.dataclass(frozen=True)
class Context:
    """known_divisions: 12-digit codes in use.  received_at: when the headquarters got the file."""

    received_at: dt.datetime
    known_divisions: Set[str]

    @functools.cached_property
    def regions(self) -> frozenset[str]:
        """First six digits of the codes in use, as in identity numbers (GB/T 2260)."""
        return frozenset(code[:6] for code in self.known_divisions)


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """values: (n,) typed, null where blank or bad; text spread over rows is dictionary-encoded.
    reason, flag: (n,) catalogue numbers."""

    values: pa.Array
    reason: Codes
    flag: Codes

    def take(self, indices: pa.Array, blank_reason: int) -> Judged:
        """Spread over rows; a null index is a blank cell."""
        blank = np.asarray(indices.is_null())
        at = np.asarray(indices.fill_null(0))
        if len(self.reason) == 0:
            at_reason = at_flag = np.zeros(len(at), np.uint8)
        else:
            at_reason, at_flag = self.reason[at], self.flag[at]
        return Judged(
            _spread(self.values, indices),
            np.where(blank, np.uint8(blank_reason), at_reason),
            np.where(blank, np.uint8(0), at_flag),
        )


def _spread(values: pa.Array, indices: pa.Array) -> pa.Array:
    """Text stays dictionary-encoded (a day of visits names each person many times)."""
    if not pa.types.is_string(values.type):
        return values.take(indices)
    known = pa.compute.is_valid(values).take(indices)
    return pa.DictionaryArray.from_arrays(
        pa.compute.if_else(known.fill_null(False), indices, None), values.fill_null("")
    )


def judged(
    values: pl.Series, kind: pa.DataType, reasons: dict[str, pl.Series], flags: dict[str, pl.Series]
) -> Judged:
    """The first reason that applies is the cell's; its value then is null.

    reasons, flags: code -> boolean (n,); null counts as false.
    """
    reason = _numbered(len(values), reasons, CODE_OF_CELL)
    flag = _numbered(len(values), flags, CODE_OF_FLAG)
    array = values.to_arrow()
    if not array.type.equals(kind):
        array = array.cast(kind)
    return Judged(pa.compute.if_else(pa.array(reason == 0), array, None), reason, flag)


def _numbered(count: int, masks: dict[str, pl.Series], numbers: dict[str, int]) -> Codes:
    codes = np.zeros(count, np.uint8)
    for code, mask in reversed(masks.items()):
        known = mask if mask.null_count() == 0 else mask.fill_null(value=False)
        codes[known.to_numpy()] = numbers[code]
    return codes
