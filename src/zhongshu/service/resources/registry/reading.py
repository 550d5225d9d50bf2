"""Reading the registry: lists as they were at a moment, one thing, and what could open soon."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhongshu.kernel.errors import NotFound
from zhongshu.service.kit.scope import Scope, path_end
from zhongshu.service.resources.models import Conversion, Hold, Thing, ThingChange
from zhongshu.service.resources.registry import kinds


def things(
    *,
    scope: Scope,
    as_of: dt.datetime,
    kind: str = "",
    state: str = "",
    mode: str = "",
    part_of: str = "",
    text: str = "",
) -> QuerySet[Thing]:
    """Things within scope entered by `as_of`, with `state_then`: their state at that moment.

    Amounts and mode are those of now.  Refuses (BadInput) a kind or a state there is not.
    """
    if kind:
        kinds.check_kind(kind)
    if kind and state:
        kinds.check_state(kind, state)
    latest = ThingChange.objects.filter(thing=OuterRef("pk"), what="state", at__lte=as_of)
    rows = scope.filter(Thing.objects.filter(known_at__lte=as_of)).annotate(
        state_then=Coalesce(Subquery(latest.order_by("-at", "-id").values("after")[:1]), "state")
    )
    given = {"kind": kind, "state_then": state, "mode": mode, "part_of": part_of}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return rows.filter(name__contains=text) if text else rows


def get(thing_id: int, scope: Scope) -> Thing:
    found = scope.filter(Thing.objects.filter(pk=thing_id)).select_related("unit").first()
    if found is None:
        raise NotFound(
            "resources.unknown", f"There is no resource {thing_id} within your rights.", id=thing_id
        )
    return found


def changes(thing: Thing) -> QuerySet[ThingChange]:
    """Its history, the newest first."""
    return thing.changes.order_by("-at", "-id")


def holds(thing: Thing) -> QuerySet[Hold]:
    """Its ledger, the newest first, released ones too."""
    return thing.holds.order_by("-at", "-id")


def conversions(*, scope: Scope, as_of: dt.datetime) -> QuerySet[Conversion]:
    return scope.filter(Conversion.objects.filter(at__lte=as_of)).select_related("unit")


@dataclasses.dataclass(frozen=True, slots=True)
class Ready:
    """One pool of one kind in one unit.

    open: what things in use now have; held: of that, what is taken at the moment by the ledger
    or by the newest report, of each thing the larger;
    opening: what things that can be used within the hours asked would add;
    emergency: what turning things to emergency use would add, of those open or opening.
    """

    unit: str
    kind: str
    pool: str
    things: int
    open: int
    held: int
    opening: int
    emergency: int


_READY = """
    WITH here AS (
        SELECT id, kind, state, mode, opens_in_h, capacity, emergency, reported,
               CASE WHEN length(unit_path) >= %(cut)s
                    THEN right(left(unit_path, %(cut)s - 1), 12) ELSE %(unit)s END AS unit
          FROM resources_thing
         WHERE unit_path >= %(low)s AND unit_path < %(high)s AND known_at <= %(at)s
    ), usable AS (
        SELECT * FROM unnest(%(kinds)s::text[], %(states)s::text[]) AS u (kind, state)
    ), pools AS (
        SELECT h.id, h.unit, h.kind, k.pool, u.state IS NOT NULL AS open,
               u.state IS NULL AND h.opens_in_h <= %(hours)s AS opening,
               coalesce((h.capacity ->> k.pool)::bigint, 0) AS ordinary,
               coalesce((coalesce(h.emergency, h.capacity) ->> k.pool)::bigint, 0) AS most,
               (h.reported ->> k.pool)::bigint AS reported, h.mode = 'emergency' AS turned
          FROM here h
          LEFT JOIN usable u USING (kind, state)
         CROSS JOIN LATERAL (
               SELECT jsonb_object_keys(h.capacity || coalesce(h.emergency, '{}'::jsonb)) AS pool
         ) k
    ), taken AS (
        SELECT thing_id AS id, pool, sum(amount)::bigint AS held FROM resources_hold
         WHERE released_at IS NULL AND begins <= %(at)s AND (ends IS NULL OR ends > %(at)s)
         GROUP BY thing_id, pool
    )
    SELECT unit, kind, pool, count(*),
           coalesce(sum(CASE WHEN turned THEN most ELSE ordinary END) FILTER (WHERE open), 0),
           coalesce(sum(greatest(coalesce(held, 0), ordinary - reported)) FILTER (WHERE open), 0),
           coalesce(sum(CASE WHEN turned THEN most ELSE ordinary END) FILTER (WHERE opening), 0),
           coalesce(sum(most - ordinary) FILTER (WHERE NOT turned AND (open OR opening)), 0)
      FROM pools LEFT JOIN taken USING (id, pool)
     GROUP BY unit, kind, pool ORDER BY unit, kind, pool
"""


def readiness(*, unit: str, path: str, hours: int, at: dt.datetime) -> list[Ready]:
    """What is open in `unit` and what could be within `hours`, by the units just below it; things
    entered at the unit itself under its own code.  One query."""
    usable = [(kind, state) for kind, life in kinds.LIVES.items() for state in sorted(life.usable)]
    params: dict[str, Any] = {
        "low": path,
        "high": path_end(path),
        "cut": len(path) + 13,
        "unit": unit,
        "hours": hours,
        "at": at,
        "kinds": [kind for kind, _ in usable],
        "states": [state for _, state in usable],
    }
    with connection.cursor() as cursor:
        cursor.execute(_READY, params)
        return [Ready(*row[:3], *(int(n) for n in row[3:])) for row in cursor.fetchall()]
