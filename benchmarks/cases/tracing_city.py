"""Tracing over Parquet, as DuckDB answers it, on city-8M.

200,000 people, 20,000 places with a heavy tail, 21 days, 8 million visits, 30 % without a time out.
Each engine run is a fresh process, so that its peak memory is its own.  The peer is plain SQL of
DuckDB over the same files that joins everything with everything by place; its list of contacts
must have the same checksum.  On evening-2k the peer is the readable twin.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.engines.tracing import model, oracle, solve
from zhongshu.kernel.random import stream
from zhongshu.rules import reader
from zhongshu.service.kit.tracerules import trace_rules

GOAL_S = 20  # 300 cases, degree 2, whatever the figures
KINDS = ("school", "workplace", "market", "restaurant", "shop", "bus", "hospital", "community")
START = int(dt.datetime(2022, 10, 18, 16, tzinfo=dt.UTC).timestamp())  # 19 October in Beijing
DAYS, DAY_S = 21, 86_400
UNTIL = dt.datetime(2022, 11, 8, 12, tzinfo=dt.UTC)
MIN_OVERLAP, IMPUTED, MAX_STAY = 10, 60, 600  # minutes, of every kind


def rules(*, degrees: int) -> model.TraceRules:
    every = dict.fromkeys(KINDS, 1.0)
    return model.TraceRules(
        window_days_before=2,
        degrees=degrees,
        heavy_place_persons=200,
        min_overlap_min={kind: MIN_OVERLAP * one for kind, one in every.items()},
        imputed_stay_min={kind: IMPUTED * one for kind, one in every.items()},
        max_stay_min={kind: MAX_STAY * one for kind, one in every.items()},
        rule_ids=dict.fromkeys((*KINDS, "household"), "WHO-2"),
        second_rule_id="WHO-6",
        second_cap_per_case=2000,
    )


def pack_rules() -> model.TraceRules:
    """What cn-covid-9 says: degree 2 only where people work or eat together, 60 a case."""
    return trace_rules(reader.load("cn-covid-9"))


def visits(*, rows: int, people: int, places: int) -> pa.Table:
    """Four in ten visits to the person's own school or work, the rest with a Zipf tail."""
    rng = stream(20221019, "benchmark visits", rows)
    person = rng.integers(1, people + 1, rows)
    tail = np.cumsum(1 / np.arange(1, places + 1) ** 0.8)
    place = np.searchsorted(tail / tail[-1], rng.random(rows))
    daily = rng.random(rows) < 0.4
    place[daily] = rng.integers(0, places, people + 1)[person[daily]]
    clock = np.clip(rng.normal(13 * 3600, 4 * 3600, rows), 6 * 3600, 23 * 3600)
    time_in = START + rng.integers(0, DAYS, rows) * DAY_S + clock.astype(np.int64)
    stay = np.where(daily, rng.uniform(3, 9, rows) * 3600, rng.gamma(2, 1200, rows) + 60)
    time_out = pa.array(time_in + stay.astype(np.int64), mask=rng.random(rows) < 0.3)
    return pa.table(
        {
            "person": person,
            "place": place.astype(np.int32),
            "time_in": pa.array(time_in).cast(model.SECONDS),
            "time_out": time_out.cast(model.SECONDS),
            "recorded_at": pa.array(time_in + 600).cast(model.SECONDS),
        },
        schema=model.VISITS,
    )


def write_days(table: pa.Table, folder: Path) -> list[Path]:
    """As the lake lays them out: one file a day, sorted by place and time."""
    paths = []
    day = (np.asarray(table["time_in"].cast(pa.int64())) - START) // DAY_S
    for n in range(DAYS):
        part = table.filter(pa.array(day == n)).sort_by(
            [("place", "ascending"), ("time_in", "ascending")]
        )
        paths.append(folder / f"day={n:02d}.parquet")
        pq.write_table(part, paths[-1], compression="zstd")
    return paths


