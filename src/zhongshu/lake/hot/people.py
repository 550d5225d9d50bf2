"""Which dense id each pseudonym has: an append-only file of sorted runs and a small list of them.

Ids are never changed or given twice.  The list is replaced after the runs are on disk; bytes
beyond it come from a write that did not finish and are overwritten by the next.
"""

from __future__ import annotations

import json
import mmap
import os
from pathlib import Path

import numpy as np

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import PERSON_MOST, Array, People
from zhongshu.lake.hot import files, sorting

DATA, LIST = "people.bin", "people.json"
_NONE = np.empty(0, np.int64)


def people(base: Array, starts: tuple[int, ...], extra: Array = _NONE) -> People:
    """`extra` in order of appearance, made ready for looking up."""
    order = np.argsort(extra, kind="stable")
    return People(base, starts, extra, extra[order], order + len(base))


def read(folder: Path, *, check: bool = True) -> People:
    """The persons of the lake; refuses a damaged file."""
    runs = _runs(folder)
    count = sum(run["count"] for run in runs)
    path = folder / DATA
    if count == 0:
        return people(_NONE, ())
    if not path.exists() or path.stat().st_size < 8 * count:
        raise _damaged(path, f"it holds fewer than {count} persons")
    with path.open("rb") as file:
        block = mmap.mmap(file.fileno(), 8 * count, access=mmap.ACCESS_READ)
    base = np.frombuffer(block, "<i8", count)
    starts, at = [], 0
    for run in runs:
        part = base[at : at + run["count"]]
        if check and int(sorting.checksum(part.view(np.uint64))) != run["sum"]:
            raise _damaged(path, "a checksum differs")
        starts.append(at)
        at += run["count"]
    return people(base, tuple(starts))


def enter(folder: Path, known: People, fresh: Array) -> People:
    """`known` with the new pseudonyms `fresh` (sorted, distinct, none known) on disk."""
    if len(fresh) == 0:
        return known
    count = len(known.base)
    if count + len(fresh) > PERSON_MOST:
        raise BadInput("lake.people_many", f"The hot index holds at most {PERSON_MOST} persons.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / DATA
    runs = _runs(folder)
    total = int(sorting.checksum(fresh.view(np.uint64)))
    try:
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.seek(8 * count)
            file.write(fresh.astype("<i8").data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise files.not_written(path, "the sealing", error) from error
    runs.append({"count": len(fresh), "sum": total})
    text = json.dumps({"version": 1, "runs": runs}).encode()
    files.replace(folder / LIST, [text], what="the sealing")
    return read(folder, check=False)


def _runs(folder: Path) -> list[dict[str, int]]:
    path = folder / LIST
    if not path.exists():
        return []
    try:
        runs: list[dict[str, int]] = json.loads(path.read_bytes())["runs"]
        return [{"count": int(run["count"]), "sum": int(run["sum"])} for run in runs]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, "it is not a list of runs") from error


def _damaged(path: Path, what: str) -> BadInput:
    return BadInput(
        "lake.damaged",
        f"The list of persons {path} is damaged: {what}. Drop the hot index and seal its days "
        "again from their visits; nothing else is affected.",
        path=str(path),
    )
