"""What a worker does for a drill: take it to its next evening, or open the truth at its end."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

from zhongshu.kernel.errors import Refused
from zhongshu.service.drills import loop, policies
from zhongshu.service.drills.model import Scenario
from zhongshu.service.drills.played import choices, places, services, telling
from zhongshu.service.drills.played.models import Drill
from zhongshu.service.drills.played.sitting import Sitting, Sittings, changed


def go_on(drill_id: int, *, sittings: Sittings, clock: Callable[[], dt.datetime]) -> None:
    """Show the next evening, or score the drill beside the policies; may be done again.

    A refusal is kept with the drill, which then has failed.
    """
    drill = services.take_up(drill_id)
    if drill is None:
        if services.ended(drill_id):
            sittings.leave(drill_id)
        return
    try:
        sitting = _at(drill, sittings)
        if sitting.evening is not None:
            services.show(drill, telling.evening(sitting.evening, sitting.room))
            return
        services.scoring(drill)
        services.finish(drill, _result(sitting), clock())
    except Refused as refusal:
        services.fail(drill, refusal, clock())
    sittings.leave(drill_id)


def _at(drill: Drill, sittings: Sittings) -> Sitting:
    taken = [(choices.read(one.choice), one.mark) for one in drill.decisions.order_by("step")]
    return sittings.at(
        drill.pk, scenario(drill), places.margins(), seed=drill.seed, taken=taken[: drill.step]
    )


def scenario(drill: Drill) -> Scenario:
    """Refuses a drill of another version, whose scenario had other figures."""
    known = {field.name for field in dataclasses.fields(Scenario)}
    if not set(drill.scenario) <= known:
        raise changed()
    return Scenario(**drill.scenario)


def _result(sitting: Sitting) -> dict[str, object]:
    """The player first, then every policy in the same county with the same luck."""
    if sitting.outcome is None:
        raise RuntimeError("a drill is scored once its days are over")
    others = [loop.outcome(sitting.room, policy) for policy in policies.ALL]
    return telling.result([sitting.outcome, *others], sitting.room, sitting.known())
