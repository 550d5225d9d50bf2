"""First and second degree: from overlaps to contacts, in SQL.

`evidence1` and `evidence2` hold one row per exposure:
(case_id, source_person, person, place or null for household, t0, t1, seconds, imputed).
"""

from __future__ import annotations

import duckdb

from zhongshu.engines.tracing import meet, model, stays

_FIRST = """
CREATE TEMP TABLE met AS
SELECT case_id, cases.person AS source_person, met_case.person, place, t0, t1,
       t1 - t0 AS seconds, t1 > sure AS imputed
FROM met_case JOIN cases ON case_id = src;

CREATE TEMP TABLE heavy AS
SELECT case_id, place, count(DISTINCT person) AS place_persons
FROM met GROUP BY ALL HAVING count(DISTINCT person) > {heavy};

CREATE TEMP TABLE notices AS
SELECT s.place, s.src AS case_id, greatest(s.t0, s.w0) AS t0, least(s.t1, s.w1) AS t1,
       count(DISTINCT met.person)::INTEGER AS persons, any_value(place_persons) AS place_persons
FROM heavy
JOIN source_stays s ON s.src = heavy.case_id AND s.place = heavy.place
LEFT JOIN met ON met.case_id = s.src AND met.place = s.place AND met.t0 >= s.t0 AND met.t1 <= s.t1
GROUP BY ALL;

CREATE TEMP TABLE evidence1 AS
SELECT * FROM met ANTI JOIN heavy USING (case_id, place)
UNION ALL
SELECT c.src, c.person, other.person, NULL, c.w0, c.w1, 0, false
FROM sources c
JOIN household_of own ON own.person = c.person
JOIN household_of other ON other.household = own.household AND other.person <> c.person
WHERE c.w1 > c.w0
GROUP BY ALL;
"""

# {evidence} rows of one (case, source, person) become one link with its score.
_LINKS = """
SELECT *, six(1 - pow(2, -dose_s / {half_s})) AS score
FROM (SELECT *, total_s - imputed_s + {weight} * imputed_s
                + CASE WHEN household THEN {household_s} ELSE 0 END AS dose_s
      FROM (SELECT case_id, source_person, person, count(*) AS exposures,
                   min(t0) AS first_s, max(t1) AS last_s, sum(seconds)::BIGINT AS total_s,
                   coalesce(sum(seconds) FILTER (imputed), 0)::BIGINT AS imputed_s,
                   bool_and(imputed) AS imputed, bool_or(place IS NULL) AS household
            FROM {evidence} GROUP BY ALL))
"""

_CONTACTS_FIRST = """
CREATE TEMP TABLE contacts1 AS
WITH rule AS (
    SELECT case_id, person,
           arg_min(rule_id, (place IS NOT NULL, -seconds, rule_id)) AS rule_id
    FROM (SELECT evidence1.*, coalesce(rule_of.rule_id, getvariable('household_rule')) AS rule_id
          FROM evidence1 LEFT JOIN rule_of USING (place))
    GROUP BY ALL)
SELECT link.*, rule_id FROM ({links}) link JOIN rule USING (case_id, person)
"""

# A contact who is a case himself is traced in his own right, not as a link to second degree.
_VIA = """
CREATE TEMP TABLE case_via AS
SELECT case_id, person AS via, greatest(first_s, {not_before}) AS w0,
       least({until}, coalesce(isolated_s, {until})) AS w1, score
FROM contacts1
LEFT JOIN isolated ON isolated.who = contacts1.person
WHERE person NOT IN (SELECT person FROM case_persons) AND w1 > w0;

CREATE OR REPLACE TEMP TABLE sources AS
SELECT via AS src, via AS person, min(w0) AS w0, max(w1) AS w1 FROM case_via GROUP BY via;

INSERT INTO wanted SELECT person FROM sources ANTI JOIN held USING (person);
"""

