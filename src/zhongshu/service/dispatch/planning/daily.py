"""Plans that a run of the cycle asks for and answers itself, for the incident's whole unit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from zhongshu.kernel.time import beijing
from zhongshu.rules import states
from zhongshu.service.dispatch import brought, ordered, selectors
from zhongshu.service.dispatch.models import DispatchPlan
from zhongshu.service.dispatch.planners import planner
from zhongshu.service.dispatch.planners.shapes import Ask
from zhongshu.service.dispatch.planning import asking, computing, outlook
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE
from zhongshu.service.kit.ground import Ground
from zhongshu.service.units import facade as units

# Search effort, not a clock: the same run gives the same plan on any machine.
_ITERATIONS = 10_000


def latest(name: str, ground: Ground) -> DispatchPlan | None:
    """What the run as of the ground's moment had of the planner, if it gives anybody a job."""
    found = DispatchPlan.objects.filter(
        incident=incidents.current(), planner=name, as_of=ground.as_of, created_by=CYCLE.name
    )
    return found.filter(state__in=("ready", "proposed", "issued")).order_by("-pk").first()


def answered(
    *, name: str, form: Mapping[str, Any], ground: Ground, seed: int, run_id: int
) -> DispatchPlan:
    """The planner's answer as of the ground's moment, ready to be proposed; withdrawn at once where
    it gives nobody anything to do.  run_id: of the run that asks, whose estimate it may rest on.

    A run that is done again and comes to the same answer gets the plan it made before.  Refuses
    what the planner refuses; nothing is kept of that.
    """
    chosen = planner(name)
    unit = units.get(ground.scope_unit)
    filled = {one.key: form.get(one.key, one.default) for one in chosen.FIELDS}
    incident = incidents.current()
    named = [one.key for one in chosen.FIELDS if one.kind == "plan" and filled[one.key]]
    made = chosen.make(
        Ask(
            ground=ground,
            unit=unit,
            form=filled,
            seed=seed,
            now=ground.as_of,
            plans={key: selectors.again_of(filled[key]) for key in named},
            placed=selectors.placed(name, besides=None),
            coming=ordered.coming(besides=None),
            brought=brought.brought(besides=None, as_of=ground.as_of),
            outlook=outlook.known(incident, ground.as_of, run_id=run_id),
            roads=computing.roads(),
            iterations=_ITERATIONS,
        )
    )
    kept = json.loads(json.dumps(computing.kept(made), cls=DjangoJSONEncoder))
    asked = {
        "incident": incident,
        "planner": name,
        "unit": unit,
        "form": filled,
        "seed": seed,
        "as_of": ground.as_of,
        "created_by": CYCLE.name,
    }
    for same in DispatchPlan.objects.filter(**asked).order_by("-pk"):
        if same.kept == kept:
            return same
    with transaction.atomic():
        plan = DispatchPlan(
            **asked,
            unit_path=unit.path,
            title=f"{unit.name} {beijing(ground.as_of):%Y-%m-%d %H:%M}",
            created_at=ground.as_of,
            started_at=ground.as_of,
            state=states.check_may_do(asking.NOUN, "begin", state=states.initial(asking.NOUN)),
        )
        plan.save()
        asking.finish(plan, made, kept, ground.as_of)
        if not made.jobs:
            plan.state = states.check_may_do(asking.NOUN, "withdraw", state=plan.state)
            plan.save(update_fields=["state"])
        asking.record(plan, "ask", CYCLE, ground.as_of)
    return plan
