"""Hospital beds for cases that are not admitted yet, and the load of the days after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from zhongshu.engines.beds import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.service.cases import facade as cases
from zhongshu.service.dispatch.planners import common, expected, staff
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Column,
    Field,
    Figure,
    JobDraft,
    Made,
    Row,
    Rows,
    Step,
    Taking,
)
from zhongshu.service.kit.dispatchrules import bed_rules
from zhongshu.service.kit.text import Text, text
from zhongshu.service.people import facade as people
from zhongshu.service.resources import facade as resources

NAME = "beds"
FIELDS = (Field("suspected", "flag", default=False), Field("upper", "flag", default=False))
WORDS = frozenset({"pin", "forbid"})
EVENTS = frozenset({"declined", "hospital_full"})
HOSPITAL = "hospital"
_POOLS = {"ward": "beds", "icu": "icu"}  # the engine's pool -> the registry's
_SEVERITY = {"none": "asymptomatic", "mild": "mild", "moderate": "moderate", "severe": "severe"}
SEVERITIES: Mapping[str, Text] = {
    "critical": text("危重型", "critical"),
    "severe": text("重型", "severe"),
    "moderate": text("中型", "moderate"),
    "mild": text("轻型", "mild"),
    "asymptomatic": text("无症状", "asymptomatic"),
    "suspected": text("待排查", "suspected"),
    "yellow": text("黄码", "yellow code"),
}


def counts(ask: Ask) -> Mapping[str, int]:
    pools = _pools(ask, {one.code: one for one in common.things(ask, HOSPITAL)})
    free = dict.fromkeys(_POOLS, 0)
    for row in pools.to_pylist():
        free[row["pool"]] += row["beds"]
    return {"cases": len(_waiting(ask)), "beds_free": free["ward"], "icu_free": free["icu"]}


def make(ask: Ask) -> Made:
    """Refuses (BadInput) when nobody waits for a bed, a unit without hospitals, and words about
    what is unknown."""
    waiting = _waiting(ask)
    if not waiting:
        raise BadInput("dispatch.no_patients", "No case of this unit waits for a bed now.")
    hospitals = {one.code: one for one in common.things(ask, HOSPITAL) if one.lon is not None}
    if not hospitals:
        raise BadInput("dispatch.no_hospitals", "The registry has no hospital in this unit.")
    care = ask.ground.other("dispatch")
    rules = bed_rules(care, detour_factor=ask.ground.pack.number("transfer.detour_factor"))
    ahead = expected.forecast(ask, _known(ask), rules)
    given: dict[str, Any] = {
        "groups": _groups(waiting),
        "hospitals": _hospitals(hospitals),
        "pools": _pools(ask, hospitals),
        "words": _words(ask, waiting, hospitals),
        "forecast": ahead.table(upper=_upper(ask)) if ahead else None,
        "rules": rules,
        "on": ask.ground.today,
    }
    plan = solve.plan(**given, staff=staff.present(ask, hospitals))
    common.sound(validate.check(plan, **given))
    return _told(ask, plan, waiting, hospitals, ahead)


def _upper(ask: Ask) -> bool:
    """Whether beds are kept for the upper end of what is expected."""
    return bool(ask.form.get("upper"))


def _known(ask: Ask) -> list[expected.Known]:
    """All cases of the incident, to see how what is expected spreads; a suspected one as grave as
    it was reported."""
    return [
        expected.Known(row["person"], row["unit_path"], _grade(row | {"state": "confirmed"}))
        for row in cases.open_cases(ask.ground.as_of).to_pylist()
    ]


def _waiting(ask: Ask) -> dict[str, Row]:
    """Case number to the case, with its severity as the edition for beds calls it."""
    wanted = ("reported", "confirmed") if ask.form["suspected"] else ("confirmed",)
    found = {
        str(row["case_id"]): row
        for row in cases.open_cases(ask.ground.as_of).to_pylist()
        if row["state"] in wanted
        and ask.inside(row["unit_path"])
        and str(row["case_id"]) not in ask.placed
    }
    persons = [row["person"] for row in found.values()]
    homes = people.homes(persons)
    traits = people.traits(pa.array(persons, pa.int64()), fallback=ask.ground.scope_unit)
    needs = dict(zip(persons, traits["special_need"].to_pylist(), strict=True))
    for row in found.values():
        row["lon"], row["lat"] = homes.get(row["person"], (None, None))
        row["needs"] = needs.get(row["person"]) or None
        row["grade"] = _grade(row)
    return found


def _grade(row: Row) -> str:
    if row["state"] == "reported":
        return "suspected"
    usual = "asymptomatic" if row["category"] == "asymptomatic" else "mild"
    return _SEVERITY.get(row["severity"] or "", usual)


def _groups(waiting: Mapping[str, Row]) -> pa.Table:
    rows = [
        {"group": number, "persons": 1, "severity": row["grade"], "lon": row["lon"],
         "lat": row["lat"], "needs": row["needs"]}
        for number, row in sorted(waiting.items())
    ]  # fmt: skip
    fields = [*model.GROUPS, model.GROUP_EXTRAS.field("needs")]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _hospitals(hospitals: Mapping[str, resources.Thing]) -> pa.Table:
    rows = [
        {
            "hospital_id": code,
            "tier": one.facts.get("type", ""),
            "lon": one.lon,
            "lat": one.lat,
            "offers": ";".join(one.facts.get("offers", ())) or None,
        }
        for code, one in sorted(hospitals.items())
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([*model.HOSPITALS, *model.HOSPITAL_EXTRAS]))


def _pools(ask: Ask, hospitals: Mapping[str, resources.Thing]) -> pa.Table:
    """Free beds by the ledger and the newest report; none where a hospital says it is full."""
    begins = common.next_hour(ask.ground.as_of)
    known = common.usable(hospitals.values())
    left = resources.registry.frees(known, begins)
    full = {one.thing for one in ask.events if one.kind == "hospital_full"}
    rows = [
        {
            "hospital_id": one.code,
            "pool": pool,
            "beds": 0
            if one.code in full
            else left[one.pk].get(named, 0) + ask.own.get((HOSPITAL, one.code, named), 0),
        }
        for one in known
        for pool, named in _POOLS.items()
    ]
    return pa.Table.from_pylist(rows, schema=model.POOLS)


def _words(
    ask: Ask, waiting: Mapping[str, Row], hospitals: Mapping[str, resources.Thing]
) -> pa.Table | None:
    """What was planned before, what dispatchers say, what hospitals declined."""
    before: Mapping[str, str] = ask.before["hospital_of"] if ask.before else {}
    rows = [
        {"group": group, "hospital_id": hospital, "word": "before"}
        for group, hospital in before.items()
        if group in waiting and hospital in hospitals
    ]
    said = [(one.thing, one.to, "pinned" if one.word == "pin" else "declined")
            for one in ask.words]  # fmt: skip
    said += [
        (one.thing, one.to or before.get(one.thing, ""), "declined")
        for one in ask.events
        if one.kind == "declined"
    ]
    for group, hospital, word in said:
        if group not in waiting or hospital not in hospitals:
            raise BadInput(
                "dispatch.unknown_word",
                f"The plan knows no case '{group}' or no hospital '{hospital}'.",
                thing=group,
                to=hospital,
            )
        rows.append({"group": group, "hospital_id": hospital, "word": word})
    return pa.Table.from_pylist(rows, schema=model.WORDS) if rows else None


_CASES = (
    Column("case", "id"),
    Column("case_no", "text"),
    Column("severity", "code"),
    Column("needs", "text"),
    Column("hospital", "text"),
    Column("hospital_id", "code"),
    Column("pool", "code"),
    Column("choice", "number"),
    Column("km", "km", "km"),
    Column("changed", "flag"),
)
_LOAD = (
    Column("hospital_id", "id"),
    Column("hospital", "text"),
    Column("pool", "code"),
    Column("date", "date"),
    Column("beds", "number"),
    Column("usable", "number"),
    Column("persons", "number"),
)
_STAFF = (
    Column("hospital_id", "id"),
    Column("hospital", "text"),
    Column("date", "date"),
    Column("skill", "code"),
    Column("wanted", "number"),
)


def _told(
    ask: Ask,
    plan: model.BedPlan,
    waiting: Mapping[str, Row],
    hospitals: Mapping[str, resources.Thing],
    ahead: expected.Forecast | None,
) -> Made:
    rows = plan.assignments.to_pylist()
    placed = [row for row in rows if row["hospital_id"]]
    named = {code: one.name for code, one in hospitals.items()}
    changed = [row for row in placed if row["changed"]]
    short = sum(plan.short["persons"].to_pylist())
    return Made(
        answer=expected.noted(plan.answer, ahead, upper=_upper(ask)),
        figures=(
            Figure("served", plan.served, "persons"),
            Figure("unserved", plan.persons - plan.served, "persons"),
            Figure("hospitals", len({row["hospital_id"] for row in placed}), "hospitals"),
            *expected.figures(ahead),
            Figure("later_short", round(short, 1), "persons"),
        ),
        tables={
            "cases": Rows(_CASES, [_case(row, waiting, named) for row in placed]),
            "load": Rows(_LOAD, [_day(row, named) for row in plan.load.to_pylist()]),
            "staff": Rows(_STAFF, [_day(row, named) for row in plan.staff_needs.to_pylist()]),
            **expected.tables(ahead),
        },
        jobs=_jobs(ask, placed, waiting, hospitals),
        takings=tuple(_takings(ask, placed)),
        features=_features(ask, placed, waiting, hospitals),
        changed={"share": len(changed) / max(1, len(placed)), "count": len(changed)}
        if ask.before
        else None,
        again={
            "hospital_of": {row["group"]: row["hospital_id"] for row in placed},
            "patients": [_patient(row, waiting[row["group"]]) for row in placed],
            "looked_after": [row["group"] for row in placed],
            "staff_short": staff.short(ask, plan, hospitals),
            "staff_own": staff.own(ask, plan, hospitals),
            "foretold_by": expected.source(ahead),
        },
    )


def _patient(row: Row, own: Row) -> Row:
    """What the trip to the hospital has to know."""
    return {
        "case": row["group"],
        "person": own["person"],
        "lon": own["lon"],
        "lat": own["lat"],
        "needs": own["needs"] or "",
        "hospital_id": row["hospital_id"],
    }


def _case(row: Row, waiting: Mapping[str, Row], named: Mapping[str, str]) -> Row:
    own = waiting[row["group"]]
    return {
        "case": row["group"],
        "case_no": own["case_no"],
        "severity": row["severity"],
        "needs": own["needs"] or "",
        "hospital": named[row["hospital_id"]],
        "hospital_id": row["hospital_id"],
        "pool": row["pool"],
        "choice": row["choice"],
        "km": None if row["km"] is None else round(row["km"], 1),
        "changed": bool(row["changed"]),
    }


def _day(row: Row, named: Mapping[str, str]) -> Row:
    told = {**row, "hospital": named[row["hospital_id"]], "date": row["date"].isoformat()}
    if "persons" in told:
        told["persons"] = round(told["persons"], 1)
    return told


def _jobs(
    ask: Ask,
    placed: list[Row],
    waiting: Mapping[str, Row],
    hospitals: Mapping[str, resources.Thing],
) -> tuple[JobDraft, ...]:
    """Each hospital accepts or declines case by case."""
    due = common.next_hour(ask.ground.as_of) + dt.timedelta(
        hours=ask.ground.pack.number("directive.sign_h")
    )
    by: dict[str, list[Row]] = {}
    for row in placed:
        by.setdefault(row["hospital_id"], []).append(row)
    jobs = []
    for code, rows in sorted(by.items()):
        one = hospitals[code]
        steps = []
        for row in rows:
            own, grade = waiting[row["group"]], SEVERITIES[row["severity"]]
            steps.append(
                Step(
                    kind="group",
                    at=due,
                    label=text(
                        f"{own['case_no']} {grade['zh']}", f"{own['case_no']}, {grade['en']}"
                    ),
                    place=one.name,
                    lon=one.lon,
                    lat=one.lat,
                    thing=row["group"],
                    count=1,
                    persons=(own["person"],),
                    facts={
                        "severity": row["severity"],
                        "pool": row["pool"],
                        "needs": own["needs"] or "",
                    },
                )
            )
        title = text(f"{one.name}：收治 {len(rows)} 人", f"{one.name}: {len(rows)} to admit")
        jobs.append(JobDraft(HOSPITAL, code, one.unit_id, title, tuple(steps)))
    return tuple(jobs)


def _takings(ask: Ask, placed: list[Row]) -> list[Taking]:
    """Until the hospital's own report counts who has come."""
    begins = common.next_hour(ask.ground.as_of)
    ends = begins + dt.timedelta(hours=ask.ground.other("dispatch").number("beds.hold_h"))
    amounts: dict[tuple[str, str], int] = {}
    for row in placed:
        key = row["hospital_id"], _POOLS[row["pool"]]
        amounts[key] = amounts.get(key, 0) + row["persons"]
    return [
        Taking(HOSPITAL, code, pool, amount, begins, ends)
        for (code, pool), amount in sorted(amounts.items())
    ]


def _features(
    ask: Ask,
    placed: list[Row],
    waiting: Mapping[str, Row],
    hospitals: Mapping[str, resources.Thing],
) -> list[Row]:
    found: list[Row | None] = []
    patients: dict[str, int] = {}
    for row in placed:
        own, one = waiting[row["group"]], hospitals[row["hospital_id"]]
        patients[one.code] = patients.get(one.code, 0) + 1
        lon, lat = common.coarse(own["lon"], own["lat"])
        found.append(common.spot(lon, lat, role="home", id=row["group"], label=one.name, value=1))
        if None not in (lon, lat, one.lon, one.lat):
            ends = [(lon or 0.0, lat or 0.0), (one.lon or 0.0, one.lat or 0.0)]
            found.append(common.line(ends, role="move", id=one.code, label=one.name, value=1))
    for code, one in sorted(hospitals.items()):
        value = patients.get(code, 0)
        found.append(
            common.spot(one.lon, one.lat, role="hospital", id=code, label=one.name, value=value)
        )
    return [one for one in found if one is not None]
