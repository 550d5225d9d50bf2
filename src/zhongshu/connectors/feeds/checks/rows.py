"""All columns of a file together: which rows are accepted, why the others are not."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhongshu.connectors.feeds.checks import cells
from zhongshu.connectors.feeds.checks.judged import TYPES, Codes, Context
from zhongshu.connectors.feeds.kinds import columns_of
from zhongshu.connectors.feeds.readers.raw import Raw
from zhongshu.connectors.feeds.reasons import CELL_CODES, CODE_OF_FLAG, FLAG_CODES
from zhongshu.kernel.feeds import FeedSpec, Kind

Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass
class Checked:
    """rejected: (rows,) of the file.  reasons: column -> (rows,) codes, only columns with any.

    accepted: the rows kept, in the columns of the feed.  flags: column -> (accepted,) codes.
    headers: column -> the sender's header.  extra: headers that are no column of the feed.
    """

    rejected: Mask
    reasons: dict[str, Codes]
    accepted: pa.Table
    flags: dict[str, Codes]
    headers: dict[str, str]
    extra: list[str]

    def flag(self, column: str, code: str, where: Mask) -> None:
        """Remark on accepted rows; a cell keeps the first remark made on it."""
        if not where.any():
            return
        codes = self.flags.setdefault(column, np.zeros(self.accepted.num_rows, np.uint8))
        codes[where & (codes == 0)] = CODE_OF_FLAG[code]

    @property
    def flagged(self) -> int:
        """Accepted rows with any remark."""
        marked = np.zeros(self.accepted.num_rows, np.bool_)
        for codes in self.flags.values():
            marked |= codes > 0
        return int(marked.sum())

    @property
    def cell_counts(self) -> dict[str, int]:
        """ "column:reason" -> rejected cells."""
        return _counted(self.reasons, CELL_CODES)

    @property
    def flag_counts(self) -> dict[str, int]:
        """ "column:flag" -> accepted rows."""
        return _counted(self.flags, FLAG_CODES)


def check(raw: Raw, spec: FeedSpec, context: Context) -> Checked:
    """Judge every cell; refuses a file whose header is not the feed's."""
    found, extra = columns_of(spec, raw.headers)
    values, reasons, flags = {}, {}, {}
    rejected = np.zeros(raw.rows, np.bool_)
    for column in spec.columns:
        if column.name not in found:
            values[column.name] = pa.nulls(raw.rows, _stored(column.kind))
            continue
        result = cells.judge(
            column, spec, raw.columns[found[column.name]], context, excel_1904=raw.excel_1904
        )
        values[column.name] = result.values
        if result.reason.any():
            reasons[column.name] = result.reason
            rejected |= result.reason > 0
        if result.flag.any():
            flags[column.name] = result.flag
    accepted = pa.table(values)
    if rejected.any():
        accepted = accepted.filter(pa.array(~rejected))
        flags = {name: codes[~rejected] for name, codes in flags.items()}
    headers = {name: raw.headers[position] for name, position in found.items()}
    return Checked(rejected, reasons, accepted.combine_chunks(), flags, headers, extra)


def _stored(kind: Kind) -> pa.DataType:
    plain = TYPES[kind]
    return pa.dictionary(pa.int32(), plain) if pa.types.is_string(plain) else plain


def _counted(columns: dict[str, Codes], names: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for column, codes in columns.items():
        for code, count in enumerate(np.bincount(codes, minlength=1).tolist()):
            if code and count:
                found[f"{column}:{names[code]}"] = count
    return found
