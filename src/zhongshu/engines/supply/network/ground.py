"""Reading the tables of the plan into arrays; refusing what cannot be planned with."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.supply.network import model
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Offer:
    """What one supplier has of one item: `lead` and `yuan` by store it delivers to."""

    supplier: str
    per_day: float
    to: Ints
    lead: Ints
    yuan: Floats


@dataclasses.dataclass(frozen=True)
class Good:
    """One item: `lots` by its last usable day (`days` - 1 or later: it outlasts the plan), by
    store; `need` by store and day; `mean` by store, over the horizon."""

    item: str
    rank: int
    m3: float
    yuan: float
    cold: bool
    lots: dict[int, Floats]
    need: Floats
    offers: tuple[Offer, ...]


@dataclasses.dataclass(frozen=True)
class Ground:
    """Stores by number; `tail`, `head`, `km`, `lead` by arc; `room_out`, `room_in` in m3 by store
    and day (inf: no limit known); `expired`: lots that nobody may use any more."""

    ids: tuple[str, ...]
    cold: NDArray[np.bool_]
    tail: Ints
    head: Ints
    km: Floats
    lead: Ints
    room_out: Floats
    room_in: Floats
    goods: tuple[Good, ...]
    days: int
    on: dt.date
    expired: tuple[Row, ...]


def read(
    *,
    stores: pa.Table,
    goods: pa.Table,
    lots: pa.Table,
    needs: pa.Table,
    suppliers: pa.Table,
    rules: model.NetworkRules,
    on: dt.date,
) -> Ground:
    """Refuses (BadInput): doubled or unknown stores and items, stores without coordinates,
    negative figures, a parent that is no store, needs outside the days planned."""
    _checked(stores, goods, lots, needs, suppliers)
    number = _numbers(stores, "stores", "store_id", "supply.store_twice")
    tail, head, km, lead = _arcs(stores, number, rules)
    days = rules.horizon_days
    held, expired = _held(lots, number, on, days)
    wanted = _wanted(needs, number, on, days)
    offers = _offers(suppliers, number)
    _numbers(goods, "goods", "item", "supply.item_twice")
    listed = goods.sort_by([("rank", "ascending"), ("item", "ascending")]).to_pylist()
    _known({*held, *wanted, *offers}, {row["item"] for row in listed}, "item", "goods")
    nothing = np.zeros((len(number), days))
    return Ground(
        ids=tuple(number),
        cold=np.array(stores["cold"].to_pylist(), dtype=bool),
        tail=tail,
        head=head,
        km=km,
        lead=lead,
        room_out=_room(stores, "out_m3_per_day", days),
        room_in=_room(stores, "in_m3_per_day", days),
        goods=tuple(
            Good(
                item=row["item"],
                rank=row["rank"],
                m3=row["m3"],
                yuan=row["yuan"],
                cold=row["cold"],
                lots=held.get(row["item"], {}),
                need=wanted.get(row["item"], nothing),
                offers=tuple(offers.get(row["item"], ())),
            )
            for row in listed
        ),
        days=days,
        on=on,
        expired=tuple(expired),
    )


def _checked(
    stores: pa.Table, goods: pa.Table, lots: pa.Table, needs: pa.Table, suppliers: pa.Table
) -> None:
    for table, name, schema, numbers in (
        (stores, "stores", model.STORES, ()),
        (goods, "goods", model.GOODS, ("m3", "yuan")),
        (lots, "lots", model.LOTS, ("quantity",)),
        (needs, "needs", model.NEEDS, ("quantity",)),
        (suppliers, "suppliers", model.SUPPLIERS, ("per_day", "lead_days", "yuan")),
    ):
        tables.require(table, name, schema.names)
        tables.not_negative(table, name, numbers)
    tables.not_negative(stores, "stores", ("out_m3_per_day", "in_m3_per_day"))
    lost = [r["store_id"] for r in stores.to_pylist() if r["lon"] is None or r["lat"] is None]
    if lost:
        raise BadInput(
            "supply.store_without_point",
            f"No coordinates for store {', '.join(lost[:5])}; add them to 'stores'.",
            stores=lost,
        )


def _numbers(table: pa.Table, name: str, column: str, code: str) -> dict[str, int]:
    values = table[column].to_pylist()
    found = {value: n for n, value in enumerate(values)}
    if len(found) < len(values):
        twice = next(value for n, value in enumerate(values) if found[value] != n)
        raise BadInput(code, f"{twice} stands twice in '{name}'; keep one row.", value=twice)
    return found


def _known(used: set[str], known: set[str], what: str, table: str) -> None:
    unknown = sorted(used - known)
    if unknown:
        raise BadInput(
            f"supply.unknown_{what}",
            f"The {what} {', '.join(unknown[:5])} is not in '{table}'; add a row for it.",
            unknown=unknown,
        )


def _arcs(
    stores: pa.Table, number: dict[str, int], rules: model.NetworkRules
) -> tuple[Ints, Ints, Floats, Ints]:
    """Down from every store above, back up to the one above, and to near stores of one's level."""
    rows = stores.to_pylist()
    _known({row["parent"] for row in rows if row["parent"]}, set(number), "store", "stores")
    lon, lat = tables.floats(stores, "lon"), tables.floats(stores, "lat")
    road = geo.matrix_km(lon, lat, lon, lat) * rules.detour_factor
    pairs: set[tuple[int, int]] = set()
    for n, row in enumerate(rows):
        for above in _above(rows, number, n):
            pairs.add((above, n))
        if row["parent"]:
            pairs.add((n, number[row["parent"]]))
        level = [m for m, other in enumerate(rows) if other["level"] == row["level"] and m != n]
        for m in sorted(level, key=lambda m: (road[n, m], m))[: rules.neighbours]:
            pairs.add((m, n))
    arcs = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    km = np.maximum(road[arcs[:, 0], arcs[:, 1]], rules.in_place_km)
    lead = np.maximum(rules.least_lead_days, np.ceil(km / rules.km_per_day)).astype(np.int64)
    return arcs[:, 0], arcs[:, 1], km, lead


