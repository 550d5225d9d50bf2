"""What a file may hold before it is refused unread, and what a cell may hold."""

from __future__ import annotations

import dataclasses

from zhongshu.kernel.feeds import Column, FeedSpec, Kind

KEY_LENGTH = 64
TEXT_LENGTH = 60
LENGTHS = {
    "name": 100,
    "address": 250,
    "special_need": 120,
    "site_name": 200,
    "store_name": 200,
    "depot_name": 200,
    "room_no": 20,
    "spot": 30,
    "carriage": 20,
    "seat": 20,
    "unit": 20,
}
INT_MAX = 2**31 - 1
SMALL_MAX = 2**15 - 1
SMALL = frozenset({"floor", "capacity", "seats", "desks_max"})
DEGREES = {"lon": 180.0, "lat": 90.0}


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """Per file.  A province's day of visits is sent by county; 20 million rows is one such file
    of the largest, and needs about 4 GB of memory."""

    max_bytes: int = 4 << 30
    max_rows: int = 20_000_000
    max_xlsx_rows: int = 200_000
    max_xlsx_bytes: int = 512 << 20  # uncompressed: a small zip can unpack to anything


def text_length(spec: FeedSpec, column: Column) -> int:
    """Characters a text cell may have."""
    return KEY_LENGTH if column.name in spec.key else LENGTHS.get(column.name, TEXT_LENGTH)


def bounds(column: Column) -> tuple[float | None, float | None]:
    """(least, greatest) value of a number cell, None for no bound."""
    if column.name in DEGREES and column.unit.startswith("deg"):
        return -DEGREES[column.name], DEGREES[column.name]
    if column.kind is Kind.INTEGER:
        least = column.minimum if column.minimum is not None else -INT_MAX
        return least, SMALL_MAX if column.name in SMALL else INT_MAX
    return column.minimum, None
