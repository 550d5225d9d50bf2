"""Planning dispatch, as a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from zhongshu.jobs.attempts import left, once
from zhongshu.kernel.errors import Refused
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.incidents import facade as incidents

TASK = "dispatch.run"
BROKEN = Refused(
    "dispatch.broken",
    "The planning broke off with an error of the program; its log has it.  Ask again, or tell"
    " whoever looks after this installation.",
)
KILLED = Refused(
    "dispatch.killed",
    "The worker was ended several times while it planned this, perhaps for want of memory; ask for"
    " a smaller unit.",
)


def run(plan_id: int, attempts: int = 0) -> None:
    """Make the plan and keep it, or in one sentence why there is none.

    attempts: how often it was begun and cut off before.
    """

    def clock() -> dt.datetime:
        return incidents.headquarters_time(dt.datetime.now(dt.UTC))

    def answer(plan: dispatch.DispatchPlan) -> None:
        made, kept = planning.compute(plan, clock())
        planning.finish(plan, made, kept, clock())

    plan = planning.take_up(plan_id, clock())
    if plan is not None:  # else withdrawn, or done before its worker was killed
        once(
            plan,
            attempts,
            answer=answer,
            fail=lambda one, refusal: planning.fail(one, refusal, clock()),
            broken=BROKEN,
            killed=KILLED,
        )


def take_up_left(queue: Callable[[int], None]) -> list[int]:
    """Queue again what nobody makes any more; returns which."""
    return left(TASK, "plan", dispatch.unfinished(), queue)
