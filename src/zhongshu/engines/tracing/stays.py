"""From scans to stays: what the lake says about where a person was, in SQL.

A scan is (person, place, time_in, time_out or missing).  A stay is (person, place, t0, t1, sure),
seconds since 1970, with t1 > t0; up to `sure` it is recorded, from there to t1 it is estimated.

1. Only what was recorded by `until` counts.
2. The same scan sent twice is one; the latest time out holds.
3. A time out that is missing, or not after the time in, is estimated: time in plus the kind's
   `imputed_stay`, but not beyond the person's next scan at another place.
4. No stay is longer than the kind's `max_stay`; one that was cut counts as estimated.
5. Stays of one person at one place that overlap or touch are one stay.

Scans at places of a kind that is not read are as if they had never been made; scans of merged
pseudonyms are those of the canonical one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from zhongshu.engines.tracing import model, near
from zhongshu.kernel.visitfiles import VisitFiles

HOUR_S = 3600

_KIND_RULES = pa.schema(
    [
        ("kind", pa.string()),
        ("min_s", pa.float64()),
        ("imputed_s", pa.int64()),
        ("max_s", pa.int64()),
        ("rule_id", pa.string()),
        ("second_min_s", pa.float64()),
    ]
)

_SETUP = """
CREATE TEMP TABLE stays (person BIGINT, place INTEGER, t0 BIGINT, t1 BIGINT, sure BIGINT);
CREATE TEMP TABLE held (person BIGINT);    -- persons whose stays are in `stays`
CREATE TEMP TABLE wanted (person BIGINT);  -- persons whose stays are needed next
"""

_KNOWN = """
CREATE TEMP VIEW known AS
SELECT {person} AS person, place, epoch(time_in)::BIGINT AS t0,
       CASE WHEN time_out > time_in THEN epoch(time_out)::BIGINT END AS t_out
FROM visits {merged}
WHERE recorded_at <= to_timestamp({until}) AND visits.person IS NOT NULL AND place IS NOT NULL
  AND time_in >= to_timestamp({begin}) AND time_in <= to_timestamp({until}) {read}
"""
_MERGED = {
    "person": "coalesce(aliases_in.canonical, visits.person)",
    "merged": "LEFT JOIN aliases_in ON aliases_in.person = visits.person",
}
_AS_SENT = {"person": "visits.person", "merged": ""}
_READ = "AND place NOT IN (SELECT place FROM unread)"

_RESOLVE = """
CREATE OR REPLACE TEMP TABLE scan AS
SELECT person, place, t0, max(t_out) AS t_out FROM known SEMI JOIN wanted USING (person)
GROUP BY ALL;

INSERT INTO stays
WITH elsewhere AS (
    SELECT here.person, here.place, here.t0, min(there.t0) AS t_next
    FROM scan here
    JOIN rule_of USING (place)
    JOIN scan there ON there.person = here.person AND there.place <> here.place
        AND there.t0 > here.t0 AND there.t0 < here.t0 + rule_of.imputed_s
    WHERE here.t_out IS NULL
    GROUP BY ALL
), ended AS (
    SELECT scan.person, scan.place, scan.t0,
           coalesce(t_out, least(scan.t0 + imputed_s, t_next)) AS t_end,
           t_out IS NOT NULL AND t_out <= scan.t0 + max_s AS recorded,
           max_s
    FROM scan JOIN rule_of USING (place)
    LEFT JOIN elsewhere USING (person, place, t0)
), bounded AS (
    SELECT person, place, t0, least(t_end, t0 + max_s) AS t1,
           CASE WHEN recorded THEN t_end ELSE t0 END AS sure
    FROM ended
    WHERE least(t_end, t0 + max_s) > t0
), numbered AS (
    SELECT *, sum(fresh) OVER (PARTITION BY person, place ORDER BY t0
                               ROWS UNBOUNDED PRECEDING) AS island
    FROM (SELECT *, coalesce(t0 > max(t1) OVER (
                        PARTITION BY person, place ORDER BY t0
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true)::INTEGER AS fresh
          FROM bounded)
)
SELECT person, place, min(t0), max(t1), max(sure) FROM numbered GROUP BY person, place, island;

INSERT INTO held SELECT person FROM wanted;
DELETE FROM wanted;
DROP TABLE scan;
"""


@dataclasses.dataclass(frozen=True)
class Lake:
    """Where scans come from and the part of time that matters, seconds since 1970."""

    visits: pa.Table | Sequence[Path] | VisitFiles
    places: pa.Table
    aliases: pa.Table
    _: dataclasses.KW_ONLY
    begin_s: int
    until_s: int


def open_lake(con: duckdb.DuckDBPyConnection, lake: Lake, rules: model.TraceRules) -> None:
    """Make `known` (scans in reach, as known at `until`), `rule_of` (figures of every place seen),
    `near_of` (near.PAIRS) and the empty `stays`.  Nothing is read into memory but the list of
    places."""
    visits = lake.visits
    if isinstance(visits, pa.Table):
        con.register("visits", model.checked(visits, model.VISITS, "visits"))
    elif isinstance(visits, VisitFiles) and visits.paths:
        con.register("persons_in", visits.persons)
        con.sql(visits.select("persons_in")).create_view("visits")
    elif not isinstance(visits, VisitFiles) and visits:
        con.read_parquet([str(path) for path in visits]).create_view("visits")
    else:
        con.register("visits", model.VISITS.empty_table())
    con.execute(_SETUP)
    con.register("aliases_in", lake.aliases)
    unread = near.hidden(lake.places, rules)
    con.register("unread", pa.table({"place": unread}))
    con.execute(
        _KNOWN.format(
            begin=lake.begin_s,
            until=lake.until_s,
            read=_READ if len(unread) else "",
            **(_MERGED if lake.aliases.num_rows else _AS_SENT),
        )
    )
    con.register("near_of", near.pairs(lake.places, rules))
    con.register("kind_rules", _kind_rules(rules))
    con.register("places_in", model.checked_places(lake.places))
    con.execute(
        """
        CREATE TEMP TABLE rule_of AS
        WITH seen AS (SELECT DISTINCT place FROM known),
             named AS (SELECT place, min(kind) AS kind FROM places_in
                       WHERE kind IN (SELECT kind FROM kind_rules) GROUP BY place)
        SELECT seen.place, named.kind, kind_rules.* EXCLUDE (kind)
        FROM seen LEFT JOIN named USING (place)
        JOIN kind_rules ON kind_rules.kind IS NOT DISTINCT FROM named.kind
        """
    )


def _kind_rules(rules: model.TraceRules) -> pa.Table:
    """Figures by kind in seconds; the row without a kind is for places nobody described."""
    rows = [
        {
            "kind": kind,
            "min_s": rule.min_overlap_min * 60,
            "imputed_s": round(rule.imputed_stay_min * 60),
            "max_s": round(rule.max_stay_min * 60),
            "rule_id": rule.rule_id,
            "second_min_s": None
            if rule.second_min_overlap_min is None
            else rule.second_min_overlap_min * 60,
        }
        for kind in (*rules.kinds, None)
        for rule in [rules.for_kind(kind)]
    ]
    return pa.Table.from_pylist(rows, schema=_KIND_RULES)


def resolve_wanted(con: duckdb.DuckDBPyConnection) -> None:
    """Add the stays of the persons in `wanted` (distinct, none of them in `held`)."""
    con.execute(_RESOLVE)
