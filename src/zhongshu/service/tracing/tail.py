"""Rows the truth has just taken, appended to the hot index, and whether they make it whole again.

A sealed day names the truth it is a copy of.  When more rows come, the truth is another; the day
is still whole if exactly those rows are in the index's log.  `covered.json` beside the index says
so of a day: over which seal, with how long a log, of which truth.  Anything else that happens to
the day (a seal, another log, another writer, a corrected visit) makes the entry false, and the
day has to be sealed again from the truth before the index answers for it.
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
import pyarrow.parquet as pq

from zhongshu.lake import manifest, sealing
from zhongshu.lake.hot import files, wal
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import SECONDS
from zhongshu.lake.store import BEIJING_OFFSET_S, DAY_S, day_file

FILE = "covered.json"
Cover = tuple[str | None, int, str]  # origin of the seal, bytes of the log, origin of the truth


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


def append(lake: Lake, hot: HotLake, rows: pa.Table, since: Before) -> bool:
    """Append `rows`; whether the index lacks nothing of their days now."""
    after = {day: _state(lake, day) for day in since.days}
    gained = sum(after[day].rows - was.rows for day, was in since.days.items())
    alone = gained == since.new
    with _locked(hot):
        known = _read(hot)
        whole = {
            day
            for day, was in since.days.items()
            if alone and _only_added(was, after[day]) and _is(lake, hot, known, day, was.origin)
        }
        hot.append(rows)
        for day in whole:
            truth = after[day].origin
            assert truth is not None
            known[day.isoformat()] = (hot.origin(day), _logged(hot, day), truth)
        _write(hot, known)
    return len(whole) == len(since.days)


def covers(lake: Lake, hot: HotLake, day: dt.date) -> bool:
    """Whether seal and log of a day together are the truth as it stands."""
    found = _read(hot).get(day.isoformat())
    truth = sealing.origin(lake, day)
    return found is not None and found == (hot.origin(day), _logged(hot, day), truth)


def _is(
    lake: Lake, hot: HotLake, known: Mapping[str, Cover], day: dt.date, truth: str | None
) -> bool:
    """Whether seal and log are the truth that had the origin `truth`; None: held nothing."""
    held = (hot.origin(day), _logged(hot, day))
    if truth is None:
        return held == (None, 0)
    return held == (truth, 0) or known.get(day.isoformat()) == (*held, truth)


def _only_added(was: State, now: State) -> bool:
    """Whether no row took the place of another one."""
    return was.superseded is not None and was.superseded == now.superseded


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
    if "superseded_at" not in names:
        return None
    at, count = names.index("superseded_at"), 0
    for group in range(meta.num_row_groups):
        column = meta.row_group(group).column(at)
        stats = column.statistics
        if stats is None or not stats.has_null_count:
            return None
        count += column.num_values - stats.null_count
    return count


def _logged(hot: HotLake, day: dt.date) -> int:
    path = wal.path_of(hot.root, day)
    return path.stat().st_size if path.exists() else 0


def _read(hot: HotLake) -> dict[str, Cover]:
    """Nothing where the file is missing or cannot be read: the days count as stale then."""
    try:
        found = json.loads((hot.root / FILE).read_bytes())
        return {day: (seal, int(log), str(truth)) for day, (seal, log, truth) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(hot: HotLake, known: Mapping[str, Cover]) -> None:
    """Only days that still have a log."""
    logged = {day.isoformat() for day in wal.days(hot.root)}
    kept = {day: cover for day, cover in known.items() if day in logged}
    files.replace(hot.root / FILE, [json.dumps(kept).encode()], what="the appending")


@contextlib.contextmanager
def _locked(hot: HotLake) -> Iterator[None]:
    hot.root.mkdir(parents=True, exist_ok=True)
    with (hot.root / ".covered.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
