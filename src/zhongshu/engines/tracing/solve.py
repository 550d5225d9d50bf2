"""Tracing: from cases to their contacts of degree 1 and 2, each with the evidence.

The lake is read in place by DuckDB: persons first, then only the places and hours they were at.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import degrees, model, stays
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash
from zhongshu.kernel.visitfiles import VisitFiles

# Both degrees as one, with what the answer says about each exposure.
_EVIDENCE = """
CREATE TEMP TABLE evidence AS
WITH every AS ({parts})
SELECT every.* EXCLUDE (seconds), coalesce(seconds, 0) / 60.0 AS overlap_min,
       CASE WHEN degree = 2 THEN getvariable('second_rule')
            WHEN place IS NULL THEN getvariable('household_rule')
            ELSE rule_of.rule_id END AS rule_id
FROM every LEFT JOIN rule_of USING (place);

CREATE TEMP TABLE elsewhere AS
WITH presence AS (  -- many cases share an exposure; each is looked up once
    SELECT DISTINCT unnest([source_person, person]) AS who, place, t0, t1
    FROM evidence WHERE place IS NOT NULL
), doubted AS (
    SELECT DISTINCT who, presence.place, presence.t0, presence.t1
    FROM presence JOIN stays ON stays.person = who AND stays.place <> presence.place
        AND stays.t0 < presence.t1 AND stays.t1 > presence.t0
    LEFT JOIN near_of ON near_of.place = presence.place AND near_of.near = stays.place
    WHERE near_of.near IS NULL
)
SELECT DISTINCT case_id, degree, source_person, person, place, t0
FROM (SELECT *, unnest([source_person, person]) AS who FROM evidence WHERE place IS NOT NULL)
SEMI JOIN doubted USING (who, place, t0, t1);
"""
_FIRST_PART = "SELECT *, 1::TINYINT AS degree FROM evidence1"
_SECOND_PART = (
    "SELECT *, 2::TINYINT AS degree FROM evidence2 SEMI JOIN kept USING (case_id, person)"
)

_EXPOSURES = """
SELECT case_id, degree, source_person, person,
       CASE WHEN place IS NULL THEN 'household' ELSE 'visit' END AS setting,
       place, t0 AS time_from, t1 AS time_to, overlap_min, imputed, rule_id,
       EXISTS (FROM elsewhere x WHERE x.case_id = e.case_id AND x.degree = e.degree
               AND x.source_person = e.source_person AND x.person = e.person
               AND x.place = e.place AND x.t0 = e.t0) AS two_places
FROM evidence e
ORDER BY case_id, degree, person, source_person, time_from, place NULLS FIRST
"""

_CONTACTS = """
WITH every AS ({parts}),
shape AS (SELECT case_id, person, count(DISTINCT place)::INTEGER AS places
          FROM evidence GROUP BY ALL),
flagged AS (SELECT DISTINCT case_id, person FROM elsewhere)
SELECT case_id, person, degree, via AS via_person,
       first_s AS first_exposure, last_s AS last_exposure,
       exposures::INTEGER AS exposures, total_s / 60.0 AS minutes, imputed, rule_id, score,
       format('{{{{"confirmed_s": {{}}, "imputed_s": {{}}, "household": {{}}, "link": {{:.6f}}, '
              '"via": {{}}}}}}', total_s - imputed_s, imputed_s, household::VARCHAR, link,
              CASE WHEN via IS NULL THEN 'null' ELSE format('{{:.6f}}', via_score) END) AS reason,
       person IN (SELECT person FROM case_persons) AS is_case,
       (case_id, person) IN (SELECT (case_id, person) FROM flagged) AS two_places,
       household, places, imputed_s / 60.0 AS minutes_imputed
FROM every JOIN shape USING (case_id, person)
ORDER BY case_id, degree, score DESC, person
"""
_FIRST_CONTACTS = """
SELECT case_id, person, 1::TINYINT AS degree, NULL::BIGINT AS via, first_s, last_s,
       exposures, total_s, imputed_s, imputed, household, rule_id,
       score, score AS link, NULL::DOUBLE AS via_score
FROM contacts1
"""
_SECOND_CONTACTS = """
SELECT case_id, person, 2::TINYINT, via, first_s, last_s, exposures, total_s, imputed_s,
       imputed, household, getvariable('second_rule'), score, link, via_score
FROM contacts2
"""

_NOTICES = """
SELECT place, case_id, t0 AS time_from, t1 AS time_to, persons, place_persons::INTEGER
       AS place_persons
