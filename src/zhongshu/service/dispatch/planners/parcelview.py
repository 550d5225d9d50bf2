"""A plan of parcels as its pages, jobs and map tell it."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from zhongshu.engines.supply.parcels import model
from zhongshu.kernel import plan as plans
from zhongshu.kernel.time import start_of_day
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.parcelneeds import SHOP, Drop
from zhongshu.service.dispatch.planners.parcelstock import Lot, Shared, Store
from zhongshu.service.dispatch.planners.shapes import (
    Bar,
    Column,
    Figure,
    JobDraft,
    Made,
    Row,
    Rows,
    Step,
    Taking,
)
from zhongshu.service.dispatch.planners.supplyview import GOODS, LOT
from zhongshu.service.kit.text import Text, text
from zhongshu.service.resources import facade as resources

DELIVERY = "delivery"
Load = Sequence[tuple[Lot, int]]
# The last mile's words for what keeps a drop back -> ours, where they differ.
_WHY = {"no_vehicle": "no_delivery", "window": "outside_hours"}
_STOPS = (
    Column("drop", "id"),
    Column("unit", "text"),
    Column("item", "code"),
    Column("parcels", "number"),
    Column("quantity", "number"),
    Column("vehicle", "text"),
    Column("trip", "number"),
    Column("arrives", "moment"),
    Column("due_on", "date"),
    Column("late", "flag"),
)
_RUNS = (
    Column("vehicle_id", "id"),
    Column("vehicle", "text"),
    Column("delivery_type", "code"),
    Column("store", "text"),
    Column("trip", "number"),
    Column("leaves", "moment"),
    Column("back", "moment"),
    Column("gates", "number"),
    Column("parcels", "number"),
    Column("kg", "number"),
    Column("km", "km", "km"),
    Column("yuan", "number", "yuan"),
)
_LOTS = (
    Column("lot", "id"),
    Column("store", "text"),
    Column("item", "code"),
    Column("expires_on", "date"),
    Column("quantity", "number"),
)
_DAYS = (
    Column("date", "date"),
    Column("needed", "number"),
    Column("asked", "number"),
    Column("given", "number"),
    Column("runs", "number"),
    Column("yuan", "number", "yuan"),
)


@dataclasses.dataclass(frozen=True)
class Given:
    """day: of the runs that become jobs.  drops: those asked for; forbidden: those a word leaves
    out.  names: of villages."""

    tables: Mapping[str, pa.Table]
    rules: model.ParcelRules
    day: dt.date
    drops: Mapping[str, Drop]
    forbidden: Sequence[Drop]
    shared: Shared
    stores: Mapping[str, Store]
    cars: Mapping[str, resources.Thing]
    names: Mapping[str, str]

    def at(self, minute: float) -> dt.datetime:
        return start_of_day(self.day) + dt.timedelta(seconds=round(minute * 60))

    def village(self, drop: Drop) -> str:
        return self.names[drop.village]


def stops_of_day(plan: model.ParcelPlan, day: dt.date) -> list[Row]:
    """Of the day that begins, with vehicle and number of the trip, in the order they leave."""
    runs = {row["run_id"]: row for row in runs_of_day(plan, day)}
    own = [
        row | {"vehicle_id": run["vehicle_id"], "trip": run["trip"], "out": run["leaves_min"]}
        for row in plan.stops.to_pylist()
        if row["date"] == day and (run := runs[row["run_id"]])
    ]
    return sorted(own, key=lambda row: (row["out"], row["run_id"], row["no"]))


def runs_of_day(plan: model.ParcelPlan, day: dt.date) -> list[Row]:
    own = [row for row in plan.runs.to_pylist() if row["date"] == day]
    own.sort(key=lambda row: (row["vehicle_id"], row["leaves_min"]))
    count: collections.Counter[str] = collections.Counter()
    for row in own:
        count[row["vehicle_id"]] += 1
        row["trip"] = count[row["vehicle_id"]]
    return own


def told(given: Given, plan: model.ParcelPlan, stops: Sequence[Row], loads: Sequence[Load]) -> Made:
    runs = runs_of_day(plan, given.day)
    left = _left(given, plan)
    units = [sum(part for _, part in load) for load in loads]
    return Made(
        answer=dataclasses.replace(plan.answer, unserved=plans.unserved("drop", left)),
        figures=(
            Figure("served", sum(row["parcels"] for row in stops), "households"),
            Figure("unserved", sum(amount for _, amount, _ in left), "households"),
            Figure("packs", sum(units), "packs"),
            Figure("trips", len(runs), "trips"),
            Figure("vehicles", len({row["vehicle_id"] for row in runs}), "vehicles"),
            Figure("km", round(sum(row["km"] for row in runs), 1), "km"),
            Figure("yuan", round(sum(row["yuan"] for row in runs)), "yuan"),
        ),
        tables={
            "deliveries": Rows(
                _STOPS, [_stop(given, row, n) for row, n in zip(stops, units, strict=True)]
            ),
            "trips": Rows(_RUNS, [_run(given, row) for row in runs]),
            "lots": Rows(_LOTS, list(_lots(given, stops, loads))),
            "ahead": Rows(_DAYS, [_day(row) for row in plan.days.to_pylist()]),
        },
        jobs=tuple(_jobs(given, runs, stops, loads)),
        takings=tuple(_takings(given, runs, loads)),
        features=list(_features(given, runs, stops)),
        bars=[
            Bar(
                row["vehicle_id"],
                "drive",
                given.at(row["leaves_min"]),
                given.at(row["back_min"]),
                str(row["parcels"]),
                row["vehicle_id"],
            )
            for row in runs
        ],
        again={"day": given.day.isoformat()},
    )


def _left(given: Given, plan: model.ParcelPlan) -> list[tuple[str, float, str]]:
    """Of what is due on the day that begins, what does not come, and why."""
    late = [
        (row["drop_id"], float(row["parcels"]), _WHY.get(row["reason"], row["reason"]))
        for row in plan.late.to_pylist()
        if row["date"] == given.day
    ]
    short = [
        (drop.id, float(count), "no_stock")
        for drop, count in given.shared.short
        if drop.due_on <= given.day
    ]
    out = [(one.id, float(one.parcels), "forbidden") for one in given.forbidden]
    return [*late, *short, *out]


def _stop(given: Given, row: Row, units: int) -> Row:
    drop = given.drops[row["drop_id"]]
    return {
        "drop": drop.id,
        "unit": given.village(drop),
        "item": drop.item,
        "parcels": row["parcels"],
        "quantity": units,
        "vehicle": given.cars[row["vehicle_id"]].name,
        "trip": row["trip"],
        "arrives": given.at(row["begins_min"]).isoformat(),
        "due_on": drop.due_on.isoformat(),
        "late": drop.due_on < given.day,
    }


def _run(given: Given, row: Row) -> Row:
    return {
        "vehicle_id": row["vehicle_id"],
        "vehicle": given.cars[row["vehicle_id"]].name,
        "delivery_type": row["kind"],
        "store": given.stores[row["store_id"]].thing.name,
        "trip": row["trip"],
        "leaves": given.at(row["leaves_min"]).isoformat(),
        "back": given.at(row["back_min"]).isoformat(),
        "gates": row["stops"],
        "parcels": row["parcels"],
        "kg": round(row["kg"], 1),
        "km": round(row["km"], 1),
        "yuan": round(row["yuan"], 1),
    }


def _day(row: Row) -> Row:
    return {
        "date": row["date"].isoformat(),
        "needed": row["needed"],
        "asked": row["asked"],
        "given": row["brought"],
        "runs": row["runs"],
        "yuan": round(row["yuan"]),
    }


def _sums(loads: Sequence[Load]) -> dict[str, int]:
    found: dict[str, int] = collections.Counter()
    for load in loads:
        for lot, part in load:
            found[lot.code] += part
    return found


def _lots(given: Given, stops: Sequence[Row], loads: Sequence[Load]) -> Iterator[Row]:
    """What is taken of each lot, the first to expire first."""
    sums = _sums(loads)
    for (store, good), own in sorted(given.shared.lots.items()):
        for lot in own:
            if sums.get(lot.code):
                yield {
                    "lot": lot.code,
                    "store": given.stores[store].thing.name,
                    "item": good,
                    "expires_on": lot.expires.isoformat() if lot.expires else None,
                    "quantity": sums[lot.code],
                }


def _jobs(
    given: Given, runs: Sequence[Row], stops: Sequence[Row], loads: Sequence[Load]
) -> Iterator[JobDraft]:
    """One for each vehicle: what it loads before each trip, then the gates."""
    steps: dict[str, list[Step]] = collections.defaultdict(list)
    vehicles = given.tables["vehicles"].to_pylist()
    turn = {row["vehicle_id"]: row["turn_min"] for row in vehicles}
    for run in runs:
        own = [
            load for row, load in zip(stops, loads, strict=True) if row["run_id"] == run["run_id"]
        ]
        steps[run["vehicle_id"]].append(_loading(given, run, own, turn[run["vehicle_id"]]))
    for row, load in zip(stops, loads, strict=True):
        steps[row["vehicle_id"]].append(_handing(given, row, load))
    for code, own_steps in sorted(steps.items()):
        car = given.cars[code]
        count = sum(one.count for one in own_steps if one.kind == "goods")
        title = text(f"{car.name}：配送 {count} 户", f"{car.name}: parcels for {count} households")
        yield JobDraft(DELIVERY, code, car.unit_id, title, tuple(own_steps))


def _loading(given: Given, run: Row, loads: Sequence[Load], turn_min: float) -> Step:
    store = given.stores[run["store_id"]]
    units = sum(part for load in loads for _, part in load)
    lots = {lot.code: lot for load in loads for lot, _ in load}
    return Step(
        kind="load",
        at=given.at(run["leaves_min"] - turn_min),
        ends=given.at(run["leaves_min"]),
        label=text(
            f"第 {run['trip']} 趟：在 {store.thing.name} 装 {units:,} 份",
            f"Trip {run['trip']}: load {units:,} at {store.thing.name}",
        ),
        place=store.thing.name,
        lon=store.lon,
        lat=store.lat,
        thing=run["run_id"],
        count=units,
        facts={
            "trip": run["trip"],
            "lots": ", ".join(
                f"{code} ({lot.expires.isoformat()})" if lot.expires else code
                for code, lot in sorted(lots.items())
            ),
        },
    )


def _handing(given: Given, row: Row, load: Load) -> Step:
    drop = given.drops[row["drop_id"]]
    units = sum(part for _, part in load)
    village = given.village(drop)
    return Step(
        kind="goods",
        at=given.at(row["begins_min"]),
        ends=given.at(row["leaves_min"]),
        label=_told_as(drop, village, row["parcels"], units),
        place=village,
        lon=drop.lon,
        lat=drop.lat,
        thing=drop.id,
        count=row["parcels"],
        facts={"trip": row["trip"], "item": drop.item, "quantity": units,
               "outside_min": None if row["outside_min"] is None else round(row["outside_min"])},
    )  # fmt: skip


def _told_as(drop: Drop, village: str, parcels: int, units: int) -> Text:
    good = GOODS[drop.good]
    if drop.item == SHOP:
        return text(
            f"{village}：流动超市供应 {parcels} 户，带 {good['zh']} {units:,} 份",
            f"{village}: open for {parcels} households, with {units:,} {good['en']}",
        )
    return text(
        f"{village}：交接 {parcels} 户的{good['zh']} {units:,} 份",
        f"{village}: hand over {units:,} {good['en']} for {parcels} households",
    )


def _takings(given: Given, runs: Sequence[Row], loads: Sequence[Load]) -> Iterator[Taking]:
    """Vehicles while they are out; what is loaded, until the store reports without it."""
    spans: dict[str, list[Row]] = collections.defaultdict(list)
    for row in runs:
        spans[row["vehicle_id"]].append(row)
    for code, own in sorted(spans.items()):
        begins, ends = own[0]["leaves_min"], max(row["back_min"] for row in own)
        yield Taking(DELIVERY, code, "vehicle", 1, given.at(begins), given.at(ends))
    begins_at = given.at(min((row["leaves_min"] for row in runs), default=0.0))
    for code, units in sorted(_sums(loads).items()):
        yield Taking(LOT, code, "units", units, begins_at, begins_at + dt.timedelta(days=1))


def _features(given: Given, runs: Sequence[Row], stops: Sequence[Row]) -> Iterator[Row]:
    spots: dict[str, int] = collections.Counter()
    ways: dict[str, list[Row]] = collections.defaultdict(list)
    for row in stops:
        spots[row["drop_id"]] += row["parcels"]
        ways[row["run_id"]].append(row)
    found: list[Row | None] = []
    for run in runs:
        store = given.stores[run["store_id"]]
        drops = [given.drops[row["drop_id"]] for row in ways[run["run_id"]]]
        points = [
            (one.lon, one.lat) for one in drops if one.lon is not None and one.lat is not None
        ]
        home = (store.lon, store.lat)
        car = given.cars[run["vehicle_id"]].name
        found.append(
            common.line([home, *points, home], role="trip", id=run["vehicle_id"], label=car,
                        value=run["parcels"])
        )  # fmt: skip
    for name, count in sorted(spots.items()):
        drop = given.drops[name]
        label = given.village(drop)
        found.append(
            common.spot(drop.lon, drop.lat, role="gate", id=name, label=label, value=count)
        )
    for code in sorted({run["store_id"] for run in runs}):
        one = given.stores[code]
        found.append(
            common.spot(one.lon, one.lat, role="store", id=code, label=one.thing.name, value=0)
        )
    yield from (one for one in found if one is not None)
