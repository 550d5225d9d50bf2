"""What the outbreak model says of a plan, as it is sent."""

from __future__ import annotations

import dataclasses
from typing import Any

from zhongshu.api import messages
from zhongshu.kernel.errors import BadInput
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import facade as whatif
from zhongshu.service.zones.planning import facade as planning


def simulation(row: planning.ZonePlan) -> dict[str, Any]:
    """A `PlanSimulation`."""
    told = planning.simulation(row)
    ran = told.comparison
    answer = (ran.answer if ran else None) or {}
    said = ("seconds", "label", "synthetic_population", "cases")
    return {
        "state": told.state,
        "refusal": told.refusal
        and {
            "code": told.refusal["code"],
            "message": messages.of(
                BadInput(told.refusal["code"], told.refusal["sentence"], **told.refusal["facts"])
            ),
        },
        "comparison_id": ran.pk if ran else None,
        "unit": units.ref(units.get(ran.unit_id)) if ran else None,
        "runs": ran.runs if ran else None,
        "days": ran.days if ran else None,
        "day": whatif.ASKED_D,
        "asked_at": ran.created_at if ran else None,
        **{name: answer.get(name) for name in said},
        "without": told.without and _outcome(told.without),
        "options": [_option(one) for one in told.options],
        "note": told.note,
    }


def _option(one: planning.Simulated) -> dict[str, Any]:
    names = ("key", "rank", "days", "social_cost", "over", "reason")
    zones = [dataclasses.asdict(zone) for zone in one.zones]
    own = {name: getattr(one, name) for name in names}
    return _outcome(one.outcome) | own | {"zones": zones}


def _outcome(one: whatif.Outcome) -> dict[str, Any]:
    free = one.free_on and dict(zip(("on", "low", "high"), one.free_on, strict=True))
    return dataclasses.asdict(one) | {"free": free}
