"""Time as a headquarters counts it: Beijing days, facts known at a moment."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from zhongshu.kernel.errors import BadInput

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)


def beijing(moment: dt.datetime) -> dt.datetime:
    """The same instant on the Beijing clock; a naive moment is refused."""
    if moment.tzinfo is None:
        raise BadInput("time.naive", f"{moment.isoformat()} has no time zone; add one, e.g. +08:00")
    return moment.astimezone(BEIJING)


def beijing_day(moment: dt.datetime) -> dt.date:
    """Calendar day on the Beijing clock."""
    return beijing(moment).date()


def start_of_day(day: dt.date) -> dt.datetime:
    """00:00 Beijing time of `day`."""
    return dt.datetime.combine(day, dt.time(), BEIJING)


def parse_moment(text: str) -> dt.datetime:
    """ISO 8601 with a zone; without one the Beijing clock is meant.  Refuses anything else."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(
            "time.unreadable",
            f"'{text}' is not a time; write it like 2022-11-08T20:00+08:00",
            text=text,
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
