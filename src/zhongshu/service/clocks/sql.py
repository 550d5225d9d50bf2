"""The set-based statements that move clocks by facts."""

from __future__ import annotations

from zhongshu.rules import states

_PATH = 'text COLLATE "C"'
FOUND_COLUMNS = {
    "key": "text",
    "pack_id": "text",
    "clock": "text",
    "subject_id": "bigint",
    "subject_path": _PATH,
    "unit": "text",
    "unit_path": _PATH,
    "label": "text",
    "anchor_at": "timestamptz",
    "due_at": "timestamptz",
    "stop_at": "timestamptz",
    "ends_itself": "boolean",
    "known_at": "timestamptz",
}
SUBJECT_COLUMNS = {"subject_id": "bigint"}


def listed(noun_states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in noun_states)


def step_at(rung: str, clock: str) -> str:
    """SQL of `rules.clocks.step_at`."""
    return (
        f"CASE WHEN {clock}.due_at > {clock}.anchor_at THEN {clock}.anchor_at"
        f" + ({clock}.due_at - {clock}.anchor_at) * ({rung}.pct / 100) ELSE {clock}.due_at END"
    )


def next_rung(clock: str, done: str) -> str:
    """The first step of the ladder that is not in `done`, as a lateral row (step, at)."""
    return f"""
        (SELECT g.step, {step_at("g", clock)} AS at FROM clocks_rung g
          WHERE g.kind_id = {clock}.kind_id AND NOT g.step = ANY ({done})
          ORDER BY g.ord LIMIT 1)
    """


# Nobody else moves these clocks until we are done; in one order, so that two never wait in a ring.
LOCK = """
    SELECT c.id FROM clocks_clock c JOIN staged_subjects s USING (subject_id)
     WHERE c.subject_kind = %(subject_kind)s ORDER BY c.id FOR UPDATE OF c
"""

_MOVED = (
    "(c.kind_id, c.anchor_at, c.due_at, c.unit_path, c.subject_path, c.label, c.ends_itself,"
    " c.ended_at) IS DISTINCT FROM (k.id, f.anchor_at, f.due_at, f.unit_path, f.subject_path,"
    " f.label, f.ends_itself, e.ended_at)"
)
# What each fact-made clock becomes.  One that a person waived stays waived, whatever the facts.
# One that has no step of its own ends when it is due.
PLAN = f"""
    CREATE TEMPORARY TABLE planned ON COMMIT DROP AS
    SELECT c.id, k.id AS kind_id, f.pack_id, f.clock, f.subject_id, f.subject_path,
           f.unit, f.unit_path, f.label, f.anchor_at, f.due_at, f.ends_itself, f.known_at,
           e.ended_at,
           CASE WHEN e.ended_at IS NULL THEN 'running' WHEN e.ended_at <= f.due_at THEN 'met'
                ELSE 'met_late' END AS state,
           c.state AS was, c.anchor_at AS anchor_was, c.due_at AS due_was,
           c.ended_at AS ended_was, c.done AS done_was, coalesce(c.arming, 0) AS arming_was
      FROM staged_clocks f
      JOIN clocks_kind k ON k.key = f.key
     CROSS JOIN LATERAL (
           SELECT CASE WHEN f.ends_itself AND f.due_at <= %(now)s THEN f.due_at
                       ELSE f.stop_at END AS ended_at) e
      LEFT JOIN clocks_clock c
        ON c.subject_kind = %(subject_kind)s AND c.subject_id = f.subject_id
       AND c.pack_id = f.pack_id AND c.clock = f.clock
     WHERE c.id IS NULL
        OR (c.state <> 'waived' AND {_MOVED})
        OR (c.state = 'waived' AND c.waived_reason = 'anchor_withdrawn')
"""
# Steps taken that stay taken; as in `rules.clocks.still_done`, but a clock that starts again
# takes all the steps that lie ahead again.
PLAN_STEPS = f"""
    CREATE TEMPORARY TABLE planned_steps ON COMMIT DROP AS
    SELECT p.subject_id, p.pack_id, p.clock, d.done, n.step AS next_step, n.at AS next_at,
           p.arming_was + CASE WHEN d.done <> coalesce(p.done_was, '{{}}') THEN 1 ELSE 0 END
             AS arming
      FROM planned p
     CROSS JOIN LATERAL (
           SELECT coalesce(array_agg(g.step ORDER BY g.ord), '{{}}')::varchar(24)[] AS done
             FROM clocks_rung g
            WHERE g.kind_id = p.kind_id AND g.step = ANY (p.done_was)
              AND (p.state <> 'running' OR {step_at("g", "p")} <= %(now)s
                   OR (g.levels_up = 0 AND p.was = 'running'))) d
      LEFT JOIN LATERAL {next_rung("p", "d.done")} n ON p.state = 'running'
"""
_STATE = (
    "jsonb_build_object('state', {state}, 'anchor_at', {anchor}, 'due_at', {due},"
    " 'ended_at', {ended})"
)
_AFTER = _STATE.format(state="p.state", anchor="p.anchor_at", due="p.due_at", ended="p.ended_at")
_BEFORE = _STATE.format(state="p.was", anchor="p.anchor_was", due="p.due_was", ended="p.ended_was")

