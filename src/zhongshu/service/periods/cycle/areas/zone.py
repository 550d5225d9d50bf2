"""Zone: risk areas and county colours by the pack's rules, and what would release them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from zhongshu.engines.zoning import model, solve
from zhongshu.rules import zones as zone_rules
from zhongshu.rules.judge import Judgement
from zhongshu.service.cases import facade as cases
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.areas import facts as evidence
from zhongshu.service.periods.cycle.areas import subject
from zhongshu.service.periods.cycle.areas import words as told
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.words import say
from zhongshu.service.zones import facade as zones
from zhongshu.service.zones.facade import ZoneDraft

KINDS = ("zone", "colour")
ENDS = "release"
Row = dict[str, Any]


def run(frame: Frame) -> Outcome:
    """Draw, keep, step down and release; write the zones and propose what changes."""
    facts = evidence.gather(frame)
    rules = rulebook.zone_rules(frame.pack, wide_spread=facts.wide_spread)
    result = solve.draw(**facts.tables(), rules=rules, on=frame.today)
    areas = result.areas.to_pylist()
    judged = subject.judged(frame, facts, areas)
    kept_back = _kept_back(areas, judged)
    conditions = _conditions(frame, areas, result.conditions.to_pylist())
    _add_said(frame, conditions, judged)
    shapes = {row["unit_code"]: json.loads(row["geojson"]) for row in result.shapes.to_pylist()}
    numbers = cases.numbers({case for row in areas for case in row["case_ids"]})
    drafts = [
        _area_draft(
            row,
            frame=frame,
            conditions=conditions[row["unit_code"]],
            geometry=shapes.get(row["unit_code"]),
            numbers=numbers,
            places=facts.place_names,
        )
        for row in areas
    ]
    counties = result.counties.to_pylist()
    coloured = [row for row in counties if row["colour"] != "none"]
    drafts += [_county_draft(frame, row, facts) for row in coloured]
    ids = zones.upsert(drafts=drafts, run_id=frame.run_id, as_of=frame.as_of)
    proposals = [
        told.areas_draft(
            frame, county, verb, rows,
            ids=ids, conditions=conditions, shapes=shapes, judged=judged,
            alternatives=_alternatives(frame, facts, rules, county) if verb == "draw" else (),
        )
        for (county, verb), rows in sorted(_changed(areas).items())
    ]  # fmt: skip
    if coloured:
        proposals.append(told.colours_draft(frame, coloured, ids=ids))
    summary = {
        "areas": sum(row["action"] != ENDS for row in areas),
        "high": sum(row["level"] == "high" and row["action"] != ENDS for row in areas),
        "medium": sum(row["level"] == "medium" and row["action"] != ENDS for row in areas),
        "residents": int(result.totals["residents"]),
        "person_days": round(result.totals["person_days"], 1),
        "overdue": int(result.totals["overdue"]),
        "counties": {
            colour: sum(row["colour"] == colour for row in counties)
            for colour in ("high", "medium", "low")
        },
        "withheld": result.withheld.num_rows,
        "kept_by_rule": kept_back,
        "card": result.card.as_json(),
    }
    return Outcome(summary, tuple(proposals), KINDS)


def _kept_back(areas: Sequence[Row], judged: Mapping[str, Judgement]) -> int:
    """Keep the areas the engine would step down or end while a rule of the pack does not let
    them; how many.  The engine counts days and tests; a rule may ask for more."""
    kept = 0
    for row in areas:
        said = judged.get(row["unit_code"])
        leaving = row["action"] in ("step_down", ENDS)
        if leaving and said is not None and said.outcome["action"] != "lower":
            row["action"], row["level"] = "keep", row["was"]
            row["reasons"], row["overdue_days"] = ["waits_for_rule"], 0
            kept += 1
    return kept


def _add_said(
    frame: Frame, conditions: dict[str, list[dict[str, Any]]], judged: Mapping[str, Judgement]
) -> None:
    """The rule's own conditions beside those the engine counts."""
    for unit, said in judged.items():
        counted = {one["code"] for one in conditions[unit]}
        for one in zone_rules.move(frame.pack, said.facts).conditions:
            if one.id not in counted:
                conditions[unit].append(
                    {
                        "rule_id": said.rule_id,
                        "code": one.id,
                        "text": {"zh": one.text.zh, "en": one.text.en},
                        "met": one.held,
                        "due_on": None,
                    }
                )


