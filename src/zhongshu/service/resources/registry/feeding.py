"""What the feeds report, entered in the registry: the newest report of a thing counts.

Runs inside `services.take`, on its staged rows.  A state that a person set later than the report
stays; the amounts are always those of the newest report.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

_NONE = "'{}'::jsonb"


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """SQL over the staged rows, which bear the report's columns: code, name, capacity (jsonb),
    reported (jsonb: what is free, or NULL), state (NULL: the feed tells none), facts, part_of.
    first: the state of a thing that is new and of which none is told."""

    kind: str
    code: str
    name: str
    capacity: str
    first: str
    reported: str = "NULL::jsonb"
    state: str = "NULL::text"
    facts: str = _NONE
    part_of: str = "''"


_ROOMS = Told(
    kind="room",
    code="site_id || '/' || room_no",
    name="site_name || ' ' || room_no",
    capacity="jsonb_build_object('places', capacity)",
    first="free",
    state="CASE state WHEN 'occupied' THEN 'taken' ELSE state END",
    facts="jsonb_build_object('floor', floor)",
    part_of="site_id",
)
TOLD: Mapping[str, tuple[Told, ...]] = {
    "hospital_beds": (
        Told(
            kind="hospital",
            code="hospital_id",
            name="name",
            capacity="jsonb_build_object('beds', beds_total, 'icu', icu_total)",
            first="open",
            reported="jsonb_build_object('beds', beds_free, 'icu', icu_free)",
            facts="jsonb_build_object('type', tier)",
        ),
    ),
    "isolation_rooms": (
        Told(kind="site", code="site_id", name="site_name", capacity=_NONE, first="open"),
        _ROOMS,
    ),
    "vehicles": (
        Told(
            kind="vehicle",
            code="vehicle_id",
            name="depot_name || ' ' || vehicle_id",
            capacity="jsonb_build_object('seats', seats, 'vehicle', 1)",
            first="ready",
            state="state",
            facts="jsonb_build_object('type', kind, 'depot', depot_name)",
        ),
    ),
    "stocks": (
        Told(
            kind="store",
            code="store_id",
            name="store_name",
            capacity=_NONE,
            first="open",
        ),
        Told(
            kind="lot",
            code="store_id || '/' || item",
            name="store_name || ' ' || item",
            capacity="jsonb_build_object('units', floor(greatest(quantity, 0))::bigint)",
            first="usable",
            facts="jsonb_build_object('goods', item, 'measure', unit_name, "
            "'used_per_day', used_per_day, 'expires_on', expires_on)",
            part_of="store_id",
        ),
    ),
    "sampling_points": (
        Told(
            kind="point",
            code="point_id",
            name="name",
            capacity="jsonb_build_object('desks', desks_max)",
            first="reserve",
        ),
    ),
    "prices": (
        Told(
            kind="price_point",
            code="point_id",
            name="point_name",
            capacity=_NONE,
            first="open",
        ),
    ),
    "laboratories": (
        Told(
            kind="laboratory",
            code="lab_id",
            name="name",
            capacity="jsonb_build_object('tubes_per_day', tubes_per_day)",
            first="open",
        ),
    ),
}


def follow(run: Any, feed: str, *, dated: bool) -> None:
    """Enter the staged reports of `feed`.  run: the cursor that sees ``staged_reports``.

    dated: the report counts from its as_of; otherwise from when it became known.
    """
    at = "as_of" if dated else "known_at"
    for told in TOLD[feed]:
        run.execute(_sql(told, feed, at))


def _sql(told: Told, feed: str, at: str) -> str:
    """Three steps in one statement: the newest report of each thing; the things with it; and a
    line of history for those entered or in another state than before."""
    newer = "false"
    if told.state != "NULL::text":
        newer = "excluded.state <> t.state AND excluded.state_since >= t.state_since"
    return f"""
        WITH newest AS (
            SELECT DISTINCT ON (thing_code) {told.code} AS thing_code, {told.name} AS thing_name,
                   unit_code, unit_path, {told.part_of} AS part_of, lon, lat,
                   {told.capacity} AS holds, {told.reported} AS free, {told.state} AS told_state,
                   {told.facts} AS told_facts, {at} AS at, known_at
              FROM staged_reports ORDER BY thing_code, {at} DESC
        ), before AS (
            SELECT t.id, t.state FROM resources_thing t
              JOIN newest n ON t.kind = '{told.kind}' AND t.code = n.thing_code
        ), put AS (
            INSERT INTO resources_thing AS t
                (kind, code, name, unit_id, unit_path, part_of, lon, lat, capacity, reported,
                 reported_at, state, state_since, state_by, mode, facts, origin, known_at)
            SELECT '{told.kind}', thing_code, thing_name, unit_code, unit_path, part_of, lon, lat,
                   holds, free, at, coalesce(told_state, '{told.first}'), at, 'feed:{feed}',
                   'ordinary', told_facts, 'feed', known_at FROM newest
            ON CONFLICT (kind, code) DO UPDATE SET
                name = excluded.name, unit_id = excluded.unit_id, unit_path = excluded.unit_path,
                lon = excluded.lon, lat = excluded.lat, capacity = excluded.capacity,
                reported = excluded.reported, reported_at = excluded.reported_at,
                facts = t.facts || excluded.facts,
                (state, state_since, state_by, opens_in_h) = (
                    SELECT CASE WHEN c.newer THEN excluded.state ELSE t.state END,
                           CASE WHEN c.newer THEN excluded.state_since ELSE t.state_since END,
                           CASE WHEN c.newer THEN excluded.state_by ELSE t.state_by END,
                           CASE WHEN c.newer THEN NULL ELSE t.opens_in_h END
                      FROM (SELECT {newer}) c(newer))
            WHERE (t.reported_at IS NULL OR excluded.reported_at >= t.reported_at)
              AND ({newer} OR
                  (t.name, t.unit_id, t.lon, t.lat, t.capacity, t.reported, t.reported_at)
                  IS DISTINCT FROM (excluded.name, excluded.unit_id, excluded.lon, excluded.lat,
                      excluded.capacity, excluded.reported, excluded.reported_at))
            RETURNING id, state, state_since, state_by
        )
        INSERT INTO resources_thingchange (thing_id, what, before, after, at, by, why)
        SELECT p.id, 'state', coalesce(b.state, ''), p.state, p.state_since, p.state_by, ''
          FROM put p LEFT JOIN before b USING (id)
         WHERE b.state IS DISTINCT FROM p.state
    """
