"""Tables as clerks type them: every cell a text, times on the Beijing clock without a zone."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.feeds import FEEDS, Kind

FULL_WIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
MOMENT_FORMAT = "%Y-%m-%d %H:%M:%S"


def as_text(feed: str, table: pa.Table) -> pa.Table:
    """All columns as text; null stays null.  Dictionaries are decoded."""
    columns = {}
    for column in FEEDS[feed].columns:
        array = table[column.name]
        if column.kind is Kind.MOMENT:
            local = pc.local_timestamp(array.cast(pa.timestamp("s", tz="Asia/Shanghai")))
            array = pc.strftime(local, MOMENT_FORMAT)
        elif column.kind is Kind.DATE:
            array = pc.strftime(array, "%Y-%m-%d")
        columns[column.name] = array.cast(pa.string())
    return pa.table(columns)


def full_width(value: str) -> str:
    """Digits as some input methods write them."""
    return value.translate(FULL_WIDTH)