def _changed(areas: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """Areas that ask for a decision, by county and what is to be done: all but those that stay."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in areas:
        if verb := told.VERBS.get(row["action"]):
            found.setdefault((row["county_code"], verb), []).append(row)
    return found


def _conditions(
    frame: Frame, areas: Sequence[Row], judged: Sequence[Row]
) -> dict[str, list[dict[str, Any]]]:
    """Release conditions by unit: as judged for areas in force, as the pack says for new ones."""
    found: dict[str, list[dict[str, Any]]] = {row["unit_code"]: [] for row in areas}
    for row in judged:
        found[row["unit_code"]].append(
            {
                "rule_id": row["rule_id"],
                "code": row["code"],
                "text": say(f"release.{row['code']}", needed=row["needed"], have=row["have"]),
                "met": row["met"],
                "due_on": _iso(row["due_on"]),
            }
        )
    for row in areas:
        if not found[row["unit_code"]]:
            step = zone_rules.next_step(frame.pack, row["level"])
            found[row["unit_code"]] = [
                {
                    "rule_id": one.rule_id,
                    "code": one.kind,
                    "text": say(f"release.{one.kind}", needed=one.days, have=0),
                    "met": False,
                    "due_on": _iso(row["earliest_release"]),
                }
                for one in step.conditions
            ]
    return found


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _area_draft(
    row: Row,
    *,
    frame: Frame,
    conditions: Sequence[Mapping[str, Any]],
    geometry: Mapping[str, Any] | None,
    numbers: Mapping[int, str],
    places: Mapping[int, str],
) -> ZoneDraft:
    # Until a decision steps it down or ends it, an area in force keeps its level.
    in_force = row["action"] in ("step_down", ENDS)
    return ZoneDraft(
        unit=row["unit_code"],
        kind="risk_area",
        level=row["was"] if in_force else row["level"],
        residents=row["residents"],
        households=row["households"],
        person_days=row["person_days"],
        evidence={
            "cases": [{"id": case, "case_no": numbers[case]} for case in row["case_ids"]],
            "places": [places.get(place, str(place)) for place in row["places"]],
            "windows": [
                {
                    "from": row["window_from"].isoformat() if row["window_from"] else None,
                    "to": row["window_to"].isoformat() if row["window_to"] else None,
                }
            ],
            "reasons": [say(f"zone.because.{code}") for code in row["reasons"]],
        },
        release={
            "conditions": list(conditions),
            "earliest_on": _iso(row["earliest_release"]),
        },
        rule_id=row["rule_id"],
        pack_version=frame.pack.version,
        since=row["since"],
        overdue_release=(row["overdue_days"] or 0) > 0,
        geometry=geometry,
    )


def _county_draft(frame: Frame, row: Row, facts: evidence.Facts) -> ZoneDraft:
    people, households = facts.county_people.get(row["county_code"], (0, 0))
    return ZoneDraft(
        unit=row["county_code"],
        kind="county",
        level=row["colour"],
        residents=people,
        households=households,
        person_days=row["person_days"],
        evidence={
            "cases": [],
            "places": [],
            "windows": [],
            "local_cases": row["local_cases"],
            "community_cases": row["community_cases"],
            "areas_high": row["areas_high"],
            "areas_medium": row["areas_medium"],
        },
        release={
            "conditions": [
                {
                    "rule_id": frame.pack.figure("zone.low.release_when_zones_end").rule_id,
                    "text": say("release.zones_ended"),
                    "met": not row["low_zone"],
                    "due_on": None,
                }
            ],
            "earliest_on": None,
        },
        rule_id=row["rule_id"],
        pack_version=frame.pack.version,
        since=frame.today,
    )


def _alternatives(
    frame: Frame, facts: evidence.Facts, rules: model.ZoneRules, county: str
) -> list[Row]:
    """The same evidence of one county drawn smaller and larger."""
    inside = facts.within(county)
    result = solve.draw(**inside.tables(), rules=rules, on=frame.today)
    rows: list[Row] = result.alternatives.to_pylist()
    return rows
