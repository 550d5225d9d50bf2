"""What the disk says when it does not take a file, as one sentence."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from zhongshu.kernel.errors import Refused

Mark = tuple[int, int, int]


def mark(path: Path) -> Mark:
    """Which content a path has: another one has another mark."""
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def sync(path: Path) -> None:
    """Have the system put a file, or the names in a folder, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def place(path: Path) -> str:
    """A file of the lake as a user is told of it: its folder and its name, not the machine's."""
    return f"{path.parent.name}/{path.name}"


def not_written(path: Path, error: OSError, *, what: str = "it") -> Refused:
    """The refusal after which everything is as before; `what` has to be done again."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    why = "the disk is full" if full else (error.strerror or str(error))
    return Refused(
        "lake.disk_full" if full else "lake.not_written",
        f"{place(path)} was not written: {why}. Nothing was changed; make room and do "
        f"{what} again.",
        path=str(path),
    )
