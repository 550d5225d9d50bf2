"""The wall: how many running clocks are overdue or due soon, by owner and by kind.

It moves by the minute: a clock is overdue on it from the minute after its due time's own.  That
is what lets it be read from counters by the minute, and its lists agree with it exactly.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from zhongshu.service.clocks import counters
from zhongshu.service.clocks.models import Kind
from zhongshu.service.kit.scope import Scope, path_end
from zhongshu.service.units import facade as units

BUCKETS = ("overdue", "h1", "h4", "h24", "later")
EDGES_H = (1, 4, 24)  # how far ahead people look; the shape of the screen, no rule
_CODE = 13


@dataclasses.dataclass(frozen=True, slots=True)
class Then:
    """The minute a wall or list is for.  past: not the present one."""

    at: dt.datetime
    past: bool

    @classmethod
    def of(cls, moment: dt.datetime, *, now: dt.datetime) -> Then:
        minute = moment.replace(second=0, microsecond=0)
        return cls(minute, minute < now.replace(second=0, microsecond=0))

    def span(self, bucket: str) -> tuple[dt.datetime | None, dt.datetime | None]:
        """From (included) and before of the due times in a bucket; None: open."""
        edges = [None, *self.edges(), None]
        place = BUCKETS.index(bucket)
        return edges[place], edges[place + 1]

    def edges(self) -> tuple[dt.datetime, ...]:
        return (self.at, *(self.at + dt.timedelta(hours=h) for h in EDGES_H))


Counts = dict[str, int]


@dataclasses.dataclass(frozen=True)
class Owner:
    """below: all of the unit's subtree; otherwise the unit alone."""

    unit: units.UnitRef
    below: bool
    counts: Counts


@dataclasses.dataclass(frozen=True)
class OfKind:
    kind: Kind
    counts: Counts


@dataclasses.dataclass(frozen=True)
class Wall:
    at: dt.datetime
    totals: Counts
    owners: tuple[Owner, ...]
    kinds: tuple[OfKind, ...]


def read(unit: units.UnitRef, scope: Scope, then: Then) -> Wall:
    """The wall of `unit`: itself, each unit right below with its subtree, and each clock."""
    path = unit["path"]
    below = list(units.children(unit["code"], scope))
    rows = _rows(path, [child.path for child in below], then)
    by_unit, by_kind = _sorted(rows)
    totals = by_unit.get(path, _none())
    children = tuple(Owner(units.ref(one), True, by_unit.get(one.path, _none())) for one in below)
    # Every clock below belongs to exactly one child's subtree; what is left is the unit's own.
    own = {b: totals[b] - sum(child.counts[b] for child in children) for b in BUCKETS}
    return Wall(then.at, totals, (Owner(unit, False, own), *children), _kinds(by_kind))


def _none() -> Counts:
    return dict.fromkeys(BUCKETS, 0)


def _sorted(rows: Iterable[Sequence[Any]]) -> tuple[dict[str, Counts], dict[int, Counts]]:
    """(path, kind or 0 for all, ends by itself, bucket, n) as counts by unit and by kind."""
    by_unit: dict[str, Counts] = {}
    by_kind: dict[int, Counts] = {}
    for path, kind, ends_itself, bucket, n in rows:
        if ends_itself and bucket == 0:
            continue  # it ended when it was due; the sweep will say so
        counts = by_kind.setdefault(kind, _none()) if kind else by_unit.setdefault(path, _none())
        counts[BUCKETS[bucket]] += int(n)
    return by_unit, by_kind


def _kinds(by_kind: Mapping[int, Counts]) -> tuple[OfKind, ...]:
    """By clock, the newest version's words; kinds with nothing running are left out."""
    newest: dict[str, OfKind] = {}
    for kind in Kind.objects.filter(pk__in=by_kind).order_by("clock", "-id"):
        first = newest.setdefault(kind.clock, OfKind(kind, _none()))
        for bucket, n in by_kind[kind.pk].items():
            first.counts[bucket] += n
    return tuple(one for one in newest.values() if any(one.counts.values()))


