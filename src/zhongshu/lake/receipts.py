"""Receipts of what was deleted: numbered files, each with the hash of the one before it.

Nothing personal stands in them: the day, the number of rows, and the checksum of each file that
was deleted, by which a copy that turns up elsewhere can be recognised.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import disk

FOLDER = "receipts"
GENESIS = "0" * 64


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """One deletion.

    day: the Beijing day.  rows: versions of visits in the truth, and rows of the index.
    deleted: file -> SHA-256.  at: ISO with offset.  by: user or process.  rule_id, keep_days: of
    the pack in force.  previous, hash: the chain.
    """

    number: int
    day: str
    rows: int
    index_rows: int
    deleted: Mapping[str, str]
    at: str
    by: str
    rule_id: str
    keep_days: int
    previous: str
    hash: str = ""

    @property
    def on(self) -> dt.date:
        return dt.date.fromisoformat(self.day)

    def sealed(self) -> Receipt:
        """With its hash: SHA-256 of the canonical JSON of everything else."""
        body = dataclasses.asdict(self) | {"hash": ""}
        text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return dataclasses.replace(self, hash=hashlib.sha256(text.encode()).hexdigest())


def read(root: Path) -> list[Receipt]:
    """All receipts of the lake at `root`, in order.  Refuses one that does not fit the chain."""
    found: list[Receipt] = []
    for number, path in enumerate(sorted((root / FOLDER).glob("[0-9]*.json")), start=1):
        try:
            receipt = Receipt(**_body(path))
        except (ValueError, TypeError) as error:
            raise _broken(path, "it is not a receipt") from error
        if path.name != _name(number) or receipt.number != number:
            raise _broken(path, f"receipt {number} is missing")
        if receipt.previous != (found[-1].hash if found else GENESIS):
            raise _broken(path, "it does not follow the one before it")
        if receipt.sealed().hash != receipt.hash:
            raise _broken(path, "its content was changed")
        found.append(receipt)
    return found


def write(root: Path, receipt: Receipt) -> Path:
    """Put the receipt on disk; refused when the disk does not take it, with nothing changed."""
    home = root / FOLDER
    path = home / _name(receipt.number)
    temporary = home / f".{path.name}.tmp"
    text = json.dumps(dataclasses.asdict(receipt), ensure_ascii=False, indent=1) + "\n"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        disk.sync(home)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise disk.not_written(home, error) from error
    return path


def _body(path: Path) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return body


def _name(number: int) -> str:
    return f"{number:06d}.json"


def _broken(path: Path, what: str) -> BadInput:
    return BadInput(
        "lake.receipts_broken",
        f"The receipts of deletion do not fit together at {path.name}: {what}. Put the folder "
        "back from a copy; the record of who did what names each hash.",
        path=str(path),
    )
