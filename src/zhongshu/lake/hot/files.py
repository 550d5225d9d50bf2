"""A segment as a file: a header that names every section with its checksum, then the sections.

Written beside its final name, flushed and renamed, so that a reader finds the old file, the new
one or none.  Opened by mapping; of the rows nothing is read until somebody asks.  Checksums are
compared when a file is first met, by whichever process (`Sound`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import hashlib
import json
import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import SECTIONS, Array, Segment
from zhongshu.lake import disk
from zhongshu.lake.hot import sorting

MAGIC = b"ZSHOT\x00\x00\x01"
VERSION = 1
HEADER = 4096
ALIGN = 64


def write(path: Path, day: dt.date, part: Segment, *, origin: str = "") -> None:
    """Put the segment in place in one step; `origin` says of what it is a copy.

    Refuses when the disk does not take it; what was there before stays.
    """
    plan, at = {}, HEADER
    for name, dtype in SECTIONS.items():
        values = np.ascontiguousarray(getattr(part, name), dtype=dtype)
        plan[name] = {"at": at, "count": len(values), "sum": _sum(values)}
        at += -(-values.nbytes // ALIGN) * ALIGN
    body = {
        "version": VERSION,
        "day": day.isoformat(),
        "origin": origin,
        "begin_s": part.begin_s,
        "known_to_s": part.known_to_s,
        "longest": part.longest,
        "rows": part.rows,
        "bytes": at,
        "sections": plan,
    }
    text = json.dumps(body).encode()
    head = MAGIC + hashlib.sha256(text).digest() + len(text).to_bytes(4, "little") + text
    replace(path, _pieces(head, part), what=f"the segment of {day}")


def _pieces(head: bytes, part: Segment) -> Iterable[bytes | memoryview]:
    yield head.ljust(HEADER, b"\x00")
    for name, dtype in SECTIONS.items():
        values = np.ascontiguousarray(getattr(part, name), dtype=dtype)
        yield values.data.cast("B") if len(values) else b""
        yield b"\x00" * (-values.nbytes % ALIGN)


def replace(path: Path, pieces: Iterable[bytes | memoryview], *, what: str) -> None:
    """Write, flush, rename; on an error of the disk nothing is changed and it is refused."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with temporary.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        disk.sync(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise disk.not_written(path, error, what=what) from error


def read(path: Path, *, check: bool = True) -> Segment:
    """The segment, memory-mapped.  Refuses a truncated file, a foreign one and, with `check`,
    one whose content differs from its checksums."""
    head = header(path)
    with path.open("rb") as file:
        block = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    plans = head["sections"]
    sections: dict[str, Array] = {
        name: np.frombuffer(block, dtype, plans[name]["count"], plans[name]["at"])
        for name, dtype in SECTIONS.items()
    }
    if check:
        block.madvise(mmap.MADV_SEQUENTIAL)
        for name, values in sections.items():
            if _sum(values) != plans[name]["sum"]:
                raise damaged(path, f"the checksum of its section {name} differs")
    scattered(block, small=plans["place_rows"]["at"])
    return Segment(
        begin_s=head["begin_s"],
        known_to_s=head["known_to_s"],
        longest=head["longest"],
        **sections,
    )


def scattered(block: mmap.mmap, *, small: int = 0) -> None:
    """Read only the pages that are touched: a question wants a few rows here and there, and
    reading on from each would fetch the file.  The first `small` bytes, in which every question
    looks something up, are fetched in the background."""
    block.madvise(mmap.MADV_RANDOM)
    if small:
        block.madvise(mmap.MADV_WILLNEED, 0, min(small, len(block)))


def fetch(paths: Iterable[Path]) -> None:
    """Ask for these files to be in memory soon; returns at once."""
    for path in paths:
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)


def header(path: Path) -> dict[str, Any]:
    """The header, checked against itself and against the length of the file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(HEADER)
    if len(start) < HEADER or start[: len(MAGIC)] != MAGIC:
        raise damaged(path, "it is not a segment")
    digest, rest = start[len(MAGIC) : len(MAGIC) + 32], start[len(MAGIC) + 32 :]
    length = int.from_bytes(rest[:4], "little")
    text = rest[4 : 4 + length]
    if hashlib.sha256(text).digest() != digest:
        raise damaged(path, "the checksum of its header differs")
    head: dict[str, Any] = json.loads(text)
    if head["version"] != VERSION:
        raise damaged(path, f"it has version {head['version']}, this program reads {VERSION}")
    if size != head["bytes"]:
        raise damaged(path, f"it has {size} bytes, its header says {head['bytes']}")
    return head


def _sum(values: Array) -> int:
    """Checksum of an array; a rest of less than eight bytes is filled with zeros."""
    plain = values.view(np.uint8)
    whole = len(plain) // 8 * 8
    words = plain[:whole].view(np.uint64)
    rest = int.from_bytes(plain[whole:].tobytes(), "little")
    return int(sorting.checksum(words)) ^ (rest * 0x9E3779B1)


def damaged(path: Path, what: str) -> BadInput:
    return BadInput(
        "lake.damaged",
        f"The segment {disk.place(path)} is damaged: {what}. `zhongshu lake seal DAY` makes it "
        "anew from the day's visits.",
        path=str(path),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """Which content a path had: another one has another mark.  changed_ns: of its inode, which
    nobody can set."""

    inode: int
    bytes: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> Mark:
        stat = path.stat()
        return cls(stat.st_ino, stat.st_size, stat.st_ctime_ns)


class Sound:
    """Which files were compared with their checksums, or written by us, by their marks.

    Kept in `LIST` beside them, so that a process that starts reads only what changed.  A list that
    is missing, cannot be read or cannot be written costs time, nothing else.
    """

    LIST = "sound.json"

    def __init__(self, folder: Path) -> None:
        self._path = folder / self.LIST
        self._marks = self._read()

    def knows(self, path: Path, mark: Mark) -> bool:
        return self._marks.get(path.name) == list(dataclasses.astuple(mark))

    def add(self, path: Path, mark: Mark) -> None:
        there = {each.name for each in self._path.parent.iterdir()}
        kept = {name: seen for name, seen in self._read().items() if name in there}
        self._marks = kept | {path.name: list(dataclasses.astuple(mark))}
        self._write()

    def forget(self, path: Path) -> None:
        self._marks = self._read()
        if self._marks.pop(path.name, None) is not None:
            self._write()

    def _read(self) -> dict[str, list[int]]:
        try:
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self) -> None:
        temporary = self._path.with_name(f".{self.LIST}.{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            temporary.write_text(json.dumps(self._marks))
            temporary.replace(self._path)
