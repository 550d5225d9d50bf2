"""The period for which a case's contacts are sought, as the pack in force says."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.kernel.time import DAY, beijing_day, start_of_day
from zhongshu.rules.model import Pack

ONSET, SAMPLING = "trace.window_days_before", "trace.window_days_before_sampling"


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """begin, end: aware; figure: the key of the pack's figure that gave the beginning."""

    begin: dt.datetime
    end: dt.datetime
    figure: str


def infectious(
    pack: Pack,
    *,
    onset: dt.date | None,
    sampled_at: dt.datetime,
    confirmed_at: dt.datetime,
    until: dt.datetime,
) -> Window:
    """Counted from onset, or from sampling where there were no symptoms.

    It ends with the Beijing day of confirmation, or at `until` if that comes first: the moment of
    isolation is not reported, and some are seen about until night.
    """
    key = ONSET if onset else SAMPLING
    anchor = start_of_day(onset) if onset else sampled_at
    begin = anchor - pack.number(key) * DAY
    end = min(start_of_day(beijing_day(confirmed_at)) + DAY, until)
    return Window(begin, max(begin, end), key)
