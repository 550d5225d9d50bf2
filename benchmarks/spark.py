"""Tracing on a standalone Spark cluster against DuckDB on the same files and the same two cores:
`python -m benchmarks.spark`.

Master, two workers of one core and 800 MB, driver and executors all run on this machine, so a
cluster cannot win here; what is measured is what it costs: to start, for each question whatever
its size, and for each million visits.  Answers must have the same checksum.  Processor time is
that of this process and everything below it (Java and Python), seconds of two cores.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.cases import tracing_city as city
from zhongshu.connectors.spark import session as sessions
from zhongshu.connectors.spark import standalone, tracing
from zhongshu.engines.tracing import model, solve

RESULTS = Path(__file__).parent / "results" / "spark.json"
PROVINCE_M = 1_900  # 35 million people, 14 days
SIZES = ((40_000, 1_000, 100), (4_000_000, 100_000, 10_000), (8_000_000, 200_000, 20_000))
OPTIONS = {
    "spark.driver.bindAddress": standalone.HOST,
    "spark.driver.host": standalone.HOST,
    "spark.driver.memory": "700m",
    "spark.executor.memory": "800m",
    "spark.executor.cores": "1",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "4",
}
Line = dict[str, Any]


def processor_s() -> float:
    """Of this process and all below it, those that have ended and were waited for too."""
    parent, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = stat.read_text().split(" (", 1)
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = rest.rsplit(") ", 1)[1].split()
        parent[int(pid)] = int(fields[1])
        used[int(pid)] = sum(map(int, fields[11:15]))
    ours = {os.getpid()}
    while more := {pid for pid, above in parent.items() if above in ours} - ours:
        ours |= more
    return sum(used[pid] for pid in ours) / os.sysconf("SC_CLK_TCK")


def measured(work: Callable[[], model.TraceResult]) -> tuple[float, float, str, int]:
    """(seconds, processor seconds, checksum, contacts)"""
    begin, cpu = time.perf_counter(), processor_s()
    found = work()
    seconds, used = time.perf_counter() - begin, processor_s() - cpu
    return seconds, used, city.contacts_sum(found), found.contacts.num_rows


class Asker:
    """Asks the same on the cluster and of DuckDB on two threads; answers must agree."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.found: list[Line] = []

    def ask(self, name: str, paths: list[Path], how: model.TraceRules, **size: int) -> None:
        asked = city.question(**size)
        given: dict[str, Any] = {
            "cases": asked["cases"],
            "places": asked["places"],
            "households": asked["households"],
            "rules": how,
            "until": city.UNTIL,
        }
        visits = tracing.Visits(self.session, [str(path) for path in paths])
        ours = measured(lambda: tracing.trace(**given, visits=visits))
        theirs = measured(lambda: solve.trace(**given, visits=paths))
        assert ours[2] == theirs[2], name
        labels = f"{name} ({ours[3]} contacts)", f"{name}, processor time"
        for label, value, other in zip(labels, ours[:2], theirs[:2], strict=True):
            peer = {"name": "DuckDB, 2 threads", "value": round(other, 4), "same_answer": True}
            ratio = round(other / value, 3)
            self.found.append(city.line(label, value, "s", peer=peer, ratio=ratio))
            print(json.dumps(self.found[-1]), flush=True)


def questions(session: Any, folder: Path) -> list[Line]:
    asker = Asker(session)
    first, many = city.rules(degrees=1), "300 cases, degree"
    for rows, people, places in SIZES:
        home = folder / str(rows)
        home.mkdir()
        paths = city.write_days(city.visits(rows=rows, people=people, places=places), home)
        name = f"city-{rows / 1e6:g}M"
        size = {"people": people, "places": places}
        if rows == SIZES[0][0]:
            asker.ask(f"{name}, first question of a session", paths, first, cases=1, **size)
        asker.ask(f"{name}, 1 case, degree 1", paths, first, cases=1, **size)
    asker.ask(f"{name}, {many} 1", paths, first, cases=300, **size)
    asker.ask(f"{name}, {many} 2, figures of cn-covid-9", paths, city.pack_rules(), cases=300,
              **size)  # fmt: skip
    return asker.found


def slopes(found: list[Line]) -> list[Line]:
    """Processor seconds per million visits for one case, and what they come to in a province."""
    by_name = {each["name"]: each for each in found}
    small, large = (by_name[f"city-{n}M, 1 case, degree 1, processor time"] for n in (4, 8))
    lines = []
    for who, less, more in (
        ("Spark", small["value"], large["value"]),
        ("DuckDB", small["peer"]["value"], large["peer"]["value"]),
    ):
        per_million = (more - less) / 4
        lines += [
            city.line(f"{who}, 1 case, processor time per million visits", per_million, "s"),
            city.line(f"{who}, 1 case, {PROVINCE_M} million visits, processor time, extrapolated",
                      more + per_million * (PROVINCE_M - 8), "s"),
        ]  # fmt: skip
    return lines


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        with standalone.running(Path(folder) / "cluster", memory="800m") as master:
            started = time.perf_counter()
            with sessions.opened(sessions.Cluster(master, options=OPTIONS)) as session:
                opened = time.perf_counter()
                found = [
                    city.line("start a master and two workers", started - begin, "s"),
                    city.line("open a session", opened - started, "s"),
                    *questions(session, Path(folder)),
                ]
    found += slopes(found)
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    for each in found:
        print(json.dumps(each, ensure_ascii=False))


if __name__ == "__main__":
    main()
