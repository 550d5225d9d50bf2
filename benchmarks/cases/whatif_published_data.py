"""Published outbreaks as the benchmarks read them: cases by day, rounds of tests, people.

`benchmarks/data/published` says of each figure where it stands and whether it was read there,
follows from two others, or is our assumption.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.outbreak import model, synthetic
from zhongshu.engines.whatif.outbreak.population import Population

DATA = Path(__file__).parent.parent / "data" / "published"
CODE = "000000000000"  # the cut-out of the town that is simulated
TOWN = (CODE,)
LARGEST_SHARE = 0.98  # of those called who come
SEED = 20210801


@dataclasses.dataclass(frozen=True)
class Outbreak:
    """What is asked of one published outbreak.

    begins: the day whose first hour is hour 0; what was found before is the register.
    people_million: who are called to a round.  ages: people of 0-14, 15-64 and 65 or more of the
        districts (census of 2020), in thousands; household: their mean size.
    cut: one in so many of those people is simulated.
    closed: hours at which a restriction of the whole town began.
    """

    name: str
    begins: dt.date
    people_million: float
    ages: tuple[float, float, float]
    household: float
    cut: int
    closed: tuple[int, ...]


YANGZHOU = Outbreak(
    name="yangzhou", begins=dt.date(2021, 8, 1), people_million=1.70,
    ages=(183.4, 1064.9, 221.8), household=3.14, cut=10, closed=(48,),
)  # fmt: skip
XIAN = Outbreak(
    name="xian", begins=dt.date(2021, 12, 21), people_million=12.95,
    ages=(1893.8, 8959.6, 1329.9), household=2.85, cut=60, closed=(48,),
)  # fmt: skip
FUJIAN = Outbreak(
    name="fujian", begins=dt.date(2021, 9, 13), people_million=3.21,
    ages=(665.6, 2139.6, 405.4), household=3.13, cut=20, closed=(24,),
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Held:
    """A round: hours from hour 0, how long, share of the people, positives reported or nan."""

    hour: int
    hours: int
    coverage: float
    positives: float


def _rows(name: str, outbreak: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["outbreak"] == outbreak]


def daily(outbreak: Outbreak) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(days before hour 0 of each case registered by then, cases of each day from hour 0)."""
    before: list[int] = []
    after: dict[int, int] = {}
    for row in _rows("cases.csv", outbreak.name):
        day = (dt.date.fromisoformat(row["date"]) - outbreak.begins).days
        if day < 0:
            before += [day] * int(row["cases"])
        else:
            after[day] = int(row["cases"])
    cases = np.zeros(max(after) + 1, dtype=np.int64)
    cases[list(after)] = list(after.values())
    return np.array(before, dtype=np.int64), cases


def rounds(outbreak: Outbreak) -> list[Held]:
    held = []
    zero = dt.datetime.combine(outbreak.begins, dt.time())
    for row in _rows("rounds.csv", outbreak.name):
        hour = (dt.datetime.fromisoformat(row["start"]) - zero) / dt.timedelta(hours=1)
        share = min(LARGEST_SHARE, float(row["people_million"]) / outbreak.people_million)
        held.append(
            Held(int(hour), int(row["hours"]), share, float(row["positives"] or "nan")),
        )
    return held


def series(held: list[Held], *, sensitivity: float) -> tuple[options.Round, ...]:
    """The rounds of an option; pools of ten, as all three towns took them."""
    return tuple(
        options.Round(
            TOWN, start_hour=one.hour, hours=one.hours, pool_size=10, coverage=one.coverage,
            sensitivity=sensitivity, dilution_loss=0.1,
        )
        for one in held
    )  # fmt: skip


def people(outbreak: Outbreak) -> Population:
    """A cut-out with the ages and households of the town; nobody in it is real."""
    ages = np.array([[round(1000 * many / outbreak.cut) for many in outbreak.ages]])
    return synthetic.synthetic(
        synthetic.Margins(
            codes=TOWN,
            ages=ages.astype(np.int64),
            age_from=np.array([0, 15, 65]),
            household_size=np.array([outbreak.household]),
            one_person=np.array([0.2]),
        ),
        seed=SEED,
    )


def start(outbreak: Outbreak, population: Population) -> model.Start:
    """The register at hour 0: days of confirmation are known, onsets and persons are not."""
    before, _ = daily(outbreak)
    rng = np.random.default_rng(SEED)
    count = len(before)
    unknown = np.full(count, model.NEVER, dtype=np.int32)
    return model.Start(
        person=rng.choice(len(population), count, replace=False).astype(np.int32),
        infected_day=unknown,
        onset_day=unknown.copy(),
        found_h=(24 * before + rng.integers(8, 20, count)).astype(np.int32),
        untraced_h=24 * 30,  # contacts are looked for from the confirmation on
    )
