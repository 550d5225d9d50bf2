"""Tracing on named instances: `python -m benchmarks.tracing [--visits N] [--only PART ...]`.

The hot index against DuckDB native and PostgreSQL 18 on the same visits, in one run, with the same
answers; then twice the visits for ours alone; and the engine over Parquet.  Parts:

    ingest   both orders from unsorted files; the whole way over the truth, and its memory
    cold     the first touch of pages that are in no memory; memory beyond mapped files
    warm     one, 100 and 10,000 cases of degree 1 (`benchmarks/cases/tracing_peers.py`)
    degree2  the whole answer to degree 2 (`benchmarks/cases/tracing_second.py`)
    arrive   one case while 2,000 visits a second arrive
    reverse  the reverse questions (`benchmarks/cases/tracing_questions.py`)
    double   twice the visits
    parquet  city-8M over Parquet (`benchmarks/cases/tracing_city.py`)

Rows of parts that were not run stay as they are.  Visits are made once per run, in a temporary
folder, or in `--folder`, where the next run finds them.  Medians; every question is asked once
before it is timed, except for the cold ones.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.cases import tracing as made
from benchmarks.cases import (
    tracing_alone,
    tracing_arrive,
    tracing_city,
    tracing_ingest,
    tracing_questions,
    tracing_scale,
    tracing_second,
)
from benchmarks.cases import tracing_peers as peers
from benchmarks.cases.tracing_lines import Line, against, line, timed
from zhongshu.engines.tracing import fast
from zhongshu.lake.hot.hot import HotLake

RESULTS = Path(__file__).parent / "results" / "tracing.json"
PARTS = ("ingest", "cold", "warm", "degree2", "arrive", "reverse", "double", "parquet")
DOUBLE = 1.9982  # 108.9 million
ONE_CASES = 11


class Instance:
    """One province in a folder: its visits as they come, the index, DuckDB's tables."""

    def __init__(self, visits: int, folder: Path) -> None:
        self.province = made.Province(visits)
        self.folder = folder / self.province.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.root = self.folder / "hot"

    @functools.cached_property
    def days(self) -> list[Path]:
        """A file a day, unsorted."""
        found = sorted(self.folder.glob("unsorted-*.parquet"))
        if len(found) == made.DAYS:
            return found
        for day, table in enumerate(self.province.days()):
            path = self.folder / f"unsorted-{day:02d}.parquet"
            pq.write_table(table, path.with_suffix(".part"), compression="lz4")
            path.with_suffix(".part").rename(path)
        return sorted(self.folder.glob("unsorted-*.parquet"))

    @functools.cached_property
    def sealed(self) -> float:
        """Seconds of sealing; the figure of the last time if it was done."""
        told = self.folder / "sealed.json"
        if not told.exists():
            told.write_text(json.dumps(tracing_alone.seal(self.days, self.folder)))
        return float(json.loads(told.read_text()))

    def tracer(self, degrees: int) -> fast.Tracer:
        assert self.sealed
        return fast.prepare(
            HotLake(self.root).snapshot(),
            places=self.province.places(),
            households=self.province.households(),
            rules=made.rules(degrees=degrees),
        )

    @functools.cached_property
    def duck(self) -> peers.DuckPeer:
        return peers.DuckPeer(self.province, self.days, self.folder)

    def close(self) -> None:
        """Let go of DuckDB's tables."""
        duck = self.__dict__.pop("duck", None)
        if duck is not None:
            duck.close()


# degree 1 against the peers ------------------------------------------------------------------


def questions(province: made.Province) -> dict[str, tuple[list[pa.Table], int]]:
    """name -> (questions, times each)."""
    ones = [province.cases(1, seed=seed) for seed in range(ONE_CASES)]
    return {
        "one case": (ones, 3),
        "100 cases": ([province.cases(100)], 5),
        "10,000 cases": ([province.cases(10_000)], 2),
    }


