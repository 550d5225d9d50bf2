"""The tables of a supply plan that only look: cover, shortages, lots about to expire."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from zhongshu.engines.supply import model, shelf
from zhongshu.engines.supply.stores import Row, Shelf


def cover(shelves: list[Shelf], rules: model.SupplyRules, *, on: dt.date) -> pa.Table:
    rows = [
        {"store_id": one.store_id, **_row(one, rules, on)}
        for one in shelves
        if one.store_id is not None
    ]
    return pa.Table.from_pylist(rows, schema=model.COVER)


def counties(shelves: list[Shelf], rules: model.SupplyRules, *, on: dt.date) -> pa.Table:
    """Each county as if its stores were one."""
    rows = [_row(pool, rules, on) for pool in pools(shelves)]
    return pa.Table.from_pylist(rows, schema=model.COUNTY_COVER)


def pools(shelves: list[Shelf]) -> list[Shelf]:
    groups: dict[tuple[str, str], list[Shelf]] = {}
    for one in shelves:
        groups.setdefault((one.item, one.county_code), []).append(one)
    return [
        Shelf(
            store_id=None,
            county_code=county,
            item=item,
            unit=max(one.unit for one in members),
            lots=[lot for one in members for lot in one.lots],
            need=np.sum([one.need for one in members], axis=0),
        )
        for (item, county), members in sorted(groups.items())
    ]


def shortages(
    before: list[Shelf], after: list[Shelf], rules: model.SupplyRules, *, on: dt.date
) -> pa.Table:
    """Days within the horizon on which a county's stores, each on its own, cannot meet the need."""
    first, second = _short(before, rules, on), _short(after, rules, on)
    rows = [
        {
            "county_code": county,
            "item": item,
            "date": on + day * shelf.DAY,
            "short": float(first[item, county][day]),
            "short_after": float(second[item, county][day]),
        }
        for item, county in sorted(first)
        for day in range(rules.horizon_days)
        if first[item, county][day] > 1e-9 or second[item, county][day] > 1e-9
    ]
    return pa.Table.from_pylist(rows, schema=model.SHORTAGES)


def expiring(shelves: list[Shelf], rules: model.SupplyRules, *, on: dt.date) -> pa.Table:
    """Lots past their date, and those that expire soon with what will be left of them."""
    rows: list[Row] = []
    last = on + rules.expiring_days * shelf.DAY
    for one in shelves:
        soon = [n for n, lot in enumerate(one.lots) if lot.expires_on and lot.expires_on <= last]
        for n in soon:
            lot = one.lots[n]
            days = (lot.expires_on - on).days + 1 if lot.expires_on else 0
            # Beyond the days planned for, the least daily need is all that is known.
            later = np.full(max(0, days - len(one.need)), one.need.min())
            need = np.concatenate([one.need, later])[: max(0, days)]
            if lot.quantity > 0:
                rows.append(
                    {
                        "store_id": one.store_id,
                        "county_code": one.county_code,
                        "item": one.item,
                        "expires_on": lot.expires_on,
                        "quantity": lot.quantity,
                        "unused": shelf.run(one.lots, need, on=on).left[n],
                    }
                )
    return pa.Table.from_pylist(rows, schema=model.EXPIRING)


def _row(one: Shelf, rules: model.SupplyRules, on: dt.date) -> Row:
    # Run for as long as any rule looks, so that a target beyond the horizon is judged too.
    days, at_least = shelf.run(one.lots, one.need, on=on).days(one.need)
    state = "ok" if days >= rules.target(one.item) else "low" if days >= 1 else "out"
    return {
        "county_code": one.county_code,
        "item": one.item,
        "unit": one.unit,
        "quantity": shelf.usable(one.lots, on=on),
        "need_per_day": float(one.need[: rules.horizon_days].mean()),
        "days": days,
        "at_least": at_least,
        "target_days": rules.target(one.item),
        "state": state,
    }


def _short(
    shelves: list[Shelf], rules: model.SupplyRules, on: dt.date
) -> dict[tuple[str, str], np.ndarray]:
    found: dict[tuple[str, str], np.ndarray] = {}
    for one in shelves:
        short = shelf.run(one.lots, one.need[: rules.horizon_days], on=on).short
        key = one.item, one.county_code
        found[key] = found.get(key, np.zeros(rules.horizon_days)) + short
    return found
