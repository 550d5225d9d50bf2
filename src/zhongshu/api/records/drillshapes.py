"""Shapes of played drills, as the console reads them.  Everything in them is synthetic."""

from __future__ import annotations

import datetime as dt

from ninja import Schema
from pydantic import Field

from zhongshu.api.shapes import Asked, Text, UnitRef


class DrillWish(Schema):
    unit: str = Field(description="division code within one's rights: who plays, and what county")
    title: str = Field(max_length=200)
    people: int
    days: int
    r0: float = Field(description="infected by an imported case where nothing holds it back")
    coverage: float = Field(description="share of visits that leave a record")
    sensitivity: float = Field(description="of a test at full load")
    imported: int = Field(description="infected people who arrive on the first day")
    seed: int = Field(description="the same seed has the same people and the same luck")


class DrillScenario(Schema):
    people: int
    days: int
    r0: float
    coverage: float
    sensitivity: float
    imported: int
    county: UnitRef | None


class DrillRefusal(Schema):
    code: str
    message: Text


class DrillHeadline(Schema):
    policy: str
    infections: int
    person_days: float


class DrillItem(Schema):
    """step: decisions taken.  headline: of a drill that is done, the player (`person`) first."""

    id: int
    unit: UnitRef
    title: str
    scenario: DrillScenario
    seed: int
    created_at: dt.datetime
    created_by: str
    state: str = Field(
        description="preparing, waiting, stepping, scoring, done, failed or abandoned"
    )
    step: int
    finished_at: dt.datetime | None
    refusal: DrillRefusal | None
    headline: list[DrillHeadline]


class DrillChoice(Schema):
    """degrees: of the contacts who are isolated, 1 and 2; most: at most so many, the nearest first;
    areas: codes of proposed ones; round: a test round; lock: everybody in the county stays;
    protect: masks, no eating out, crowded places of cases shut."""

    degrees: list[int] = Field(max_length=2)
    most: int | None = None
    areas: list[str] = Field(max_length=500)
    round: bool
    lock: bool
    protect: bool = False


class DrillDecide(DrillChoice):
    step: int = Field(description="the number of the decision, as the drill last told it")


class DrillCases(Schema):
    """New cases as they became known on that evening."""

    day: int
    community: int
    isolated: int


class DrillVillage(Schema):
    code: str
    name: str
    lon: float
    lat: float
    cases: int
    recent: int = Field(description="of the last seven days")


class DrillContacts(Schema):
    """held: isolated already; central and home: where those isolated would be tomorrow."""

    degree: int
    people: int
    held: int
    central: int
    home: int


class DrillArea(Schema):
    """building: null where a whole village is meant; last_day: of the last community case."""

    code: str
    village: str
    building: int | None
    people: int
    cases: int
    last_day: int | None


class DrillSoFar(Schema):
    person_days: int
    tests: int
    rounds: int
    rooms: int = Field(description="taken today")
    rooms_of: int
    isolated: int
    rejected: int = Field(description="rows of the feeds that could not be used")


class DrillEvening(Schema):
    """What the headquarters knows on the evening of `day`, and what is proposed for the next.

    proposed: what the policy `ours` would decide.  still: everybody should stay at home, for the
    first round is taken, many cases came whom nobody had isolated, or tracing is behind.  crowded:
    places where a case was among too many to name."""

    day: int
    date: dt.date
    cases: list[DrillCases]
    villages: list[DrillVillage]
    contacts: list[DrillContacts]
    areas: list[DrillArea]
    round_due: bool
    lock_due: bool
    still: bool
    crowded: int = 0
    so_far: DrillSoFar
    proposed: DrillChoice


class DrillDecided(Schema):
    step: int
    day: int
    date: dt.date
    known: int
    new: int
    contacts: int
    areas: int
    person_days: int
    choice: DrillChoice
    by: str
    at: dt.datetime


class DrillScore(Schema):
    """infected, restricted: by day, truly infected and person-days restricted."""

    policy: str
    infections: int
    later: int
    person_days: float
    area_pd: float
    home_pd: float
    central_pd: float
    place_pd: float = 0.0
    tests: int
    rounds: int
    peak_rooms: int
    zero_day: int | None
    missed: int
    isolation_h: float | None
    never_isolated: int
    infected: list[int]
    restricted: list[float]


class DrillResult(Schema):
    """known: cases by the day on which the player knew them."""

    dates: list[dt.date]
    known: list[int]
    rows: list[DrillScore]


class DrillDetail(DrillItem):
    """result: null until the drill has ended; before that nothing here knows the truth."""

    may_play: bool
    evening: DrillEvening | None
    decisions: list[DrillDecided]
    result: DrillResult | None


class DrillFormAsked(Schema):
    unit: str | None = Field(default=None, description="division code within one's rights")

    def place(self) -> Asked:
        return Asked(scope=self.unit)


class DrillLimit(Schema):
    name: str
    least: float
    most: float
    usual: float


class DrillForm(Schema):
    """county: which the synthetic one resembles."""

    unit: UnitRef
    county: UnitRef
    limits: list[DrillLimit]
