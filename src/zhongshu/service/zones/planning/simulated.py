"""The zonings of a plan in the outbreak model: asked for, and told beside what closing them costs
by the model's days."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from zhongshu.kernel.errors import Refused
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.text import Text
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.whatif import facade as whatif
from zhongshu.service.zones.models import ZonePlan
from zhongshu.service.zones.planning.words import say

DONE = whatif.Comparison.State.DONE
NONE = "none"
Row = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class ZoneDays:
    """One zone.  days: for which the model closes it; social_cost: its residents x strictness x
    days, those of the steps down from the edition."""

    days: whatif.Spread
    social_cost: float


@dataclasses.dataclass(frozen=True)
class Simulated:
    """One zoning.  rank: 1 is the best by the model.  social_cost: residents x strictness x days,
    the days at the high level from the model, those of the steps down from the edition; the sum
    over `zones`, in their order.  zones is empty where an older answer tells one figure for all.
    over: it passes the maximum of person-days that was asked for.
    """

    key: str
    rank: int
    outcome: whatif.Outcome
    social_cost: float
    days: float | None
    over: bool
    reason: Text
    zones: tuple[ZoneDays, ...] = ()


@dataclasses.dataclass(frozen=True)
class Simulation:
    """state: of the comparison, or `none` where there is no comparison; refusal: why not.
    options, without: empty, None until it is done; the best first.  note: what the model's days
    change in the order of cost."""

    state: str
    comparison: whatif.Comparison | None
    refusal: Row | None
    without: whatif.Outcome | None = None
    options: tuple[Simulated, ...] = ()
    note: Text | None = None

    @property
    def done(self) -> bool:
        return self.state == DONE

    def of(self, key: str) -> Simulated | None:
        return next((one for one in self.options if one.key == key), None)


def ask(row: ZonePlan, *, actor: Actor, now: dt.datetime) -> None:
    """Have the worker simulate the plan's zonings; what is refused is kept with the plan, whose
    zonings stand without it.  Whoever may plan needs no other right for this."""
    named = _names(row)
    try:
        with rowsecurity.unscoped():  # the county of a township's plan is not the planner's
            row.comparison = whatif.zonings(
                unit=row.unit_id,
                choices={
                    named[one["key"]]: [
                        [village["code"] for village in zone["villages"]] for zone in one["zones"]
                    ]
                    for one in row.answer["options"]
                    if one["villages"]
                },
                without=say("no_zone")["zh"],
                title=say("simulation", unit=row.unit.name, plan=row.pk)["zh"],
                as_of=row.as_of,
                actor=actor,
                now=now,
            )
    except Refused as refusal:
        row.answer["unsimulated"] = {
            "code": refusal.code,
            "sentence": refusal.message,
            "facts": {name: str(value) for name, value in refusal.facts.items()},
        }
    row.save(update_fields=["comparison", "answer"])


def _names(row: ZonePlan) -> dict[str, str]:
    """Key of an option to its name in the comparison."""
    return {
        one["key"]: say("option", number=n)["zh"]
        for n, one in enumerate(row.answer["options"], start=1)
    }


def read(row: ZonePlan) -> Simulation:
    """Figures of the whole county, which whoever reads the plan may know; no row, no person."""
    found = None
    if row.comparison_id is not None:
        with rowsecurity.aggregate():
            found = whatif.Comparison.objects.get(pk=row.comparison_id)
    if found is None:
        return Simulation(NONE, None, row.answer.get("unsimulated"))
    if found.state != DONE:
        return Simulation(found.state, found, found.refusal)
    outcomes = whatif.outcomes(found)
    priced = _priced(row, outcomes)
    without = outcomes[found.against]
    return Simulation(found.state, found, None, without, _ranked(row, priced), _note(row, priced))


@dataclasses.dataclass(frozen=True)
class _Priced:
    """number: as the plan shows it; total: social cost and what the zones cost besides."""

    key: str
    number: int
    outcome: whatif.Outcome
    social_cost: float
    total: float
    zones: tuple[ZoneDays, ...]

    @property
    def infections(self) -> float:
        return self.outcome.infections.mean

    def outdoes(self, other: _Priced) -> bool:
        here, there = (self.total, self.infections), (other.total, other.infections)
        return here != there and here[0] <= there[0] and here[1] <= there[1]


def _priced(row: ZonePlan, outcomes: Mapping[str, whatif.Outcome]) -> list[_Priced]:
    named, made = _names(row), []
    for number, one in enumerate(row.answer["options"], start=1):
        outcome = outcomes.get(named[one["key"]])
        if outcome is not None:
            zones = _zones(row, one, outcome)
            days = sum(zone.social_cost for zone in zones)
            if not zones:
                days = _person_days(row, one, outcome)
            besides = one["cost"]["total"] - one["cost"]["person_days"]
            made.append(_Priced(one["key"], number, outcome, days, days + besides, zones))
    return made


def _zones(row: ZonePlan, one: Row, outcome: whatif.Outcome) -> tuple[ZoneDays, ...]:
    """Each zone by the edition, its days at the high level exchanged for its own in the model."""
    rule = row.answer.get("rule")
    if not outcome.zones or rule is None:
        return ()
    made = []
    for number, zone in enumerate(one["zones"]):
        days = outcome.zones[whatif.area_of(number, len(one["zones"]))]
        closed = (zone["inside"]["people"] or 0) * rule["strictness"]
        cost = float(zone["person_days"] + closed * (days.mean - rule["days"]))
        made.append(ZoneDays(days, cost))
    return tuple(made)


def _person_days(row: ZonePlan, one: Row, outcome: whatif.Outcome) -> float:
    """By the edition, with its days at the high level exchanged for the model's.  Without those,
    or in a plan that did not keep the edition's, as it was priced."""
    rule = row.answer.get("rule")
    by_rule = float(one["cost"]["person_days"])
    if outcome.closed_d is None or rule is None:
        return by_rule
    residents = one["inside"]["people"] or 0
    return float(by_rule + residents * rule["strictness"] * (outcome.closed_d - rule["days"]))


def _ranked(row: ZonePlan, priced: Sequence[_Priced]) -> tuple[Simulated, ...]:
    """Least cost first; behind those, what another zoning outdoes in cost and infections."""
    by = {
        one.key: min(
            (other for other in priced if other.outdoes(one)),
            key=lambda other: other.total,
            default=None,
        )
        for one in priced
    }
    ordered = sorted(priced, key=lambda one: (by[one.key] is not None, one.total))
    limit = row.asked.get("person_days")
    return tuple(
        Simulated(
            key=one.key,
            rank=rank,
            outcome=one.outcome,
            social_cost=one.social_cost,
            days=one.outcome.closed_d,
            over=limit is not None and one.social_cost > limit,
            reason=_reason(one, ordered[0], by[one.key]),
            zones=one.zones,
        )
        for rank, one in enumerate(ordered, start=1)
    )


def _reason(one: _Priced, first: _Priced, better: _Priced | None) -> Text:
    if better is not None:
        return say("rank_outdone", number=better.number)
    if one is first:
        return say("rank_first")
    return say(
        "rank_fewer",
        number=first.number,
        more=one.total - first.total,
        fewer=first.infections - one.infections,
    )


def _note(row: ZonePlan, priced: Sequence[_Priced]) -> Text | None:
    """Is the zoning that was cheapest by the edition's days the cheapest by the model's?"""
    if not priced or "rule" not in row.answer:
        return None
    days, was = row.answer["rule"]["days"], priced[0].number
    now = min(priced, key=lambda one: one.total).number
    if now == was:
        return say("days_same", days=days)
    return say("days_changed", days=days, number=now, was=was)
