"""How long a day's feeds take: ``python -m benchmarks.intake [--visits 8000000]``.

Inputs are generated here (synthetic), sent as departments send them; registers are an in-memory
stand-in with the real cost of hashing, so what is measured is reading, judging, pseudonyms and
the lake.  Writes benchmarks/results/intake.json.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import hmac
import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.connectors.feeds import intake
from zhongshu.connectors.feeds.ports import Layout
from zhongshu.connectors.feeds.report import FileReport
from zhongshu.kernel.identifiers import ID_CHECKS, ID_WEIGHTS
from zhongshu.kernel.time import BEIJING
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import SECONDS
from zhongshu.lake.store import Written

PEOPLE, PLACES, DAYS = 200_000, 20_000, 21
START = dt.datetime(2022, 10, 19, tzinfo=BEIJING)
RESULTS = Path(__file__).parent / "results" / "intake.json"


class MemoryRegisters:
    """Counts what it is given; hashes as the vault does."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def atomic(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def pseudonyms(self, id_nos: pa.Array) -> pa.Array:
        key = b"benchmark"
        digests = [hmac.digest(key, text.encode(), "sha256") for text in id_nos.to_pylist()]
        return pa.array([int.from_bytes(d[:8], "big") >> 1 for d in digests], pa.int64())

    def register_people(self, households: Any, persons: Any, known_at: dt.datetime) -> int:
        return sum(table.num_rows for table in (households, persons) if table is not None)

    def register_dormitories(self, table: pa.Table, known_at: dt.datetime) -> int:
        return int(table.num_rows)

    def layout(self, on: dt.date) -> Layout:
        return Layout(None, {})

    def take_visits(self, lake: Lake, rows: pa.Table, known_at: dt.datetime) -> Written:
        return lake.write_visits(rows)

    def take_line_list(self, table: pa.Table, known_at: dt.datetime) -> int:
        return int(table.num_rows)

    def take_resources(self, kind: str, table: pa.Table, known_at: dt.datetime) -> int:
        return int(table.num_rows)

    def seen(self, sha256: str) -> bool:
        return sha256 in self.taken

    def record(self, report: FileReport, received_at: dt.datetime) -> None:
        self.taken.add(report.sha256)


def id_numbers(chance: np.random.Generator, count: int) -> np.ndarray:
    """Sound numbers of an unassigned region: no living person's."""
    born = np.datetime64("1930-01-01") + chance.integers(0, 33_000, count).astype("timedelta64[D]")
    days = np.char.replace(born.astype(str), "-", "")
    serial = np.char.zfill(chance.integers(0, 1000, count).astype(str), 3)
    region = (990_000 + chance.integers(1, 900, count)).astype(str)
    body = np.unique(np.char.add(np.char.add(region, days), serial))
    digits = np.array([list(text.encode()) for text in body], np.int64) - 48
    checks = np.array(list(ID_CHECKS))[(digits @ np.array(ID_WEIGHTS)) % 11]
    return np.char.add(body, checks)


def visit_files(folder: Path, chance: np.random.Generator, ids: np.ndarray, rows: int) -> None:
    """One file a day; one row in fifty belongs to one of the two days before (late)."""
    dictionary, places = pa.array(ids), pa.array([f"P{n:06}" for n in range(PLACES)])
    sources = pa.array(["venue_scan", "ticket", "checkpoint", "test"])
    for day in range(DAYS):
        late = np.where(chance.random(rows) < 0.02, chance.integers(1, 3, rows), 0)
        start = int(START.timestamp()) + (day - late) * 86_400
        came = start + chance.integers(6 * 3600, 22 * 3600, rows)
        left = pa.array(came + chance.integers(300, 7200, rows), mask=chance.random(rows) < 0.4)
        table = {
            "id_no": pa.DictionaryArray.from_arrays(
                chance.integers(0, len(ids), rows).astype(np.int32), dictionary
            ),
            "place_id": places.take(pa.array((chance.pareto(1.2, rows) * 50).astype(int) % PLACES)),
            "time_in": pa.array(came).cast(SECONDS),
            "time_out": left.cast(SECONDS),
            "source": sources.take(pa.array(chance.integers(0, 4, rows))),
            "recorded_at": pa.array(came + late * 86_400 + 60).cast(SECONDS),
        }
        name = f"visits-{START + dt.timedelta(days=day):%Y%m%d}.parquet"
        pq.write_table(pa.table(table), folder / name)


def person_file(folder: Path, chance: np.random.Generator, ids: np.ndarray) -> None:
    """The population register as GB18030 CSV."""
    surnames, given = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋"
    lines = ["身份证号,姓名,性别,出生日期,户号,职业,特殊需要"]
    picks = chance.integers(0, 10, (len(ids), 2))
    for number, id_no in enumerate(ids):
        name = surnames[picks[number, 0]] + given[picks[number, 1]]
        sex = "男" if int(id_no[16]) % 2 else "女"
        birth = f"{id_no[6:10]}-{id_no[10:12]}-{id_no[12:14]}"
        lines.append(f"{id_no},{name},{sex},{birth},H{number // 3:06},,")
    (folder / "persons.csv").write_text("\n".join(lines) + "\n", encoding="gb18030")


def timed(folder: Path, lake: Lake, registers: MemoryRegisters, raw: Path) -> tuple[float, int]:
    """(seconds, rows in)."""
    began = time.perf_counter()
    report = intake.take(
        folder, lake=lake, registers=registers, received_at=START + dt.timedelta(days=DAYS),
        raw=raw, known_divisions=frozenset({"140105000000"}),
    )  # fmt: skip
    assert not report.count("refused"), [file.reason for file in report.files]
    return time.perf_counter() - began, report.counts.rows_in


def figure(
    name: str, value: float, unit: str, goal: float, *, least: bool = False
) -> dict[str, Any]:
    met = value >= goal if least else value <= goal
    return {"name": name, "value": round(value, 3), "unit": unit, "peer": None, "ratio": None,
            "goal": goal, "met": met}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=8_000_000)
    asked = parser.parse_args()
    chance = np.random.default_rng(20221019)
    ids = id_numbers(chance, PEOPLE)
    with tempfile.TemporaryDirectory() as root:
        base = Path(root)
        for name in ("people", "visits"):
            (base / name).mkdir()
        person_file(base / "people", chance, ids)
        visit_files(base / "visits", chance, ids, asked.visits // DAYS)
        lake, registers, raw = Lake(base / "lake"), MemoryRegisters(), base / "raw"
        people_s, people = timed(base / "people", lake, registers, raw)
        visits_s, visits = timed(base / "visits", lake, registers, raw)
        again_s, _ = timed(base / "visits", lake, registers, raw)
        lake_mb = sum(path.stat().st_size for path in (base / "lake").rglob("*.parquet")) / 1e6
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results = [
        figure(f"persons_csv_gb18030_{people}_rows", people_s, "s", 5),
        figure(f"visits_parquet_{visits}_rows", visits_s, "s", 20),
        figure("visits_per_second", visits / visits_s, "rows/s", 400_000, least=True),
        figure("visits_sent_again", again_s, "s", 2),
        figure("lake_bytes_per_visit", lake_mb * 1e6 / visits, "bytes", 30),
        figure("peak_memory", peak_mb, "MB", 3000),
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for line in results:
        print(f"{line['name']:40} {line['value']:>14,.3f} {line['unit']:8} goal {line['goal']:,}")


if __name__ == "__main__":
    main()
