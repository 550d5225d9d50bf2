"""Comparing options, as a job."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from zhongshu.kernel.errors import Refused
from zhongshu.lake.lake import Lake
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.whatif import facade as whatif

TASK = "whatif.run"
MOST_ATTEMPTS = 3  # a comparison that kills its worker each time would do so for ever
BROKEN = Refused(
    "whatif.broken",
    "The computation broke off with an error of the program; its log has it.  Ask again, or tell"
    " whoever looks after this installation.",
)
KILLED = Refused(
    "whatif.killed",
    "The worker was ended several times while it computed this, perhaps for want of memory; ask for"
    " fewer runs, days or options.",
)


def run(comparison_id: int, attempts: int = 0) -> None:
    """Compute it and keep the answer, or in one sentence why there is none.

    attempts: how often it was begun and cut off before.
    """

    def clock() -> dt.datetime:
        return incidents.headquarters_time(dt.datetime.now(dt.UTC))

    comparison = whatif.take_up(comparison_id, clock())
    if comparison is None:  # withdrawn, or done before its worker was killed
        return
    if attempts >= MOST_ATTEMPTS:
        whatif.fail(comparison, KILLED, clock())
        return
    began = time.perf_counter()
    try:
        answer = whatif.compute(comparison, lake=Lake(settings.ZHONGSHU_LAKE))
    except Refused as refusal:
        whatif.fail(comparison, refusal, clock())
    except Exception:
        # Nobody would take it up again: the asker is told, and the log has the error.
        whatif.fail(comparison, BROKEN, clock())
        raise
    else:
        answer["seconds"] = round(time.perf_counter() - began, 2)
        whatif.finish(comparison, answer, clock())


def take_up_left(queue: Callable[[int], None]) -> list[int]:
    """Queue again what waits or runs and has no job any more, e.g. after the queue was emptied or
    an older copy of the data was put back; returns which."""
    live = ProcrastinateJob.objects.filter(task_name=TASK, status__in=("todo", "doing"))
    known = {row["comparison"] for row in live.values_list("args", flat=True)}
    left = [one for one in whatif.unfinished() if one not in known]
    for one in left:
        queue(one)
    return left
