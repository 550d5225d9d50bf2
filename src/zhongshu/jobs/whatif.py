"""Comparing options, as a job."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from django.conf import settings

from zhongshu.jobs.attempts import left, once
from zhongshu.kernel.errors import Refused
from zhongshu.lake.lake import Lake
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.whatif import facade as whatif

TASK = "whatif.run"
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

    def answer(comparison: whatif.Comparison) -> None:
        began = time.perf_counter()
        found = whatif.compute(comparison, lake=Lake(settings.ZHONGSHU_LAKE))
        found["seconds"] = round(time.perf_counter() - began, 2)
        whatif.finish(comparison, found, clock())

    comparison = whatif.take_up(comparison_id, clock())
    if comparison is not None:  # else withdrawn, or done before its worker was killed
        once(
            comparison,
            attempts,
            answer=answer,
            fail=lambda one, refusal: whatif.fail(one, refusal, clock()),
            broken=BROKEN,
            killed=KILLED,
        )


def take_up_left(queue: Callable[[int], None]) -> list[int]:
    """Queue again what nobody computes any more; returns which."""
    return left(TASK, "comparison", whatif.unfinished(), queue)