def plain(tracer: fast.Tracer, province: made.Province) -> dict[str, float]:
    """Median seconds of each plain question, from the hot index."""
    return {
        name: statistics.median(
            timed(lambda: tracer.overlaps(cases, until=made.UNTIL), times)[0]  # noqa: B023
            for cases in asked
        )
        for name, (asked, times) in questions(province).items()
    }


def peer_lines(
    peer: Any, tracer: fast.Tracer, province: made.Province, goals: Mapping[str, float]
) -> list[Line]:
    """We and the peer in turn, so that what else the machine does falls on both; each answer of
    the peer has the sums of ours."""
    found = []
    for name, goal in goals.items():
        asked, times = questions(province)[name]
        ours, theirs = zip(*(_in_turn(peer, tracer, cases, times) for cases in asked), strict=True)
        label = f"{province.name}, {name}, degree 1 overlaps, warm, against {peer.name}"
        middle, other = statistics.median(ours), statistics.median(theirs)
        found.append(against(label, middle, other, peer=peer.name, goal=goal, unit="ms"))
    return found


def _in_turn(peer: Any, tracer: fast.Tracer, cases: pa.Table, times: int) -> tuple[float, float]:
    """(our median seconds, the peer's)."""
    expected = peers.sums(tracer.overlaps(cases, until=made.UNTIL))
    peer.ask(cases)
    ours, theirs = [], []
    for _ in range(times):
        ours.append(timed(lambda: tracer.overlaps(cases, until=made.UNTIL), 3)[0])
        seconds, answer = peer.ask(cases)
        assert answer == expected, (peer.name, cases.num_rows, answer, expected)
        theirs.append(seconds)
    return statistics.median(ours), statistics.median(theirs)


def warm(one: Instance) -> list[Line]:
    """Against DuckDB, then PostgreSQL, so that memory holds one; then the whole answer."""
    province, tracer = one.province, one.tracer(1)
    goals = {"one case": 40, "100 cases": 20, "10,000 cases": 4}
    found = peer_lines(one.duck, tracer, province, goals)
    postgres = peers.PostgresPeer(province, one.days, one.folder)
    try:
        found += peer_lines(postgres, tracer, province, {"one case": 4, "100 cases": 7})
        each = f"{province.name}, both orders, against {postgres.name}"
        size = postgres.bytes / tracer.rows
        found += [
            line(f"{each}, ingest of the peer", postgres.load_s, "s"),
            line(f"{each}, bytes a visit of the peer", size, "bytes"),
        ]
    finally:
        postgres.close()
    case = province.cases(1)
    seconds, answer = timed(lambda: tracer.trace(case, until=made.UNTIL), 11)
    name = f"{province.name}, one case, degree 1, whole answer ({answer.contacts.num_rows} rows)"
    return [*found, line(name, seconds * 1000, "ms")]


# the other parts -----------------------------------------------------------------------------


def ingest(one: Instance) -> list[Line]:
    seconds = one.sealed
    snapshot = HotLake(one.root).snapshot()
    each = f"{one.province.name}, both orders, against {one.duck.name}"
    return [
        _sealing(one, "ingest, both orders, from unsorted files"),
        *tracing_ingest.lines(one.province, one.folder),
        *tracing_ingest.reading(),
        _size(one),
        against(
            f"{each}, ingest", seconds, one.duck.load_s, peer=one.duck.name, goal=0.5, unit="s"
        ),
        against(
            f"{each}, bytes a visit", snapshot.bytes / snapshot.rows,
            one.duck.bytes / snapshot.rows, peer=one.duck.name, goal=round(1 / 1.2, 3),
            unit="bytes",
        ),
    ]  # fmt: skip


def _sealing(one: Instance, what: str) -> Line:
    """Of the index alone."""
    seconds = one.sealed  # sealed when first asked for
    rate = HotLake(one.root).snapshot().rows / seconds / 1e6
    return line(f"{one.province.name}, {what}", rate, "M visits/s", goal=1, met=rate >= 1)


