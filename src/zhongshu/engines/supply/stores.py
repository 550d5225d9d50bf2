"""Stocks and demand read into shelves: lots and a daily need per store and item."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.supply import model
from zhongshu.engines.supply.shelf import Lot
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput

Row = dict[str, Any]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Shelf:
    """store_id None: demand of a county that has no store with the item.

    need: per day from day 0, long enough for targets, keeping and the horizon.
    """

    store_id: str | None
    county_code: str
    item: str
    unit: str
    lots: list[Lot]
    need: Floats


def read(
    stocks: pa.Table, demand: pa.Table, rules: model.SupplyRules, *, on: dt.date
) -> tuple[list[Shelf], pa.Table]:
    """Shelves in order of item, county, store; and the remarks on the stock."""
    tables.require(stocks, "stocks", model.STOCKS.names)
    tables.require(demand, "demand", model.DEMAND.names)
    tables.not_negative(stocks, "stocks", ["used_per_day"])
    tables.not_negative(demand, "demand", ["quantity"])
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in stocks.to_pylist():
        groups.setdefault((row["item"], row["county_code"], row["store_id"]), []).append(row)
    extra = _extra(demand, days(rules), on)
    base = {key: _used(rows) for key, rows in groups.items()}
    shelves = [
        Shelf(
            store_id=key[2],
            county_code=key[1],
            item=key[0],
            unit=rows[0]["unit"],
            lots=_lots(rows, on),
            need=base[key] + _share(key, base) * extra.get(key[:2], np.zeros(days(rules))),
        )
        for key, rows in sorted(groups.items())
    ]
    homeless = sorted(set(extra) - {key[:2] for key in groups})
    shelves += [Shelf(None, county, item, "", [], extra[item, county]) for item, county in homeless]
    return shelves, _remarks(groups)


def days(rules: model.SupplyRules) -> int:
    """Length of every need array.  Refuses horizons and lead times that make no sense."""
    longest = max([rules.default_target_days, *rules.target_days.values()])
    if rules.horizon_days < 1 or rules.keep_days < 0 or rules.km_per_day <= 0 or longest < 0:
        raise BadInput(
            "supply.bad_rules",
            "The horizon needs at least 1 day, keeping and targets 0 or more, km a day above 0.",
        )
    return max(rules.horizon_days, rules.keep_days, int(np.ceil(longest)))


def _extra(demand: pa.Table, length: int, on: dt.date) -> dict[tuple[str, str], Floats]:
    """Demand per (item, county) and day.  Refuses demand before `on`."""
    found: dict[tuple[str, str], Floats] = {}
    for row in demand.to_pylist():
        day = (row["date"] - on).days
        if day < 0:
            raise BadInput(
                "supply.demand_in_the_past",
                f"The demand for {row['item']} on {row['date']} lies before {on}.",
                date=row["date"].isoformat(),
            )
        if day < length:
            key = row["item"], row["county_code"]
            found.setdefault(key, np.zeros(length))[day] += row["quantity"] or 0.0
    return found


def _used(rows: list[Row]) -> float:
    """A store reports its use once per lot; it is the same use."""
    return max(float(row["used_per_day"] or 0.0) for row in rows)


def _share(key: tuple[str, str, str], base: dict[tuple[str, str, str], float]) -> float:
    """The store's part of its county's demand: by its use, or evenly where nothing is used."""
    peers = {other: used for other, used in base.items() if other[:2] == key[:2]}
    total = sum(peers.values())
    return peers[key] / total if total > 0 else 1 / len(peers)


def _lots(rows: list[Row], on: dt.date) -> list[Lot]:
    """Corrections below zero are taken off the good lots, the first to expire first."""
    debt = -sum(min(0.0, row["quantity"] or 0.0) for row in rows)
    lots = []
    good_first = sorted(rows, key=lambda row: _spoiling(row["expires_on"] or dt.date.max, on))
    for row in good_first:
        quantity = max(0.0, row["quantity"] or 0.0)
        taken = min(debt, quantity)
        debt -= taken
        lots.append(Lot(quantity - taken, row["expires_on"], on))
    return lots


def _spoiling(expires_on: dt.date, on: dt.date) -> tuple[bool, dt.date]:
    return expires_on < on, expires_on


def _remarks(groups: dict[tuple[str, str, str], list[Row]]) -> pa.Table:
    rows = [
        {"store_id": store, "item": item, "remark": "negative_stock"}
        for (item, _, store), lots in sorted(groups.items())
        if any((lot["quantity"] or 0.0) < 0 for lot in lots)
    ]
    return pa.Table.from_pylist(rows, schema=model.REMARKS)
