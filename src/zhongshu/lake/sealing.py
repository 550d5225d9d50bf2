"""Which days of the hot index are copies of the truth as it stands, and making the others so.

A sealed day carries the name of what it was made from: a hash over the checksum of the truth's
file of that day and, where a clock was off, over the offsets and the files of the days beside it.
When one of them changes, the day is stale.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import manifest, persons, upkeep, visits
from zhongshu.lake.hot import copying, wal
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import SECONDS
from zhongshu.lake.store import DAY, day_file, day_of


@dataclasses.dataclass(frozen=True, slots=True)
class Sealed:
    """days: sealed anew.  gone: forgotten by the index, because the truth has them no longer."""

    days: tuple[dt.date, ...]
    gone: tuple[dt.date, ...]


def origin(lake: Lake, day: dt.date) -> str | None:
    """What a seal of `day` is a copy of, now; None when the truth holds nothing of that day."""
    return _origin(lake, manifest.read(lake.root / "visits"), day)


def stale_days(lake: Lake, hot: HotLake, first: dt.date, last: dt.date) -> list[dt.date]:
    """Days of `first`..`last` where index and truth differ: changed, not sealed, or dropped.

    A day whose seal or log cannot be read counts: sealing it again heals it.
    """
    entries = manifest.read(lake.root / "visits")
    damaged = {day for day in hot.damaged_logs() if first <= day <= last}
    held = {day for day in (*_days(entries), *hot.days()) if first <= day <= last}
    return [
        day
        for day in sorted(held | damaged)
        if day in damaged or _origin(lake, entries, day) != _sealed_from(hot, day)
    ]


def seal_stale(
    lake: Lake,
    hot: HotLake,
    first: dt.date,
    last: dt.date,
    *,
    every: bool = False,
    wait: bool = True,
) -> Sealed:
    """Make the index of `first`..`last` a copy of the truth, its log included.

    every: also the days that are current.  wait: for other upkeep of the lake; else refused with
    ``lake.busy``.  The truth is not written meanwhile: rows acknowledged are in it or in a log.
    """
    done: list[dt.date] = []
    gone: list[dt.date] = []
    with upkeep.doing(lake.root, f"sealing {first} to {last}", wait=wait):
        days = stale_days(lake, hot, first, last)
        if every:
            there = _days(manifest.read(lake.root / "visits"))
            days = sorted({*days, *(day for day in there if first <= day <= last)})
        for day in days:
            with lake.store.lock():
                (done if seal_day(lake, hot, day) else gone).append(day)
    return Sealed(tuple(done), tuple(gone))


def seal_day(lake: Lake, hot: HotLake, day: dt.date) -> bool:
    """Whether the day is sealed now, or else has no visits; the caller holds the upkeep and
    keeps writers of the truth away."""
    name = origin(lake, day)
    found = copy_of(lake, day)
    if name is None or found.rows == 0:
        if day in hot.days() or day in wal.days(hot.root):
            hot.drop(day)
        return False
    found.seal(hot, name)
    return True


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What the truth holds of a day.

    rows: that count.  later: when the first that was not known yet was recorded, seconds since
    1970; None: there is none.  seal: makes it the day of an index, all of it, with this origin.
    """

    rows: int
    later: int | None
    seal: Callable[[HotLake, str], object]


def copy_of(lake: Lake, day: dt.date, known_at: int | None = None) -> Found:
    """The visits of a day, as known at `known_at` (seconds since 1970; None: the newest of all).

    The caller keeps writers of the truth away until they are sealed.  Where no clock was off,
    the file is read in parts; else the days beside it are needed, and all rows at once.
    """
    if lake.offsets(day, day):
        return _corrected(lake, day, known_at)
    paths = visits.paths(lake.store, day, day)
    if not paths:
        return Found(0, None, lambda hot, name: None)
    everyone = persons.read(lake.store)
    copy = copying.read(paths[0], day, people=everyone.num_rows, known_at=known_at)

    def seal(hot: HotLake, name: str) -> None:
        pseudonyms = everyone["person"].take(pa.array(copy.numbers)).to_numpy()
        hot.seal_copy(day, copy, pseudonyms, origin=name)

    return Found(len(copy), copy.later, seal)


def _corrected(lake: Lake, day: dt.date, known_at: int | None) -> Found:
    """The same where times sent are not the true ones."""
    rows = lake.visits(day, day)
    later = None
    if known_at is not None:
        moment = pa.scalar(known_at, pa.int64()).cast(SECONDS)
        first = pc.min(rows.filter(pc.greater(rows["recorded_at"], moment))["recorded_at"])
        later = first.cast(pa.int64()).as_py()
        if later is not None:
            rows = lake.visits(day, day, dt.datetime.fromtimestamp(known_at, dt.UTC))
    rows = rows.filter(pc.and_(pc.is_valid(rows["person"]), pc.is_valid(rows["place"])))
    return Found(rows.num_rows, later, lambda hot, name: hot.seal(rows, replace=True, origin=name))


def _sealed_from(hot: HotLake, day: dt.date) -> str | None:
    """The origin; what stands behind an ``@`` says for which moment the day was sealed."""
    try:
        name = hot.origin(day)
    except BadInput:
        return ""
    return None if name is None else name.partition("@")[0]


def _days(entries: Iterable[str]) -> list[dt.date]:
    """Days of the truth, by the names of its files; nothing is read."""
    return [day for day in map(day_of, entries) if day is not None]


def _origin(lake: Lake, entries: Mapping[str, manifest.Entry], day: dt.date) -> str | None:
    spans = lake.offsets(day, day)
    around = (day - DAY, day, day + DAY) if spans else (day,)
    made_of = [entries[day_file(each)].sha256 for each in around if day_file(each) in entries]
    if not made_of:
        return None
    made_of += [repr(dataclasses.astuple(span)) for span in spans]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()
