"""Who is to be fetched: households with a room, and cases with a bed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.engines.transfer import model, solve
from zhongshu.kernel.errors import BadInput
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.shapes import Ask, Row
from zhongshu.service.resources import facade as resources

CASE = "case"  # the cohort of those who ride alone


@dataclasses.dataclass(frozen=True)
class Riders:
    """Who waits at a stop: contact or case numbers, and pseudonyms."""

    numbers: tuple[str, ...]
    persons: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Parties:
    """stops: `model.STOPS` with extras, numbered from 1; places: where anybody of them could be
    brought, by code."""

    stops: pa.Table
    riders: Mapping[int, Riders]
    places: Mapping[str, resources.Thing]


@dataclasses.dataclass(frozen=True)
class _Roomed:
    assignments: pa.Table


def gather(ask: Ask, rules: model.TripRules) -> Parties:
    """Of the plans that the form names.  Refuses (BadInput) when it names none, or none of them
    gives anybody a place."""
    stops: list[Row] = []
    riders: dict[int, Riders] = {}
    places: dict[str, resources.Thing] = {}
    if roomed := ask.plans.get("rooms_plan"):
        places |= {one.code: one for one in common.things(ask, "site")}
        _households(roomed, rules, stops, riders)
    if bedded := ask.plans.get("beds_plan"):
        places |= {one.code: one for one in common.things(ask, "hospital")}
        _cases(bedded["patients"], rules, stops, riders)
    if not stops:
        raise BadInput(
            "dispatch.nobody_roomed", "Name a plan of rooms or of beds that gives somebody a place."
        )
    schema = pa.schema([*model.STOPS, *model.STOP_EXTRAS])
    return Parties(pa.Table.from_pylist(stops, schema=schema), riders, places)


def _households(
    roomed: Mapping[str, Any], rules: model.TripRules, stops: list[Row], riders: dict[int, Riders]
) -> None:
    """One stop for each household of one degree going to one site, as the engine numbers them."""
    assignments, people = common.thawed(roomed["assignments"]), common.thawed(roomed["people"])
    groups: dict[tuple[int, int, str], list[int]] = {}
    for row in assignments.to_pylist():
        key = row["household"], row["degree"], row["site_id"]
        groups.setdefault(key, []).append(row["person"])
    contacts = roomed["contacts"]
    table = solve.stops(_Roomed(assignments), people, needs=rules.assist_needs, rules=rules)
    for row, (_, members) in zip(table.to_pylist(), sorted(groups.items()), strict=True):
        stops.append(row)
        numbers = tuple(contacts[str(person)] for person in members)
        riders[row["stop"]] = Riders(numbers, tuple(members))


def _cases(
    patients: Sequence[Row],
    rules: model.TripRules,
    stops: list[Row],
    riders: dict[int, Riders],
) -> None:
    """One patient, one vehicle."""
    for number, one in enumerate(patients, len(stops) + 1):
        needs = set(filter(None, one["needs"].split(";")))
        stops.append(
            {
                "stop": number,
                "household": -one["person"],
                "lon": one["lon"],
                "lat": one["lat"],
                "site_id": one["hospital_id"],
                "cohort": CASE,
                "persons": 1,
                "assisted": int(bool(needs & rules.assist_needs)),
                "stretchers": int(bool(needs & rules.stretcher_needs)),
                "alone": True,
            }
        )
        riders[number] = Riders((one["case"],), (one["person"],))
