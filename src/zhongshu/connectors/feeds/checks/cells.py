"""One judge per kind of column, over distinct texts (or over the numbers Parquet declares)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.connectors.feeds.checks import times, typed, words
from zhongshu.connectors.feeds.checks.judged import Context, Judged, judged
from zhongshu.connectors.feeds.checks.remarks import ahead, negative, out_of_bounds
from zhongshu.connectors.feeds.limits import text_length
from zhongshu.connectors.feeds.reasons import CODE_OF_CELL
from zhongshu.kernel import identifiers, spots
from zhongshu.kernel.feeds import Column, FeedSpec, Kind
from zhongshu.kernel.identifiers import IdFault
from zhongshu.lake.schema import SECONDS

_CONTROL = r"[\x00-\x1F\x7F\u2028\u2029]"
_SCIENTIFIC = r"^\d(\.\d+)?[eE]\+?\d+$"
_NUMBERED_OR_NAMED = r"[0-9A-Z\p{Han}]"
_WHOLE = r"^[+-]?\d{1,18}(\.0+)?$"


def judge(column: Column, spec: FeedSpec, cells: pa.Array, context: Context, *, excel_1904: bool
          ) -> Judged:  # fmt: skip
    """Judge one column: values of `TYPES[column.kind]`, one reason per bad cell.

    Text is judged once per distinct value; what Parquet already typed is taken as it is.
    """
    blank = CODE_OF_CELL["blank"] if column.required else 0
    if not pa.types.is_dictionary(cells.type):
        native = typed.judge(column, cells, context, blank)
        if native is not None:
            return native
        cells = typed.as_text(cells).dictionary_encode()
    distinct = pl.Series(pl.from_arrow(cells.dictionary.cast(pa.string())))
    tidied = words.tidy(distinct, free_text=_free(column))
    found = _JUDGES[column.kind](column, spec, tidied, context, excel_1904)
    empty = tidied.is_null().to_numpy()
    found.reason[empty] = blank
    found.flag[empty] = 0
    return found.take(cells.indices, blank)


def _free(column: Column) -> bool:
    return column.kind in (Kind.TEXT, Kind.SERVICE, Kind.SPOT) and not column.values


def _text(column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool) -> Judged:
    if column.values:
        return _closed(column, cells)
    reasons = {
        "text.line_break": cells.str.contains(_CONTROL),
        "text.too_long": cells.str.len_chars() > text_length(spec, column),
    }
    if column.name in spec.key:
        reasons["number.lost_digits"] = cells.str.contains(_SCIENTIFIC)
    return judged(cells, pa.string(), reasons, {})


def _closed(column: Column, cells: pl.Series) -> Judged:
    allowed = {value.casefold(): value for value in column.values}
    allowed |= words.VALUES.get(column.name, {})
    found = pl.Series(
        [allowed.get(cell.casefold()) if cell else None for cell in cells.to_list()],
        dtype=pl.String,
    )
    return judged(found, pa.string(), {"value.unknown": found.is_null()}, {})


def _service(
    column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool
) -> Judged:
    return _one_way(spots.service_number, column, spec, cells)


def _spot(column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool) -> Judged:
    return _one_way(spots.spot, column, spec, cells)


def _one_way(
    write: Callable[[str], str], column: Column, spec: FeedSpec, cells: pl.Series
) -> Judged:
    """Text as `write` writes it; what it leaves nothing of, or is too long, is no such thing."""
    plain = pl.Series([cell and write(cell) for cell in cells.to_list()], dtype=pl.String)
    reasons = {
        "number.lost_digits": cells.str.contains(_SCIENTIFIC),
        "text.line_break": cells.str.contains(_CONTROL),
        "text.too_long": plain.str.len_chars() > text_length(spec, column),
        "number.no_service": ~plain.str.contains(_NUMBERED_OR_NAMED),
    }
    return judged(plain, pa.string(), reasons, {})


def _id_no(column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool) -> Judged:
    lost = cells.str.contains(_SCIENTIFIC)
    numbers = cells.str.replace_all(r"[\s-]", "").str.to_uppercase()
    old = numbers.str.contains(r"^\d{15}$").fill_null(value=False)
    if old.any():
        numbers = pl.Series(
            [identifiers.modern_id_no(number) if is_old else number
             for number, is_old in zip(numbers.to_list(), old.to_list(), strict=True)],
            dtype=pl.String,
        )  # fmt: skip
    fault = np.full(len(numbers), IdFault.FORMAT, np.uint8)
    shaped = numbers.str.contains(r"^[0-9]{17}[0-9X]$").fill_null(value=False)
    if shaped.any():
        joined = "".join(numbers.filter(shaped).to_list()).encode("ascii")
        fault[shaped.to_numpy()] = identifiers.id_faults(
            np.frombuffer(joined, np.uint8).reshape(-1, identifiers.ID_LENGTH)
        )
    reasons = {
        "number.lost_digits": lost,
        "id.format": pl.Series(fault == IdFault.FORMAT),
        "id.date": pl.Series(fault == IdFault.DATE),
        "id.checksum": pl.Series(fault == IdFault.CHECKSUM),
    }
    return judged(numbers, pa.string(), reasons, {"id.old_form": old})


def _division(
    column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool
) -> Judged:
    """County (6) and township (9) codes as civil affairs write them are filled up with zeros."""
    codes = cells.str.replace(r"\.0$", "")
    short = codes.str.contains(r"^(\d{6}|\d{9})$").fill_null(value=False)
    codes = pl.select(
        pl.when(pl.lit(short)).then(pl.lit(codes).str.pad_end(12, "0")).otherwise(pl.lit(codes))
    ).to_series()
    shaped = codes.str.contains(r"^[0-9]{12}$")
    known = pl.Series(
        [code in context.known_divisions for code in codes.to_list()], dtype=pl.Boolean
    )
    return judged(
        codes,
        pa.string(),
        {"number.lost_digits": cells.str.contains(_SCIENTIFIC), "division.format": ~shaped},
        {"division.unknown": ~known & shaped},
    )


def _whole(column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool) -> Judged:
    plain = _ungrouped(cells)
    shaped = plain.str.contains(_WHOLE)
    number = plain.str.replace(r"\.0+$", "").str.strip_prefix("+").cast(pl.Int64, strict=False)
    readable = plain.cast(pl.Float64, strict=False).is_finite().fill_null(value=False)
    reasons = {"number.unreadable": ~readable, "number.not_whole": ~shaped | number.is_null()}
    return judged(
        number, pa.int64(), reasons | out_of_bounds(column, number), negative(column, number)
    )


def _number(
    column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool
) -> Judged:
    number = _ungrouped(cells).cast(pl.Float64, strict=False)
    reasons = {"number.unreadable": ~number.is_finite().fill_null(value=False)}
    return judged(number, pa.float64(), reasons | out_of_bounds(column, number),
                  negative(column, number))  # fmt: skip


def _date(column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool) -> Judged:
    found = times.parse(cells, excel_1904=mac)
    days = pl.Series(np.where(found.ok, found.day, 0).astype(np.int32)).cast(pl.Date)
    bad = {"time.unreadable": pl.Series(~found.ok)}
    return judged(days, pa.date32(), bad, ahead(column, found.ok, found.utc_s, context))


def _moment(
    column: Column, spec: FeedSpec, cells: pl.Series, context: Context, mac: bool
) -> Judged:
    found = times.parse(cells, excel_1904=mac)
    seconds = pl.Series(np.where(found.ok, found.utc_s, 0))
    bad = {"time.unreadable": pl.Series(~found.ok)}
    return judged(seconds, SECONDS, bad, ahead(column, found.ok, found.utc_s, context))


_JUDGES: dict[Kind, Callable[[Column, FeedSpec, pl.Series, Context, bool], Judged]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _whole,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.DIVISION: _division,
    Kind.ID_NO: _id_no,
    Kind.SERVICE: _service,
    Kind.SPOT: _spot,
}


def _ungrouped(cells: pl.Series) -> pl.Series:
    """1,234 -> 1234; 1,23 stays and is refused."""
    grouped = cells.str.contains(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$").fill_null(value=False)
    if not grouped.any():
        return cells
    return pl.select(
        pl.when(pl.lit(grouped))
        .then(pl.lit(cells).str.replace_all(",", ""))
        .otherwise(pl.lit(cells))
    ).to_series()
