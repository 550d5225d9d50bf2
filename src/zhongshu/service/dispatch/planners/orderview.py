"""A plan of procurement as its pages, jobs and timeline tell it."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from zhongshu.engines.supply.network import model
from zhongshu.kernel.geo import haversine_km
from zhongshu.kernel.time import DAY, start_of_day
from zhongshu.service.dispatch.ordered import KIND
from zhongshu.service.dispatch.planners.latest import Delivery
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Bar,
    Column,
    Figure,
    JobDraft,
    Made,
    Row,
    Rows,
    Step,
)
from zhongshu.service.dispatch.planners.supplyview import GOODS, Given
from zhongshu.service.kit.text import text

_ORDERS = (
    Column("supplier_id", "id"),
    Column("supplier", "text"),
    Column("item", "code"),
    Column("to", "text"),
    Column("quantity", "number"),
    Column("order_by", "date"),
    Column("days_left", "number", "d"),
    Column("ordered_now", "flag"),
    Column("arrives", "date"),
    Column("last_arrives", "date"),
    Column("runs_out", "date"),
    Column("yuan", "number", "yuan"),
    Column("others", "number"),
)
_OTHERS = (
    Column("supplier_id", "id"),
    Column("supplier", "text"),
    Column("instead_of", "text"),
    Column("item", "code"),
    Column("to", "text"),
    Column("could_give", "number"),
    Column("order_by", "date"),
    Column("lead_days", "number", "d"),
    Column("yuan_each", "number", "yuan"),
    Column("km", "km", "km"),
)
_LATE = (
    Column("store_id", "id"),
    Column("store", "text"),
    Column("item", "code"),
    Column("unmet", "number"),
    Column("runs_out", "date"),
    Column("supplier", "text"),
    Column("lead_days", "number", "d"),
    Column("order_by", "date"),
    Column("days_late", "number", "d"),
    Column("constraint", "code"),
)


@dataclasses.dataclass(frozen=True)
class Line:
    """What one enterprise is to deliver of one good to one store."""

    supplier_id: str
    item: str
    store_id: str
    parts: Sequence[Delivery]

    @property
    def quantity(self) -> float:
        return sum(one.quantity for one in self.parts)

    @property
    def order_by(self) -> dt.date:
        return min(one.order_by for one in self.parts)

    @property
    def needed_by(self) -> dt.date:
        return min(one.needed_by for one in self.parts)

    @property
    def arrives(self) -> tuple[dt.date, dt.date]:
        days = [one.arrives for one in self.parts]
        return min(days), max(days)

    @property
    def runs_out(self) -> dt.date | None:
        return min((one.runs_out for one in self.parts if one.runs_out), default=None)


def told(ask: Ask, given: Given, plan: model.NetworkPlan, late: Sequence[Delivery]) -> Made:
    today: dt.date = ask.ground.today
    lines = _lines(late)
    until = today + int(ask.form["order_days"]) * DAY
    now = [one for one in lines if one.order_by < until]
    others = _others(ask, given, lines, late)
    behind = _behind(given, plan, today)
    many = collections.Counter((row["instead_of"], row["item"], row["to"]) for row in others)
    price = _prices(given)
    rows = [_row(one, given, price, today, until) for one in lines]
    for row in rows:
        row["others"] = many[row["supplier"], row["item"], row["to"]]
    first = min((one.order_by for one in lines), default=None)
    return Made(
        answer=plan.answer,
        figures=(
            Figure("orders", len(lines), "orders"),
            Figure("issued_now", len(now), "orders"),
            Figure("order_by_days", (first - today).days if first else 0, "d"),
            Figure("too_late", sum(row["days_late"] is not None for row in behind), "stores"),
            Figure("yuan", round(sum(row["yuan"] for row in rows)), "yuan"),
        ),
        tables={
            "orders": Rows(_ORDERS, rows),
            "others": Rows(_OTHERS, others),
            "late": Rows(_LATE, behind),
        },
        jobs=tuple(_jobs(now, given, price)),
        bars=[_bar(one, given) for one in now],
    )


def _lines(late: Sequence[Delivery]) -> list[Line]:
    by: dict[tuple[str, str, str], list[Delivery]] = {}
    for one in late:
        by.setdefault((one.supplier_id, one.item, one.store_id), []).append(one)
    lines = [Line(*key, parts) for key, parts in by.items()]
    return sorted(lines, key=lambda one: (one.order_by, one.item, one.supplier_id, one.store_id))


def _prices(given: Given) -> Mapping[tuple[str, str, str], Row]:
    rows = given.tables["suppliers"].to_pylist()
    return {(row["supplier_id"], row["item"], row["store_id"]): row for row in rows}


def _row(
    one: Line,
    given: Given,
    price: Mapping[tuple[str, str, str], Row],
    today: dt.date,
    until: dt.date,
) -> Row:
    arrives, last = one.arrives
    each = price[one.supplier_id, one.item, one.store_id]["yuan"]
    return {
        "supplier_id": one.supplier_id,
        "supplier": given.enterprises[one.supplier_id].name,
        "item": one.item,
        "to": given.places[one.store_id].thing.name,
        "quantity": round(one.quantity, 1),
        "order_by": one.order_by.isoformat(),
        "days_left": (one.order_by - today).days,
        "ordered_now": one.order_by < until,
        "arrives": arrives.isoformat(),
        "last_arrives": last.isoformat(),
        "runs_out": one.runs_out.isoformat() if one.runs_out else None,
        "yuan": round(one.quantity * each, 1),
    }


def _others(ask: Ask, given: Given, lines: Sequence[Line], late: Sequence[Delivery]) -> list[Row]:
    """Of each order, the nearest other enterprises of the good, what they could still give by the
    day it is needed, and until when they would have to be asked."""
    today: dt.date = ask.ground.today
    care = ask.ground.other("dispatch")
    most, lead = int(care.number("supplies.alternatives")), int(care.number("supplies.lead_days"))
    yuan = care.group("supplies.yuan")
    found = []
    for line in lines:
        to = given.places[line.store_id]
        near = []
        for code, one in given.enterprises.items():
            if code != line.supplier_id and one.facts["goods"] == line.item:
                far = _km(one.lon, one.lat, to.lon, to.lat)
                near.append((float("inf") if far is None else far, code, far))
        for _, code, far in sorted(near, key=lambda known: known[:2])[:most]:
            one = given.enterprises[code]
            takes = int(one.facts.get("lead_days", lead))
            days = (line.needed_by - today).days - takes + 1
            sold = sum(
                part.quantity
                for part in late
                if part.supplier_id == code and part.arrives <= line.needed_by
            )
            could = max(0.0, days * float(one.capacity.get("units_per_day", 0)) - sold)
            found.append(
                {
                    "supplier_id": code,
                    "supplier": one.name,
                    "instead_of": given.enterprises[line.supplier_id].name,
                    "item": line.item,
                    "to": to.thing.name,
                    "could_give": round(could, 1),
                    "order_by": (line.needed_by - takes * DAY).isoformat(),
                    "lead_days": takes,
                    "yuan_each": float(yuan[line.item]),
                    "km": far,
                }
            )
    return found


def _km(lon: float | None, lat: float | None, to_lon: float, to_lat: float) -> float | None:
    if lon is None or lat is None:
        return None
    return round(float(haversine_km(lon, lat, to_lon, to_lat)), 1)


def _behind(given: Given, plan: model.NetworkPlan, today: dt.date) -> list[Row]:
    """What no order can meet any more: the quickest enterprise that delivers there, and the day on
    which it would have had to be asked."""
    first: dict[tuple[str, str], Row] = {}
    lacks: dict[tuple[str, str], float] = collections.defaultdict(float)
    for row in sorted(plan.unmet.to_pylist(), key=lambda one: one["date"]):
        first.setdefault((row["store_id"], row["item"]), row)
        lacks[row["store_id"], row["item"]] += row["quantity"]
    offers = given.tables["suppliers"].to_pylist()
    found = []
    for (store, item), row in sorted(first.items()):
        quick = min(
            (one for one in offers if (one["store_id"], one["item"]) == (store, item)),
            key=lambda one: (one["lead_days"], one["supplier_id"]),
            default=None,
        )
        latest = row["date"] - quick["lead_days"] * DAY if quick else None
        passed = latest is not None and latest < today
        found.append(
            {
                "store_id": store,
                "store": given.places[store].thing.name,
                "item": item,
                "unmet": round(lacks[store, item], 1),
                "runs_out": row["date"].isoformat(),
                "supplier": given.enterprises[quick["supplier_id"]].name if quick else None,
                "lead_days": quick["lead_days"] if quick else None,
                "order_by": latest.isoformat() if latest else None,
                "days_late": (today - latest).days if passed and latest else None,
                "constraint": row["reason"],
            }
        )
    return found


def _jobs(
    lines: Sequence[Line], given: Given, price: Mapping[tuple[str, str, str], Row]
) -> list[JobDraft]:
    """One for each enterprise: each order is placed, and each is received."""
    by: dict[str, list[Line]] = {}
    for one in lines:
        by.setdefault(one.supplier_id, []).append(one)
    jobs = []
    for code, own in sorted(by.items()):
        maker = given.enterprises[code]
        steps = [step for one in own for step in _steps(one, given, price)]
        title = text(f"{maker.name}：采购 {len(own)} 项", f"{maker.name}: {len(own)} orders")
        jobs.append(JobDraft(KIND, code, maker.unit_id, title, tuple(steps)))
    return jobs


def _steps(one: Line, given: Given, price: Mapping[tuple[str, str, str], Row]) -> list[Step]:
    """The order, then each day's delivery."""
    to, good, amount = given.places[one.store_id], GOODS[one.item], f"{one.quantity:,.0f}"
    name, until = to.thing.name, one.order_by.isoformat()
    each = price[one.supplier_id, one.item, one.store_id]["yuan"]
    order = Step(
        kind="order",
        at=_end(one.order_by),
        ends=_end(one.order_by),
        label=text(
            f"{until} 前下单：{good['zh']} {amount}，送 {name}",
            f"Order by {until}: {amount} {good['en']} for {name}",
        ),
        place=name,
        lon=to.lon,
        lat=to.lat,
        thing=f"{one.supplier_id}@{one.item}@{one.store_id}",
        count=round(one.quantity),
        facts={"item": one.item, "store_id": one.store_id, "yuan": round(one.quantity * each)},
    )
    by_day: dict[dt.date, float] = collections.defaultdict(float)
    for part in one.parts:
        by_day[part.arrives] += part.quantity
    return [order, *(_delivery(order, day, units, given) for day, units in sorted(by_day.items()))]


def _delivery(order: Step, day: dt.date, units: float, given: Given) -> Step:
    good, name = GOODS[order.facts["item"]], order.place
    moment = max(order.at, given.leaves(day))
    return dataclasses.replace(
        order,
        kind="goods",
        at=moment,
        ends=moment,
        label=text(
            f"收货：{good['zh']} {units:,.0f}，{name}",
            f"Receive {units:,.0f} {good['en']} at {name}",
        ),
        thing=f"{order.thing}@{day.isoformat()}",
        count=round(units),
        facts={name: order.facts[name] for name in ("item", "store_id")},
    )


def _end(day: dt.date) -> dt.datetime:
    """Until the end of the day an order can be placed."""
    return start_of_day(day + DAY) - dt.timedelta(minutes=1)


def _bar(one: Line, given: Given) -> Bar:
    """From the last moment to order it to its last delivery."""
    begins, last = _end(one.order_by), given.leaves(one.arrives[1])
    good = GOODS[one.item]["zh"]
    label = f"{good} {one.quantity:,.0f}"
    name = given.enterprises[one.supplier_id].name
    return Bar(name, "order", begins, max(begins, last), label, id=one.supplier_id)
