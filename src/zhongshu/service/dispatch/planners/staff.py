"""Who works in the hospitals of a plan of beds, who of them its patients need, and who lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import pyarrow as pa

from zhongshu.engines.beds import model
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.shapes import Ask, Row
from zhongshu.service.resources import facade as resources

TEAM, HOSPITAL = "team", "hospital"


def present(ask: Ask, hospitals: Mapping[str, resources.Thing]) -> pa.Table | None:
    """Own staff by hospital and skill, by the registry; None where no hospital tells any."""
    own = [
        {
            "hospital_id": one.facts[HOSPITAL],
            "skill": str(one.facts.get("skill", "")),
            "persons": one.capacity.get("persons", 0),
        }
        for one in common.usable(common.things(ask, TEAM))
        if one.facts.get(HOSPITAL) in hospitals
    ]
    return pa.Table.from_pylist(own, schema=model.STAFF) if own else None


def short(ask: Ask, plan: model.BedPlan, hospitals: Mapping[str, resources.Thing]) -> list[Row]:
    """Of each hospital and skill what lacks for those who come now; of later days only shares of
    persons are expected."""
    return [
        {**_where(row, hospitals), "persons": row["lacks"]}
        for row in plan.staff_needs.to_pylist()
        if row["date"] == ask.ground.today and row["lacks"]
    ]


def own(ask: Ask, plan: model.BedPlan, hospitals: Mapping[str, resources.Thing]) -> list[Row]:
    """Of each day that rosters are made for whom of its own staff a hospital needs."""
    days = int(ask.ground.other("dispatch").number("teams.ahead_days"))
    return list(_own(ask.ground.today, days, plan, hospitals))


def _own(
    today: dt.date, days: int, plan: model.BedPlan, hospitals: Mapping[str, resources.Thing]
) -> Iterator[Row]:
    for row in plan.staff_needs.to_pylist():
        ahead = (row["date"] - today).days
        persons = min(row["wanted"], row["present"])
        if 0 < ahead <= days and persons:
            yield {
                **_where(row, hospitals),
                "date": row["date"].isoformat(),
                "persons": persons,
            }


def _where(row: Row, hospitals: Mapping[str, resources.Thing]) -> Row:
    one = hospitals[row["hospital_id"]]
    return {"hospital": one.code, "name": one.name, "lon": one.lon, "lat": one.lat,
            "skill": row["skill"]}  # fmt: skip
