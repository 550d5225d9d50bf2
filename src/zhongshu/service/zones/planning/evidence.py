"""What the outbreak model says in the proposal of a zoning."""

from __future__ import annotations

from typing import Any

from zhongshu.service.kit.text import Text
from zhongshu.service.whatif import facade as whatif
from zhongshu.service.zones.planning.simulated import Simulated, Simulation
from zhongshu.service.zones.planning.words import cost, say

Row = dict[str, Any]
_DIGITS = 3


def reasons(told: Simulation, key: str) -> list[Row]:
    """Figures of the zoning, the difference no zone makes, the release, and how sure; or that
    there are none.  Each names the comparison."""
    chosen = told.of(key)
    if chosen is None or told.comparison is None:
        return [{"text": say("not_simulated"), "rule_id": None, "facts": {}}]
    named = {"comparison": told.comparison.pk, "option": key}
    return [{"text": text, "rule_id": None, "facts": named} for text in _said(told, chosen)]


def _said(told: Simulation, chosen: Simulated) -> list[Text]:
    one, ran = chosen.outcome, told.comparison
    assert ran is not None
    said = [
        say(
            "model",
            runs=ran.runs,
            days=ran.days,
            infections=one.infections.mean,
            low=one.infections.low,
            high=one.infections.high,
            person_days=one.person_days.mean,
        )
    ]
    if one.fewer is not None:
        less = {"mean": one.fewer.mean, "low": one.fewer.low, "high": one.fewer.high}
        said.append(say("model_fewer", share=one.fewer_share, **less))
    if one.no_case is not None:
        said.append(say("model_clear", day=whatif.ASKED_D, chance=one.no_case))
    said.append(chosen.reason)
    if one.free_on is not None:
        on, low, high = (day.isoformat() for day in one.free_on)
        said.append(
            say("model_closed", low=low, share=one.still_closed)
            if one.still_closed
            else say("model_free", on=on, low=low, high=high)
        )
    if chosen.over:
        said.append(say("model_over"))
    return [*said, say(str((ran.answer or {})["label"]))]


def costs(chosen: Simulated) -> list[Row]:
    """What stands beside the figures of the plan."""
    return [
        cost("social_cost", round(chosen.social_cost), "person_days"),
        *_ill(chosen.outcome),
    ]


def no_zone(told: Simulation) -> list[Row]:
    """The option that draws none, as one more alternative; nothing before it is simulated."""
    if told.without is None:
        return []
    none = [
        cost("areas", 0, "areas"),
        cost("residents", 0, "persons"),
        cost("person_days", 0, "person_days"),
        cost("share", 0, "share"),
        cost("social_cost", 0, "person_days"),
    ]
    costs_ = [*none, *_ill(told.without)]
    return [{"key": "no_zone", "label": say("no_zone"), "costs": costs_, "chosen": False}]


def if_nothing(told: Simulation) -> Text:
    if told.without is None:
        return say("if_nothing")
    ill = told.without.infections
    return say("if_nothing_model", infections=ill.mean, low=ill.low, high=ill.high)


def _ill(one: whatif.Outcome) -> list[Row]:
    ill = one.infections
    mean, low, high = (round(value, 1) for value in (ill.mean, ill.low, ill.high))
    chance = None if one.no_case is None else round(one.no_case, _DIGITS)
    return [
        cost("infections", mean, "persons", low=low, high=high),
        cost("no_case", chance, "share"),
    ]
