"""What became of each file.

The counts of a file always satisfy, and are refused otherwise:

    rows in  = accepted + rejected
    accepted = landed + duplicates      (duplicates: accepted rows that added nothing, because
                                         the same row, or a newer one of the same key, is there)
    flagged <= accepted                 (kept as sent, with a remark)
    rejected = rows of the repair file
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Literal

State = Literal["taken", "already_taken", "refused"]


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one file (or of all): see the module."""

    rows_in: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    flagged: int = 0

    def __post_init__(self) -> None:
        if self.rows_in != self.accepted + self.rejected:
            raise AssertionError(f"rows are not conserved: {self}")
        if not (0 <= self.duplicates <= self.accepted and 0 <= self.flagged <= self.accepted):
            raise AssertionError(f"more duplicates or flags than accepted rows: {self}")

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            *(
                getattr(self, field.name) + getattr(other, field.name)
                for field in dataclasses.fields(self)
            )
        )


@dataclasses.dataclass(frozen=True, slots=True)
class FileReport:
    """One file.

    kind: name of the feed, "" when the file name does not say.  sha256: of the content, "" when
    it was too large to read.  reason: {"code", "zh", "en"} when refused or already taken.
    cells: {"column:reason code": rejected cells}; flags: {"column:flag code": rows}.
    notices: [{"code", "zh", "en"}] about the file as a whole.
    repair, raw: paths below the raw folder, "" when there is none.
    """

    name: str
    kind: str
    sha256: str
    state: State
    sender: str = ""
    counts: Counts = dataclasses.field(default_factory=Counts)
    reason: Mapping[str, str] | None = None
    cells: Mapping[str, int] = dataclasses.field(default_factory=dict)
    flags: Mapping[str, int] = dataclasses.field(default_factory=dict)
    notices: tuple[Mapping[str, str], ...] = ()
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    repair: str = ""
    raw: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class IntakeReport:
    """All files of one folder, in the order taken."""

    received_at: dt.datetime
    files: tuple[FileReport, ...]

    @property
    def counts(self) -> Counts:
        total = Counts()
        for file in self.files:
            total += file.counts
        return total

    def count(self, state: State) -> int:
        return sum(file.state == state for file in self.files)
