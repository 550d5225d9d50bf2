"""The whole answer to degree 2 from DuckDB's own tables.

The SQL is that of `engines.tracing.solve`; what changes is what it reads.  Instead of Parquet,
two native tables, sorted by (place, time) and by (person, time), of the types the SQL compares;
the figures of every place are there before the question; and where few places or persons are
looked up, they are written out, so that row groups are skipped.  One connection, warm.
"""

from __future__ import annotations

import time
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.cases import tracing as made
from benchmarks.cases import tracing_city
from benchmarks.cases.tracing_lines import Line, against, timed
from benchmarks.cases.tracing_peers import REACH_S
from zhongshu.engines.tracing import degrees, fast, model, solve, stays

FEW = 3_000
_NATIVE = """
CREATE OR REPLACE TEMP VIEW known AS
SELECT person, place, t0, CASE WHEN stay > 0 THEN t0 + stay END AS t_out
FROM whole_by_place WHERE t0 >= {begin} AND t0 <= {until};
CREATE OR REPLACE TEMP VIEW known_by_person AS
SELECT person, place, t0, CASE WHEN stay > 0 THEN t0 + stay END AS t_out
FROM whole_by_person WHERE t0 >= {begin} AND t0 <= {until};
"""


class Native:
    """A connection that reads the native tables where the SQL says visits."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def execute(self, sql: str, *args: Any) -> duckdb.DuckDBPyConnection:
        if "FROM known SEMI JOIN wanted" in sql:
            persons = self._listed("SELECT DISTINCT person FROM wanted")
            known = "known_by_person" + (f" WHERE person IN ({persons})" if persons else "")
            sql = sql.replace("FROM known SEMI JOIN", f"FROM (FROM {known}) SEMI JOIN")
        if "FROM known ANTI JOIN held" in sql:
            places = self._listed("SELECT DISTINCT place FROM looked")
            known = f"known WHERE {self._hours()}" + (f" AND place IN ({places})" if places else "")
            sql = sql.replace("FROM known ANTI JOIN", f"FROM (FROM {known}) ANTI JOIN")
        seen = "SELECT DISTINCT place FROM"
        return self._con.execute(sql.replace(f"{seen} known", f"{seen} places_in"), *args)

    def _hours(self) -> str:
        """When a scan must begin to reach into the hours looked at."""
        ends = "min(hour) * 3600 - ?, (max(hour) + 1) * 3600"
        ((low, high),) = self._con.execute(f"SELECT {ends} FROM looked", [REACH_S]).fetchall()
        return f"t0 BETWEEN {low or 0} AND {high or 0}"

    def _listed(self, sql: str) -> str | None:
        """The numbers, if there are few."""
        rows = self._con.execute(f"{sql} LIMIT {FEW + 1}").fetchall()
        return ", ".join(str(row[0]) for row in rows) if 0 < len(rows) <= FEW else None


class Peer:
    """Holds DuckDB's database of `tracing_peers.DuckPeer`, with the columns the SQL wants."""

    name = "DuckDB native"

    def __init__(self, con: duckdb.DuckDBPyConnection, province: made.Province) -> None:
        self._con = con
        self._province = province
        self._places, self._households = province.places(), province.households()
        for name, by in (("whole_by_place", "by_place"), ("whole_by_person", "by_person")):
            con.execute(
                f"CREATE OR REPLACE TABLE {name} AS SELECT person::BIGINT AS person, place,"
                f" t0::BIGINT AS t0, stay::BIGINT AS stay FROM {by}"
            )
        con.execute("CHECKPOINT")

    def trace(self, cases: pa.Table, rules: model.TraceRules) -> model.TraceResult:
        """As `solve.trace` answers; only the contacts and exposures are compared."""
        until_s = int(made.UNTIL.timestamp())
        begin_s = int(cases["window_from"].cast(pa.int64()).to_numpy().min())
        begin_s -= rules.look_back_s()
        nobody = model.ALIASES.empty_table()
        with self._con.cursor() as cursor:
            con: Any = Native(cursor)
            con.execute("SET preserve_insertion_order = false")
            solve._load_people(con, cases, self._households, None, nobody, until_s=until_s)
            con.execute("SET VARIABLE second_rule = ?", [rules.second_rule_id])
            con.execute("SET VARIABLE household_rule = ?", [rules.rule_ids[model.HOUSEHOLD]])
            none = model.VISITS.empty_table()
            lake = stays.Lake(none, self._places, nobody, begin_s=begin_s, until_s=until_s)
            stays.open_lake(con, lake, rules)
            con.execute(_NATIVE.format(begin=begin_s, until=until_s))
            degrees.trace_first(con, rules)
            degrees.trace_second(con, rules, until_s)
            found = solve._answer(con, rules)
        return model.TraceResult(*found, card=None)  # type: ignore[arg-type]


def lines(tracer: fast.Tracer, peer: Peer, province: made.Province) -> list[Line]:
    """One case and 100 cases, each answer compared by its checksum."""
    rules = made.rules(degrees=2)
    found = []
    for count, goal, times in ((1, 20, 3), (100, 4, 1)):
        cases = model.checked_cases(province.cases(count))
        ours, answer = timed(lambda: tracer.trace(cases, until=made.UNTIL), 5)  # noqa: B023
        expected = tracing_city.contacts_sum(answer)
        theirs = []
        for n in range(times + (count == 1)):
            begin = time.perf_counter()
            known = peer.trace(cases, rules)
            if n or count > 1:  # the first of all warms up; 100 cases take a minute
                theirs.append(time.perf_counter() - begin)
            assert tracing_city.contacts_sum(known) == expected, count
        what = f"{count} case{'s' * (count > 1)}"
        found.append(
            against(
                f"{province.name}, {what}, degree 2, whole answer ({answer.contacts.num_rows} rows)"
                f", warm, against {peer.name}",
                ours,
                sorted(theirs)[len(theirs) // 2],
                peer=peer.name,
                goal=goal,
                unit="ms",
            )
        )
    return found
