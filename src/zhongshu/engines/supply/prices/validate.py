"""Re-checks findings from the reports alone.  Shares no code with the watch.

One sentence per fault.  What is listed is re-derived; what is not listed is looked for.
"""

from __future__ import annotations

import collections
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.supply.prices import model

Row = dict[str, Any]
Pair = tuple[str, str]
CLOSE = 1e-6


def check(
    made: model.PriceWatch,
    *,
    watched: pa.Table,
    reports: pa.Table,
    rules: model.PriceRules,
    on: dt.date,
) -> list[str]:
    county = {(r["point_id"], r["item"]): r["county_code"] for r in watched.to_pylist()}
    by_pair: dict[Pair, list[Row]] = collections.defaultdict(list)
    for row in reports.to_pylist():
        by_pair[row["point_id"], row["item"]].append(row)
    start = min((row["date"] for rows in by_pair.values() for row in rows), default=on)
    counties: dict[Pair, list[float]] = collections.defaultdict(list)
    for pair, code in county.items():
        if (yuan := _yuan(by_pair[pair], on)) is not None:
            counties[code, pair[1]].append(yuan)
    faults, listed = [], set()
    for row in made.findings.to_pylist():
        pair = (row["point_id"], row["item"])
        said = f"{row['why']} of {pair[1]} at {pair[0]}"
        if (pair, row["why"]) in listed or pair not in county:
            faults.append(f"{said} is told twice or of a pair nobody watches")
            continue
        listed.add((pair, row["why"]))
        value = _values(by_pair[pair], counties[county[pair], pair[1]], rules, on, start)
        if row["why"] not in value or abs(value[row["why"]] - row["value"]) > CLOSE:
            faults.append(f"{said} is told as {row['value']}, not {value.get(row['why'])}")
        if not _alarming(row["why"], row["value"], rules):
            faults.append(f"{said} is within what is quiet")
    for pair, code in county.items():
        values = _values(by_pair[pair], counties[code, pair[1]], rules, on, start)
        for why, number in values.items():
            if (pair, why) not in listed and _alarming(why, number, rules):
                faults.append(f"{why} of {pair[1]} at {pair[0]} is not told")
    return faults


def _yuan(rows: list[Row], on: dt.date) -> float | None:
    return next((row["yuan"] for row in rows if row["date"] == on), None)


def _values(
    rows: list[Row], beside: list[float], rules: model.PriceRules, on: dt.date, start: dt.date
) -> dict[str, float]:
    values: dict[str, float] = {}
    now = _yuan(rows, on)
    if now is not None:
        spans: dict[str, list[float]] = {"above_county": beside}
        for why, days in (("week_rise", rules.week_days), ("month_rise", rules.month_days)):
            ages = ((on - row["date"]).days for row in rows)
            spans[why] = [
                row["yuan"]
                for row, age in zip(rows, ages, strict=True)
                if 1 <= age <= days and row["yuan"] is not None
            ]
        for why, prices in spans.items():
            if len(prices) >= max(1, rules.least_reports) and np.median(prices) > 0:
                values[why] = now / float(np.median(prices)) - 1.0
    newest = max((row["date"] for row in rows), default=start - dt.timedelta(days=1))
    values["missing"] = float((on - newest).days)
    day, empty = on, {row["date"]: not row["in_stock"] for row in rows}
    while empty.get(day):
        day -= dt.timedelta(days=1)
    values["out_of_stock"] = float((on - day).days)
    return values


def _alarming(why: str, value: float, rules: model.PriceRules) -> bool:
    days = {"missing": rules.missing_days, "out_of_stock": rules.out_days}
    if why in days:
        return value >= days[why]
    shares = {"week_rise": rules.week_rise, "month_rise": rules.month_rise}
    return value > shares.get(why, rules.county_above) + 1e-9  # beyond rounding
