"""Planning dispatch, as a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from procrastinate.contrib.django.models import ProcrastinateJob

from zhongshu.kernel.errors import Refused
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.incidents import facade as incidents

TASK = "dispatch.run"
MOST_ATTEMPTS = 3  # a plan that kills its worker each time would do so for ever
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

    plan = planning.take_up(plan_id, clock())
    if plan is None:  # withdrawn, or done before its worker was killed
        return
    if attempts >= MOST_ATTEMPTS:
        planning.fail(plan, KILLED, clock())
        return
    try:
        made, kept = planning.compute(plan, clock())
        planning.finish(plan, made, kept, clock())
    except Refused as refusal:
        planning.fail(plan, refusal, clock())
    except Exception:
        # Nobody would take it up again: the asker is told, and the log has the error.
        planning.fail(plan, BROKEN, clock())
        raise


def take_up_left(queue: Callable[[int], None]) -> list[int]:
    """Queue again what waits or runs and has no job any more; returns which."""
    live = ProcrastinateJob.objects.filter(task_name=TASK, status__in=("todo", "doing"))
    known = {row["plan"] for row in live.values_list("args", flat=True)}
    left = [one for one in dispatch.unfinished() if one not in known]
    for one in left:
        queue(one)
    return left
