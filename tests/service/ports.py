"""Doubles of what the API reaches by name: a report connector with one report, a queue."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import BEIJING

AS_OF = dt.datetime(2022, 11, 8, 20, tzinfo=BEIJING)
queued: list[dt.datetime] = []
selftests: list[str] = []
compared: list[int] = []
played: list[int] = []
planned: list[int] = []


def queue(as_of: dt.datetime) -> None:
    queued.append(as_of)


def queue_whatif(comparison: int) -> None:
    compared.append(comparison)


def queue_dispatch(plan: int) -> None:
    planned.append(plan)


def queue_drill(drill: int) -> None:
    played.append(drill)


def queue_selftest() -> None:
    selftests.append("asked")


def listed(root: Path) -> list[dict[str, Any]]:
    return [{"period": "2022-11-08", "as_of": AS_OF, "langs": ["zh", "en"], "formats": ["html"]}]


def content(root: Path, *, period: str, lang: str, format: str) -> bytes:
    if (period, format) != ("2022-11-08", "html"):
        raise NotFound("reports.unknown", "There is no such report.")
    return f"外地 {lang}".encode()
