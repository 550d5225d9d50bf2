"""The list of a folder's files with rows, bytes and SHA-256, so that damage is noticed.

The manifest is written before the files it speaks of are renamed into place, and then names the
new and the former hash; a process killed between the two leaves a folder that still checks, and
whose next reader or writer finishes what was begun (`Store.heal`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import disk

NAME = "manifest.json"


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """rows, bytes, hash of one file.

    pending: the file is being put in place; `former`: the (rows, bytes, hash) it replaces, None
    for a file that was not there.
    """

    rows: int
    bytes: int
    sha256: str
    former: tuple[int, int, str] | None = None
    pending: bool = False

    @property
    def settled(self) -> Entry:
        return dataclasses.replace(self, former=None, pending=False)


def digest(path: Path) -> str:
    """SHA-256 of a file's content, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(folder: Path) -> dict[str, Entry]:
    """File name -> entry; empty when nothing was ever written.  Refuses an unreadable manifest."""
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        files = json.loads(path.read_text("utf-8"))["files"]
        return {
            name: Entry(
                rows=int(item["rows"]),
                bytes=int(item["bytes"]),
                sha256=str(item["sha256"]),
                former=tuple(item["former"]) if item.get("former") else None,
                pending=bool(item.get("pending") or item.get("former")),
            )
            for name, item in files.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path, "it is not a manifest") from error


def write(folder: Path, entries: dict[str, Entry]) -> None:
    """Replace the manifest in one step."""
    body = {
        "version": 1,
        "files": {name: dataclasses.asdict(entries[name]) for name in sorted(entries)},
    }
    temporary = folder / f".{NAME}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(body, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / NAME)


def check(path: Path, entry: Entry, *, digest: Callable[[Path], str] = digest) -> Entry:
    """Compare one file with its entry and return the state it is in; refuses a damaged file."""
    if not path.exists():
        raise damaged(path, "it is missing")
    size = path.stat().st_size
    states = [(entry.rows, entry.bytes, entry.sha256)]
    if entry.former:
        states.append(entry.former)
    if size not in {state[1] for state in states}:
        raise damaged(path, f"it has {size} bytes, the manifest says {entry.bytes}")
    found = digest(path)
    for rows, length, sha256 in states:
        if found == sha256:
            return Entry(rows, length, sha256)
    raise damaged(path, "its checksum differs from the manifest's")


def damaged(path: Path, what: str) -> BadInput:
    return BadInput(
        "lake.damaged",
        f"The lake file {disk.place(path)} is damaged: {what}. `zhongshu lake compact` "
        "mends it from its other copy; failing that, put it back from a backup.",
        path=str(path),
    )
