"""What stands on a sheet, in one language, ready to be drawn."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """width: its share of the line, against the other columns' widths."""

    name: str
    width: int
    numeric: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A table under a heading.  rows: one text per column; a line break stays one."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"{self.heading}: a row of {len(wrong[0])} cells")


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """unit: whose job it is, by name.  head: label and value.  notes: sentences below the tables.
    signatures: who signs, each on a line of its own to be filled in by hand."""

    title: str
    unit: str
    made_at: dt.datetime
    synthetic: bool
    head: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    lang: Lang = "zh"
