"""How good warning has been."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.shapes import Asked, UnitRef
from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.rules.permissions import Permission
from zhongshu.service.signals import facade as signals
from zhongshu.service.units import facade as units

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
    set_per_week: float | None = Field(description="what was set then")


class WeekTogether(Schema):
    """by_chance: alerts to be expected without any outbreak."""

    week: dt.date = Field(description="its Monday")
    set_per_week: float
    raised: int
    by_chance: float


class Budget(Schema):
    """set_per_week: what was set on the last day; null: the edition in force sets none."""

    set_per_week: float | None
    raised: int
    by_week: list[Week]
    together: list[WeekTogether] | None = Field(
        description="of streams judged together; empty while none are, null for less than the area"
    )


class SelfTestItem(Schema):
    """A synthetic outbreak in a copy of the counts.  found_after_days: 0 on its first day, null
    when it was missed; added: by stream, cases by day from `start` on."""

    id: int
    week: dt.date = Field(description="its Monday")
    number: int
    at: dt.datetime
    unit: UnitRef
    streams: list[str]
    start: dt.date
    days: int
    size: int = Field(description="cases added")
    size_sd: float = Field(description="of the highest day, in sd of the stream")
    added: dict[str, list[int]]
    found_after_days: int | None
    method: str
    seed: int
    synthetic: Literal[True]


class Sensitivity(Schema):
    """low, high: 95 % interval (Wilson)."""

    value: float
    low: float
    high: float


class SelfTests(Schema):
    """Of the days asked for; sensitivity null while none was run.  last: the newest there is."""

    run: int
    found: int
    sensitivity: Sensitivity | None
    last: SelfTestItem | None


class CalibrationBin(Schema):
    said: float
    real: float
    tests: int


class StreamTests(Schema):
    """Counties and days.  method blank: nothing of the stream could be tested."""

    stream: str
    method: str
    tested: int
    raised: int
    untested: dict[str, int] = Field(description="reason to counties and days")


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
    self_tests: SelfTests
    calibration: list[CalibrationBin] = Field(
        description="said probability against the share of events among decided signals"
    )
    tests_done: int | None = Field(
        description="counties and days, over all streams; null for less than the whole area"
    )
    tests: list[StreamTests] | None
    error_rates: list[CalibrationBin] | None = Field(
        description="said p-value against the share of tests below it, outbreaks included"
    )


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
    return {
        "signals": found.signals,
        "per_analyst_day": found.per_analyst_day,
        "ppv": {"confirmed": found.confirmed, "decided": found.decided},
        "days_gained": {"median": found.median_gained, "events": len(found.gained)},
        "budget": {
            "set_per_week": found.set_per_week,
            "raised": found.signals,
            "by_week": found.by_week,
            "together": found.together,
        },
        "self_tests": _self_tests(found),
        "calibration": found.calibration,
        "tests": found.tests,
        "tests_done": None if found.tests is None else sum(one.tested for one in found.tests),
        "error_rates": found.error_rates,
    }


def _self_tests(found: signals.Quality) -> dict[str, Any]:
    share, last = found.selftests, found.last_selftest
    low, high = share.interval or (None, None)
    sensitivity = None if share.value is None else {"value": share.value, "low": low, "high": high}
    return {
        "run": share.of,
        "found": share.hits,
        "sensitivity": sensitivity,
        "last": self_test(last) if last else None,
    }


def self_test(one: signals.SelfTest) -> dict[str, Any]:
    """one: with its unit."""
    told = {name: getattr(one, name) for name in SelfTestItem.model_fields if name != "unit"}
    return told | {"unit": units.ref(one.unit)}
