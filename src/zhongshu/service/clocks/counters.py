"""Counters of running clocks: changes are only added, then folded into cells by unit and time.

A wall reads cells and what has not been folded in one statement, so it is exact at any moment.
"""

from __future__ import annotations

from django.db import connection, transaction

_FOLD_LOCK = 0x434C4B  # any constant: one folds at a time
BATCH = 100_000
# Down to which level (1 province .. 5 village) cells are kept, of all kinds and of each kind.
# Below, a subtree's clocks are few enough to be counted one by one.
ALL_DOWN_TO, KIND_DOWN_TO = 4, 3
_CODE = 13

_FOLD = f"""
    WITH taken AS (
        DELETE FROM clocks_delta d
         USING (SELECT id FROM clocks_delta ORDER BY id LIMIT %(batch)s) AS oldest
         WHERE d.id = oldest.id
        RETURNING d.unit_path, d.kind_id, d.ends_itself, d.due_minute, d.n),
    small AS (
        SELECT left(unit_path, {_CODE} * {ALL_DOWN_TO}) AS path, kind_id, ends_itself, due_minute,
               sum(n) AS n
          FROM taken GROUP BY 1, 2, 3, 4),
    levelled AS (
        SELECT left(path, {_CODE} * level) AS path, CASE WHEN of_kind THEN kind_id ELSE 0 END
                 AS kind_id, ends_itself, width, date_trunc(unit, due_minute) AS start,
               sum(n) AS n
          FROM small,
               (VALUES (1, 'minute'), (60, 'hour')) AS widths (width, unit),
               (SELECT level, of_kind FROM generate_series(1, {ALL_DOWN_TO}) AS level,
                       (VALUES (false), (true)) AS both_ways (of_kind)
                 WHERE NOT of_kind OR level <= {KIND_DOWN_TO}) AS levels
         WHERE length(path) >= {_CODE} * level
         GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0),
    folded AS (
        INSERT INTO clocks_cell (unit_path, width_min, kind_id, start, ends_itself, n)
        SELECT path, width, kind_id, start, ends_itself, n FROM levelled
         ORDER BY path, width, kind_id, start
            ON CONFLICT (unit_path, width_min, kind_id, start, ends_itself)
            DO UPDATE SET n = clocks_cell.n + excluded.n
        RETURNING unit_path, width_min, kind_id, start, ends_itself, n)
    SELECT (SELECT count(*) FROM taken), coalesce(jsonb_agg(jsonb_build_array(
               unit_path, width_min, kind_id, start, ends_itself)), '[]')
      FROM folded WHERE n = 0
"""
_EMPTY = """
    DELETE FROM clocks_cell c USING jsonb_array_elements(%s) AS empty
     WHERE c.unit_path = empty ->> 0 AND c.width_min = (empty ->> 1)::int
       AND c.kind_id = (empty ->> 2)::bigint AND c.start = (empty ->> 3)::timestamptz
       AND c.ends_itself = (empty ->> 4)::boolean AND c.n = 0
"""


def fold(*, batch: int = BATCH) -> int:
    """Fold the changes written so far into cells; how many.  Another fold at work: none."""
    folded = 0
    while (taken := _fold_batch(batch)) > 0:
        folded += taken
    return folded


def _fold_batch(batch: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, {"batch": batch})
        taken, empty = cursor.fetchone()
        if empty != "[]":
            cursor.execute(_EMPTY, [empty])
    return int(taken)