_SECOND = """
CREATE TEMP VIEW evidence2 AS
WITH cut AS (
    SELECT case_id, via AS source_person, m.person, place, greatest(t0, v.w0) AS t0,
           least(t1, v.w1) AS t1, sure, second_min_s AS min_s
    FROM met_contact m JOIN case_via v ON v.via = m.src JOIN rule_of USING (place)
), every AS (
    SELECT case_id, source_person, person, place, t0, t1, t1 - t0 AS seconds, t1 > sure AS imputed
    FROM cut WHERE t1 > t0 AND t1 - t0 >= min_s
    UNION ALL
    SELECT DISTINCT case_id, via, other.person, NULL, w0, w1, 0, false
    FROM case_via
    JOIN household_of own ON own.person = via
    JOIN household_of other ON other.household = own.household AND other.person <> via
)
SELECT every.* FROM every
ANTI JOIN (SELECT case_id, person FROM contacts1
           UNION ALL SELECT case_id, person FROM cases) nearer USING (case_id, person);

CREATE TEMP TABLE links2 AS
SELECT link.*, case_via.score AS via_score, six(link.score * case_via.score) AS chain
FROM ({links}) link
JOIN case_via ON case_via.case_id = link.case_id AND case_via.via = link.source_person;

CREATE TEMP TABLE ranked AS
SELECT case_id, person,
       row_number() OVER (PARTITION BY case_id ORDER BY max(chain) DESC, person) AS rank
FROM links2 GROUP BY case_id, person;

CREATE TEMP TABLE kept AS SELECT case_id, person FROM ranked WHERE rank <= {cap};

CREATE TEMP TABLE contacts2 AS
WITH best AS (
    SELECT case_id, person,
           arg_min({{via: source_person, link: score, via_score: via_score, chain: chain}},
                   (-chain, source_person)) AS top,
           sum(exposures) AS exposures, min(first_s) AS first_s, max(last_s) AS last_s,
           sum(total_s)::BIGINT AS total_s, sum(imputed_s)::BIGINT AS imputed_s,
           bool_and(imputed) AS imputed, bool_or(household) AS household
    FROM links2 SEMI JOIN kept USING (case_id, person) GROUP BY ALL)
SELECT best.* EXCLUDE (top), top.via AS via, top.link AS link, top.via_score AS via_score,
       top.chain AS score
FROM best;
"""


def _links(evidence: str, rules: model.TraceRules) -> str:
    ranking = rules.ranking
    return _LINKS.format(
        evidence=evidence,
        weight=float(ranking.imputed_weight),
        household_s=float(ranking.household_dose_min) * 60,
        half_s=float(ranking.half_dose_min) * 60,
    )


def trace_first(con: duckdb.DuckDBPyConnection, rules: model.TraceRules) -> None:
    """Make evidence1, contacts1 and notices from `sources` (src is the case id)."""
    con.execute("INSERT INTO wanted SELECT DISTINCT person FROM sources")
    stays.resolve_wanted(con)
    meet.pair(con, into="met_case", min_s="min_s")
    con.execute(_FIRST.format(heavy=int(rules.heavy_place_persons)))
    con.execute(_CONTACTS_FIRST.format(links=_links("evidence1", rules)))


def trace_second(con: duckdb.DuckDBPyConnection, rules: model.TraceRules, until_s: int) -> int:
    """Make evidence2, contacts2, ranked and kept; the number of crowded stays left out."""
    days = rules.second_lookback_days
    not_before = 0 if days is None else until_s - round(days * 86_400)
    con.execute(_VIA.format(until=until_s, not_before=not_before))
    stays.resolve_wanted(con)
    crowded = meet.pair(
        con, into="met_contact", min_s="second_min_s", crowd_over=rules.heavy_place_persons
    )
    cap = rules.second_cap_per_case
    con.execute(
        _SECOND.format(
            links=_links("evidence2", rules), cap="9e18" if cap is None else str(int(cap))
        )
    )
    return crowded
