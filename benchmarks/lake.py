"""The truth store of visits on a named instance: `python -m benchmarks.lake [--days 4]`.

Days of `benchmarks/cases/tracing.py`'s province as feeds bring them: unsorted, persons as the
keyed pseudonyms of the vault (63 random bits), 30 % without a time out, recorded as the synthetic
world records (most within minutes of the end of the visit, 8 % after hours or days), sources by
kind of place.  Medians where a figure is repeated.  Writes benchmarks/results/lake.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.cases import tracing as made
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import beijing_day
from zhongshu.lake import persons, visits
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import SECONDS, VISITS

RESULTS = Path(__file__).parent / "results" / "lake.json"
SOURCES = pa.array(["venue_scan", "ticket", "checkpoint", "test"])
LATE = 0.08  # as engines.world.params.Movement.late_share
ASKED = 11
FIRST = beijing_day(dt.datetime.fromtimestamp(made.START, dt.UTC))
Line = dict[str, Any]


def feeds(province: made.Province, days: int) -> Iterator[pa.Table]:
    """`schema.VISITS` of each day, unsorted."""
    pseudonym = stream(made.SEED, "pseudonyms").integers(0, 2**63 - 1, province.people + 1)
    for day, plain in zip(range(days), province.days(), strict=False):
        rng = stream(made.SEED, "feed", day)
        rows = plain.num_rows
        ended = pc.coalesce(plain["time_out"], plain["time_in"]).cast(pa.int64()).to_numpy()
        columns = {
            "person": pseudonym[plain["person"].to_numpy()],
            "place": plain["place"],
            "time_in": plain["time_in"],
            "time_out": plain["time_out"],
            "source": pa.DictionaryArray.from_arrays(_sources(plain, rng), SOURCES),
            "recorded_at": pa.array(ended + _delay_s(rng, rows)).cast(SECONDS),
        }
        yield pa.table(columns, schema=VISITS).take(pa.array(rng.permutation(rows)))


def _sources(plain: pa.Table, rng: np.random.Generator) -> pa.Array:
    """Tickets on buses, else venue scans; two in a hundred at checkpoints, one at a test site."""
    kind = plain["place"].to_numpy().astype(np.int64) * 7919 % len(made.KINDS)
    draw = rng.random(plain.num_rows)
    usual = (kind == made.KINDS.index("bus")).astype(np.int8)
    return pa.array(np.where(draw < 0.02, 2, np.where(draw < 0.03, 3, usual)).astype(np.int8))


def _delay_s(rng: np.random.Generator, rows: int) -> np.ndarray[Any, Any]:
    """As engines.world.days.records."""
    draw = rng.random(rows)
    prompt = 20 - 240 * np.log1p(-np.clip((draw - LATE) / (1 - LATE), 0, 1 - 1e-9))
    share = draw / LATE
    hours = np.where(share < 0.2, 24 + 48 * share / 0.2, 1 + 11 * (share - 0.2) / 0.8)
    return np.where(draw < LATE, hours * 3600, prompt).astype(np.int64)


def line(name: str, value: float, unit: str, *, goal: float | None = None, **more: Any) -> Line:
    return {"name": name, "value": round(value, 4), "unit": unit, "peer": None, "ratio": None,
            "goal": goal, "met": None} | more  # fmt: skip


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    answer = work()
    return time.perf_counter() - begin, answer


def stored(lake: Lake, name: str, rows: int, instance: made.Province) -> list[Line]:
    """Bytes a visit of what lies on disk; the list of persons over all 14 days it serves."""
    entries = json.loads((lake.root / "visits" / "manifest.json").read_text())["files"]
    sizes = {file: entry["bytes"] for file, entry in entries.items()}
    listed = sizes.pop(persons.FILE)
    by_person = sum(size for file, size in sizes.items() if ".by-person." in file)
    by_place = sum(sizes.values()) - by_person
    both = (by_person + by_place) / rows + listed / instance.visits
    return [
        line(f"{name}, by place and time", by_place / rows, "bytes a visit"),
        line(f"{name}, by person and time", by_person / rows, "bytes a visit"),
        line(
            f"{name}, list of persons, of 14 days", listed / instance.visits, "bytes a visit"
        ),
        line(f"{name}, both orders and the list", both, "bytes a visit", goal=14, met=both <= 14),
    ]  # fmt: skip


def native(days: list[pa.Table], folder: Path) -> float:
    """Seconds DuckDB takes to put the same rows into its own table twice, in both orders."""
    with duckdb.connect(str(folder / "peer.duckdb"), config={"threads": 2}) as con:
        con.execute("SET enable_progress_bar = false")
        begin = time.perf_counter()
        for n, rows in enumerate(days):
            con.register("feed", rows)
            make = "CREATE TABLE {0} AS" if n == 0 else "INSERT INTO {0}"
            for table, order in (("place", "place, time_in"), ("person", "person, time_in")):
                con.execute(f"{make.format('by_' + table)} FROM feed ORDER BY {order}")
        con.execute("CHECKPOINT")
        return time.perf_counter() - begin


def one_person(lake: Lake, days: list[pa.Table], name: str, count: int) -> list[Line]:
    """One person's visits from the person-sorted copy, against a scan of the place-sorted one."""
    last = FIRST + dt.timedelta(days=count - 1)
    asked = stream(made.SEED, "asked").choice(days[0]["person"].to_numpy(), ASKED, replace=False)
    copy, scan = [], []
    for person in map(int, asked):
        seconds, found = timed(lambda: lake.person_visits([person], FIRST, last))  # noqa: B023
        copy.append(seconds)
        seconds, every = timed(lambda: _scanned(lake, person, last))  # noqa: B023
        scan.append(seconds)
        assert found.num_rows == every > 0, (found.num_rows, every)
    ours, theirs = statistics.median(copy), statistics.median(scan)
    return [
        line(
            f"{name}, one person's visits of {count} days, person-sorted copy", ours * 1000, "ms",
            peer={"name": "DuckDB over the place-sorted copy", "value": round(theirs * 1000, 2),
                  "same_answer": True},
            ratio=round(theirs / ours, 2),
        )
    ]  # fmt: skip


