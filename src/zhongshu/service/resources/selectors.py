"""What there is at a moment: of each thing, the latest report that counted then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa
from django.db import connection

from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.scope import Scope, path_end
from zhongshu.service.resources.tables import KINDS


def latest(feed: str, *, as_of: dt.datetime, scope: Scope | None = None) -> pa.Table:
    """The latest report of each thing at `as_of`: the feed's columns, the unit it is filed under
    (in the feed's code column) and unit_path, ordered by the thing's key.

    scope None: everything (the cycle).
    """
    kind = KINDS[feed]
    own = [
        f"{kind.column(name)} AS {name}" if kind.column(name) != name else name
        for name in kind.columns
    ]
    where, params = _where(scope)
    keys = ", ".join(kind.key)
    return fetch(
        f"SELECT DISTINCT ON ({keys}) {', '.join(own)}, unit_id AS {kind.code}, unit_path, "
        f"lon, lat, date_trunc('second', as_of) AS as_of FROM {kind.table} "
        f"WHERE as_of <= %(as_of)s AND {where} ORDER BY {keys}, {kind.table}.as_of DESC",
        kind.schema,
        {"as_of": as_of} | params,
    )


_PRICES = pa.schema(
    [
        ("point_id", pa.string()),
        ("point_name", pa.string()),
        ("item", pa.string()),
        ("county_code", pa.string()),
        ("yuan", pa.float64()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("date", pa.date32()),
    ]
)
_PRICE_DAYS = 61  # no edition may look back further than sixty days


def prices(*, as_of: dt.datetime, scope: Scope) -> pa.Table:
    """The last report of each point, good and day, of the days that can matter, by day."""
    where, params = _where(scope)
    day = "(as_of AT TIME ZONE 'Asia/Shanghai')::date"
    return fetch(
        f"SELECT point_id, point_name, item, unit_id AS county_code, yuan, lon, lat, date FROM ("
        f"SELECT DISTINCT ON (date, point_id, item) *, {day} AS date "
        f"FROM resources_pricereport WHERE as_of <= %(as_of)s AND as_of > %(since)s AND {where} "
        f"ORDER BY date, point_id, item, as_of DESC) newest ORDER BY date, point_id, item",
        _PRICES,
        {"as_of": as_of, "since": as_of - dt.timedelta(days=_PRICE_DAYS)} | params,
    )


def totals(
    feed: str,
    column: str,
    *,
    scope: Scope,
    moments: Sequence[dt.datetime],
) -> list[float | None]:
    """The sum of SQL expression `column` over the latest reports at each moment; None where
    nothing had been reported.  One query."""
    kind = KINDS[feed]
    where, params = _where(scope)
    keys = ", ".join(kind.key)
    sql = f"""
        SELECT m.moment, sum(r.value) FROM unnest(%(moments)s::timestamptz[]) AS m (moment)
        LEFT JOIN LATERAL (
            SELECT DISTINCT ON ({keys}) {column} AS value FROM {kind.table}
             WHERE as_of <= m.moment AND {where} ORDER BY {keys}, as_of DESC
        ) r ON true GROUP BY m.moment
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "moments": list(moments)})
        found = dict(cursor.fetchall())
    return [None if found[moment] is None else float(found[moment]) for moment in moments]


def _where(scope: Scope | None) -> tuple[str, dict[str, str]]:
    if scope is None:
        return "true", {}
    parts: list[str] = ["false"]
    params: dict[str, str] = {}
    for number, path in enumerate(scope.paths):
        parts.append(f"(unit_path >= %(low{number})s AND unit_path < %(high{number})s)")
        params |= {f"low{number}": path, f"high{number}": path_end(path)}
    return f"({' OR '.join(parts)})", params
