"""A file as sent: cells not yet judged."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

TEXTS = pa.dictionary(pa.int32(), pa.string())


@dataclasses.dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be split into cells: its number, its text, a cell reason code."""

    number: int
    text: str
    code: str


@dataclasses.dataclass(frozen=True)
class Raw:
    """headers and, one for one, columns of equal length: dictionary-encoded text, or what a
    Parquet file declares.

    numbers: (n,) the row's number as the sender sees it, the header being 1.
    excel_1904: whether date serials count from 1904.
    """

    headers: Sequence[str]
    columns: Sequence[pa.Array]
    numbers: npt.NDArray[np.int64]
    broken: Sequence[Broken] = ()
    excel_1904: bool = False
    sheet: str = ""
    other_sheets: int = 0

    @property
    def rows(self) -> int:
        return len(self.numbers)

    @property
    def rows_in(self) -> int:
        return self.rows + len(self.broken)
