"""What of the prices that points report calls for a look."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.engines.supply.prices import model, solve
from zhongshu.kernel.time import DAY
from zhongshu.rules import reader
from zhongshu.service.kit.dispatchrules import price_rules
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources import selectors

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Watch:
    """rows: `model.FINDINGS` with point_name, lon, lat and stands_on, the prices that the median
    is of (None where days are counted).  on: the day judged, None without a report.
    watched, reported: pairs of point and good, and those with a report of that day."""

    rows: Sequence[Row]
    on: dt.date | None
    watched: int
    reported: int


def watch(*, scope: Scope, path: str, as_of: dt.datetime) -> Watch:
    """Judges the last day reported by `as_of`, by the limits in force at `path`.

    Watched is what was reported within the days that the month's median looks back on: of a point
    that never reported nothing is said."""
    told = selectors.prices(as_of=as_of, scope=scope)
    if not told.num_rows:
        return Watch((), None, 0, 0)
    rows = told.to_pylist()
    on: dt.date = max(row["date"] for row in rows)
    care = reader.applicable(disease=reader.ANY, topic="dispatch", on=on, path=path)
    rules = price_rules(care)
    rows = [row for row in rows if row["date"] >= on - rules.month_days * DAY]
    last = {(row["point_id"], row["item"]): row for row in rows}  # by date: the last one stays
    watched = [
        {"point_id": point, "county_code": row["county_code"], "item": item}
        for (point, item), row in last.items()
    ]
    reports = [
        {name: row[name] for name in ("point_id", "item", "date", "yuan")}
        | {"in_stock": row["yuan"] is not None}
        for row in rows
    ]
    found = solve.watch(
        watched=pa.Table.from_pylist(watched, schema=model.WATCHED),
        reports=pa.Table.from_pylist(reports, schema=model.REPORTS),
        rules=rules,
        on=on,
    )
    stands = _Stands(rows, rules, on)
    named = [
        one
        | {name: last[one["point_id"], one["item"]][name] for name in ("point_name", "lon", "lat")}
        | {"stands_on": stands.on(one)}
        for one in found.findings.to_pylist()
    ]
    return Watch(named, on, found.watched, found.reported)


class _Stands:
    """How many prices a median is of."""

    def __init__(self, rows: Sequence[Row], rules: model.PriceRules, on: dt.date) -> None:
        self._today: Mapping[tuple[str, str], int] = collections.Counter(
            (row["county_code"], row["item"])
            for row in rows
            if row["date"] == on and row["yuan"] is not None
        )
        self._ages: dict[tuple[str, str], list[int]] = collections.defaultdict(list)
        for row in rows:
            if row["yuan"] is not None and row["date"] < on:
                self._ages[row["point_id"], row["item"]].append((on - row["date"]).days)
        self._days = {"week_rise": rules.week_days, "month_rise": rules.month_days}

    def on(self, found: Row) -> int | None:
        if found["why"] == "above_county":
            return self._today[found["county_code"], found["item"]]
        days = self._days.get(found["why"])
        if days is None:
            return None
        return sum(age <= days for age in self._ages[found["point_id"], found["item"]])
