"""Days and instants as departments write them.

Read: ``2022-11-08 20:00[:00]``, with ``/``, ``.`` or 年月日, ``T``, a zone; ``20221108[2000[00]]``;
Excel serials (days since 1899-12-30, or 1904-01-01).  24:00 is midnight of the next day.
Without a zone the Beijing clock is meant.
"""

from __future__ import annotations

import dataclasses

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
    zone_s = _zone(parts["zone"])
    serial_ok, serial_s = _serial(words, SERIAL_1904 if excel_1904 else SERIAL_1900)
    utc = np.where(serial_ok, serial_s - BEIJING_S, local_s - zone_s)
    return Times(ok | serial_ok, utc, (utc + BEIJING_S) // DAY_S)


def _parts(words: pl.Series) -> pl.DataFrame:
    names = ["year", "month", "day", "hour", "minute", "second", "zone"]
    frame = pl.DataFrame({"w": words})
    groups = [
        frame.select(pl.col("w").str.extract_groups(pattern).alias("g")).get_column("g").struct
        for pattern in (_WRITTEN, _COMPACT)
    ]
    return pl.DataFrame(
        {
            name: groups[0].field(str(n)).fill_null(groups[1].field(str(n)))
            for n, name in enumerate(names, start=1)
        }
    )


def _local(parts: pl.DataFrame) -> tuple[npt.NDArray[np.bool_], Ints]:
    number = {
        name: parts.get_column(name).cast(pl.Int64, strict=False).fill_null(0).to_numpy()
        for name in ("year", "month", "day", "hour", "minute", "second")
    }
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


def _zone(zone: pl.Series) -> Ints:
    """Seconds east of UTC; Beijing where none is written."""
    digits = zone.str.replace_all(":", "")
    hours = digits.str.slice(1, 2).cast(pl.Int64, strict=False)
    minutes = digits.str.slice(3, 2).cast(pl.Int64, strict=False)
    sign = pl.Series(np.where((digits.str.slice(0, 1) == "-").fill_null(value=False), -1, 1))
    east = (hours * 3600 + minutes * 60) * sign
    east = east.set((digits == "Z").fill_null(value=False), 0)
    return np.asarray(east.fill_null(BEIJING_S).to_numpy(), np.int64)


def _serial(words: pl.Series, epoch_days: int) -> tuple[npt.NDArray[np.bool_], Ints]:
    is_serial = words.str.contains(_SERIAL).fill_null(value=False)
    days = words.set(~is_serial, None).cast(pl.Float64, strict=False).fill_null(0.0).to_numpy()
    seconds = np.round((days - epoch_days) * DAY_S).astype(np.int64)
    return is_serial.to_numpy(), seconds
