"""Proposals about risk areas and county colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhongshu.rules.judge import Judgement
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft

Row = dict[str, Any]
Ids = Mapping[tuple[str, str], int]
_ROWS = 200
# What a proposal does, by what the engine says of its areas.
VERBS = {"draw": "draw", "raise": "draw", "step_down": "step", "release": "release"}


def areas_draft(
    frame: Frame,
    county: str,
    verb: str,
    rows: Sequence[Row],
    *,
    ids: Ids,
    conditions: Mapping[str, Sequence[Mapping[str, Any]]],
    shapes: Mapping[str, Any],
    alternatives: Sequence[Row],
    judged: Mapping[str, Judgement],
) -> Draft:
    """One county's areas to draw (or raise), to step down, or to release.

    judged: what the rules say of each area in force; kept with the reason it is proposed for.
    """
    facts = _facts(frame, county, rows)
    return Draft(
        kind="zone",
        key=f"zone:{verb}:{county}",
        unit=county,
        title=say(f"zone.title.{verb}", **facts),
        reasons=_reasons(frame, county, verb, rows, judged=judged, facts=facts),
        cost=[
            cost("residents", facts["residents"], "persons"),
            cost("person_days", facts["person_days"], "person_days"),
            cost("evidence_cases", facts["cases"], "cases"),
        ],
        directive=say(f"zone.directive.{verb}", **facts),
        **frame.terms("zone"),
        # the more cases behind it, the more waiting costs
        priority=(80 if verb == "draw" else 60) + min(19, int(facts["cases"])),
        alternatives=[_alternative(row) for row in alternatives] if verb == "draw" else (),
        if_nothing=say(f"zone.if_nothing.{verb}", **facts),
        waiting_cost=say(f"zone.waiting.{verb}", **facts),
        recipients=[county],
        geometry=_geometry(rows, shapes),
        detail=_table(frame, rows, conditions),
        subject=_subject(verb, rows, ids),
    )


def _facts(frame: Frame, county: str, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "county": frame.name(county),
        "areas": len(rows),
        "high": sum(row["level"] == "high" for row in rows),
        "medium": sum(row["level"] == "medium" for row in rows),
        "cases": len({case for row in rows for case in row["case_ids"]}),
        "residents": sum(row["residents"] for row in rows),
        "person_days": round(sum(row["person_days"] for row in rows)),
    }


def _reasons(
    frame: Frame,
    county: str,
    verb: str,
    rows: Sequence[Row],
    *,
    judged: Mapping[str, Judgement],
    facts: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """One for each level and rule; areas to be drawn are not judged yet."""
    opens = {"route": "zones", "filters": {"scope": county}}
    return [
        reason(
            f"zone.why.{verb}.{level}", pack=frame.pack, opens=opens, rule=rule,
            judged=_judged(judged, rows, level, rule) if verb != "draw" else (), **facts,
        )
        for level, rule in sorted({(row["level"], row["rule_id"]) for row in rows})
    ]  # fmt: skip


def _subject(verb: str, rows: Sequence[Row], ids: Ids) -> dict[str, Any]:
    """What deciding it acts on."""
    subject: dict[str, Any] = {"zones": sorted(ids[row["unit_code"], "risk_area"] for row in rows)}
    if verb != "draw":
        subject["action"] = verb
    if verb == "step":
        subject["level"] = rows[0]["level"]
    return subject


def _judged(
    judged: Mapping[str, Judgement], rows: Sequence[Row], level: str, rule: str
) -> list[Judgement]:
    mine = [row for row in rows if (row["level"], row["rule_id"]) == (level, rule)]
    return [judged[row["unit_code"]] for row in mine if row["unit_code"] in judged]


def _alternative(row: Row) -> dict[str, Any]:
    label = say(f"zone.alternative.{row['key']}")
    if not row["in_pack"]:
        label = say("zone.alternative.not_allowed", label=label)
    return {
        "key": row["key"],
        "label": label,
        "chosen": row["chosen"],
        "costs": [
            cost("areas", row["areas"], "areas"),
            cost("residents", row["people"], "persons"),
            cost("person_days", round(row["person_days"]), "person_days"),
            cost("evidence_share", round(row["evidence_share"], 3), "share"),
        ],
    }


def _geometry(rows: Sequence[Row], shapes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": shapes[row["unit_code"]],
                "properties": {"unit": row["unit_code"], "level": row["level"]},
            }
            for row in rows
            if row["unit_code"] in shapes
        ],
    }


def _table(
    frame: Frame, rows: Sequence[Row], conditions: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    ordered = sorted(rows, key=lambda row: (-row["residents"], row["unit_code"]))
    shown = [
        {
            "unit": frame.name(row["unit_code"]),
            "level": say(f"level.{row['level']}"),
            "because": say(f"zone.because.{row['reasons'][0]}") if row["reasons"] else "",
            "cases": len(row["case_ids"]),
            "residents": row["residents"],
            "person_days": round(row["person_days"]),
            "release": conditions[row["unit_code"]][0]["text"]
            if conditions[row["unit_code"]]
            else "",
            "earliest": row["earliest_release"].isoformat() if row["earliest_release"] else "",
        }
        for row in ordered[:_ROWS]
    ]
    keys = (
        "unit", "level", "because", "cases", "residents", "person_days", "release", "earliest",
    )  # fmt: skip
    return {"columns": [column(key) for key in keys], "rows": shown, "total": len(rows)}


def colours_draft(frame: Frame, counties: Sequence[Row], *, ids: Ids) -> Draft:
    """The colours of all counties that have one, as one proposal."""
    pack = frame.pack
    facts = {
        "high": sum(row["colour"] == "high" for row in counties),
        "medium": sum(row["colour"] == "medium" for row in counties),
        "low": sum(row["colour"] == "low" for row in counties),
        "days": pack.value("zone.county.window_days"),
        "high_cases": pack.value("zone.county.high_cases"),
        "medium_cases": pack.value("zone.county.medium_cases"),
    }
    ordered = sorted(counties, key=lambda row: (-row["community_cases"], row["county_code"]))
    rows = [
        {
            "unit": frame.name(row["county_code"]),
            "level": say(f"level.{row['colour']}"),
            "cases": row["local_cases"],
            "areas": row["areas_high"] + row["areas_medium"],
            "residents": row["residents_restricted"],
        }
        for row in ordered
    ]
    zone_ids = sorted(ids[row["county_code"], "county"] for row in counties)
    return Draft(
        kind="colour",
        key=f"colour:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("colour.title", **facts),
        reasons=[
            reason("colour.why", pack=pack, figure="zone.county.high_cases", **facts),
            reason("colour.none", pack=pack, figure="zone.county.low_min_cases", **facts),
        ],
        cost=[cost("residents", sum(row["residents_restricted"] for row in counties), "persons")],
        directive=say("colour.directive", **facts),
        **frame.terms("colour"),
        priority=60,
        if_nothing=say("colour.if_nothing", **facts),
        recipients=[row["county_code"] for row in ordered],
        detail={
            "columns": [column(key) for key in ("unit", "level", "cases", "areas", "residents")],
            "rows": rows,
            "total": len(rows),
        },
        subject={"zones": zone_ids},
    )
