"""The slow twin: the findings of one point and item, read as the rules are worded."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
from collections.abc import Callable
from typing import Any

from zhongshu.engines.supply.prices.model import PriceRules

Row = dict[str, Any]
Found = tuple[str, str, str, float]  # point, item, why, value
DAY = dt.timedelta(days=1)


def findings(watched: list[Row], reports: list[Row], rules: PriceRules, on: dt.date) -> set[Found]:
    said = {(r["point_id"], r["item"], r["date"]): r for r in reports}
    known_days = (on - min((r["date"] for r in reports), default=on)).days + 1
    found: set[Found] = set()
    for row in watched:
        point, item = row["point_id"], row["item"]

        def price(days_ago: int, at: str = point, what: str = item) -> float | None:
            return said.get((at, what, on - days_ago * DAY), {}).get("yuan")

        def silent(days_ago: int, at: str = point, what: str = item) -> bool:
            return (at, what, on - days_ago * DAY) not in said

        def empty(days_ago: int, at: str = point, what: str = item) -> bool:
            return not said.get((at, what, on - days_ago * DAY), {"in_stock": True})["in_stock"]

        county = [r["point_id"] for r in watched
                  if (r["county_code"], r["item"]) == (row["county_code"], item)]  # fmt: skip
        for why, prices, limit in (
            ("week_rise", [price(n + 1) for n in range(rules.week_days)], rules.week_rise),
            ("month_rise", [price(n + 1) for n in range(rules.month_days)], rules.month_rise),
            ("above_county", [price(0, at) for at in county], rules.county_above),
        ):
            share = _above(price(0), prices, rules.least_reports)
            if share is not None and share > limit + 1e-9:
                found.add((point, item, why, round(share, 6)))
        for why, holds, least in (
            ("missing", silent, rules.missing_days),
            ("out_of_stock", empty, rules.out_days),
        ):
            days = _in_a_row(holds, known_days)
            if days >= least:
                found.add((point, item, why, float(days)))
    return found


def _above(now: float | None, prices: list[float | None], least: int) -> float | None:
    known = [one for one in prices if one is not None]
    if now is None or not known or len(known) < least or statistics.median(known) <= 0:
        return None
    return now / statistics.median(known) - 1.0


def _in_a_row(holds: Callable[[int], bool], most: int) -> int:
    return sum(1 for _ in itertools.takewhile(holds, range(most)))
