"""Small feeds for tests: rows as dicts, written as departments write them."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa

from zhongshu.connectors.feeds import intake
from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.ports import Layout
from zhongshu.connectors.feeds.report import FileReport, IntakeReport
from zhongshu.kernel.identifiers import check_character
from zhongshu.kernel.time import BEIJING
from zhongshu.lake.lake import Lake
from zhongshu.lake.store import Written

RECEIVED = dt.datetime(2022, 11, 8, 20, 0, tzinfo=BEIJING)
VILLAGE = "140105001001"
COUNTY = "140105000000"
KNOWN = frozenset({VILLAGE, COUNTY, "310000000000", "140000000000"})
LAYOUT = Layout(
    800, {"coach_open": 4, "train_soft": 4, "train_open_seat": 10, "train_open_berth": 2}
)
Row = dict[str, Any]


def id_no(serial: int, born: str = "19800101", region: str = "990001") -> str:
    """A sound number of nobody: the region was never assigned.  Odd serials are male."""
    body = f"{region}{born}{serial:03}"
    return body + check_character(body)


def person(serial: int, **changes: Any) -> Row:
    row = {
        "id_no": id_no(serial),
        "name": "张三",
        "sex": "M" if serial % 2 else "F",
        "birth_date": "1980-01-01",
        "household_id": "H1",
        "occupation": "",
        "special_need": "",
    }
    return row | changes  # fmt: skip


def visit(serial: int, **changes: Any) -> Row:
    row = {
        "id_no": id_no(serial),
        "place_id": "P1",
        "time_in": "2022-11-01 08:00",
        "time_out": "2022-11-01 09:00",
        "source": "venue_scan",
        "recorded_at": "2022-11-01 09:05",
    }
    return row | changes  # fmt: skip


def case(number: int, **changes: Any) -> Row:
    row = {
        "case_no": f"C{number}",
        "id_no": id_no(number),
        "name": "李四",
        "category": "confirmed",
        "village_code": VILLAGE,
        "onset_date": "2022-11-01",
        "sampled_at": "2022-11-02 10:00",
        "confirmed_at": "2022-11-02 20:00",
        "reported_at": "2022-11-02 21:00",
        "found_by": "contact",
        "severity": "mild",
    }
    return row | changes  # fmt: skip


def clinic(day: int, **changes: Any) -> Row:
    row = {
        "clinic_id": "F1",
        "county_code": COUNTY,
        "date": f"2022-11-{day:02}",
        "visits": 40,
        "fever": 7,
        "reported_at": f"2022-11-{day:02} 23:00",
    }
    return row | changes  # fmt: skip


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]], *, encoding: str = "utf-8",
              headers: Mapping[str, str] | None = None) -> Path:  # fmt: skip
    names = list(rows[0])
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([(headers or {}).get(name, name) for name in names])
        writer.writerows([row[name] for name in names] for row in rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Mapping[str, Any]], *above: Sequence[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in above:
        sheet.append(list(line))
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(path)
    return path


def write_ndjson(path: Path, rows: Iterable[Mapping[str, Any] | str]) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Registers:
    """Keeps what it is given, by key; a twin of the service simple enough to read."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[Any, ...], Row]] = {}
        self.files: dict[str, FileReport] = {}
        self.hashed = 0
        self.followed: list[str] = []
        self.layout_ = LAYOUT

    def atomic(self) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext()

    def pseudonyms(self, id_nos: pa.Array) -> pa.Array:
        self.hashed += len(id_nos)
        digests = (hashlib.sha256(text.encode()).digest() for text in id_nos.to_pylist())
        return pa.array([int.from_bytes(digest[:7]) for digest in digests], pa.int64())

    def register_people(self, households: Any, persons: Any, known_at: dt.datetime) -> int:
        done = self._upsert("households", households, "household_id") if households else 0
        return done + (self._upsert("persons", persons, "id_no") if persons else 0)

    def register_dormitories(self, table: pa.Table, known_at: dt.datetime) -> int:
        return self._upsert("dormitories", table, "id_no", "dormitory_id", "moved_in")

    def layout(self, on: dt.date) -> Layout:
        return self.layout_

    def take_visits(self, lake: Lake, rows: pa.Table, known_at: dt.datetime) -> Written:
        return lake.write_visits(rows)

    def follow_tubes(self, lake: Lake, kind: str, rows: pa.Table, known_at: dt.datetime) -> None:
        self.followed.append(kind)

    def take_line_list(self, table: pa.Table, known_at: dt.datetime) -> int:
        return self._upsert("cases", table, "case_no")

    def take_resources(self, kind: str, table: pa.Table, known_at: dt.datetime) -> int:
        return self._upsert(kind, table, *table.column_names[:1])

    def seen(self, sha256: str) -> bool:
        return sha256 in self.files and self.files[sha256].state == "taken"

    def record(self, report: FileReport, received_at: dt.datetime) -> None:
        self.files[report.sha256] = report

    def _upsert(self, kind: str, table: pa.Table, *key: str) -> int:
        kept = self.tables.setdefault(kind, {})
        changed = 0
        for row in table.to_pylist():
            name = tuple(row[column] for column in key)
            changed += kept.get(name) != row
            kept[name] = row
        return changed


class Desk:
    """A folder to send to, and everything behind it, under one root."""

    def __init__(self, root: Path) -> None:
        self.feeds, self.raw = root / "feeds", root / "raw"
        self.feeds.mkdir(parents=True)
        self.lake = Lake(root / "lake")
        self.registers = Registers()

    def take(self, folder: Path | None = None, *, limits: Limits | None = None,
             again: bool = False) -> IntakeReport:  # fmt: skip
        return intake.take(
            folder or self.feeds, lake=self.lake, registers=self.registers, received_at=RECEIVED,
            raw=self.raw, known_divisions=KNOWN, limits=limits, again=again,
        )  # fmt: skip

    def one(self, **options: Any) -> FileReport:
        """The report of the only file."""
        (report,) = self.take(**options).files
        return report