FROM notices ORDER BY case_id, place, time_from
"""
_CAPPED = """
SELECT case_id, count(*) AS found, {cap}::BIGINT AS kept FROM ranked
GROUP BY case_id HAVING count(*) > {cap} ORDER BY case_id
"""


def trace(
    cases: pa.Table,
    *,
    visits: pa.Table | Sequence[Path] | VisitFiles,
    places: pa.Table,
    households: pa.Table,
    rules: model.TraceRules,
    until: dt.datetime,
    isolations: pa.Table | None = None,
    aliases: pa.Table | None = None,
    threads: int = 2,
    memory_limit: str = "1GB",
) -> model.TraceResult:
    """Contacts of `cases` from what was recorded by `until`.

    cases: model.CASES, each id once; the window of a case is cut at `until`.
    visits: model.VISITS (further columns are ignored), Parquet files of that, or the files of the
        lake, read in place.
    places: model.PLACES; households: model.HOUSEHOLDS, members need no scan.
    isolations: model.ISOLATIONS; from then on a contact makes no second degree.
    aliases: model.ALIASES, merged pseudonyms; whatever is said of one is said of the canonical.
    memory_limit: of DuckDB; beyond it, it spills to a temporary folder.

    Degree 1 is an overlap at near places (`near`) inside the case's window of at least the minutes
    of the kind of his place, or a shared household.  Degree 2 is the same with a contact, from his
    first exposure until his isolation or `until`; nobody is listed twice for one case, the nearer
    degree holds.
    Refuses tables without the columns named and naive times.
    """
    if until.tzinfo is None:
        raise BadInput("time.naive", "`until` needs a time zone.")
    same = model.checked_aliases(aliases)
    asked = model.canonical(model.checked_cases(cases), same)
    homes = households if rules.households else model.HOUSEHOLDS.empty_table()
    until_s = int(until.timestamp())
    with _opened(threads, memory_limit) as con:
        _load_people(con, asked, homes, isolations, same, until_s=until_s)
        con.execute("SET VARIABLE second_rule = ?", [rules.second_rule_id])
        con.execute("SET VARIABLE household_rule = ?", [rules.rule_ids[model.HOUSEHOLD]])
        first = pc.min(pc.cast(asked["window_from"], pa.int64())).as_py()
        begin_s = (until_s if first is None else first) - rules.look_back_s()
        lake = stays.Lake(visits, places, same, begin_s=begin_s, until_s=until_s)
        stays.open_lake(con, lake, rules)
        degrees.trace_first(con, rules)
        crowded = degrees.trace_second(con, rules, until_s) if rules.degrees == 2 else 0
        found = _answer(con, rules)
    card = RunCard(
        engine="tracing",
        version=model.VERSION,
        parameters={
            "rules": rules.as_json(),
            "until": until.isoformat(),
            "crowded_stays_left_out": crowded,
        },
        inputs=_hashes(asked, visits, places, households)
        | ({"aliases": table_hash(same)} if same.num_rows else {}),
    )
    return model.TraceResult(*found, card)


@contextlib.contextmanager
def _opened(threads: int, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that spills to a folder of its own."""
    with tempfile.TemporaryDirectory() as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": memory_limit,
            "temp_directory": spill,
            "preserve_insertion_order": False,
        }
        with duckdb.connect(config=config) as con:
            con.execute("SET enable_progress_bar = false")
            yield con


def _load_people(
    con: duckdb.DuckDBPyConnection,
    cases: pa.Table,
    households: pa.Table,
    isolations: pa.Table | None,
    same: pa.Table,
    *,
    until_s: int,
) -> None:
    """The inputs about persons as DuckDB sees them: sources, cases, household_of, isolated."""
    con.register("cases", cases)
    homes = model.checked(households, model.HOUSEHOLDS, "households")
    con.register("households_in", model.canonical(homes, same))
    isolated = model.EMPTY["isolations"] if isolations is None else isolations
    gone = model.checked(isolated, model.ISOLATIONS, "isolations")
    con.register("isolations_in", model.canonical(gone, same))
    con.execute(
        f"""
        CREATE TEMP MACRO six(x) AS floor(x * 1e6::DOUBLE + 0.5::DOUBLE) / 1e6::DOUBLE;
        CREATE TEMP TABLE sources AS
        SELECT case_id AS src, person, epoch(window_from)::BIGINT AS w0,
               least(epoch(window_to)::BIGINT, {until_s}) AS w1 FROM cases;
        CREATE TEMP TABLE case_persons AS SELECT DISTINCT person FROM cases;
        CREATE TEMP TABLE household_of AS
        SELECT DISTINCT person, household FROM households_in
        WHERE person IS NOT NULL AND household IS NOT NULL;
        CREATE TEMP TABLE isolated AS
        SELECT person AS who, epoch(min(isolated_from))::BIGINT AS isolated_s FROM isolations_in
        WHERE isolated_from IS NOT NULL GROUP BY person;
        """
    )


def _answer(
    con: duckdb.DuckDBPyConnection, rules: model.TraceRules
) -> tuple[pa.Table, pa.Table, pa.Table, pa.Table]:
    both = rules.degrees == 2
    parts = " UNION ALL ".join([_FIRST_PART, _SECOND_PART][: 1 + both])
    con.execute(_EVIDENCE.format(parts=parts))
    con.execute("SET preserve_insertion_order = true")  # from here on ORDER BY must hold
    parts = " UNION ALL ".join([_FIRST_CONTACTS, _SECOND_CONTACTS][: 1 + both])
    contacts = con.sql(_CONTACTS.format(parts=parts)).to_arrow_table()
    cap = rules.second_cap_per_case
    capped = (
        con.sql(_CAPPED.format(cap=cap)).to_arrow_table()
        if both and cap is not None
        else model.CAPPED.empty_table()
    )
    return (
        contacts.cast(model.CONTACTS),
        con.sql(_EXPOSURES).to_arrow_table().cast(model.EXPOSURES),
        con.sql(_NOTICES).to_arrow_table().cast(model.NOTICES),
        capped.cast(model.CAPPED),
    )


def _hashes(
    cases: pa.Table,
    visits: pa.Table | Sequence[Path] | VisitFiles,
    places: pa.Table,
    households: pa.Table,
) -> dict[str, str]:
    """Hashes of the small inputs; the lake is named by its files (it keeps its own checksums)."""
    if isinstance(visits, pa.Table):
        lake = f"{visits.num_rows} rows in memory"
    else:
        paths = visits.paths if isinstance(visits, VisitFiles) else visits
        lake = ",".join(path.name for path in paths)
    return {
        "cases": table_hash(cases),
        "visits": lake,
        "places": table_hash(places),
        "households": table_hash(households),
    }