def _scanned(lake: Lake, person: int, last: dt.date) -> int:
    files = lake.visit_files(FIRST, last)
    with duckdb.connect(config={"threads": 2}) as con:
        con.register("persons", files.persons)
        text = f"SELECT count(*) FROM ({files.select('persons')}) WHERE person = {person}"
        return int(con.execute(text).fetchall()[0][0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=54_500_000)
    parser.add_argument("--days", type=int, default=4)
    asked = parser.parse_args()
    province = made.Province(asked.visits)
    name = province.name
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder) / "lake")
        days = list(feeds(province, asked.days))
        rows = sum(day.num_rows for day in days)
        lake.write_visits(days[0].slice(0, 1000))  # code loaded
        lake.drop("visits", visits.files_of(FIRST)[0])
        busy = time.process_time()
        seconds = [timed(lambda: lake.write_visits(day))[0] for day in days]  # noqa: B023
        busy = time.process_time() - busy
        again, written = timed(lambda: lake.write_visits(days[0]))
        assert written.new == 0
        lines = stored(lake, name, rows, province)
        ours, theirs = rows / sum(seconds), rows / native(days, Path(folder))
        lines += [
            line(
                f"{name}, into both orders from unsorted feeds, {asked.days} days", ours,
                "visits/s", goal=1_000_000, met=ours >= 1_000_000,
                peer={"name": "DuckDB native, two sorted tables", "value": round(theirs)},
                ratio=round(ours / theirs, 2),
            ),
            line(f"{name}, the same, processor", busy / rows * 1e6, "s a million visits"),
            line(f"{name}, one day again, nothing new", again, "s"),
            *one_person(lake, days, name, asked.days),
        ]  # fmt: skip
        assert lake.verify() == []
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")
    for each in lines:
        print(f"{each['name']:75} {each['value']:>14,.3f} {each['unit']}  {each['peer'] or ''}")


if __name__ == "__main__":
    main()