def _rows(path: str, children: Sequence[str], then: Then) -> list[tuple[Any, ...]]:
    """(path, kind or 0, ends by itself, bucket, n): of the unit and its children of all kinds,
    and of the unit by kind."""
    level = len(path) // _CODE
    names: dict[str, Any] = {
        "path": path, "end": path_end(path), "width": len(path) + _CODE, "at": then.at,
        "edges": list(then.edges()),
    }  # fmt: skip
    if then.past:
        statement = _THEN
    elif level < counters.ALL_DOWN_TO and level <= counters.KIND_DOWN_TO:
        statement = _CELLS
        hours = [edge.replace(minute=0) for edge in then.edges()]
        names |= {"paths": [path, *children], "hours": hours, "kinds": _kind_ids()}
        names |= {f"hour{place}": hour for place, hour in enumerate(hours)}
    else:
        statement = _ROW_BY_ROW
    with connection.cursor() as cursor:
        cursor.execute(statement, names)
        return list(cursor.fetchall())


def _kind_ids() -> list[int]:
    return list(Kind.objects.values_list("pk", flat=True))


# Bucket of a due time: how many edges it has reached.
_BUCKET = "width_bucket({due}, %(edges)s::timestamptz[])"
# Whole hours where an hour lies in one bucket; minutes in the hours an edge cuts, each a range of
# the index.
_CELL = "SELECT unit_path, kind_id, ends_itself, start, n FROM clocks_cell WHERE {where}"
_WHOSE = (
    "unit_path = ANY (%(paths)s) AND kind_id = 0",
    "unit_path = %(path)s AND kind_id = ANY (%(kinds)s)",
)
_WHEN = (
    "width_min = 60 AND NOT start = ANY (%(hours)s)",
    *(
        f"width_min = 1 AND start >= %(hour{place})s AND start < %(hour{place})s + interval '1 h'"
        for place in range(1 + len(EDGES_H))
    ),
)
_CELLS = f"""
    WITH found AS (
        {
    " UNION ALL ".join(
        _CELL.format(where=f"{whose} AND {when}") for whose in _WHOSE for when in _WHEN
    )
}
        UNION ALL
        SELECT v.unit_path, v.kind_id, d.ends_itself, d.due_minute, d.n
          FROM clocks_delta d
         CROSS JOIN LATERAL (VALUES
               (true, %(path)s, 0), (true, %(path)s, d.kind_id),
               (length(d.unit_path) > length(%(path)s), left(d.unit_path, %(width)s), 0)
             ) AS v (there, unit_path, kind_id)
         WHERE d.unit_path >= %(path)s AND d.unit_path < %(end)s AND v.there
    )
    SELECT unit_path, kind_id, ends_itself, {_BUCKET.format(due="start")}, sum(n)
      FROM found GROUP BY 1, 2, 3, 4
"""
_COUNTED = """
    SELECT CASE WHEN kind_id IS NOT NULL THEN %(path)s
                WHEN child IS NOT NULL THEN child ELSE %(path)s END,
           coalesce(kind_id, 0), ends_itself, bucket, sum(n)
      FROM (SELECT left(unit_path, %(width)s) AS child, kind_id, ends_itself, {bucket} AS bucket,
                   count(*) AS n
              FROM clocks_clock WHERE {there} GROUP BY 1, 2, 3, 4) AS counted
     GROUP BY GROUPING SETS ((ends_itself, bucket), (child, ends_itself, bucket),
                             (kind_id, ends_itself, bucket))
    HAVING NOT (kind_id IS NULL AND child IS NOT NULL AND child = %(path)s)
"""
_IN = "unit_path >= %(path)s AND unit_path < %(end)s"
_ROW_BY_ROW = _COUNTED.format(
    bucket=_BUCKET.format(due="due_at"), there=f"state = 'running' AND {_IN}"
)
# A past moment, from the times the clocks bear.
_THEN = _COUNTED.format(
    bucket=_BUCKET.format(due="due_at"),
    there=f"""{_IN} AND known_at <= %(at)s
        AND (state = 'running' OR (state = 'waived' AND waived_at > %(at)s)
             OR (state IN ('met', 'met_late') AND ended_known_at > %(at)s))""",
)
