"""Estimate: Rt per county, and rooms and beds for the next days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.engines.epidemic import demand, model, serial, solve
from zhongshu.kernel import tables
from zhongshu.kernel.divisions import Level
from zhongshu.kernel.time import DAY
from zhongshu.service.cases import facade as cases
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.people import facade as households
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft
from zhongshu.service.resources import facade as resources

KIND = "demand"
Row = dict[str, Any]


def run(frame: Frame) -> Outcome:
    """Rt by day of confirmation, which is complete until yesterday, and demand from it."""
    daily = _incidence(frame)
    if daily.num_rows == 0:
        return Outcome({"units": 0}, (), (KIND,))
    params = rulebook.rt_params(frame.pack)
    first = min(daily["date"].to_pylist())
    yesterday = frame.today - DAY
    if (yesterday - first).days <= params.window:
        return Outcome({"units": 0, "short": 1}, (), (KIND,))
    rt = solve.estimate_units(daily, first=first, last=yesterday, params=params)
    trends: dict[str, dict[str, list[Row]]] = {"rt": _rt_trend(rt.table)}
    latest = _latest(rt.table)
    outlook = _outlook(frame, daily, rt, params, first=first)
    drafts: tuple[Draft, ...] = ()
    summary: Row = {
        "units": len(rt.units),
        "estimated": len(latest),
        "rt": latest,
        "card": {"rt": rt.card.as_json()},
    }
    if outlook is not None:
        needed = _demand(frame, outlook)
        rows = needed.table.to_pylist()
        trends["rooms_projected"] = {frame.scope_unit: _band(rows, "rooms")}
        trends["cases_projected"] = {frame.scope_unit: _band(rows, "cases")}
        summary |= _peaks(rows)
        summary["card"]["demand"] = needed.card.as_json()
        drafts = _drafts(frame, rows)
    return Outcome(summary | {"trends": trends}, drafts, (KIND,))


def _incidence(frame: Frame) -> pa.Table:
    """(unit, date, count) of local cases by Beijing day of confirmation; the scope's total is a
    unit too."""
    known = tables.frame(cases.open_cases(frame.as_of))
    local = known.filter(pl.col("found_by").fill_null("") != "arrival").with_columns(
        pl.col("confirmed_at").dt.convert_time_zone("Asia/Shanghai").dt.date().alias("date")
    )
    counties = pl.Series("unit", [frame.county(unit) for unit in local["unit"]], pl.String)
    by_county = local.with_columns(counties).drop_nulls("unit")
    everything = local.with_columns(pl.lit(frame.scope_unit).alias("unit"))
    both = pl.concat([by_county.select("unit", "date"), everything.select("unit", "date")])
    counted = both.group_by("unit", "date").len("count").sort("unit", "date")
    return (
        counted.with_columns(pl.col("count").cast(pl.Int64))
        .to_arrow()
        .cast(pa.schema([("unit", pa.string()), ("date", pa.date32()), ("count", pa.int64())]))
    )


def _rt_trend(table: pa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        if row["mean"] is not None:
            found.setdefault(row["unit"], []).append(
                {
                    "date": row["date"].isoformat(),
                    "value": round(row["median"], 4),
                    "low": round(row["q025"], 4),
                    "high": round(row["q975"], 4),
                }
            )
    return found


def _latest(table: pa.Table) -> dict[str, Row]:
    """The last estimate of each unit."""
    return {unit: points[-1] for unit, points in _rt_trend(table).items()}


def _outlook(
    frame: Frame, daily: pa.Table, rt: model.RtUnits, params: model.RtParams, *, first: dt.date
) -> demand.Outlook | None:
    """Where the whole scope stands; None when there is no estimate for its last window."""
    row = rt.units.index(frame.scope_unit)
    shape, scale = float(rt.arrays.shape[row][-1]), float(rt.arrays.scale[row][-1])
    if not np.isfinite(shape):
        return None
    days = (frame.today - first).days + 1
    incidence = np.zeros(days)
    for one in daily.to_pylist():
        if one["unit"] == frame.scope_unit:
            incidence[(one["date"] - first).days] = one["count"]
    return demand.Outlook(
        incidence=incidence,
        last_day=frame.today,
        complete_until=frame.today - DAY,
        rt_shape=shape,
        rt_scale=scale,
        si=serial.weights(mean=params.si_mean, sd=params.si_sd, days=days + params.window),
    )


def _demand(frame: Frame, outlook: demand.Outlook) -> model.DemandResult:
    pack = frame.pack
    horizon = int(pack.number("estimate.demand_days"))
    wanted = dispatch.to_isolate(frame)
    central = wanted.filter(pl.col("central_until") >= frame.today)
    per_case = _contacts_per_case(frame, central)
    sharing = _persons_per_room(central)
    beds = resources.beds(frame.as_of)
    occupied = sum(beds["beds_total"].to_pylist()) - sum(beds["beds_free"].to_pylist())
    stay = np.array([int(pack.number("isolation.case.stay_days"))], dtype=np.int64)
    rooms = np.array(
        [
            central.filter(pl.col("central_until") >= frame.today + ahead * DAY).height / sharing
            for ahead in range(1, horizon + 1)
        ],
        dtype=np.float64,
    )
    params = model.DemandParams(
        dispersion_k=pack.number("estimate.dispersion_k"),
        contacts_per_case=per_case,
        isolation_days=int(pack.number("isolation.close_contact.central_days")) or 1,
        stay_days=stay,
        persons_per_room=sharing,
        horizon_days=horizon,
        draws=int(pack.number("estimate.draws")),
    )
    held = model.Held(
        rooms=rooms,
        beds=solve.still_held(occupied, stay_days=stay, horizon_days=horizon),
    )
    return solve.project_demand(outlook, params=params, held=held, seed=frame.seed)


def _persons_per_room(central: pl.DataFrame) -> float:
    """Contacts of one household share a room: how many there are on average."""
    homes = tables.frame(households.households().select(["person", "household"]))
    rooms = central.select("person").join(homes, on="person")["household"].n_unique()
    return central.height / rooms if rooms else 1.0


def _contacts_per_case(frame: Frame, central: pl.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """How many people each case newly brought into central isolation; cases that brought nobody
    count as zero."""
    first_case = [cases_[0] for cases_ in central["case_ids"]]
    counts = dict.fromkeys(cases.open_cases(frame.as_of)["case_id"].to_pylist(), 0)
    for case in first_case:
        counts[case] += 1
    return np.array(list(counts.values()) or [0], dtype=np.int64)


def _band(rows: list[Row], measure: str) -> list[Row]:
    return [
        {
            "date": row["date"].isoformat(),
            "value": round(row["median"], 1),
            "low": round(row["q10"], 1),
            "high": round(row["q90"], 1),
        }
        for row in rows
        if row["measure"] == measure
    ]


def _peaks(rows: list[Row]) -> Mapping[str, float]:
    """The largest median of each measure over the horizon."""
    return {
        f"{measure}_peak": round(max(row["median"] for row in rows if row["measure"] == measure), 1)
        for measure in demand.MEASURES
    }


def _drafts(frame: Frame, rows: list[Row]) -> tuple[Draft, ...]:
    """A proposal to open more rooms or beds where the likely peak passes what there is."""
    beds = resources.beds(frame.as_of)
    totals = {
        "rooms": resources.rooms(frame.as_of).num_rows,
        "beds": sum(beds["beds_total"].to_pylist()),
    }
    found = []
    for measure, total in totals.items():
        peak = max(
            (row for row in rows if row["measure"] == measure), key=lambda row: row["median"]
        )
        if peak["median"] > total:
            found.append(_draft(frame, measure, total=total, peak=peak, rows=rows))
    return tuple(found)


def _cities(frame: Frame) -> list[str]:
    """Cities with cases: theirs are the sites and hospitals."""
    found = {
        frame.tree.ancestor(unit, Level.CITY)
        for unit in cases.open_cases(frame.as_of)["unit"].to_pylist()
        if unit in frame.tree
    }
    return sorted(city.code for city in found if city is not None)


def _draft(frame: Frame, measure: str, *, total: int, peak: Row, rows: list[Row]) -> Draft:
    pack = frame.pack
    facts = {
        "what": say(f"demand.{measure}"),
        "total": total,
        "peak": round(peak["median"]),
        "low": round(peak["q10"]),
        "high": round(peak["q90"]),
        "missing": round(peak["median"]) - total,
        "days": pack.value("estimate.demand_days"),
        "date": peak["date"].isoformat(),
    }
    shown = [row for row in rows if row["measure"] == measure]
    return Draft(
        kind=KIND,
        key=f"{KIND}:{measure}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("demand.title", **facts),
        reasons=[
            reason("demand.why", pack=pack, figure="estimate.serial_interval_mean", **facts),
            reason("demand.have", pack=pack, figure="site.rooms_per_10000", **facts)
            if measure == "rooms"
            else reason("demand.have", pack=pack, rule="HOSP-7", **facts),
        ],
        cost=[
            cost(
                f"{measure}_missing",
                float(facts["missing"]),
                measure,
                low=max(0.0, round(peak["q10"]) - total),
                high=max(0.0, round(peak["q90"]) - total),
            )
        ],
        directive=say("demand.directive", **facts),
        **frame.terms("demand"),
        priority=70,
        if_nothing=say("demand.if_nothing", **facts),
        recipients=_cities(frame),
        detail={
            "columns": [column(key) for key in ("date", "median", "low", "high")],
            "rows": [
                {
                    "date": row["date"].isoformat(),
                    "median": round(row["median"]),
                    "low": round(row["q10"]),
                    "high": round(row["q90"]),
                }
                for row in shown
            ],
            "total": len(shown),
        },
    )
