"""The weekly self-test of warning as a job."""

from __future__ import annotations

import contextlib
import datetime as dt

from django.conf import settings

from zhongshu.kernel.errors import NotFound, WrongState
from zhongshu.lake.lake import Lake
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.periods.cycle import selftest

SEED = 1


def run() -> None:
    """Do this week's self-tests unless they are done; nothing while no incident is open.

    While too little has been reported to try any, or no edition is in force, it is asked again the
    next time.
    """
    if incidents.find_current() is None:
        return
    now = incidents.headquarters_time(dt.datetime.now(dt.UTC))
    with contextlib.suppress(NotFound, WrongState):
        selftest.run(lake=Lake(settings.ZHONGSHU_LAKE), seed=SEED, now=now)
