"""From unsorted files to both orders of the truth and the hot index, as `zhongshu intake` and
`zhongshu lake seal` do it: each in a process of its own.

Days are those of `benchmarks.lake.feeds`.  What a feed costs before (reading, judging, pseudonyms)
is told beside it, of visits as departments send them (`benchmarks.intake`).
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks import intake
from benchmarks import lake as truth
from benchmarks.cases import tracing as made
from benchmarks.cases.tracing_alone import Peak, alone
from benchmarks.cases.tracing_lines import Line, line
from zhongshu.connectors.feeds.checks import across, rows
from zhongshu.connectors.feeds.checks.judged import Context
from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.readers.read import read
from zhongshu.kernel.feeds import FEEDS
from zhongshu.lake import sealing
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake

GOAL = 1.0  # M visits/s
DAY = dt.timedelta(days=1)
FEED_ROWS = 2_000_000


class Ingested(NamedTuple):
    """Seconds of the wall and of the processor, of the truth and of the index; MB of memory."""

    rows: int
    truth_s: float
    truth_busy_s: float
    index_s: float
    index_busy_s: float
    mb: float


def files(province: made.Province, folder: Path, days: int) -> list[Path]:
    """A file a day, unsorted, `schema.VISITS`; those that are there stay."""
    paths = [folder / f"feed-{day:02d}.parquet" for day in range(days)]
    if not all(path.exists() for path in paths):
        for path, day in zip(paths, truth.feeds(province, days), strict=True):
            pq.write_table(day, path.with_suffix(".part"), compression="lz4")
            path.with_suffix(".part").rename(path)
    return paths


def lines(province: made.Province, folder: Path) -> list[Line]:
    """The whole way of fourteen days, and the memory of sealing the first of them."""
    paths = files(province, folder, made.DAYS)
    with tempfile.TemporaryDirectory(dir=folder) as root:
        found = Ingested(*alone(_ingested, paths, Path(root)))
    name = f"{province.name}, ingest end to end"
    wall, busy = found.truth_s + found.index_s, found.truth_busy_s + found.index_busy_s
    rate, a_million = found.rows / wall / 1e6, found.rows / 1e6
    return [
        line(
            f"{name}: unsorted files into the truth, both orders, and the hot index",
            rate, "M visits/s", goal=GOAL, met=rate >= GOAL,
        ),
        line(f"{name}, processor", busy / a_million, "s a million visits"),
        line(f"{name}, of it the truth, both orders", found.truth_s / a_million,
             "s a million visits"),
        line(f"{name}, of it the index from the truth", found.index_s / a_million,
             "s a million visits"),
        line(f"{name}, memory while taking a day", found.mb, "MB"),
        memory(province, folder),
    ]  # fmt: skip


def memory(province: made.Province, folder: Path) -> Line:
    """Of a process that finds the first day in the truth and seals it, all its persons new."""
    path = files(province, folder, 1)[0]
    with tempfile.TemporaryDirectory(dir=folder) as root:
        mb: float = alone(_sealing_mb, path, Path(root))
    return line(f"{province.name}, memory while sealing a day", mb, "MB")


def _ingested(paths: list[Path], root: Path) -> Ingested:
    _day(paths[0], Lake(root / "warm"), HotLake(root / "warm" / "hot"), truth.FIRST, most=1000)
    lake, hot = Lake(root / "lake"), HotLake(root / "lake" / "hot")
    with Peak() as peak:
        days = [
            _day(path, lake, hot, truth.FIRST + n * DAY) for n, path in enumerate(paths)
        ]  # fmt: skip
    last = truth.FIRST + (len(paths) - 1) * DAY
    snapshot = HotLake(root / "lake" / "hot").snapshot()
    assert sealing.stale_days(lake, hot, truth.FIRST, last) == []
    assert len(snapshot.segments) == len(paths), "a day is missing"
    rows = sum(pq.read_metadata(path).num_rows for path in paths)
    assert 0 <= rows - snapshot.rows < rows / 1e4, "scans of two sources at once are one row"
    truth_s, truth_busy_s, index_s, index_busy_s = np.sum(days, axis=0).tolist()
    return Ingested(rows, truth_s, truth_busy_s, index_s, index_busy_s, peak.mb)


def _day(
    path: Path, lake: Lake, hot: HotLake, day: dt.date, most: int | None = None
) -> tuple[float, float, float, float]:
    """Seconds (wall, processor) until the truth has the file, then until the index has the day."""
    clocks = [(time.perf_counter(), time.process_time())]
    visits = pq.read_table(path)
    lake.write_visits(visits if most is None else visits.slice(0, most))
    del visits
    clocks.append((time.perf_counter(), time.process_time()))
    assert sealing.seal_stale(lake, hot, day, day).days == (day,)
    clocks.append((time.perf_counter(), time.process_time()))
    (a, b), (c, d), (e, f) = clocks
    return c - a, d - b, e - c, f - d


def _sealing_mb(path: Path, root: Path) -> float:
    alone(_written, path, root)
    lake = Lake(root)
    with Peak() as peak:
        sealing.seal_stale(lake, HotLake(root / "hot"), truth.FIRST, truth.FIRST)
    return peak.mb


def _written(path: Path, root: Path) -> None:
    Lake(root).write_visits(pq.read_table(path))
    sealing.seal_stale(Lake(root), HotLake(root / "other"), truth.FIRST, truth.FIRST)  # compiles
    shutil.rmtree(root / "other")


# what comes before ---------------------------------------------------------------------------


def reading() -> list[Line]:
    """Seconds of reading and judging a feed file of visits, a million rows."""
    found: list[Line] = alone(_reading)
    return found


def _reading() -> list[Line]:
    spec, told = FEEDS["visits"], []
    context = Context(intake.START + intake.DAYS * DAY, frozenset())
    with tempfile.TemporaryDirectory() as root:
        for kind in _feeds(Path(root)):
            taken, begin = 0, time.process_time()
            for path in sorted(Path(root).glob(f"*.{kind}")):
                sent = read(path, spec, Limits())
                checked = rows.check(sent, spec, context)
                across.remark(checked, spec)
                taken += checked.accepted.num_rows
            busy = time.process_time() - begin
            assert taken == FEED_ROWS // intake.DAYS * intake.DAYS, "every row is sound"
            name = f"reading and judging a feed of visits, {kind}, processor"
            told.append(line(name, busy / taken * 1e6, "s a million rows"))
    return told


def _feeds(folder: Path) -> tuple[str, ...]:
    chance = np.random.default_rng(made.SEED)
    ids = intake.id_numbers(chance, intake.PEOPLE)
    intake.visit_files(folder, chance, ids, FEED_ROWS // intake.DAYS)
    for path in list(folder.glob("*.parquet")):
        pyarrow.csv.write_csv(pq.read_table(path), path.with_suffix(".csv"))
    return "parquet", "csv"
