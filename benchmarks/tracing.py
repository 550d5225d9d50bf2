"""Tracing on named instances: `python -m benchmarks.tracing [--visits N] [--no-parquet]`.
`--only-parquet` runs city-8M alone; the rows of what was not run stay as they are.

The hot index against DuckDB native and PostgreSQL 18 on the same visits, in one run, with the same
answer (`benchmarks/cases/tracing_peers.py`), then twice the visits for ours alone; and the engine
over Parquet (`benchmarks/cases/tracing_city.py`).  Visits are made once per run into a temporary
folder.  Medians; every question is asked once before it is timed, except for the cold ones.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.cases import tracing as made
from benchmarks.cases import tracing_city
from benchmarks.cases import tracing_peers as peers
from zhongshu.engines.tracing import fast, model, solve
from zhongshu.lake.hot.hot import HotLake

RESULTS = Path(__file__).parent / "results" / "tracing.json"
ONE_CASES = 11
Line = dict[str, Any]
line = tracing_city.line


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """(median seconds, the answer), warm."""
    work()
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), answer


def against(
    name: str, ours: float, theirs: float, peer: str, goal: float | None, unit: str
) -> Line:
    """A row with how many times faster (or smaller) ours is, and the ratio asked for."""
    scale = 1000 if unit == "ms" else 1
    ratio = theirs / ours
    told = {"name": peer, "value": round(theirs * scale, 4), "same_answer": True}
    return line(
        name,
        ours * scale,
        unit,
        peer=told,
        ratio=round(ratio, 2),
        goal=goal,
        met=None if goal is None else ratio >= goal,
    )


def write_days(province: made.Province, folder: Path) -> list[Path]:
    """The visits as they come: a file a day, unsorted."""
    paths = []
    for day, table in enumerate(province.days()):
        paths.append(folder / f"unsorted-{day:02d}.parquet")
        pq.write_table(table, paths[-1], compression="lz4")
    return paths


def seal(paths: list[Path], root: Path) -> float:
    """Seconds from unsorted files to both orders on disk."""
    lake = HotLake(root)
    begin = time.perf_counter()
    for path in paths:
        lake.seal(pq.read_table(path))
    return time.perf_counter() - begin


def questions(province: made.Province) -> dict[str, tuple[list[pa.Table], int]]:
    """name -> (questions, times each)."""
    ones = [province.cases(1, seed=seed) for seed in range(ONE_CASES)]
    return {
        "one case": (ones, 3),
        "100 cases": ([province.cases(100)], 5),
        "10,000 cases": ([province.cases(10_000)], 2),
    }


def plain(tracer: fast.Tracer, province: made.Province) -> dict[str, tuple[float, Any]]:
    """Median seconds and the sums of each plain question, from the hot index."""
    found = {}
    for name, (asked, times) in questions(province).items():
        answers = []
        for cases in asked:
            seconds, rows = timed(lambda: tracer.overlaps(cases, until=made.UNTIL), times)  # noqa: B023
            answers.append((seconds, peers.sums(rows)))
        found[name] = (statistics.median(a[0] for a in answers), [a[1] for a in answers])
    return found


def peer_lines(
    peer: Any, ours: dict[str, tuple[float, Any]], province: made.Province, goals: dict[str, float]
) -> list[Line]:
    found = []
    for name, (asked, times) in questions(province).items():
        if name not in goals:
            continue
        seconds = []
        for cases, expected in zip(asked, ours[name][1], strict=True):
            peer.ask(cases)
            runs = [peer.ask(cases) for _ in range(times)]
            assert all(answer == expected for _, answer in runs), (name, runs, expected)
            seconds.append(statistics.median(run[0] for run in runs))
        found.append(
            against(
                f"{province.name}, {name}, degree 1 overlaps, warm, against {peer.name}",
                ours[name][0],
                statistics.median(seconds),
                peer.name,
                goals[name],
                "ms",
            )
        )
    return found


def second(tracer: fast.Tracer, province: made.Province, sorted_days: list[Path]) -> list[Line]:
    """The whole answer to degree 2, against the engine over sorted Parquet.

    No goal: the goal asked for is against DuckDB's own table, which nobody has measured yet.
    """
    found = []
    for count in (1, 100):
        cases = province.cases(count)
        ours, answer = timed(lambda: tracer.trace(cases, until=made.UNTIL), 3)  # noqa: B023
        begin = time.perf_counter()
        known = solve.trace(
            cases,
            visits=sorted_days,
            places=province.places(),
            households=province.households(),
            rules=made.rules(degrees=2),
            until=made.UNTIL,
            memory_limit="4GB",
        )
        theirs = time.perf_counter() - begin
        assert tracing_city.contacts_sum(answer) == tracing_city.contacts_sum(known)
        what = f"{count} case{'s' * (count > 1)}"
        name = f"{province.name}, {what}, degree 2, whole answer ({known.contacts.num_rows} rows)"
        found.append(against(name, ours, theirs, "DuckDB over sorted Parquet", None, "ms"))
    return found


def sorted_days(paths: list[Path], folder: Path) -> list[Path]:
    out = []
    for path in paths:
        out.append(folder / path.name.replace("unsorted", "sorted"))
        table = pq.read_table(path).sort_by([("place", "ascending"), ("time_in", "ascending")])
        pq.write_table(table, out[-1], compression="zstd")
    return out


def _cold(root: Path, province: made.Province, out: Any) -> None:
    """First touches of a process that has the code but none of the pages; then its memory."""
    lake = HotLake(root, check=False)
    tracer = fast.prepare(
        lake.snapshot(),
        places=province.places(),
        households=province.households().slice(0, 0),
        rules=made.rules(degrees=1),
    )
    nobody = province.cases(1).set_column(1, "person", pa.array([-5]))
    tracer.overlaps(nobody, until=made.UNTIL)
    tracer.trace(nobody, until=made.UNTIL)
    seconds = []
    for seed in range(ONE_CASES):
        for path in root.iterdir():
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)
        begin = time.perf_counter()
        tracer.overlaps(province.cases(1, seed=seed), until=made.UNTIL)
        seconds.append(time.perf_counter() - begin)
    tracer.overlaps(province.cases(10_000), until=made.UNTIL)
    status = Path("/proc/self/status").read_text("utf-8").split()
    anonymous = int(status[status.index("RssAnon:") + 1]) / 1024
    out.put((statistics.median(seconds), max(seconds), anonymous))


def cold(root: Path, province: made.Province) -> list[Line]:
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    process = context.Process(target=_cold, args=(root, province, out))
    process.start()
    middle, worst, anonymous = out.get()
    process.join()
    name = province.name
    return [
        line(f"{name}, one case, cold", middle * 1000, "ms", goal=50, met=middle < 0.05),
        line(f"{name}, one case, cold, slowest of {ONE_CASES}", worst * 1000, "ms"),
        line(
            f"{name}, memory beyond mapped files after 10,000 cases", anonymous, "MB",
            goal=1000, met=anonymous < 1000,
        ),
    ]  # fmt: skip


def live(lake: HotLake, tracer: fast.Tracer, province: made.Province, *, seconds: int) -> Line:
    """One-case questions while 2,000 visits a second arrive, each seeing all acknowledged."""
    stop = threading.Event()
    rng = np.random.default_rng(1)
    last = int(made.UNTIL.timestamp()) - 1

    def arrive() -> None:
        begin, n = time.perf_counter(), 0
        while not stop.is_set():
            rows = 200
            moments = pa.array(np.full(rows, last)).cast(model.SECONDS)
            person = rng.integers(1, province.people, rows)
            place = rng.integers(0, 1000, rows).astype(np.int32)
            nothing = pa.nulls(rows, model.SECONDS)
            lake.append(pa.table([person, place, moments, nothing, moments], schema=model.VISITS))
            n += 1
            stop.wait(max(0.0, begin + n * 0.1 - time.perf_counter()))

    writer = threading.Thread(target=arrive)
    writer.start()
    took = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        cases = province.cases(1, seed=len(took) % 50)
        begin = time.perf_counter()
        tracer.at(lake.snapshot()).trace(cases, until=made.UNTIL)
        took.append(time.perf_counter() - begin)
        time.sleep(0.02)
    stop.set()
    writer.join()
    worst = float(np.quantile(took, 0.99)) * 1000
    name = f"{province.name}, one case, whole answer of degree 1, p99 while 2,000 visits/s arrive"
    return line(name, worst, "ms", goal=20, met=worst < 20)


def prepared(root: Path, province: made.Province, degrees: int) -> tuple[HotLake, fast.Tracer]:
    lake = HotLake(root)
    tracer = fast.prepare(
        lake.snapshot(),
        places=province.places(),
        households=province.households(),
        rules=made.rules(degrees=degrees),
    )
    return lake, tracer


def hot(province: made.Province, folder: Path) -> list[Line]:
    """Everything about one instance; the peers one after the other, so that memory holds one."""
    paths = write_days(province, folder)
    root = folder / "hot"
    HotLake(folder / "warm").seal(pq.read_table(paths[0]).slice(0, 1000))  # compiles
    seal_s = seal(paths, root)
    found = cold(root, province)
    lake, tracer = prepared(root, province, 1)
    snapshot = lake.snapshot()
    visits, size = snapshot.rows, snapshot.bytes
    ours = plain(tracer, province)
    for make, goals in (
        (peers.DuckPeer, {"one case": 40, "100 cases": 20, "10,000 cases": 4}),
        (peers.PostgresPeer, {"one case": 4, "100 cases": 7}),
    ):
        peer = make(province, paths, folder)
        try:
            found += peer_lines(peer, ours, province, goals)
            each = f"{province.name}, both orders, against {peer.name}"
            if make is peers.DuckPeer:
                found.append(against(f"{each}, ingest", seal_s, peer.load_s, peer.name, 0.5, "s"))
                found.append(
                    against(
                        f"{each}, bytes a visit", size / visits, peer.bytes / visits, peer.name,
                        round(1 / 1.2, 3), "bytes",
                    )
                )  # fmt: skip
            else:
                found.append(line(f"{each}, ingest of the peer", peer.load_s, "s"))
                found.append(
                    line(f"{each}, bytes a visit of the peer", peer.bytes / visits, "bytes")
                )
        finally:
            peer.close()
    rate = visits / seal_s / 1e6
    name = f"{province.name}, ingest, both orders, from unsorted files"
    found.append(line(name, rate, "M visits/s", goal=1, met=rate >= 1))
    one = province.cases(1)
    seconds, answer = timed(lambda: tracer.trace(one, until=made.UNTIL), 11)
    name = f"{province.name}, one case, degree 1, whole answer ({answer.contacts.num_rows} rows)"
    found.append(line(name, seconds * 1000, "ms"))
    found += second(prepared(root, province, 2)[1], province, sorted_days(paths, folder))
    found.append(live(lake, tracer, province, seconds=10))
    return found


def doubled(
    province: made.Province, folder: Path, single: dict[str, tuple[float, Any]]
) -> list[Line]:
    """Warm medians of twice the visits over those of `single`."""
    paths = write_days(province, folder)
    seal_s = seal(paths, folder / "hot")
    found = cold(folder / "hot", province)
    _, tracer = prepared(folder / "hot", province, 1)
    for name, (seconds, _) in plain(tracer, province).items():
        ratio = seconds / single[name][0]
        found.append(
            line(
                f"{province.name}, {name}, times the median of half the visits", ratio, "times",
                goal=1.2, met=ratio <= 1.2,
            )
        )  # fmt: skip
    rate = tracer.rows / seal_s / 1e6
    found.append(line(f"{province.name}, ingest", rate, "M visits/s", goal=1, met=rate >= 1))
    return found


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--visits", type=float, default=54.5e6)
    ask.add_argument("--no-double", action="store_true")
    ask.add_argument("--no-parquet", action="store_true", help="leave out city-8M")
    ask.add_argument("--only-parquet", action="store_true", help="only city-8M")
    given = ask.parse_args()
    found: list[Line] = []
    if not given.only_parquet:
        found += provinces(given)
    if not given.no_parquet:
        found += tracing_city.report()
        keep(found)
    for row in found:
        print(json.dumps(row, ensure_ascii=False))


def provinces(given: argparse.Namespace) -> list[Line]:
    """The hot index on the size asked for, and on twice that."""
    found: list[Line] = []
    province = made.Province(int(given.visits))
    with tempfile.TemporaryDirectory(prefix="zhongshu-bench-") as folder:
        found += hot(province, Path(folder))
        keep(found)
        single = plain(prepared(Path(folder) / "hot", province, 1)[1], province)
    if not given.no_double:
        with tempfile.TemporaryDirectory(prefix="zhongshu-bench-") as folder:
            double = doubled(made.Province(int(given.visits * 1.9982)), Path(folder), single)
            found += double
            keep(found)
    return found


def keep(found: list[Line]) -> None:
    """Write what is known so far; the run takes long."""
    RESULTS.parent.mkdir(exist_ok=True)
    names = {row["name"] for row in found}
    before = json.loads(RESULTS.read_text()) if RESULTS.is_file() else []
    found = [row for row in before if row["name"] not in names] + found
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
