"""Shapes of what if, as the console reads them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema
from pydantic import Field

from zhongshu.api.shapes import Asked, Text, UnitRef


class WhatIfQuestion(Schema):
    unit: str = Field(description="division code within one's rights")
    title: str = Field(max_length=200)
    days: int = Field(ge=1, le=60)
    runs: int = Field(ge=20, le=200, description="of each option, over the same luck")
    against: str = Field(description="name of the option the others are compared with")
    options: list[dict[str, Any]] = Field(
        description="1 to 8, as `engines.whatif.options` reads them"
    )
    unseen: float | None = Field(
        default=None,
        description="expected number of infected at the start whom no registered case infected,"
        " 0 to 10,000; of one county only; null: as the pack says",
    )


class WhatIfRefusal(Schema):
    code: str
    message: Text


class WhatIfHeadline(Schema):
    """Means, and the ends of their 80 % intervals: null in older answers."""

    option: str
    infections: float
    person_days: float
    infections_q10: float | None = None
    infections_q90: float | None = None
    person_days_q10: float | None = None
    person_days_q90: float | None = None
    on_front: bool = Field(description="no other option has fewer of both")


class ComparisonItem(Schema):
    """as_of: cases as known then; the first simulated day is the next.  headline: means over the
    whole period, empty until it is done.  label: illustrative or calibrated."""

    id: int
    unit: UnitRef
    title: str
    days: int
    runs: int
    against: str
    as_of: dt.datetime
    created_at: dt.datetime
    created_by: str
    state: str = Field(description="queued, running, done, failed or withdrawn")
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    refusal: WhatIfRefusal | None
    label: str | None
    synthetic_population: bool | None
    headline: list[WhatIfHeadline]


class WhatIfSpread(Schema):
    """null: nothing to tell, e.g. the share of cases found in quarantine where none was found."""

    option: str
    measure: str
    mean: float | None
    q025: float | None
    q10: float | None
    q50: float | None
    q90: float | None
    q975: float | None


class WhatIfSeries(Schema):
    """Each list has one value for each day of the answer."""

    option: str
    measure: str
    mean: list[float | None]
    q025: list[float | None]
    q10: list[float | None]
    q50: list[float | None]
    q90: list[float | None]
    q975: list[float | None]


class WhatIfDifference(WhatIfSpread):
    better: float | None = Field(description="share of the paired runs in which it has less")


class WhatIfDifferences(Schema):
    """Run by run, the option less `against`."""

    against: str
    rows: list[WhatIfDifference]


class WhatIfParameter(Schema):
    """A parameter that was fitted: the range it was looked for in, and the posterior."""

    name: str = Field(description="transmission, seeking, r0 or unfound")
    low: float
    high: float
    q025: float
    q10: float
    q50: float
    q90: float
    q975: float
    pressed: bool = Field(description="lies at the border of its range")


class WhatIfPredicted(Schema):
    """Quantiles of cases by day, of futures of the posterior simulated anew."""

    q025: list[float]
    q10: list[float]
    q50: list[float]
    q90: list[float]
    q975: list[float]


class WhatIfCalibration(Schema):
    """reason: why the answer is illustrative all the same: few_days, few_cases, no_start or
    outside.  seen: cases found on each of `days`; predicted: null where nothing was fitted.
    inside: share of the spans of three days seen within 95 % of what was predicted."""

    calibrated: bool
    reason: str | None
    days: list[dt.date]
    seen: list[float]
    start_cases: int = Field(description="registered before, from which the fit begins")
    traced: bool = Field(description="tracing was taken to have been done on these days")
    areas: int = Field(description="units that were closed on some of these days")
    predicted: WhatIfPredicted | None
    inside: float | None
    parameters: list[WhatIfParameter]
    simulations: int
    effective: float
    seconds: float


class WhatIfHandedOption(Schema):
    """share: of the runs in which the county passes the threshold; the days it does so in these
    runs, null where in none."""

    option: str
    share: float
    day_q10: dt.date | None
    day_q50: dt.date | None
    day_q90: dt.date | None


class WhatIfLeftCounty(Schema):
    """A county that passes the threshold and stays counts all the same."""

    code: str
    name: str
    options: list[WhatIfHandedOption]
    reason: str = Field(
        description="too_many: others pass more surely; no_people: nobody to simulate"
    )


class WhatIfHandedCounty(Schema):
    """A county that is simulated person by person from the day on which it passes."""

    code: str
    name: str
    options: list[WhatIfHandedOption]
    reason: str = Field(
        description="registered: by cases registered already; simulated: by those of a run"
    )
    registered: int = Field(description="cases registered of late")
    people: int
    synthetic: bool = Field(description="whether its people are made from the census")
    transmission: float = Field(
        description="factor at which its people infect as the county's counts do; median"
    )


class WhatIfHandover(Schema):
    threshold: int = Field(description="cases, registered of late or found in a run")
    counties: list[WhatIfHandedCounty]
    left: list[WhatIfLeftCounty]


class WhatIfClosed(Schema):
    """Days for which one area of an option was closed, over the runs.  area: its place among the
    areas of the option."""

    option: str
    area: int
    mean: float | None
    q025: float | None
    q10: float | None
    q50: float | None
    q90: float | None
    q975: float | None


class WhatIfAnswer(Schema):
    """totals: sums of what is new each day, peaks of levels, and for chances the last day's."""

    engine: str = Field(description="outbreak or counties")
    label: str = Field(description="illustrative or calibrated")
    synthetic_population: bool
    people: int
    cases: int
    seed: int
    seconds: float
    notes: list[str]
    calibration: WhatIfCalibration | None = Field(
        default=None, description="null in answers older than calibration"
    )
    handover: WhatIfHandover | None = Field(
        default=None, description="of several counties: those simulated person by person"
    )
    closed: list[WhatIfClosed] | None = Field(
        default=None, description="null in answers older than the days of areas"
    )
    unseen: float | None = Field(
        default=None,
        description="expected number of infected whom no registered case infected; null: several"
        " counties, and older answers",
    )
    days: list[dt.date]
    measures: list[str]
    series: list[WhatIfSeries]
    totals: list[WhatIfSpread]
    differences: WhatIfDifferences
    pareto: list[WhatIfHeadline]


class Comparison(ComparisonItem):
    options: list[dict[str, Any]]
    unseen: float | None = Field(description="as asked; null: as the pack says")
    answer: WhatIfAnswer | None


class WhatIfFormAsked(Schema):
    unit: str | None = Field(default=None, description="division code within one's rights")

    def place(self) -> Asked:
        return Asked(scope=self.unit)


class WhatIfArea(Schema):
    code: str
    name: str
    kind: str = Field(description="county, township or village")
    people: int


class WhatIfCapacities(Schema):
    """As the registers have them; null: nobody reported any, so as much as is needed."""

    rooms: list[tuple[str, int]]
    beds: list[tuple[str, int]]
    tests_per_day: int | None
    lab_tubes_h: float | None
    lab_hours: float
    transfers_per_day: int | None


class WhatIfForm(Schema):
    """templates: options to start from, each with `name` and `told`, codes of what it is.
    unseen: as a question has it, where none is given; null: several counties."""

    unit: UnitRef
    as_of: dt.datetime
    cases: int
    unseen: float | None
    areas: list[WhatIfArea]
    capacities: WhatIfCapacities
    templates: list[dict[str, Any]]


class WhatIfProposeIn(Schema):
    option: str
    reason: str = Field(default="", max_length=2000)


class WhatIfProposed(Schema):
    proposal: int