def _above(rows: list[Row], number: dict[str, int], n: int) -> list[int]:
    found: list[int] = []
    while rows[n]["parent"] and (n := number[rows[n]["parent"]]) not in found:
        found.append(n)
    return found


def _room(stores: pa.Table, column: str, days: int) -> Floats:
    values = tables.floats(stores, column)
    known: Floats = np.where(np.isnan(values), np.inf, values)
    return np.repeat(known[:, None], days, axis=1)


def _held(
    lots: pa.Table, number: dict[str, int], on: dt.date, days: int
) -> tuple[dict[str, dict[int, Floats]], list[Row]]:
    held: dict[str, dict[int, Floats]] = {}
    expired = []
    _known(set(lots["store_id"].to_pylist()), set(number), "store", "stores")
    for row in lots.to_pylist():
        last = days - 1 if row["expires_on"] is None else (row["expires_on"] - on).days
        if last < 0:
            expired.append(row)
            continue
        by_store = held.setdefault(row["item"], {}).setdefault(
            min(last, days - 1), np.zeros(len(number))
        )
        by_store[number[row["store_id"]]] += row["quantity"]
    return held, expired


def _wanted(needs: pa.Table, number: dict[str, int], on: dt.date, days: int) -> dict[str, Floats]:
    wanted: dict[str, Floats] = {}
    _known(set(needs["store_id"].to_pylist()), set(number), "store", "stores")
    for row in needs.to_pylist():
        day = (row["date"] - on).days
        if not 0 <= day < days:
            raise BadInput(
                "supply.need_outside",
                f"{row['item']} for {row['store_id']} is needed on {row['date']}, outside the "
                f"{days} days from {on}; plan more days or leave the row out.",
                date=row["date"].isoformat(),
            )
        by_day = wanted.setdefault(row["item"], np.zeros((len(number), days)))
        by_day[number[row["store_id"]], day] += row["quantity"]
    return wanted


def _offers(suppliers: pa.Table, number: dict[str, int]) -> dict[str, list[Offer]]:
    grouped: dict[tuple[str, str], list[Row]] = {}
    _known(set(suppliers["store_id"].to_pylist()), set(number), "store", "stores")
    for row in suppliers.to_pylist():
        grouped.setdefault((row["item"], row["supplier_id"]), []).append(row)
    found: dict[str, list[Offer]] = {}
    for (item, supplier), rows in sorted(grouped.items()):
        found.setdefault(item, []).append(
            Offer(
                supplier,
                max(row["per_day"] for row in rows),
                np.array([number[row["store_id"]] for row in rows], dtype=np.int64),
                np.array([row["lead_days"] for row in rows], dtype=np.int64),
                np.array([row["yuan"] for row in rows]),
            )
        )
    return found
