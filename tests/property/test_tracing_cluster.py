"""Tracing on a standalone Spark cluster of two workers equals DuckDB and the readable twin."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from zhongshu.connectors.spark import files, standalone, tracing
from zhongshu.connectors.spark import session as sessions
from zhongshu.engines.tracing import model, oracle, parts, solve
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream
from zhongshu.lake import schema
from zhongshu.lake.lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

BEGIN = dt.datetime(
    2022, 11, 1, 14, tzinfo=dt.UTC
)  # 22:00 in Beijing; 10 hours cross both midnights
START, HOUR, DAY = int(BEGIN.timestamp()), 3600, 86_400
UNTIL = BEGIN + dt.timedelta(days=3, hours=12)
PEOPLE, CASES = 50, 9
GIANT, UNDESCRIBED = 1, 9
_SMALL = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
OPTIONS = {  # two executors of one core each, small and quick to warm up
    "spark.driver.bindAddress": standalone.HOST,
    "spark.driver.host": standalone.HOST,
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.driver.extraJavaOptions": _SMALL,
    "spark.executor.extraJavaOptions": _SMALL,
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    folder = tmp_path_factory.mktemp("cluster")
    with (
        standalone.running(folder, workers=2, cores=1, memory="512m") as master,
        sessions.opened(sessions.Cluster(master, options=OPTIONS)) as session,
    ):
        yield session


def scans(seed: int) -> pa.Table:
    """Two evenings and mornings on a coarse grid: equal times, touching stays, stays over
    midnight, ends before beginnings, missing ends, a giant place, a day between on which nobody
    was scanned, scans sent twice and corrected later.  Every other scan is of somebody who was
    scanned once only, and is found through it or not at all."""
    rng = stream(seed, "tracing cluster")
    rows = []
    for n in range(900):
        day = int(rng.choice([0, 0, 3]))
        begin = START + day * DAY + 600 * int(rng.integers(0, 60))
        begin += int(rng.integers(0, 600)) * int(rng.random() < 0.2)
        out = rng.choice([0, -600, 600, 1800, 3600, 5400, 9000, 18000, 40_000])
        rows.append(
            {
                "person": 1000 + n if n % 2 else int(rng.integers(1, PEOPLE)),
                "place": int(rng.choice([GIANT, GIANT, 2, 3, 4, 5, 6, 7, 8, UNDESCRIBED, 10, 11])),
                "time_in": begin,
                "time_out": None if rng.random() < 0.3 else begin + int(out),
                "source": str(rng.choice(["venue_scan", "checkpoint"])),
                "recorded_at": begin + int(rng.choice([0, 0, 60, 2 * DAY])),
            }
        )
    later = [dict(row) for row in rows if rng.random() < 0.15]
    for row in later:
        row["time_out"] = row["time_in"] + int(rng.choice([1200, 7200]))
        row["recorded_at"] += int(rng.choice([0, HOUR, 2 * DAY]))
    return pa.Table.from_pylist(rows + later + night(), schema=schema.VISITS)


def night() -> list[dict[str, Any]]:
    """A case who stays past midnight (UTC) and meets one who comes after it, and the reverse."""
    return [
        {
            "person": person,
            "place": place,
            "time_in": START + begin * HOUR,
            "time_out": START + end * HOUR,
            "source": "venue_scan",
            "recorded_at": START + begin * HOUR,
        }
        for person, place, begin, end in (
            (3000, 20, 9, 13), (2001, 20, 11, 12), (3001, 21, 11, 12), (2002, 21, 9, 13),
        )
    ]  # fmt: skip


def question(seed: int) -> dict[str, Any]:
    """Cases who met, one whom no scan knows, one with an empty window; households without scans."""
    rng = stream(seed, "tracing cluster question")
    windows = []
    for n in range(CASES):
        begin = START + 1800 * int(rng.choice([-4, 0, 3, 140, 150]))
        end = begin if n == 3 else begin + 1800 * int(rng.choice([10, 20, 150]))
        windows.append((n + 100, 500 if n == 5 else n + 1, begin, end))
    windows += [(50, 3000, START, START + DAY), (51, 3001, START, START + DAY)]
    columns = [list(column) for column in zip(*reversed(windows), strict=True)]
    alone = [{"person": 600 + n, "household": n} for n in (1, 5)]
    homes = [{"person": n, "household": n // 3} for n in range(1, PEOPLE, 2)]
    return {
        "cases": pa.table(columns, schema=model.CASES),
        "households": pa.Table.from_pylist(
            [*alone, *homes, {"person": 500, "household": 5}], schema=model.HOUSEHOLDS
        ),
        "isolations": pa.Table.from_pylist(
            [{"person": n, "isolated_from": START + DAY * int(rng.integers(0, 4))}
             for n in range(10, PEOPLE, 9)],
            schema=model.ISOLATIONS,
        ),
        "places": pa.table(  # 5 and 10 are floors of 2, 11 is a seat in 6
            {
                "place": pa.array([1, 2, 3, 4, 5, 6, 7, 8, 8, 10, 11], pa.int32()),
                "kind": ["market", "school", "bus", "zoo", *["school", "bus", "market"], "bus",
                         "school", "school", "bus"],
                "parent": pa.array([None, None, None, None, 2, *[None] * 4, 2, 6], pa.int32()),
                "number": pa.array([*[None] * 4, 1, *[None] * 4, 2, None], pa.int32()),
            }
        ),
        "aliases": pa.table([[20, 21, 5], [1, 22, 999]], schema=model.ALIASES),
        "until": UNTIL,
    }  # fmt: skip


def rules(**more: Any) -> model.TraceRules:
    given: dict[str, Any] = {
        "window_days_before": 2,
        "degrees": 2,
        "heavy_place_persons": 12,
        "min_overlap_min": {"market": 10, "school": 0, "bus": 20},
        "imputed_stay_min": {"market": 40, "school": 240, "bus": 30},
        "max_stay_min": {"market": 120, "school": 600, "bus": 90},
        "rule_ids": {"market": "M", "school": "S", "bus": "B", "household": "H"},
        "second_rule_id": "2",
        "near_apart": {"school": 1.0},
    }
    return model.TraceRules(**(given | more))


def tables(result: model.TraceResult) -> dict[str, list[dict[str, Any]]]:
    contacts = [row | {"reason": json.loads(row["reason"])} for row in result.contacts.to_pylist()]
    others = {
        name: getattr(result, name).to_pylist() for name in ("exposures", "notices", "capped")
    }
    return {"contacts": contacts} | others


def test_a_cluster_of_two_workers_answers_what_one_machine_answers(
    session: SparkSession, tmp_path: Path
) -> None:
    """Both degrees, from the lake's own files, in more parts than there are cores."""
    lake = Lake(tmp_path / "lake")
    lake.write_visits(scans(1))
    paths = files.visit_files(session, str(lake.root), BEGIN - dt.timedelta(days=1), UNTIL)
    assert len(paths) == len(lake.days("visits")) == 4
    asked = question(1)
    known = lake.visits(lake.days("visits")[0], lake.days("visits")[-1], known_at=UNTIL)
    for how in (
        rules(),
        rules(
            second_min_overlap_min={"school": 15.0, "bus": 0.0},
            second_lookback_days=2,
            second_cap_per_case=5,
            not_read=frozenset({"zoo"}),
        ),
    ):
        visits = tracing.Visits(session, paths, known_at=UNTIL, parts=3)
        cluster = tracing.trace(**asked, visits=visits, rules=how)
        machine = solve.trace(**asked, visits=known, rules=how)
        for name in ("contacts", "exposures", "notices", "capped"):
            assert getattr(cluster, name).equals(getattr(machine, name)), name
        assert tables(cluster) == tables(oracle.trace(**asked, visits=known, rules=how))
        degrees = np.bincount(cluster.contacts["degree"].to_numpy())
        assert min(degrees[1], degrees[2]) > 10
        pairs = cluster.contacts.select(["case_id", "person"]).to_pylist()
        assert {"case_id": 50, "person": 2001} in pairs
        assert {"case_id": 51, "person": 2002} in pairs
        assert cluster.notices.num_rows > 0
        assert any(cluster.contacts["two_places"].to_pylist())
        assert any(cluster.contacts["is_case"].to_pylist())
    assert cluster.capped.num_rows > 0
    workers = session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()
    assert len(workers) == 3, "two executors and the driver"


