"""What to order where and until when, so that it is there before a store runs out."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from zhongshu.engines.supply.network import solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.service.dispatch.planners import (
    common,
    latest,
    latestcheck,
    orderview,
    supplies,
)
from zhongshu.service.dispatch.planners.shapes import Ask, Field, Made, Word

NAME = "procurement"
FIELDS = (
    Field("testing_plan", "plan", planner="testing"),
    Field("order_days", "number", default=3, least=1, most=14),
)
WORDS = frozenset({"forbid"})
EVENTS = frozenset({"declined"})


def counts(ask: Ask) -> Mapping[str, int]:
    return supplies.counts(ask)


def make(ask: Ask) -> Made:
    """The orders of the best plan of supplies, each with the latest day on which it can be placed,
    and who else could deliver.  Refuses (BadInput) as `supplies.make`, and a unit without an
    enterprise."""
    given = supplies.given(_without_declined(ask))
    if not given.enterprises:
        raise BadInput(
            "dispatch.no_enterprises",
            "No enterprise of this unit that produces makes one of the goods planned.",
        )
    on: dt.date = ask.ground.today
    days = given.rules.horizon_days
    plan = solve.plan(**given.tables, rules=given.rules, on=on)
    common.sound(validate.check(plan, **given.tables, rules=given.rules, on=on))
    late = latest.deliveries(plan, given.tables, on=on, days=days)
    common.sound(latestcheck.check(late, plan, given.tables, on=on, days=days))
    return orderview.told(ask, given, plan, late)


def _without_declined(ask: Ask) -> Ask:
    """An enterprise that declined is asked for nothing more."""
    declined = tuple(
        Word("forbid", one.thing.split("@")[0]) for one in ask.events if one.kind == "declined"
    )
    return dataclasses.replace(ask, words=(*ask.words, *declined))
