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
from zhongshu.kernel.segments import PERSON_MOST, Array, People, Run
from zhongshu.lake.hot import files, sorting

DATA, LIST = "people.bin", "people.json"
_NONE = np.empty(0, np.int64)
_LARGE = 1 << 20  # persons; longer runs stay as they are on disk


def with_late(known: People, late: Array) -> People:
    """`known` and those met since (distinct, none known), who get the next ids."""
    order = np.argsort(late)
    run = Run(late[order], order + len(known))
    return People(known.base, np.concatenate([known.extra, late]), _folded((*known.runs, run)))


def _folded(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Small runs of like size made one, so that there are few to look in."""
    while len(runs) > 1:
        *before, one, other = runs
        if not len(one.values) < 2 * len(other.values) or len(one.values) >= _LARGE:
            break
        values = np.concatenate([one.values, other.values])
        ids = np.concatenate([_ids(one), _ids(other)])
        order = np.argsort(values)
        runs = (*before, Run(values[order], ids[order]))
    return runs


def _ids(run: Run) -> Array:
    return run.ids + np.arange(len(run.values)) if isinstance(run.ids, int) else run.ids


def read(folder: Path, *, check: bool = True, sound: files.Sound | None = None) -> People:
    """The persons of the lake; refuses a damaged file.  sound: where it was found sound before,
    it is not read again."""
    entered = listed(folder)
    count = sum(run["count"] for run in entered)
    path = folder / DATA
    if count == 0:
        return People(_NONE, _NONE, ())
    if not path.exists() or path.stat().st_size < 8 * count:
        raise _damaged(path, f"it holds fewer than {count} persons")
    mark = files.Mark.of(path)
    check = check and not (sound and sound.knows(path, mark))
    with path.open("rb") as file:
        block = mmap.mmap(file.fileno(), 8 * count, access=mmap.ACCESS_READ)
    base = np.frombuffer(block, "<i8", count)
    runs: tuple[Run, ...] = ()
    at = 0
    for run in entered:
        part = base[at : at + run["count"]]
        if check and int(sorting.checksum(part.view(np.uint64))) != run["sum"]:
            raise _damaged(path, "a checksum differs")
        runs = _folded((*runs, Run(part, at)))
        at += run["count"]
    if check and sound:
        sound.add(path, mark)
    files.scattered(block)
    return People(base, _NONE, runs)


def enter(folder: Path, known: People, fresh: Array) -> People:
    """`known` with the new pseudonyms `fresh` (sorted, distinct, none known) on disk."""
    if len(fresh) == 0:
        return known
    count = len(known.base)
    if count + len(fresh) > PERSON_MOST:
        raise BadInput("lake.people_many", f"The hot index holds at most {PERSON_MOST} persons.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / DATA
    entered = listed(folder)
    total = int(sorting.checksum(fresh.view(np.uint64)))
    try:
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.seek(8 * count)
            file.write(fresh.astype("<i8").data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise files.not_written(path, "the sealing", error) from error
    entered.append({"count": len(fresh), "sum": total})
    text = json.dumps({"version": 1, "runs": entered}).encode()
    files.replace(folder / LIST, [text], what="the sealing")
    return read(folder, check=False)


def listed(folder: Path) -> list[dict[str, int]]:
    """The runs in order: how many persons, and their checksum."""
    path = folder / LIST
    if not path.exists():
        return []
    try:
        found: list[dict[str, int]] = json.loads(path.read_bytes())["runs"]
        return [{"count": int(run["count"]), "sum": int(run["sum"])} for run in found]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, "it is not a list of runs") from error


def _damaged(path: Path, what: str) -> BadInput:
    return BadInput(
        "lake.damaged",
        f"The list of persons {path} is damaged: {what}. Drop the hot index and seal its days "
        "again from their visits; nothing else is affected.",
        path=str(path),
    )
