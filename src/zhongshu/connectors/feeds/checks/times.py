"""Days and instants as departments write them.

Read: ``2022-11-08 20:00[:00]``, with ``/``, ``.`` or 年月日, ``T``, a zone; ``20221108[2000[00]]``;
Excel serials (days since 1899-12-30, or 1904-01-01).  24:00 is midnight of the next day.
Without a zone the Beijing clock is meant.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

DAY_S = 86_400
BEIJING_S = 8 * 3600  # no summer time since 1991 (tz database, Asia/Shanghai)
SERIAL_1900 = 25_569  # days from 1899-12-30 to 1970-01-01 (ECMA-376-1, 18.17.4.1)
SERIAL_1904 = 24_107  # days from 1904-01-01 to 1970-01-01
YEARS = (1870, 2100)

_WRITTEN = (
    r"^(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?"
    r"(?:[T\s]*(\d{1,2})[:时点](\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_COMPACT = r"^(\d{4})(\d{2})(\d{2})(?:[T\s]?(\d{2})(\d{2})(\d{2})?)?()$"
_SERIAL = r"^(\d{5})(\.\d+)?$"
_FIELDS = ("year", "month", "day", "hour", "minute", "second")
Ints = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Times:
    """ok: (n,) readable.  utc_s: (n,) seconds since 1970 UTC.  day: (n,) Beijing days since 1970.

    Where not ok the numbers mean nothing.
    """

    ok: npt.NDArray[np.bool_]
    utc_s: Ints
    day: Ints


def parse(words: pl.Series, *, excel_1904: bool = False) -> Times:
    """Judge each text; null is not ok."""
    parts = _parts(words)
    ok, local_s = _local(parts)
    serial_ok = parts["is_serial"]
    epoch_days = SERIAL_1904 if excel_1904 else SERIAL_1900
    serial_s = np.round((parts["serial"] - epoch_days) * DAY_S).astype(np.int64)
    utc = np.where(serial_ok, serial_s - BEIJING_S, local_s - parts["zone_s"])
    return Times(ok | serial_ok, utc, (utc + BEIJING_S) // DAY_S)


def _parts(words: pl.Series) -> dict[str, npt.NDArray[Any]]:
    """Everything the patterns find, in one pass: numbers 0 where there are none."""
    text = pl.col("text")
    groups = {n: _group(n) for n in range(1, 8)}
    numbers = [
        groups[n].cast(pl.Int64, strict=False).fill_null(0).alias(name)
        for n, name in enumerate(_FIELDS, start=1)
    ]
    is_serial = text.str.contains(_SERIAL).fill_null(value=False)
    serial = pl.when(is_serial).then(text.cast(pl.Float64, strict=False)).otherwise(0.0)
    found = (
        pl.LazyFrame({"text": words})
        .with_columns(
            written=text.str.extract_groups(_WRITTEN), compact=text.str.extract_groups(_COMPACT)
        )
        .select(*numbers, zone_s=_zone(groups[7]), is_serial=is_serial, serial=serial)
        .collect()
    )
    return {name: found.get_column(name).to_numpy() for name in found.columns}


def _group(number: int) -> pl.Expr:
    return pl.coalesce(
        pl.col("written").struct.field(str(number)), pl.col("compact").struct.field(str(number))
    )


def _zone(zone: pl.Expr) -> pl.Expr:
    """Seconds east of UTC; Beijing where none is written."""
    digits = zone.str.replace_all(":", "")
    hours = digits.str.slice(1, 2).cast(pl.Int64, strict=False)
    minutes = digits.str.slice(3, 2).cast(pl.Int64, strict=False)
    sign = pl.when(digits.str.starts_with("-")).then(-1).otherwise(1)
    east = pl.when(digits == "Z").then(0).otherwise((hours * 3600 + minutes * 60) * sign)
    return east.fill_null(BEIJING_S).cast(pl.Int64)


def _local(number: dict[str, npt.NDArray[Any]]) -> tuple[npt.NDArray[np.bool_], Ints]:
    month = np.clip(number["month"], 1, 12)
    year = np.clip(number["year"], *YEARS)
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    first_day = first.astype("datetime64[D]").astype(np.int64)
    days_in_month = (first + 1).astype("datetime64[D]").astype(np.int64) - first_day
    midnight = (number["hour"] == 24) & (number["minute"] == 0) & (number["second"] == 0)
    ok = (
        (number["year"] == year)
        & (number["month"] == month)
        & (number["day"] >= 1)
        & (number["day"] <= days_in_month)
        & ((number["hour"] <= 23) | midnight)
        & (number["minute"] <= 59)
        & (number["second"] <= 59)
    )
    clock = number["hour"] * 3600 + number["minute"] * 60 + number["second"]
    return np.asarray(ok, np.bool_), (first_day + number["day"] - 1) * DAY_S + clock