@pytest.mark.parametrize("seed", range(4))
def test_the_answers_of_parts_are_together_the_answer(seed: int) -> None:
    """Without a cluster: how a question is divided, on more worlds."""
    visits = scans(seed).select(model.VISITS.names)
    asked, how = question(seed), rules(heavy_place_persons=9, second_cap_per_case=9)
    divided = parts.question(**asked, rules=how, parts=2 + 2 * seed)
    same = model.canonical(visits, divided.aliases)
    answers = [
        parts.answer(divided, part, same, memory_limit="512MB") for part in range(divided.parts)
    ]
    together = parts.whole(divided, answers, visits="here")
    machine = solve.trace(**asked, visits=visits, rules=how)
    for name in parts.TABLES:
        assert getattr(together, name).equals(getattr(machine, name)), name
    whole = asked | {"places": asked["places"].select(["place", "kind"])}
    apart = solve.trace(**whole, visits=visits, rules=how)
    assert not apart.exposures.equals(machine.exposures), "people met across floors"
    double = solve.trace(**(asked | {"aliases": None}), visits=visits, rules=how)
    assert not double.exposures.equals(machine.exposures), "people had two pseudonyms"


def test_a_lake_that_is_not_there_is_named(session: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no lake") as refusal:
        files.visit_files(session, str(tmp_path), BEGIN, UNTIL)
    assert refusal.value.code == "spark.no_lake"


def test_a_lake_without_these_days_has_only_households(session: SparkSession) -> None:
    asked = question(2)
    visits = tracing.Visits(session, [], parts=2)
    one = rules(degrees=1)
    cluster = tracing.trace(**asked, visits=visits, rules=one)
    machine = solve.trace(**asked, visits=[], rules=one)
    assert cluster.contacts.equals(machine.contacts)
    assert cluster.contacts.num_rows > 0
