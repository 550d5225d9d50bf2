"""Who was near a set of sources at the same time, in SQL.  Which places are near: `near`.

Time is cut into clock hours, so that place and hour can be matched by hashing; an overlap belongs
to the hour in which it begins and is therefore found once.
"""

from __future__ import annotations

import duckdb

from zhongshu.engines.tracing import stays

_HOURS = f"unnest(range({{t0}} // {stays.HOUR_S}, ({{t1}} - 1) // {stays.HOUR_S} + 1))"

# The stays of the sources that reach into their windows, uncut, and the hours these touch.
_SOURCE = f"""
CREATE OR REPLACE TEMP TABLE source_stays AS
SELECT src, person, place, t0, t1, sure, w0, w1, {{min_s}} AS min_s
FROM stays JOIN sources USING (person) JOIN rule_of USING (place)
WHERE t1 > w0 AND t0 < w1 AND {{min_s}} IS NOT NULL;

CREATE OR REPLACE TEMP TABLE source_hours AS
SELECT DISTINCT place, {_HOURS.format(t0="t0", t1="t1")} AS hour FROM source_stays;

-- Where and when somebody can have been near a source.
CREATE OR REPLACE TEMP TABLE looked AS
SELECT place, hour FROM source_hours
UNION
SELECT near, hour FROM source_hours JOIN near_of USING (place);
"""

# Scans of persons not held yet, by the hours of the longest stay they can mean.
_GUESSED = f"""
    SELECT person, place, t0, t1, {_HOURS.format(t0="t0", t1="t1")} AS hour
    FROM (SELECT person, place, t0,
                 greatest(t0 + 1, least(coalesce(t_out, t0 + imputed_s), t0 + max_s)) AS t1
          FROM known ANTI JOIN held USING (person) JOIN rule_of USING (place)
          WHERE place IN (SELECT place FROM looked))
"""
# Everybody in the same hours, where crowds are to be counted; else only who can have overlapped.
_WANTED_HOURS = f"""
INSERT INTO wanted
SELECT DISTINCT person FROM ({_GUESSED}) SEMI JOIN looked USING (place, hour)
"""
_WANTED_OVERLAP = f"""
INSERT INTO wanted
WITH watched AS (
    SELECT place, t0, t1, w0, w1 FROM source_stays
    UNION ALL
    SELECT near, t0, t1, w0, w1 FROM source_stays JOIN near_of USING (place)
)
SELECT DISTINCT g.person FROM ({_GUESSED}) g
JOIN (SELECT place, t0, t1, w0, w1, {_HOURS.format(t0="t0", t1="t1")} AS hour
      FROM watched) s ON s.place = g.place AND s.hour = g.hour
WHERE least(s.t1, g.t1, s.w1) > greatest(s.t0, g.t0, s.w0)
"""

# By the name of the source's place: stays at places near it that overlap or touch are one.
_PRESENT = f"""
CREATE OR REPLACE TEMP TABLE present AS
WITH here AS (SELECT DISTINCT place FROM source_hours),
spread AS (
    SELECT here.place AS spot, near AS place FROM near_of JOIN here USING (place)
    UNION
    SELECT place, place FROM near_of SEMI JOIN here USING (place)
), numbered AS (
    SELECT *, sum(fresh) OVER (PARTITION BY person, spot ORDER BY t0, t1, place
                               ROWS UNBOUNDED PRECEDING) AS island
    FROM (SELECT stays.*, spot,
                 coalesce(t0 > max(t1) OVER (
                     PARTITION BY person, spot ORDER BY t0, t1, place
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true)::INTEGER AS fresh
          FROM stays JOIN spread USING (place))
), close AS (
    SELECT person, place, t0, t1, sure FROM stays
    SEMI JOIN here USING (place) ANTI JOIN near_of USING (place)
    UNION ALL
    SELECT person, spot, min(t0), max(t1), max(sure) FROM numbered GROUP BY person, spot, island
)
SELECT * FROM (SELECT *, {_HOURS.format(t0="t0", t1="t1")} AS hour FROM close)
SEMI JOIN source_hours USING (place, hour)
"""

_CROWDED = f"""
CREATE OR REPLACE TEMP TABLE crowded AS
SELECT place, hour FROM present GROUP BY ALL HAVING count(DISTINCT person) > {{heavy}};

CREATE OR REPLACE TEMP TABLE left_out AS
SELECT DISTINCT src, place, t0
FROM (SELECT src, place, t0, {_HOURS.format(t0="t0", t1="t1")} AS hour FROM source_stays)
SEMI JOIN crowded USING (place, hour);

DELETE FROM source_stays USING left_out
WHERE source_stays.src = left_out.src AND source_stays.place = left_out.place
  AND source_stays.t0 = left_out.t0;
"""

# `begins` is when two stays begin to overlap before the window cuts; it names the hour.
_PAIRS = f"""
CREATE TEMP TABLE {{into}} AS
SELECT s.src, p.person, s.place,
       greatest(s.t0, p.t0, s.w0) AS t0, least(s.t1, p.t1, s.w1) AS t1,
       least(s.sure, p.sure) AS sure
FROM (SELECT *, {_HOURS.format(t0="t0", t1="t1")} AS hour FROM source_stays) s
JOIN present p ON p.place = s.place AND p.hour = s.hour AND p.person <> s.person
WHERE greatest(s.t0, p.t0) // {stays.HOUR_S} = s.hour
  AND least(s.t1, p.t1, s.w1) > greatest(s.t0, p.t0, s.w0)
  AND least(s.t1, p.t1, s.w1) - greatest(s.t0, p.t0, s.w0) >= s.min_s
"""


def pair(
    con: duckdb.DuckDBPyConnection, *, into: str, min_s: str, crowd_over: int | None = None
) -> int:
    """Make `into`(src, person, place, t0, t1, sure): everyone who was near a source's place while
    he was there, inside his window, for at least `min_s` (a column of rule_of; null: kind left
    out).

    Reads the table sources(src, person, w0, w1); their stays must be held already.  With
    `crowd_over`, stays touching an hour with more persons present are left out; their number
    is returned.
    """
    con.execute(_SOURCE.format(min_s=min_s))
    con.execute(_WANTED_OVERLAP if crowd_over is None else _WANTED_HOURS)
    stays.resolve_wanted(con)
    con.execute(_PRESENT)
    left_out = 0
    if crowd_over is not None:
        con.execute(_CROWDED.format(heavy=int(crowd_over)))
        found = con.execute("SELECT count(*) FROM left_out").fetchone()
        left_out = int(found[0]) if found else 0
    con.execute(_PAIRS.format(into=into))
    return left_out