START = f"""
    WITH came AS (
        INSERT INTO clocks_clock (
            kind_id, pack_id, clock, subject_kind, subject_id, subject_path, unit_id, unit_path,
            label, anchor_at, due_at, state, ends_itself, ended_at, ended_known_at, known_at,
            done, arming, next_step, next_at, waived_reason, waived_note, waived_by)
        SELECT p.kind_id, p.pack_id, p.clock, %(subject_kind)s, p.subject_id, p.subject_path,
               p.unit, p.unit_path, p.label, p.anchor_at, p.due_at, p.state, p.ends_itself,
               p.ended_at, greatest(p.ended_at, CASE WHEN p.ended_at IS NOT NULL
                                                     THEN p.known_at END), p.known_at,
               s.done, s.arming, coalesce(s.next_step, ''), s.next_at, '', '', ''
          FROM planned p JOIN planned_steps s USING (subject_id, pack_id, clock)
         WHERE p.id IS NULL
            ON CONFLICT (subject_kind, subject_id, pack_id, clock) DO NOTHING
        RETURNING id, state, anchor_at, due_at, ended_at)
    INSERT INTO clocks_clockevent (clock_id, at, what, by, note, after)
    SELECT p.id, %(now)s, w.what, %(by)s, '', {_AFTER}
      FROM came p
     CROSS JOIN LATERAL unnest(CASE WHEN p.state = 'running' THEN ARRAY['started']
                                    ELSE ARRAY['started', p.state] END) AS w (what)
"""
MOVE = f"""
    WITH moved AS (
        UPDATE clocks_clock c SET
            kind_id = p.kind_id, subject_path = p.subject_path, unit_id = p.unit,
            unit_path = p.unit_path, label = p.label, anchor_at = p.anchor_at, due_at = p.due_at,
            state = p.state, ends_itself = p.ends_itself, ended_at = p.ended_at,
            ended_known_at = CASE WHEN p.ended_at IS NULL THEN NULL
                                  WHEN p.ended_at = p.ended_was THEN c.ended_known_at
                                  ELSE greatest(p.ended_at, p.known_at) END,
            known_at = least(c.known_at, p.known_at), done = s.done, arming = s.arming,
            next_step = coalesce(s.next_step, ''), next_at = s.next_at,
            waived_reason = '', waived_note = '', waived_by = '', waived_at = NULL
          FROM planned p JOIN planned_steps s USING (subject_id, pack_id, clock)
         WHERE c.id = p.id
        RETURNING c.id)
    INSERT INTO clocks_clockevent (clock_id, at, what, by, note, before, after)
    SELECT p.id, %(now)s,
           CASE WHEN p.state = p.was THEN 'recomputed' WHEN p.state = 'running' THEN 'restarted'
                ELSE p.state END, %(by)s, '', {_BEFORE}, {_AFTER}
      FROM planned p JOIN moved USING (id)
"""
# What no fact makes any more: its anchor is gone, or the rule does not hold for it now.
WITHDRAW = f"""
    WITH gone AS (
        UPDATE clocks_clock c SET state = 'waived', waived_reason = 'anchor_withdrawn',
               waived_by = %(by)s, waived_at = %(now)s, next_step = '', next_at = NULL
          FROM staged_subjects s
         WHERE c.subject_kind = %(subject_kind)s AND c.subject_id = s.subject_id
           AND c.state IN ({listed(states.sources("clock", "withdraw"))})
           AND NOT EXISTS (SELECT 1 FROM staged_clocks f
                            WHERE f.subject_id = c.subject_id AND f.pack_id = c.pack_id
                              AND f.clock = c.clock)
        RETURNING c.id, c.anchor_at, c.due_at, c.ended_at)
    INSERT INTO clocks_clockevent (clock_id, at, what, by, note, after)
    SELECT p.id, %(now)s, 'waived', %(by)s, 'anchor_withdrawn',
           {
    _STATE.format(state="'waived'::text", anchor="p.anchor_at", due="p.due_at", ended="p.ended_at")
}
      FROM gone p
"""
