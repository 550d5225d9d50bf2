"""The cycle as a job."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from zhongshu.connectors.reports import port
from zhongshu.lake.lake import Lake
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.periods.cycle import run as cycle

SEED = 1
LANGUAGES, FORMATS = ("zh", "en"), ("html", "docx")


def run(as_of: dt.datetime) -> None:
    """Run the cycle as of a moment over this installation's registers and lake, and write the
    situation report."""

    def clock() -> dt.datetime:
        return incidents.headquarters_time(dt.datetime.now(dt.UTC))

    cycle.run(as_of=as_of, lake=Lake(settings.ZHONGSHU_LAKE), seed=SEED, clock=clock)
    port.write(
        settings.ZHONGSHU_REPORTS,
        langs=LANGUAGES,
        formats=FORMATS,
        base_url=settings.ZHONGSHU_URL,
        now=clock(),
    )
