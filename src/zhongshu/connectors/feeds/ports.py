"""What the intake needs from the registers, whoever keeps them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa

from zhongshu.connectors.feeds.report import FileReport
from zhongshu.lake.lake import Lake
from zhongshu.lake.store import Written


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """What the edition in force says of cells and seats; empty where it traces nobody.

    cell_m: side of a mobile-phone cell, metres.  seats_per_spot: how many seat or berth numbers
    make a row, compartment or bay, by `train_soft`, `train_open_seat`, `train_open_berth`,
    `coach_open`; a seat of another kind is left at its carriage.
    """

    cell_m: float | None
    seats_per_spot: Mapping[str, int]


class Registers(Protocol):
    """The registers and the record of files.

    Tables have the feed's columns (`kernel.feeds`), plain text, no duplicate keys.  The counts
    returned are rows that were new or changed something.
    """

    def atomic(self) -> AbstractContextManager[object]:
        """All register writes inside stand or fall together."""
        ...

    def pseudonyms(self, id_nos: pa.Array) -> pa.Array:
        """Distinct sound identity numbers (n,) -> int64 (n,)."""
        ...

    def register_people(
        self, households: pa.Table | None, persons: pa.Table | None, known_at: dt.datetime
    ) -> int: ...

    def register_dormitories(self, table: pa.Table, known_at: dt.datetime) -> int: ...

    def layout(self, on: dt.date) -> Layout:
        """What the edition in force on the Beijing day `on` says of seats and cells."""
        ...

    def take_visits(self, lake: Lake, rows: pa.Table, known_at: dt.datetime) -> Written:
        """Write visits (`lake.schema.VISITS`) where questions find them; known_at: now."""
        ...

    def follow_tubes(self, lake: Lake, kind: str, rows: pa.Table, known_at: dt.datetime) -> None:
        """Rows of a feed of tubes or tests (its table of the lake) were written: bring the register
        of positive tubes in line with the lake."""
        ...

    def take_line_list(self, table: pa.Table, known_at: dt.datetime) -> int: ...

    def take_resources(self, kind: str, table: pa.Table, known_at: dt.datetime) -> int: ...

    def seen(self, sha256: str) -> bool:
        """Whether a file with this content was taken (refused files may come again)."""
        ...

    def record(self, report: FileReport, received_at: dt.datetime) -> None:
        """Enter the file; called last, inside `atomic`."""
        ...
