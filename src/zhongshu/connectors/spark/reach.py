"""Which persons can matter to a part of a question, and all their scans, in Spark SQL.

Only ever too many: how long a scan can be felt is guessed from its own row (`time_out`, or the
kind's usual stay), which is never shorter than the stay the engine makes of it.  What a stay and
an overlap are is left to the engine.

Place and day are matched by hashing; within a day, 64 bits say which of its 22.5 minutes are
touched, so that a scan is one row, or two over midnight, and two scans meet where they share a bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from zhongshu.engines.tracing import model, near, parts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

DAY_S = 86_400
SLOT_S = DAY_S // 64
HOUR_S = 3600  # crowds are counted by clock hours

_KNOWN = """
SELECT {columns} FROM {source}
WHERE recorded_at <= timestamp_seconds({until}) AND person IS NOT NULL AND place IS NOT NULL
  AND time_in >= timestamp_seconds({begin}) AND time_in <= timestamp_seconds({until})
"""
# Scans by canonical pseudonym; without those of places that are not read.
_MERGED = """
(SELECT /*+ BROADCAST(a) */ coalesce(canonical, v.person) AS person, {columns}
 FROM {{visits}} v LEFT JOIN {{aliases}} a ON a.person = v.person)
"""
_READ = """
(SELECT /*+ BROADCAST(u) */ v.* FROM {source} v LEFT ANTI JOIN {{unread}} u ON u.place = v.place)
"""
_GUESSED = """
SELECT /*+ BROADCAST(figures) */ person, scan.place, t0,
       greatest(t0 + 1, least(coalesce(t_out, t0 + coalesce(imputed_s, {imputed_s})),
                              t0 + coalesce(max_s, {max_s}))) AS t1
FROM (SELECT person, place, unix_seconds(time_in) AS t0,
             CASE WHEN time_out > time_in THEN unix_seconds(time_out) END AS t_out
      FROM {{known}}) scan
LEFT JOIN {{figures}} figures ON figures.place = scan.place
WHERE coalesce(asked, {asked})
"""
# What the sources may have stayed, in one piece, where it reaches into their windows.
_TOUCHED = """
WITH own AS (
    SELECT /*+ BROADCAST(s) */ part, g.person, place, t0, t1, w0, w1
    FROM {{guessed}} g JOIN {{sources}} s ON s.person = g.person
), numbered AS (
    SELECT *, sum(fresh) OVER (PARTITION BY part, person, place ORDER BY t0, t1
                               ROWS UNBOUNDED PRECEDING) AS island
    FROM (SELECT *, CASE WHEN t0 <= max(t1) OVER (
                        PARTITION BY part, person, place ORDER BY t0, t1
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                    THEN 0 ELSE 1 END AS fresh FROM own)
), stay AS (
    SELECT part, person, place, island, min(t0) AS t0, max(t1) AS t1, min(w0) AS w0, max(w1) AS w1
    FROM numbered GROUP BY part, person, place, island
), slots AS (
    SELECT part, place, {begin} AS t0, {end} AS t1,
           explode(sequence({begin} div {day_s}, ({end} - 1) div {day_s})) AS day
    FROM stay WHERE t1 > w0 AND t0 < w1 AND least(t1, w1) > greatest(t0, w0)
)
SELECT part, place, day, bit_or({bits}) AS bits FROM slots GROUP BY part, place, day
"""
# Somebody near a source is looked for at the places near his.
_AROUND = """
SELECT part, place, day, bit_or(bits) AS bits
FROM (SELECT part, place, day, bits FROM {touched}
      UNION ALL
      SELECT /*+ BROADCAST(n) */ part, near AS place, day, bits
      FROM {touched} t JOIN {near} n ON n.place = t.place)
GROUP BY part, place, day
"""
_OVERLAP = ("greatest(t0, w0)", "least(t1, w1)")
_HOURS = (f"(t0 div {HOUR_S} * {HOUR_S})", f"(((t1 - 1) div {HOUR_S} + 1) * {HOUR_S})")
# The bits of [t0, t1) within `day`.
_BITS = f"""(shiftleft(-1L, int(greatest(t0 - day * {DAY_S}, 0) div {SLOT_S}))
    & shiftrightunsigned(-1L, int(63 - least(t1 - 1 - day * {DAY_S}, {DAY_S - 1}) div {SLOT_S})))"""

_WANTED = """
SELECT part, person FROM {{sources}}
UNION
SELECT part, person
FROM (SELECT person, place, day, {bits} AS bits
      FROM (SELECT *, explode(sequence(t0 div {day_s}, (t1 - 1) div {day_s})) AS day
            FROM {{guessed}})) g
JOIN {{touched}} t ON t.place = g.place AND t.day = g.day
WHERE g.bits & t.bits != 0
"""
# One empty row a part, so that a part nobody was scanned for answers for its households.
_GATHERED = """
SELECT part, {columns} FROM {{known}} JOIN {{wanted}} USING (person)
UNION ALL
SELECT id::int AS part, {blanks} FROM range({parts})
"""


def known(session: SparkSession, visits: DataFrame, asked: parts.Question) -> DataFrame:
    """The scans in reach of any window that the question reads, as known at the moment asked."""
    source, tables = "{visits}", {"visits": visits}
    if asked.aliases.num_rows:
        tables["aliases"] = session.createDataFrame(asked.aliases)
        others = ", ".join(f"v.{name}" for name in model.VISITS.names if name != "person")
        source = _MERGED.format(columns=others)
    unread = near.hidden(asked.places, asked.rules)
    if len(unread):
        tables["unread"] = session.createDataFrame(pa.table({"place": unread}))
        source = _READ.format(source=source)
    columns = ", ".join(model.VISITS.names)
    text = _KNOWN.format(columns=columns, source=source, begin=asked.begin_s, until=asked.until_s)
    return session.sql(text, **tables)


def wanted(
    session: SparkSession,
    scans: DataFrame,
    sources: DataFrame,
    asked: parts.Question,
    *,
    second: bool,
) -> DataFrame:
    """(part, person), distinct: the sources, and who can have been near one of them; at second
    degree, where crowds are counted, all who were near in the same hours."""
    table, other = parts.reach(asked, second=second)
    figures = session.createDataFrame(table)
    text = _GUESSED.format(**other._asdict())
    guessed = session.sql(text, known=scans, figures=figures)
    begin, end = _HOURS if second else _OVERLAP
    touched = session.sql(
        _TOUCHED.format(begin=begin, end=end, day_s=DAY_S, bits=_BITS),
        guessed=guessed,
        sources=sources,
    )
    close = near.pairs(asked.places, asked.rules)
    if close.num_rows:
        touched = session.sql(_AROUND, touched=touched, near=session.createDataFrame(close))
    return session.sql(
        _WANTED.format(day_s=DAY_S, bits=_BITS), sources=sources, guessed=guessed, touched=touched
    )


def gathered(
    session: SparkSession, scans: DataFrame, persons: DataFrame, asked: parts.Question
) -> DataFrame:
    """All scans of `persons`(part, person), one partition a part."""
    columns = ", ".join(model.VISITS.names)
    kinds = dict(scans.dtypes)
    blanks = ", ".join(f"CAST(NULL AS {kinds[name]}) AS {name}" for name in model.VISITS.names)
    text = _GATHERED.format(columns=columns, blanks=blanks, parts=asked.parts)
    found = session.sql(text, known=scans, wanted=persons)
    return found.repartitionById(asked.parts, found["part"])
