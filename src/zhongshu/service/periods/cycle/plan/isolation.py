"""Rooms for today's contacts and the trips that bring them there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from zhongshu.engines.transfer import model as transfer
from zhongshu.engines.transfer import solve
from zhongshu.kernel import tables
from zhongshu.kernel.time import beijing
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft
from zhongshu.service.resources import facade as resources

ISOLATE, TRANSFER = "isolate", "transfer"
_ROWS = 200
# Search effort, not a clock: the same run gives the same plan on any machine.
_ITERATIONS = 10_000


def run(frame: Frame) -> Outcome:
    """Give rooms, plan trips, and propose both: isolation by county, one transfer plan."""
    wanted = dispatch.to_isolate(frame)
    if wanted.height == 0:
        return Outcome({"persons": 0}, (), (ISOLATE, TRANSFER))
    travellers = dispatch.travellers(frame, wanted)
    rooms = resources.rooms(frame.as_of)
    plan = solve.rooms(travellers, rooms, rulebook.room_rules(frame.pack))
    rules = rulebook.trip_rules(frame.pack, start=_shift_start(frame.as_of))
    trips = solve.trips(
        solve.stops(plan, travellers, needs=rules.assist_needs),
        resources.vehicles(frame.as_of),
        solve.sites(rooms),
        rules,
        limit=transfer.Limit(iterations=_ITERATIONS),
        seed=frame.seed,
    )
    placed = _placed(wanted, plan)
    drafts = [
        _isolate(frame, county, rows)
        for (county,), rows in sorted(
            placed.filter(pl.col("county").is_not_null() & (pl.col("state") == "proposed"))
            .partition_by("county", as_dict=True, maintain_order=True)
            .items()
        )
    ]
    if trips.trips.num_rows:
        drafts.append(_transfer(frame, plan, trips))
    summary = {
        "persons": wanted.height,
        "central": travellers.num_rows,
        "home": wanted.height - travellers.num_rows,
        "roomed": plan.served,
        "without_room": plan.unserved.num_rows,
        "binding": dict(plan.binding),
        "trips": trips.trips.num_rows,
        "vehicles": len(set(trips.trips["vehicle_id"].to_pylist())),
        "driven": trips.served_persons,
        "not_driven": trips.unserved.num_rows,
        "km": round(trips.km, 1),
        "card": {"rooms": plan.card.as_json(), "trips": trips.card.as_json()},
    }
    return Outcome(summary, tuple(drafts), (ISOLATE, TRANSFER))


def _shift_start(as_of: dt.datetime) -> dt.datetime:
    """The next full hour: vehicles leave when the decision can have been taken."""
    hour = as_of.replace(minute=0, second=0, microsecond=0)
    return hour + dt.timedelta(hours=1)


def _placed(wanted: pl.DataFrame, plan: transfer.RoomPlan) -> pl.DataFrame:
    """`wanted` with site_id, room_no, and why there is none (reason)."""
    rooms = tables.frame(plan.assignments.select(["person", "site_id", "room_no"]))
    left = tables.frame(plan.unserved.select(["person", "reason"]))
    return (
        wanted.join(rooms, on="person", how="left")
        .join(left, on="person", how="left")
        .sort("degree", "unit", "person")
    )


def _isolate(frame: Frame, county: str, rows: pl.DataFrame) -> Draft:
    close = rows.filter(pl.col("degree") == 1)
    second = rows.filter(pl.col("degree") == 2)
    roomless = rows.filter(pl.col("reason").is_not_null()).height
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
            cost("rooms_used", rows["room_no"].drop_nulls().len(), "places"),
            cost("roomless", roomless, "persons"),
        ],
        directive=say("isolate.directive", **facts),
        **frame.terms("isolate"),
        # the more close contacts at large, the more waiting costs
        priority=70 + min(19, close.height // 100),
        waiting_cost=say("isolate.waiting", **facts),
        if_nothing=say("isolate.if_nothing", **facts),
        recipients=[county],
        detail=_isolate_table(frame, rows),
        subject={"contacts": sorted(one for ids in rows["contact_ids"] for one in ids)},
    )


def _list(county: str, degree: int) -> dict[str, Any]:
    """The list of exactly these persons."""
    filters = {"scope": county, "to_isolate": True, "degree": degree, "state": "proposed"}
    return {"route": "contacts", "filters": filters}


def _isolate_table(frame: Frame, rows: pl.DataFrame) -> dict[str, Any]:
    shown = [
        {
            "contact": str(row["contact_ids"][0]),
            "degree": row["degree"],
            "unit": frame.name(row["unit"]),
            "last_exposure": beijing(row["last_exposure"]).isoformat(timespec="minutes"),
            "site": row["site_id"] or (say("isolate.at_home") if _home(frame, row) else ""),
            "room": row["room_no"] or _why(row["reason"]),
            "until": row["ends_on"].isoformat(),
        }
        for row in rows.head(_ROWS).iter_rows(named=True)
    ]
    keys = ("contact", "degree", "unit", "last_exposure", "site", "room", "until")
    return {"columns": [column(key) for key in keys], "rows": shown, "total": rows.height}


def _home(frame: Frame, row: dict[str, Any]) -> bool:
    """No central isolation is asked for, or its days are over."""
    return row["central_until"] is None or row["central_until"] < frame.today


def _why(code: str | None) -> Any:
    """Why there is no room, in words."""
    return say(f"roomless.{code}") if code else ""


def _transfer(frame: Frame, plan: transfer.RoomPlan, trips: transfer.TripPlan) -> Draft:
    rows = trips.trips.to_pylist()
    vehicles = sorted({row["vehicle_id"] for row in rows})
    at = {row["vehicle_id"]: row for row in resources.vehicles(frame.as_of).to_pylist()}
    owners = sorted({at[vehicle]["county_code"] for vehicle in vehicles})
    facts = {
        "persons": trips.served_persons,
        "trips": len(rows),
        "vehicles": len(vehicles),
        "left": sum(trips.unserved["persons"].to_pylist()),
        "rooms": plan.served,
    }
    pack = frame.pack
    reasons = [
        reason("transfer.why", pack=pack, figure="report.contact_isolated_h", **facts),
        reason("transfer.apart", pack=pack, rule="SITE-5", **facts),
    ]
    if facts["left"]:
        reasons.append(reason("transfer.left", pack=pack, rule="TRANS-D", **facts))
    shown = [
        {
            "vehicle": row["vehicle_id"],
            "trip": row["trip"],
            "site": row["site_id"],
            "cohort": say(f"cohort.{row['cohort']}"),
            "stops": row["stops"],
            "persons": row["persons"],
            "leaves": beijing(row["leaves_at"]).isoformat(timespec="minutes"),
            "arrives": beijing(row["arrives_at"]).isoformat(timespec="minutes"),
            "km": round(row["km"], 1),
        }
        for row in rows
    ]
    keys = ("vehicle", "trip", "site", "cohort", "stops", "persons", "leaves", "arrives", "km")
    return Draft(
        kind=TRANSFER,
        key=f"{TRANSFER}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("transfer.title", **facts),
        reasons=reasons,
        cost=[
            cost("persons", trips.served_persons, "persons"),
            cost("km", round(trips.km, 1), "km"),
            cost("vehicles", len(vehicles), "vehicles"),
            cost("persons_left", int(facts["left"]), "persons"),
        ],
        directive=say("transfer.directive", **facts),
        **frame.terms("transfer"),
        priority=85,
        if_nothing=say("transfer.if_nothing", **facts),
        recipients=owners,
        detail={
            "columns": [column(key) for key in keys],
            "rows": shown[:_ROWS],
            "total": len(shown),
        },
    )
