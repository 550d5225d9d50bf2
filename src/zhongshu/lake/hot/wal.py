"""The write-ahead log of the tail: one file a day, one record a batch, flushed before it is
acknowledged.

A record is: magic, rows, checksum, then five columns of numbers.  A record cut off by a crash was
never acknowledged; reading ends there and the next batch is written over it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import mmap
import os
from pathlib import Path

import numpy as np

from zhongshu.lake.hot import files, sorting
from zhongshu.lake.hot.build import Columns

_MAGIC = 0x5A_53_57_41_4C_31  # "ZSWAL1"
_HEAD = 24
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
    block = head.tobytes() + body.tobytes()
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
            raise files.not_written(path, "the batch", error) from error
    if fresh:
        files.sync(path.parent)
    return at + len(block)


@dataclasses.dataclass(frozen=True)
class Log:
    """A log as it was found.  hold: its beginning mapped; while that lives no other file gets its
    inode."""

    inode: int
    bytes: int
    hold: mmap.mmap
    _path: Path

    def read(self, start: int) -> tuple[list[Columns], int]:
        """(batches from byte `start` on, the byte after the last whole one)."""
        found: list[Columns] = []
        try:
            file = self._path.open("rb")
        except FileNotFoundError:  # sealed since
            return found, start
        with file:
            if os.fstat(file.fileno()).st_ino != self.inode:
                return found, start
            file.seek(start)
            data = file.read()
        at = 0
        while at + _HEAD <= len(data):
            magic, count, total = np.frombuffer(data, "<i8", 3, at).tolist()
            end = at + _HEAD + count * _WIDTH
            if magic != _MAGIC or count < 0 or end > len(data):
                break
            body = np.frombuffer(data, "<i8", count * 5, at + _HEAD).reshape(5, count)
            if _sum(body) != total:
                break
            person, place, time_in, stay, recorded = body
            found.append(
                Columns(person, place.astype(np.int32), time_in, stay.astype(np.int32), recorded)
            )
            at = end
        return found, start + at


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


def _sum(body: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> int:
    return int(sorting.checksum(body.reshape(-1).view(np.uint64)))