def question(*, cases: int, people: int, places: int) -> dict[str, pa.Table]:
    """Cases with windows of two to eight days; households of three."""
    rng = stream(20221019, "benchmark cases", cases)
    until_s = int(UNTIL.timestamp())
    begin = until_s - rng.integers(3, 16, cases) * DAY_S
    end = np.minimum(begin + rng.integers(2, 9, cases) * DAY_S, until_s)
    everyone = np.arange(1, people + 1)
    return {
        "cases": pa.table(
            {
                "case_id": np.arange(1, cases + 1),
                "person": rng.choice(everyone, cases, replace=False),
                "window_from": pa.array(begin).cast(model.SECONDS),
                "window_to": pa.array(end).cast(model.SECONDS),
            }
        ),
        "places": pa.table(
            {
                "place": pa.array(range(places), pa.int32()),
                "kind": [KINDS[n * 7919 % len(KINDS)] for n in range(places)],
            }
        ),
        "households": pa.table({"person": everyone, "household": everyone // 3 + 1}),
    }


_PLAIN = """
CREATE TEMP TABLE scan AS
SELECT person, place, epoch(time_in)::BIGINT AS t0, max(epoch(time_out)::BIGINT) AS t_out
FROM read_parquet($paths) WHERE time_in <= $until AND recorded_at <= $until GROUP BY ALL
"""
_PLAIN_CONTACTS = f"""
WITH elsewhere AS (
    SELECT a.person, a.place, a.t0, min(b.t0) AS t_next FROM scan a JOIN scan b
    ON a.person = b.person AND a.place <> b.place AND b.t0 > a.t0
    WHERE a.t_out IS NULL GROUP BY ALL),
stay AS (
    SELECT person, place, t0, least(coalesce(t_out, least(t0 + {IMPUTED * 60}, t_next)),
                                    t0 + {MAX_STAY * 60}) AS t1
    FROM scan LEFT JOIN elsewhere USING (person, place, t0)),
numbered AS (
    SELECT *, sum(fresh) OVER (PARTITION BY person, place ORDER BY t0) AS island
    FROM (SELECT *, coalesce(t0 > max(t1) OVER (PARTITION BY person, place ORDER BY t0
              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true)::INT AS fresh FROM stay)),
island AS (SELECT person, place, min(t0) AS t0, max(t1) AS t1 FROM numbered
           GROUP BY person, place, island),
met AS (
    SELECT case_id, b.person, a.place,
           least(a.t1, b.t1, epoch(window_to)::BIGINT)
           - greatest(a.t0, b.t0, epoch(window_from)::BIGINT) AS seconds
    FROM cases c JOIN island a ON a.person = c.person
    JOIN island b ON b.place = a.place AND b.person <> a.person
    WHERE seconds >= {MIN_OVERLAP * 60}),
heavy AS (SELECT case_id, place FROM met GROUP BY ALL HAVING count(DISTINCT person) > 200),
home AS (
    SELECT case_id, o.person, NULL::INTEGER, 0 FROM cases c
    JOIN households h ON h.person = c.person
    JOIN households o ON o.household = h.household AND o.person <> c.person)
SELECT case_id, person, count(*)::INTEGER AS exposures, sum(seconds)::BIGINT AS seconds
FROM (FROM met ANTI JOIN heavy USING (case_id, place) UNION ALL FROM home) GROUP BY ALL
ORDER BY ALL
"""


def checksum(rows: Sequence[tuple[int, ...]]) -> str:
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:16]


def contacts_sum(found: model.TraceResult) -> str:
    """Over (case, person, degree, exposures, seconds) of every contact."""
    names = ("case_id", "person", "degree", "exposures")
    columns = [found.contacts[name].to_pylist() for name in names]
    seconds = [round(60 * minutes) for minutes in found.contacts["minutes"].to_pylist()]
    return checksum(list(zip(*columns, seconds, strict=True)))


def run_engine(
    paths: list[Path], asked: dict[str, pa.Table], how: model.TraceRules
) -> dict[str, Any]:
    begin = time.perf_counter()
    found = solve.trace(
        asked["cases"],
        visits=paths,
        places=asked["places"],
        households=asked["households"],
        rules=how,
        until=UNTIL,
    )
    return {
        "seconds": time.perf_counter() - begin,
        "checksum": contacts_sum(found),
        "contacts": found.contacts.num_rows,
    }


def run_plain(paths: list[Path], asked: dict[str, pa.Table]) -> dict[str, Any]:
    """Degree 1 by `rules(degrees=1)`, joining everything with everything by place."""
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as spill:
        con = duckdb.connect(config={"threads": 2, "temp_directory": spill})
        con.execute("SET enable_progress_bar = false")
        con.register("cases", asked["cases"])
        con.register("households", asked["households"])
        con.execute(_PLAIN, {"paths": [str(path) for path in paths], "until": UNTIL})
        rows = con.sql(_PLAIN_CONTACTS).fetchall()
    seconds = time.perf_counter() - begin
    met = [(case, person, 1, exposures, s) for case, person, exposures, s in rows]
    return {"seconds": seconds, "checksum": checksum(met), "contacts": len(met)}


def _child(work: Callable[..., dict[str, Any]], args: tuple[Any, ...], out: Any) -> None:
    answer = work(*args)
    used = resource.getrusage(resource.RUSAGE_SELF)
    status = Path("/proc/self/status").read_text("utf-8").split()
    peak = int(status[status.index("VmHWM:") + 1])  # ru_maxrss is at least the parent's
    out.put(answer | {"peak_mb": peak / 1024, "cpu_s": used.ru_utime + used.ru_stime})


def alone(work: Callable[..., dict[str, Any]], *args: Any, times: int = 3) -> dict[str, Any]:
    """`work` in processes of its own; the run with the median time."""
    context = multiprocessing.get_context("spawn")
    answers: list[dict[str, Any]] = []
    for _ in range(times):
        out = context.Queue()
        process = context.Process(target=_child, args=(work, args, out))
        process.start()
        answers.append(out.get())
        process.join()
    return sorted(answers, key=lambda answer: answer["seconds"])[times // 2]


def line(name: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"peer": None, "ratio": None, "goal": None, "met": None}
    return {"name": name, "value": round(value, 4), "unit": unit, **(plain | more)}


def twin() -> dict[str, Any]:
    """Both degrees on a small evening against plain Python, identical answers."""
    table = visits(rows=2_000, people=300, places=60)
    asked = question(cases=4, people=300, places=60)
    given: dict[str, Any] = {
        "visits": table,
        "places": asked["places"],
        "households": asked["households"],
        "rules": rules(degrees=2),
        "until": UNTIL,
    }
    begin = time.perf_counter()
    fast = solve.trace(asked["cases"], **given)
    middle = time.perf_counter()
    slow = oracle.trace(asked["cases"], **given)
    end = time.perf_counter()
    assert contacts_sum(fast) == contacts_sum(slow)
    return line(
        "evening-2k, 4 cases, degree 2", middle - begin, "s",
        peer={"name": "readable twin", "value": round(end - middle, 4), "same_answer": True},
        ratio=round((end - middle) / (middle - begin), 1),
    )  # fmt: skip


def report() -> list[dict[str, Any]]:
    rows, people, places = 8_000_000, 200_000, 20_000
    found = [twin()]
    with tempfile.TemporaryDirectory() as folder:
        paths = write_days(visits(rows=rows, people=people, places=places), Path(folder))
        for cases in (1, 300):
            asked = question(cases=cases, people=people, places=places)
            ours = alone(run_engine, paths, asked, rules(degrees=1))
            peer = alone(run_plain, paths, asked, times=1)
            assert ours["checksum"] == peer["checksum"], (ours, peer)
            found.append(
                line(
                    f"city-8M, {cases} case{'s' * (cases > 1)}, degree 1",
                    ours["seconds"],
                    "s",
                    peer={
                        "name": "DuckDB, whole join",
                        "value": round(peer["seconds"], 4),
                        "same_answer": True,
                    },
                    ratio=round(peer["seconds"] / ours["seconds"], 1),
                )
            )
        for label, how in (
            ("figures of cn-covid-9", pack_rules()),
            ("stress: every kind of place, 2,000 a case", rules(degrees=2)),
        ):
            ours = alone(run_engine, paths, asked, how, times=1)
            name = f"city-8M, 300 cases, degree 2, {label} ({ours['contacts']} contacts)"
            peak, met = ours["peak_mb"], ours["seconds"] < GOAL_S
            found += [
                line(name, ours["seconds"], "s", goal=GOAL_S, met=met),
                line(f"{name}, processor time", ours["cpu_s"], "s"),
                line(f"{name}, peak memory", peak, "MB", goal=1500, met=peak < 1500),
            ]
    return found
