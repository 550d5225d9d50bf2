"""What each closed village is to get, and by when."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import math
from collections.abc import Iterator, Mapping

from zhongshu.kernel.time import DAY
from zhongshu.service.dispatch import areas
from zhongshu.service.dispatch.planners.shapes import Ask, Row
from zhongshu.service.dispatch.planners.supplyview import FOOD, MEDICINE
from zhongshu.service.people import facade as people

SHOP = "shop"  # a mobile supermarket's stay


@dataclasses.dataclass(frozen=True)
class Drop:
    """item: a good, or `SHOP`.  parcels: households still to get it in this round, or to shop;
    units: of the good, for all of them."""

    id: str
    village: str
    item: str
    parcels: int
    units: int
    rank: int
    due_on: dt.date
    lon: float | None
    lat: float | None

    @property
    def good(self) -> str:
        """What it takes of a store."""
        return FOOD if self.item == SHOP else self.item

    @property
    def urgency(self) -> tuple[dt.date, int, str]:
        return self.due_on, self.rank, self.id


def wanted(ask: Ask) -> list[Drop]:
    """Of all closed areas of the unit, the most urgent first."""
    levels = ask.ground.other("dispatch").group("parcels.levels")
    ill = _ill(ask)
    found: list[Drop] = []
    for way, level in levels.items():
        for row in areas.villages_at(ask.ground, level).to_dicts():
            if ask.inside(ask.ground.tree.get(row["village_code"]).path):
                found += _of_village(ask, row, ill) if way != SHOP else [_shop(ask, row)]
    return sorted(found, key=lambda one: one.urgency)


def _of_village(ask: Ask, row: Row, ill: Mapping[str, int]) -> Iterator[Drop]:
    daily = ask.ground.pack.number("supply.use.food_pack_per_person_day")
    lasts = ask.ground.other("dispatch").group("parcels.every_days")[FOOD]
    yield _drop(ask, row, FOOD, row["households"], row["residents"] * daily * float(lasts))
    if persons := ill.get(row["village_code"]):
        yield _drop(ask, row, MEDICINE, persons, persons)


def _shop(ask: Ask, row: Row) -> Drop:
    packs = ask.ground.other("dispatch").number("parcels.shop_packs")
    return _drop(ask, row, SHOP, row["households"], row["households"] * packs)


def _ill(ask: Ask) -> Mapping[str, int]:
    """Persons of each village who get medicines kept cold."""
    needs = ask.ground.other("dispatch").value("parcels.medicine_needs")
    rows = people.cared_for(path=ask.unit.path, born_by=dt.date.min, needs=needs, named=())
    return collections.Counter(rows["village_code"].to_pylist())


def _drop(ask: Ask, row: Row, item: str, parcels: int, units: float) -> Drop:
    care = ask.ground.other("dispatch")
    name = f"{row['village_code']}/{item}"
    first = row["since"] + int(care.number("parcels.first_days")) * DAY
    lasts = int(care.group("parcels.every_days")[item])
    again = lasts - int(care.number("parcels.early_days"))
    left, due = _due(ask, name, parcels, first=first, lasts=lasts, again=again)
    return Drop(
        id=name,
        village=row["village_code"],
        item=item,
        parcels=left,
        units=math.ceil(units * left / parcels - 1e-9),
        rank=int(care.group("parcels.rank")[item]),
        due_on=due,
        lon=row["lon"],
        lat=row["lat"],
    )


def _due(
    ask: Ask, name: str, parcels: int, *, first: dt.date, lasts: int, again: int
) -> tuple[int, dt.date]:
    """Parcels and day of the next round; of a round that came in part, the rest of it, due since
    its first day.  Two rounds are at least `again` days apart."""
    came = ask.brought.get(name)
    if not came:
        return parcels, first
    last = came[0][0]
    of_round = [(day, count) for day, count in came if day > last - again * DAY]
    left = parcels - sum(count for _, count in of_round)
    return (left, min(of_round)[0]) if left > 0 else (parcels, last + lasts * DAY)
