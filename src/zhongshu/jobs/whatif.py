"""Comparing options, as a job."""

from __future__ import annotations

import datetime as dt
import time

from django.conf import settings

from zhongshu.kernel.errors import Refused
from zhongshu.lake.lake import Lake
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.whatif import facade as whatif


def run(comparison_id: int) -> None:
    """Compute it and keep the answer, or in one sentence why there is none."""

    def clock() -> dt.datetime:
        return incidents.headquarters_time(dt.datetime.now(dt.UTC))

    comparison = whatif.take_up(comparison_id, clock())
    if comparison is None:  # withdrawn, or done before its worker was killed
        return
    began = time.perf_counter()
    try:
        answer = whatif.compute(comparison, lake=Lake(settings.ZHONGSHU_LAKE))
    except Refused as refusal:
        whatif.fail(comparison, refusal, clock())
    else:
        answer["seconds"] = round(time.perf_counter() - began, 2)
        whatif.finish(comparison, answer, clock())
