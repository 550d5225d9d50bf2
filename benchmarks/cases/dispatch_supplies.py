"""A province's stores, goods and needs, made by seed: synthetic, after the shape of Shanxi.

117 county stores under 11 city stores under one of the province, 14 days, 40 goods in three
ranks.  Some counties need five times as much from the sixth day on; a fifth of the lots expires
within the days; one good in five is kept cold; the stores of
cities and of the province ship so many cubic metres a day at most.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.supply.network import model

ON = dt.date(2022, 11, 8)
RULES = model.NetworkRules(
    horizon_days=14,
    neighbours=4,
    detour_factor=1.3,
    in_place_km=10.0,
    km_per_day=300.0,
    least_lead_days=1,
    yuan_per_m3_km=1.2,
    reserve_days=3.0,
)
CITIES = 11


def province(
    counties: int = 117,
    goods: int = 40,
    *,
    seed: int = 1,
    room: float = 1.0,
    days: int = RULES.horizon_days,
) -> dict[str, pa.Table]:
    """The tables of `network.solve.plan`; room: factor on what stores ship a day."""
    rng = np.random.default_rng(seed)
    items = _goods(goods, rng)
    stores, city = _stores(counties, rng)
    need = rng.gamma(2.0, 25.0, (goods, counties, 1)) * rng.uniform(
        0.5, 1.5, (goods, counties, days)
    )
    need[:, rng.choice(counties, counties // 6, replace=False), 5:] *= 5.0
    m3_per_day = sum(need[g].sum(axis=1) * row["m3"] for g, row in enumerate(items)) / days
    for n, row in enumerate(stores[: 1 + CITIES]):
        row["out_m3_per_day"] = float(
            m3_per_day.sum() * room * 0.5 if n == 0
            else m3_per_day[city == n - 1].sum() * room
        )  # fmt: skip
    return {
        "stores": pa.Table.from_pylist(stores, schema=model.STORES),
        "goods": pa.Table.from_pylist(items, schema=model.GOODS),
        "lots": pa.Table.from_pylist(_lots(need, city, rng), schema=model.LOTS),
        "needs": pa.Table.from_pylist(_needs(need), schema=model.NEEDS),
        "suppliers": pa.Table.from_pylist(_suppliers(need, rng), schema=model.SUPPLIERS),
    }


def _goods(count: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    return [
        {
            "item": f"item-{g:02}",
            "unit": "piece",
            "rank": 1 + g * 3 // count,
            "m3": float(rng.uniform(0.002, 0.05)),
            "yuan": float(rng.uniform(1, 200)),
            "cold": g % 5 == 0,
        }
        for g in range(count)
    ]


def _stores(counties: int, rng: np.random.Generator) -> tuple[list[dict[str, Any]], Any]:
    at = np.stack([rng.uniform(110.3, 114.4, counties), rng.uniform(34.7, 40.6, counties)], axis=1)
    middles = at[rng.choice(counties, CITIES, replace=False)]
    city = np.argmin(((at[:, None] - middles) ** 2).sum(axis=2), axis=1)
    base: dict[str, Any] = {"cold": True, "in_m3_per_day": None, "out_m3_per_day": None}
    top = {"store_id": "P", "level": "province", "parent": None, "lon": 112.55, "lat": 37.87}
    found = [{**base, **top}]
    found += [
        {**base, "store_id": f"M{c:02}", "level": "city", "parent": "P", "lon": x, "lat": y}
        for c, (x, y) in enumerate(middles.tolist())
    ]
    found += [
        {
            **base,
            "store_id": f"C{n:03}",
            "level": "county",
            "parent": f"M{city[n]:02}",
            "lon": x,
            "lat": y,
            "cold": bool(n % 10),
        }
        for n, (x, y) in enumerate(at.tolist())
    ]
    return found, city


def _lots(need: Any, city: Any, rng: np.random.Generator) -> list[dict[str, Any]]:
    goods, counties, days = need.shape
    rows: list[dict[str, Any]] = []

    def add(store: str, item: int, quantity: float) -> None:
        early = rng.random() < 0.2
        gone = ON + dt.timedelta(days=int(rng.integers(1, days - 1))) if early else None
        rows.append(
            {"store_id": store, "item": f"item-{item:02}", "quantity": quantity, "expires_on": gone}
        )

    for g in range(goods):
        each = need[g].mean(axis=1)
        for n in range(counties):
            add(f"C{n:03}", g, float(each[n] * rng.uniform(0, 14)))
        for c in range(CITIES):
            add(f"M{c:02}", g, float(each[city == c].sum() * rng.uniform(0, 6)))
        add("P", g, float(each.sum() * rng.uniform(0, 3)))
    return rows


def _needs(need: Any) -> list[dict[str, Any]]:
    return [
        {
            "store_id": f"C{n:03}",
            "item": f"item-{g:02}",
            "date": ON + dt.timedelta(days=day),
            "quantity": float(need[g, n, day]),
        }
        for g, n, day in np.ndindex(*need.shape)
    ]


def _suppliers(need: Any, rng: np.random.Generator) -> list[dict[str, Any]]:
    rows = []
    for g in range(need.shape[0]):
        a_day = float(need[g].sum() / need.shape[2])
        for k in range(2):
            base = {
                "supplier_id": f"S{g:02}-{k}",
                "item": f"item-{g:02}",
                "per_day": a_day * float(rng.uniform(0.05, 0.4)),
                "yuan": float(rng.uniform(1, 200)),
                "lead_days": int(rng.integers(2, 8)),
            }
            stores = ["P", *(f"M{c:02}" for c in rng.choice(CITIES, 3, replace=False))]
            rows += [{**base, "store_id": store} for store in stores]
    return rows
