"""Which dense id each pseudonym has: an append-only file of sorted runs and a small list of them.

Ids are never changed or given twice.  The list is replaced after the runs are on disk; bytes
beyond it come from a write that did not finish and are overwritten by the next.

Somebody without a row is forgotten by writing a new file, which the list then names: his place
holds the value before it in its run, at the beginning of a run `NOBODY`.  Runs stay sorted, a
search finds the first of equal values, and so never a place that was emptied.
"""

from __future__ import annotations

import json
import mmap
import os
from pathlib import Path

import numpy as np

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import PERSON_MOST, Array, People, Run
from zhongshu.lake import disk
from zhongshu.lake.hot import files, sorting

DATA, LIST = "people.bin", "people.json"  # DATA: until somebody is forgotten
NOBODY = np.iinfo(np.int64).min
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
        # stable: an emptied place stays behind the owner of its value
        order = np.argsort(values, kind="stable")
        runs = (*before, Run(values[order], ids[order]))
    return runs


def _ids(run: Run) -> Array:
    return run.ids + np.arange(len(run.values)) if isinstance(run.ids, int) else run.ids


def read(folder: Path, *, check: bool = True, sound: files.Sound | None = None) -> People:
    """The persons of the lake; refuses a damaged file.  sound: where it was found sound before,
    it is not read again."""
    path, entered = _listed(folder)
    count = sum(run["count"] for run in entered)
    if count == 0:
        return People(_NONE, _NONE, ())
    try:
        with path.open("rb") as file:
            mark = files.Mark.of(path)
            if mark.bytes < 8 * count:
                raise _damaged(path, f"it holds fewer than {count} persons")
            block = mmap.mmap(file.fileno(), 8 * count, access=mmap.ACCESS_READ)
    except FileNotFoundError as error:
        if path != path_of(folder):  # somebody was forgotten meanwhile
            return read(folder, check=check, sound=sound)
        raise _damaged(path, "it is missing") from error
    check = check and not (sound and sound.knows(path, mark))
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
    path, entered = _listed(folder)
    total = int(sorting.checksum(fresh.view(np.uint64)))
    try:
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.seek(8 * count)
            file.write(fresh.astype("<i8").data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise disk.not_written(path, error, what="the sealing") from error
    entered.append({"count": len(fresh), "sum": total})
    _list(path, entered, "the sealing")
    return read(folder, check=False)


def left(folder: Path, seen: Array) -> int:
    """How many pseudonyms are on disk of persons not `seen` (truth value by id); what files not
    finished or not deleted hold besides counts as one."""
    path, entered = _listed(folder)
    known = read(folder, check=False).base
    later = len(known) - len(seen)  # entered since the rows were looked through
    seen = np.concatenate([seen, np.ones(later, np.bool_)])
    spare = path.exists() and path.stat().st_size > known.nbytes
    named = sum(
        int((_named(part) & ~kept).sum())
        for part, kept in zip(_parts(known, entered), _parts(seen, entered), strict=True)
    )
    return named + bool(spare or _others(folder))


def forget(folder: Path, seen: Array) -> int:
    """Delete what `left` counts; how many.  Refuses a damaged file, and a disk that is full, with
    nothing changed.  The caller lets nobody else write."""
    count = left(folder, seen)
    if count:
        path, entered = _listed(folder)
        base = read(folder).base
        runs = [
            _emptied(part, kept)
            for part, kept in zip(_parts(base, entered), _parts(seen, entered), strict=True)
        ]
        after = [
            {"count": len(run), "sum": int(sorting.checksum(run.view(np.uint64)))} for run in runs
        ]
        number = int(path.stem.partition("-")[2] or 0) + 1
        path = folder / f"people-{number}.bin"
        files.replace(path, [run.data.cast("B") for run in runs if len(run)], what="the deleting")
        _list(path, after, "the deleting")
        for other in _others(folder):
            other.unlink(missing_ok=True)
        disk.sync(folder)
    return count


def _named(run: Array) -> Array:
    """Which places of a run hold somebody's pseudonym."""
    named = run != NOBODY
    named[1:] &= run[1:] != run[:-1]
    return np.asarray(named)


def _emptied(run: Array, kept: Array) -> Array:
    """The run with the places not `kept` emptied."""
    last = np.maximum.accumulate(np.where(kept, np.arange(len(run)), -1))
    return np.where(last < 0, NOBODY, run[last]).astype("<i8")


def _parts(values: Array, entered: list[dict[str, int]]) -> list[Array]:
    """`values` by person, run by run."""
    ends = np.cumsum([run["count"] for run in entered], dtype=np.int64)
    return np.split(values, ends[:-1]) if len(ends) else []


def _others(folder: Path) -> list[Path]:
    """Files of persons the list does not name: a deletion was cut off."""
    return sorted({*folder.glob("people*.bin"), *folder.glob(".people*")} - {path_of(folder)})


def path_of(folder: Path) -> Path:
    """The file of persons."""
    return _listed(folder)[0]


def listed(folder: Path) -> list[dict[str, int]]:
    """The runs in order: how many persons, and their checksum."""
    return _listed(folder)[1]


def _listed(folder: Path) -> tuple[Path, list[dict[str, int]]]:
    path = folder / LIST
    try:
        body = json.loads(path.read_bytes())
        runs = [{"count": int(run["count"]), "sum": int(run["sum"])} for run in body["runs"]]
        return folder / Path(str(body.get("file", DATA))).name, runs
    except FileNotFoundError:
        return folder / DATA, []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, "it is not a list of runs") from error


def _list(path: Path, runs: list[dict[str, int]], what: str) -> None:
    text = json.dumps({"version": 1, "file": path.name, "runs": runs}).encode()
    files.replace(path.parent / LIST, [text], what=what)


def _damaged(path: Path, what: str) -> BadInput:
    return BadInput(
        "lake.damaged",
        f"The list of persons {disk.place(path)} is damaged: {what}. Drop the hot "
        "index and seal its days again from their visits; nothing else is affected.",
        path=str(path),
    )