def cold(one: Instance) -> list[Line]:
    assert one.sealed
    return [
        *tracing_alone.first_touch(one.root, one.province),
        *tracing_alone.memory(one.root, one.province),
    ]


def degree2(one: Instance) -> list[Line]:
    peer = tracing_second.Peer(one.duck.con, one.province)
    return tracing_second.lines(one.tracer(2), peer, one.province)


def arrive(one: Instance) -> list[Line]:
    """The visits that came are forgotten again."""
    lake, tracer = HotLake(one.root), one.tracer(1)
    try:
        return tracing_arrive.lines(lake, tracer, one.province)
    finally:
        for path in one.root.glob("*.wal"):
            path.unlink()


def reverse(one: Instance) -> list[Line]:
    return tracing_questions.lines(one.tracer(1), one.province)


def double(one: Instance, other: Instance) -> list[Line]:
    """Warm medians of `other`, of twice the visits, over those of `one`; sealing and cold."""
    found = [
        _sealing(other, "ingest"),
        tracing_ingest.memory(other.province, other.folder),
        *cold(other),
    ]
    less: list[dict[str, float]] = []
    more: list[dict[str, float]] = []
    tracers = [(one.tracer(1), one.province, less), (other.tracer(1), other.province, more)]
    for _ in range(3):  # in turn, so that what else the machine does falls on both
        for tracer, province, told in tracers:
            told.append(plain(tracer, province))
    for name in more[0]:
        seconds, before = (
            statistics.median(answers[name] for answers in told) for told in (more, less)
        )
        ratio = seconds / before
        label = f"{other.province.name}, {name}"
        found += [
            line(
                f"{label}, times the median of half the visits", ratio, "times",
                goal=1.2, met=ratio <= 1.2,
            ),
            line(f"{label}, degree 1 overlaps, warm", seconds * 1000, "ms"),
            line(f"{one.province.name}, {name}, degree 1 overlaps, warm", before * 1000, "ms"),
        ]  # fmt: skip
    return [*found, _size(other)]


def _size(one: Instance) -> Line:
    snapshot = HotLake(one.root).snapshot()
    name = f"{one.province.name}, both orders, bytes a visit"
    return line(name, snapshot.bytes / snapshot.rows, "bytes")


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--visits", type=float, default=54.5e6)
    ask.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    ask.add_argument("--folder", type=Path, help="keep the visits and the index here")
    ask.add_argument("--results", type=Path, default=RESULTS, help="rows are kept in this file")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhongshu-bench-") as temporary:
        folder = given.folder or Path(temporary)
        one = Instance(int(given.visits), folder)
        try:
            run(one, folder, given.only, given.results)
        finally:
            one.close()


def run(one: Instance, folder: Path, parts: list[str], results: Path) -> None:
    """The parts asked for, each kept when it is done; a whole run forgets what was known."""
    if set(parts) == set(PARTS):
        results.unlink(missing_ok=True)
    works = {
        "ingest": ingest,
        "cold": cold,
        "warm": warm,
        "degree2": degree2,
        "arrive": arrive,
        "reverse": reverse,
    }
    for name, work in works.items():
        if name in parts:
            keep(work(one), results)
    if "double" in parts:
        one.close()
        keep(double(one, Instance(int(one.province.visits * DOUBLE), folder)), results)
    if "parquet" in parts:
        keep(tracing_city.report(), results)
    keep(tracing_scale.lines(json.loads(results.read_text())), results)
    if results == RESULTS:
        tracing_scale.write()


def keep(found: list[Line], results: Path) -> None:
    """Print the rows, and write them among those known."""
    for row in found:
        print(json.dumps(row, ensure_ascii=False), flush=True)
    names = {row["name"] for row in found}
    before = json.loads(results.read_text()) if results.is_file() else []
    found = [row for row in before if row["name"] not in names] + found
    results.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
