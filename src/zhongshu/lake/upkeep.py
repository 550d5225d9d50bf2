"""One job of upkeep at a time: sealing, compacting and dropping days exclude one another.

The lock is the system's (released when a process dies); what the holder is doing stands in the
file, so that whoever is turned away learns it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

from zhongshu.kernel.errors import WrongState

FILE = ".upkeep"


@contextlib.contextmanager
def doing(root: Path, what: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lake's upkeep while `what` (e.g. ``sealing 2022-11-01``) is done.

    Refuses with ``lake.busy`` when another process is at it, or waits for it.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / FILE).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise _busy(file.read() if not file.seek(0) else "") from error
        _say(file.fileno(), json.dumps({"pid": os.getpid(), "what": what}))
        try:
            yield
        finally:
            _say(file.fileno(), "")


def _say(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)


def _busy(note: str) -> WrongState:
    try:
        told = json.loads(note)
        who, what = str(told["pid"]), str(told["what"])
    except (ValueError, KeyError, TypeError):
        who, what = "?", "upkeep"
    return WrongState(
        "lake.busy",
        f"The lake is being worked on ({what}, process {who}); nothing was changed. "
        "Ask again when that is done.",
        what=what,
        process=who,
    )
