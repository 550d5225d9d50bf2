"""The write-ahead log of the tail: one file a day, one record a batch, flushed before it is
acknowledged.

A record is: magic, rows, checksum of the body, checksum of these three, then five columns of
numbers.  A last record shorter than its sound head announces was cut off by a crash and never
acknowledged; the next batch is written over it.  Anything else that does not fit is damage: what
follows may have been acknowledged, so nothing is written there and the log is not answered from.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import mmap
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import disk
from zhongshu.lake.hot import sorting
from zhongshu.lake.hot.build import Columns

_MAGIC = 0x5A_53_57_41_4C_32  # "ZSWAL2"
_HEAD = 32
_WIDTH = 40


def path_of(folder: Path, day: dt.date) -> Path:
    return folder / f"day={day.isoformat()}.wal"


def days(folder: Path) -> list[dt.date]:
    return sorted(
        dt.date.fromisoformat(path.stem.removeprefix("day=")) for path in folder.glob("day=*.wal")
    )


def append(path: Path, rows: Columns, *, at: int) -> int:
    """Write one batch at byte `at`, the end of the last whole record, and flush it to disk; the
    end of this one.

    When this returns, the batch survives the death of the process.  Refuses when the disk does
    not take it; the log is then as before.  The caller holds the lake's lock.
    """
    body = np.stack([getattr(rows, f.name).astype("<i8") for f in dataclasses.fields(Columns)])
    head = np.array([_MAGIC, len(rows), _sum(body)], "<i8")
    block = head.tobytes() + np.int64(_sum(head)).astype("<i8").tobytes() + body.tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    with path.open("w+b" if fresh else "r+b", buffering=0) as file:
        file.truncate(at)
        file.seek(at)
        try:
            if file.write(block) != len(block):
                raise OSError(errno.ENOSPC, "the disk took only a part of it")
            os.fsync(file.fileno())
        except OSError as error:
            file.truncate(at)
            raise disk.not_written(path, error, what="the batch") from error
    if fresh:
        disk.sync(path.parent)
    return at + len(block)


class Found(NamedTuple):
    """batches: the whole records.  end: the byte after the last of them.  damage: the refusal of
    what stands there, None for nothing or a record cut off."""

    batches: list[Columns]
    end: int
    damage: BadInput | None


@dataclasses.dataclass(frozen=True)
class Log:
    """A log as it was found.  hold: its beginning mapped; while that lives no other file gets its
    inode."""

    inode: int
    bytes: int
    hold: mmap.mmap
    _path: Path

    def read(self, start: int) -> Found:
        """What the log holds from byte `start` on, the end of a record."""
        try:
            file = self._path.open("rb")
        except FileNotFoundError:  # sealed since
            return Found([], start, None)
        with file:
            if os.fstat(file.fileno()).st_ino != self.inode:
                return Found([], start, None)
            file.seek(start)
            data = file.read()
        found: list[Columns] = []
        at = 0
        while len(data) - at >= _HEAD:
            head = np.frombuffer(data, "<i8", 4, at)
            magic, count, total, own = head.tolist()
            if magic != _MAGIC or count < 0 or _sum(head[:3]) != own:
                return Found(found, start + at, self._damaged(start + at, "head"))
            end = at + _HEAD + count * _WIDTH
            if end > len(data):
                break
            body = np.frombuffer(data, "<i8", count * 5, at + _HEAD).reshape(5, count)
            if _sum(body) != total:
                return Found(found, start + at, self._damaged(start + at, "body"))
            person, place, time_in, stay, recorded = body
            found.append(
                Columns(person, place.astype(np.int32), time_in, stay.astype(np.int32), recorded)
            )
            at = end
        return Found(found, start + at, None)

    def _damaged(self, at: int, part: str) -> BadInput:
        return damaged(self._path, f"the checksum of the {part} of its record at byte {at} differs")


def damaged(path: Path, what: str) -> BadInput:
    return BadInput(
        "lake.damaged",
        f"The log {disk.place(path)} is damaged: {what}. Seal the day again from its visits "
        "(zhongshu lake seal); nothing else is affected.",
        path=str(path),
    )


def extent(path: Path) -> tuple[int, int] | None:
    """(inode, bytes) of the log, None if there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_size


def opened(path: Path) -> Log | None:
    """The log; None if there is none or nothing in it."""
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            if stat.st_size == 0:
                return None
            hold = mmap.mmap(file.fileno(), 1, access=mmap.ACCESS_READ)
    except FileNotFoundError:
        return None
    return Log(stat.st_ino, stat.st_size, hold, path)


def _sum(words: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> int:
    return int(sorting.checksum(words.reshape(-1).view(np.uint64)))
