"""How good warning has been."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.shapes import Asked
from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.rules.permissions import Permission
from zhongshu.service.signals import facade as signals

router = Router(tags=["records"])
_DAYS = 28  # four whole weeks are shown unless others are asked for


class QualityAsked(Asked):
    from_: dt.date | None = Field(default=None, alias="from", description="four weeks back")
    to: dt.date | None = Field(default=None, description="by default today")


class Ppv(Schema):
    """confirmed: became an event; decided: an event or a false alarm."""

    confirmed: int
    decided: int


class DaysGained(Schema):
    """From an event's first signal to the first case reported in its counties; median null
    while no event has such a case."""

    median: float | None
    events: int


class Week(Schema):
    week: dt.date = Field(description="its Monday")
    raised: int


class Budget(Schema):
    """set_per_week null: the edition in force sets none."""

    set_per_week: float | None
    raised: int
    by_week: list[Week]


class QualityOut(Schema):
    first: dt.date
    last: dt.date
    signals: int
    per_analyst_day: float | None = Field(
        description="signals handled, per person and day on which he handled any"
    )
    ppv: Ppv
    days_gained: DaysGained
    budget: Budget


@router.get("/signals/quality", response=QualityOut)
@needs(Permission.SIGNAL_READ)
def quality(request: HttpRequest, asked: Query[QualityAsked]) -> object:
    """Of the signals of some days; what cannot be known is null."""
    view = here(request).view(asked)
    last = asked.to or beijing_day(view.as_of)
    first = asked.from_ or last - (_DAYS - 1) * DAY
    found = signals.measure(first=first, last=last, scope=view.scope, as_of=view.as_of)
    return {"first": first, "last": last} | _told(found)


def _told(found: signals.Quality) -> dict[str, Any]:
    weeks = [{"week": week, "raised": raised} for week, raised in sorted(found.by_week.items())]
    return {
        "signals": found.signals,
        "per_analyst_day": found.per_analyst_day,
        "ppv": {"confirmed": found.confirmed, "decided": found.decided},
        "days_gained": {"median": found.median_gained, "events": len(found.gained)},
        "budget": {
            "set_per_week": found.set_per_week,
            "raised": found.signals,
            "by_week": weeks,
        },
    }
