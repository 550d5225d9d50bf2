"""What one can turn: every parameter with its unit and why it has its default.

Two kinds of defaults.  Those marked *calibrated* were set so that the default world meets the
margins of the real pairs (docs/explanation/world.md has targets and measured values).  The others
are synthetic assumptions: plausible, not estimated from anything, and not rules of the domain.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from zhongshu.kernel.disease.params import SYNTHETIC, Disease
from zhongshu.kernel.errors import BadInput

FEWEST_PEOPLE = 2_000


@dataclasses.dataclass(frozen=True)
class Town:
    """How people are settled.

    village_people: people per settled village (few villages, so that each has a sensible size).
    household_people_per_building: people who share a building.
    employed_share: of those aged 18-59, who go out to work.
    commute_share: of workers, whose work lies in a neighbouring county.
    commute_decay_km: e-folding distance of commuting between county centroids.
    """

    village_people: int = 400
    people_per_building: int = 48
    employed_share: float = 0.72
    commute_share: float = 0.12
    commute_decay_km: float = 25.0


@dataclasses.dataclass(frozen=True)
class Movement:
    """Who goes where how often; probabilities per person and day unless said otherwise.

    scan_coverage: share of visits that leave a record.
    time_out_missing: share of recorded visits without a time out.
    late_share: share of records that arrive hours or days later.
    """

    scan_coverage: float = 0.85
    time_out_missing: float = 0.30
    late_share: float = 0.08
    work_on_weekday: float = 0.94
    work_on_weekend: float = 0.18
    bus_rider_share: float = 0.34
    lunch_out: float = 0.14
    dinner_out: float = 0.10
    market: float = 0.24
    shop: float = 0.38
    pharmacy: float = 0.012
    hospital: float = 0.012
    community: float = 0.08
    trip_to_neighbour: float = 0.06
    keep_to_village: float = 0.5  # share of errands done in the own village, where it has the kind


@dataclasses.dataclass(frozen=True)
class Testing:
    """How infections are found.

    passive_median_d, passive_sigma: onset to confirmation of those who seek care, log-normal,
        days.  Median 4 and quartile ratio 2 (ln 2 / 0.6745 = 1.0276) give quartiles 2, 4, 8.
    care_seeking: share of the symptomatic who go to a fever clinic at all.
    voluntary: share of people tested of their own will each day.
    household_tests_d: days after a confirmation on which its household is tested.
    sensitivity: of one test at full load.
    result_h: least and most hours from sampling to result.
    arrival_tested: share of arrivals tested on arrival.
    """

    passive_median_d: float = 4.0
    passive_sigma: float = 1.0276
    care_seeking: float = 0.85
    voluntary: float = 0.005
    household_tests_d: tuple[int, ...] = (1, 3, 5, 7)
    household_tested: float = 0.85
    sensitivity: float = 0.95
    result_h: tuple[float, float] = (6.0, 22.0)
    arrivals_per_1000: float = 0.8
    arrival_tested: float = 0.3


@dataclasses.dataclass(frozen=True)
class History:
    """The sentinel counts of the days before the world's first: what a detector learns from.

    Synthetic assumptions, all but the calendar, which the door passes from the pack.

    days: before the first day; 0: the world has no past, and no season either.
    winter: of clinics, pharmacies, schools, log of the winter's peak over the summer's low: fever
        and cold remedies about 1.6- and 1.4-fold, as respiratory illness comes and goes.
    winter_sd: log sd of a winter's height; no two are alike, so the last is no sure guide.
    winter_peak_d: day of the year of the peak.
    festival: factor about the Spring Festival; who can, stays away from clinics and shops.
    off, made_up, festivals, around: days off, weekend days worked, first days of lunar years, and
        days before and after these that are the festival.
    summer_holiday: first and last (month, day); winter_holiday: days before and after the first
        day of the lunar year.  Schools report nothing then.
    gap_share, gap_days: share of site days in a gap and a gap's mean length: systems fail for
        days, not for single ones.
    """

    days: int = 0
    winter: tuple[float, float, float] = (0.5, 0.35, 0.4)
    winter_sd: float = 0.2
    winter_peak_d: int = 10
    festival: tuple[float, float, float] = (0.75, 0.65, 1.0)
    off: tuple[dt.date, ...] = ()
    made_up: tuple[dt.date, ...] = ()
    festivals: tuple[dt.date, ...] = ()
    around: tuple[int, int] = (2, 10)
    summer_holiday: tuple[tuple[int, int], tuple[int, int]] = ((7, 10), (8, 31))
    winter_holiday: tuple[int, int] = (18, 16)
    gap_share: float = 0.01
    gap_days: float = 4.0

    def __post_init__(self) -> None:
        if self.days < 0:
            raise BadInput(
                "world.no_such_history",
                f"A world has 0 or more days of counts before its first, not {self.days}.",
                days=self.days,
            )

    def as_json(self) -> dict[str, Any]:
        told = dataclasses.asdict(self)
        for name in ("off", "made_up", "festivals"):
            told[name] = [day.isoformat() for day in told[name]]
        return told


@dataclasses.dataclass(frozen=True)
class WorldParams:
    """One world.  Refuses (`BadInput`) what cannot be built.

    people: synthetic people; days: simulated days from `start`; seed: of every draw.
    focus: code of the city that holds `focus_share` of the people; the rest is shared out over
        the other counties by the census.
    imported_seeds: infected people who arrive in the focus city, one group on each of the first
        `seed_days` days.
    rooms_per_10000: isolation rooms in reserve; the door passes the pack's figure.
    history: the past of the sentinel counts; none by default.
    """

    people: int = 200_000
    days: int = 21
    seed: int = 20221019
    start: dt.date = dt.date(2022, 10, 19)
    focus: str = "140100000000"
    focus_share: float = 0.75
    imported_seeds: int = 20
    seed_days: int = 3
    rooms_per_10000: float = 20.0
    town: Town = Town()
    movement: Movement = Movement()
    disease: Disease = SYNTHETIC
    testing: Testing = Testing()
    history: History = History()

    def __post_init__(self) -> None:
        if self.people < FEWEST_PEOPLE:
            raise BadInput(
                "world.too_few_people",
                f"A world needs at least {FEWEST_PEOPLE} people, so that every county has some; "
                f"{self.people} were asked for.",
                people=self.people,
            )
        if self.days < 1:
            raise BadInput("world.no_days", "A world needs at least one day.", days=self.days)
        if not 0 < self.focus_share < 1:
            raise BadInput(
                "world.focus_share", "The focus share lies between 0 and 1.", share=self.focus_share
            )

    def as_json(self) -> dict[str, Any]:
        """What determines the world; one without a past is told as before there were any."""
        told = dataclasses.asdict(self) | {"start": self.start.isoformat()}
        del told["history"]
        return told | ({"history": self.history.as_json()} if self.history.days else {})
