"""Whether the hot index holds all that is known of a day, and making it so.

A sealed day names the truth it is a copy of.  Rows that carry a later time of recording than the
moment they are sealed or appended at (a device's clock, a drill) are left out, and the name says
until when that is all: ``<origin>@<seconds>``.

When more rows come, the truth is another; the day is still whole if exactly those rows are in the
index's log.  `covered.json` beside the index says so of a day: over which seal, with how long a
log of how many rows, of which truth, until when.  Anything else that happens to the day (a seal,
another log, a damaged one, another writer, a corrected visit) makes the entry false, and the day
has to be sealed again from the truth before the index answers for it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import fcntl
import json
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import manifest, sealing, upkeep
from zhongshu.lake.hot import files, wal
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import SECONDS
from zhongshu.lake.store import BEIJING_OFFSET_S, DAY, DAY_S, day_file

FILE = "covered.json"
_DUE_ROWS = 100_000  # appended before a question is answered
_DAY_ROWS = 1_000_000  # of a day that is read to find them
# name of the seal, bytes and rows of the log, origin of the truth, when more of it becomes known
Cover = tuple[str | None, int, int, str, int | None]


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """Of one day of the truth: its origin, its rows, how many of them were superseded."""

    origin: str | None
    rows: int
    superseded: int | None


@dataclasses.dataclass(frozen=True)
class Before:
    """The days a batch touches as they were before the truth took it; new: rows it then gained,
    set afterwards."""

    days: Mapping[dt.date, State]
    new: int = 0


def before(lake: Lake, rows: pa.Table) -> Before:
    """The days of `rows` (schema.VISITS) as they stand."""
    return Before({day: _state(lake, day) for day in days_of(rows)})


def days_of(rows: pa.Table) -> list[dt.date]:
    """The Beijing days on which the visits began."""
    seconds = rows["time_in"].cast(SECONDS, safe=False).cast(pa.int64()).to_numpy()
    days = np.unique((seconds + BEIJING_OFFSET_S) // DAY_S).tolist()
    return [dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in days]


def append(lake: Lake, hot: HotLake, rows: pa.Table, since: Before, *, now: dt.datetime) -> bool:
    """Append `rows`, as far as they are known by `now`; whether the index lacks nothing of their
    days then.

    Rows whose clocks are known to be off are left to the next sealing.
    """
    after = {day: _state(lake, day) for day in since.days}
    alone = sum(after[day].rows - was.rows for day, was in since.days.items()) == since.new
    known = pc.less_equal(rows["recorded_at"].cast(SECONDS, safe=False), pa.scalar(now, SECONDS))
    later = _first_second(rows.filter(pc.invert(known)))
    with _locked(hot):
        covers = _read(hot)
        whole: dict[dt.date, int | None] = {}
        for day, was in since.days.items():
            held = _until(lake, hot, covers, day, was.origin)
            if alone and held is not None and _only_added(was, after[day]) and not _off(lake, day):
                whole[day] = _earliest(held[0], later)
        if whole:
            hot.append(rows.filter(known))
        for day, until in whole.items():
            truth = after[day].origin
            assert truth is not None
            covers[day.isoformat()] = (_sealed(hot, day), *hot.logged(day), truth, until)
        _write(hot, covers)
    return len(whole) == len(since.days)


def whole(lake: Lake, hot: HotLake, day: dt.date, as_of: dt.datetime) -> bool:
    """Whether seal and log of a day hold all that the truth knows at `as_of`; they may hold
    more."""
    held = _until(lake, hot, _read(hot), day, sealing.origin(lake, day))
    return held is not None and (held[0] is None or as_of.timestamp() < held[0])


def catch_up(lake: Lake, hot: HotLake, day: dt.date, as_of: dt.datetime) -> bool:
    """Append the rows that became known by `as_of`, if the index lacks nothing else of the day;
    whether it did.

    Never waits: upkeep at work, or a truth that changes meanwhile, leave the day as it is, and so
    do many rows, a corrected visit, and clocks that are known to be off.
    """
    truth = sealing.origin(lake, day)
    if rows_of(lake, day) > _DAY_ROWS or lake.offsets(day - DAY, day + DAY):
        return False
    with upkeep.doing(lake.root, f"appending to {day}"), _locked(hot):
        covers = _read(hot)
        held = _until(lake, hot, covers, day, truth)
        if truth is None or held is None or held[0] is None or as_of.timestamp() < held[0]:
            return False
        due = _became_known(lake, day, held[0], as_of)
        later = lake.visits(day, day)
        later = later.filter(pc.greater(later["recorded_at"], pa.scalar(as_of, SECONDS)))
        if due is None or sealing.origin(lake, day) != truth:
            return False
        hot.append(due)
        covers[day.isoformat()] = (_sealed(hot, day), *hot.logged(day), truth, _first_second(later))
        _write(hot, covers)
    return True


def _became_known(lake: Lake, day: dt.date, since: int, as_of: dt.datetime) -> pa.Table | None:
    """Rows recorded from the second `since` to `as_of`; None if one took another's place, if
    there are none, or too many to log."""
    before = lake.visits(day, day, known_at=dt.datetime.fromtimestamp(since - 1, dt.UTC))
    now = lake.visits(day, day, known_at=as_of)
    first = pa.scalar(dt.datetime.fromtimestamp(since, dt.UTC), SECONDS)
    due = now.filter(pc.greater_equal(now["recorded_at"], first))
    if before.num_rows + due.num_rows != now.num_rows:
        return None
    return due if 0 < due.num_rows <= _DUE_ROWS else None


def seal(lake: Lake, hot: HotLake, day: dt.date, as_of: dt.datetime, *, wait: bool = True) -> None:
    """Make a day of the index what the truth knows at `as_of`; waits for other upkeep, or refuses
    (lake.busy)."""
    with (
        upkeep.doing(lake.root, f"sealing {day}", wait=wait),
        lake.store.lock(),
        _locked(hot),
    ):
        truth = sealing.origin(lake, day)
        found = sealing.copy_of(lake, day, int(as_of.timestamp() // 1))
        until = found.later
        if truth is None or found.rows == 0:
            if _sealed(hot, day) is not None or day in wal.days(hot.root):
                hot.drop(day)
            covers = _read(hot)
            covers.pop(day.isoformat(), None)
            if truth is not None:
                covers[day.isoformat()] = (None, 0, 0, truth, until)
            _write(hot, covers)
            return
        found.seal(hot, truth if until is None else f"{truth}@{until}")


def _first_second(rows: pa.Table) -> int | None:
    """When the earliest of the rows was recorded, seconds since 1970."""
    at = pc.min(rows["recorded_at"]).as_py()
    return None if at is None else int(at.timestamp())


def _earliest(*moments: int | None) -> int | None:
    return min((one for one in moments if one is not None), default=None)


def _until(
    lake: Lake, hot: HotLake, covers: Mapping[str, Cover], day: dt.date, truth: str | None
) -> tuple[int | None] | None:
    """Until when seal and log are all of the truth that had the origin `truth` (None: held
    nothing); None if they are not, or the log is damaged."""
    name = _sealed(hot, day)
    try:
        log = hot.logged(day)
    except BadInput:
        return None
    if truth is None:
        return (None,) if name is None and log == (0, 0) else None
    origin, _, until = (name or "").partition("@")
    found = covers.get(day.isoformat())
    if found is not None and found[:4] == (name, *log, truth):
        return (found[4],)
    # a log that nobody speaks of may hold rows that are not known yet, or are appended again
    return (int(until) if until else None,) if origin == truth and log == (0, 0) else None


def _sealed(hot: HotLake, day: dt.date) -> str | None:
    """The name of the seal; another one than any if it cannot be read."""
    try:
        return hot.origin(day)
    except BadInput:
        return "damaged"


def _off(lake: Lake, day: dt.date) -> bool:
    """Whether the times sent for a day are not the true ones."""
    return bool(lake.offsets(day, day))


def _only_added(was: State, now: State) -> bool:
    """Whether no row took the place of another one."""
    return was.superseded is not None and was.superseded == now.superseded


def rows_of(lake: Lake, day: dt.date) -> int:
    """How many rows the truth holds of a day, versions included."""
    entry = manifest.read(lake.root / "visits").get(day_file(day))
    return entry.rows if entry else 0


def _state(lake: Lake, day: dt.date) -> State:
    origin = sealing.origin(lake, day)
    if origin is None:
        return State(None, 0, 0)
    file = day_file(day)
    entry = manifest.read(lake.root / "visits")[file]
    return State(origin, entry.rows, _superseded(lake, file))


def _superseded(lake: Lake, file: str) -> int | None:
    """Rows of a day file with a later version, by the file's own statistics; None: unknown."""
    meta = pq.read_metadata(lake.root / "visits" / file)
    names = [meta.schema.column(n).name for n in range(meta.num_columns)]
    at = next((n for n, name in enumerate(names) if name.startswith("superseded")), None)
    if at is None:
        return None
    count = 0
    for group in range(meta.num_row_groups):
        column = meta.row_group(group).column(at)
        stats = column.statistics
        if stats is None or not stats.has_null_count:
            return None
        count += column.num_values - stats.null_count
    return count


def _read(hot: HotLake) -> dict[str, Cover]:
    """Nothing where the file is missing or cannot be read: the days count as stale then."""
    try:
        found = json.loads((hot.root / FILE).read_bytes())
        return {
            day: (seal, int(log), int(rows), str(truth), until)
            for day, (seal, log, rows, truth, until) in found.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(hot: HotLake, known: Mapping[str, Cover]) -> None:
    """Only days that still have a log, or nothing that is known yet."""
    logged = {day.isoformat() for day in wal.days(hot.root)}
    kept = {
        day: cover for day, cover in known.items() if day in logged or cover[:3] == (None, 0, 0)
    }
    files.replace(hot.root / FILE, [json.dumps(kept).encode()], what="the appending")


@contextlib.contextmanager
def _locked(hot: HotLake) -> Iterator[None]:
    hot.root.mkdir(parents=True, exist_ok=True)
    with (hot.root / ".covered.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
