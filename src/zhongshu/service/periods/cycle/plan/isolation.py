"""Rooms for today's contacts, beds for its cases, and the trips that bring them there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import polars as pl

from zhongshu.kernel.time import beijing
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.kit.text import Text
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.plan import asked, moving
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft

ISOLATE, ROOMS, BEDS, TRANSFER = "isolate", "rooms", "beds", "transfer"
_ROWS = 200


def run(frame: Frame) -> Outcome:
    """Isolation by county, and for the whole unit one plan of rooms, one of beds, one of trips."""
    wanted = dispatch.to_isolate(frame)
    plans = asked.Plans(frame)
    rooms, beds = plans.made(ROOMS), plans.made(BEDS)
    some = {f"{one.planner}_plan": one.pk for one in (rooms, beds) if one and asked.has_jobs(one)}
    trips = plans.made(TRANSFER, **some) if some else None
    where = _Where.of(rooms)
    drafts = [
        _isolate(frame, county, rows, where)
        for (county,), rows in sorted(
            wanted.filter(pl.col("county").is_not_null() & (pl.col("state") == "proposed"))
            .sort("degree", "unit", "person")
            .partition_by("county", as_dict=True, maintain_order=True)
            .items()
        )
    ]
    drafts += [
        moving.draft(frame, plan) for plan in (rooms, beds, trips) if plan and asked.has_jobs(plan)
    ]
    summary = {"persons": wanted.height, **plans.summary}
    return Outcome(summary, tuple(drafts), (ISOLATE, ROOMS, BEDS, TRANSFER))


@dataclasses.dataclass(frozen=True)
class _Where:
    """Contact number to (site, room), or to why there is no room."""

    room: Mapping[str, tuple[str, str]]
    why: Mapping[str, Text]

    @classmethod
    def of(cls, plan: dispatch.DispatchPlan | None) -> _Where:
        if plan is None:
            return cls({}, {})
        given = [one.row for one in dispatch.rows(plan, ROOMS)]
        left = [one.row for one in dispatch.rows(plan, "unserved")]
        return cls(
            {row["contact"]: (row["site"], row["room"]) for row in given},
            {row["id"]: dispatch.constraint(row["constraint"]) for row in left},
        )


def _isolate(frame: Frame, county: str, rows: pl.DataFrame, where: _Where) -> Draft:
    close = rows.filter(pl.col("degree") == 1)
    second = rows.filter(pl.col("degree") == 2)
    numbers = [str(ids[0]) for ids in rows["contact_ids"]]
    roomless = sum(number in where.why for number in numbers)
    days = int((rows["ends_on"] - frame.today).dt.total_days().sum())
    facts: dict[str, Any] = {
        "county": frame.name(county),
        "close": close.height,
        "second": second.height,
        "roomless": roomless,
        "hours": frame.pack.value("report.contact_isolated_h"),
    }
    pack = frame.pack
    reasons = [
        reason(
            "isolate.close", pack=pack, opens=_list(county, 1),
            figure="isolation.close_contact.central_days",
            central=pack.value("isolation.close_contact.central_days"),
            home=pack.value("isolation.close_contact.home_days"), **facts,
        )
    ]  # fmt: skip
    if second.height:
        reasons.append(
            reason(
                "isolate.second", pack=pack, opens=_list(county, 2),
                figure="isolation.second.home_days",
                home=pack.value("isolation.second.home_days"), **facts,
            )
        )  # fmt: skip
    if roomless:
        reasons.append(reason("isolate.roomless", pack=pack, rule="SITE-1", **facts))
    return Draft(
        kind=ISOLATE,
        key=f"{ISOLATE}:{county}",
        unit=county,
        title=say("isolate.title", **facts),
        reasons=reasons,
        cost=[
            cost("persons", rows.height, "persons"),
            cost("person_days", days, "person_days"),
            cost("rooms_used", sum(number in where.room for number in numbers), "places"),
            cost("roomless", roomless, "persons"),
        ],
        directive=say("isolate.directive", **facts),
        **frame.terms("isolate"),
        # the more close contacts at large, the more waiting costs
        priority=70 + min(19, close.height // 100),
        waiting_cost=say("isolate.waiting", **facts),
        if_nothing=say("isolate.if_nothing", **facts),
        recipients=[county],
        detail=_isolate_table(frame, rows, where),
        subject={"contacts": sorted(one for ids in rows["contact_ids"] for one in ids)},
    )


def _list(county: str, degree: int) -> dict[str, Any]:
    """The list of exactly these persons."""
    filters = {"scope": county, "to_isolate": True, "degree": degree, "state": "proposed"}
    return {"route": "contacts", "filters": filters}


def _isolate_table(frame: Frame, rows: pl.DataFrame, where: _Where) -> dict[str, Any]:
    shown = []
    for row in rows.head(_ROWS).iter_rows(named=True):
        number = str(row["contact_ids"][0])
        site, room = where.room.get(number, ("", ""))
        shown.append(
            {
                "contact": number,
                "degree": row["degree"],
                "unit": frame.name(row["unit"]),
                "last_exposure": beijing(row["last_exposure"]).isoformat(timespec="minutes"),
                "site": site or (say("isolate.at_home") if _home(frame, row) else ""),
                "room": room or where.why.get(number, ""),
                "until": row["ends_on"].isoformat(),
            }
        )
    keys = ("contact", "degree", "unit", "last_exposure", "site", "room", "until")
    return {"columns": [column(key) for key in keys], "rows": shown, "total": rows.height}


def _home(frame: Frame, row: dict[str, Any]) -> bool:
    """No central isolation is asked for, or its days are over."""
    return row["central_until"] is None or row["central_until"] < frame.today
