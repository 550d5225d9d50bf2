"""What the outbreak model is asked with, apart from the people and the options."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif.checks import CONFINED
from zhongshu.engines.whatif.options import Tracing
from zhongshu.engines.whatif.outbreak.closeness import close, counted
from zhongshu.engines.whatif.outbreak.protection import Vaccination
from zhongshu.kernel.disease import course
from zhongshu.kernel.disease.params import BY_AGE, SYNTHETIC, Care, Disease, Severity
from zhongshu.kernel.errors import BadInput

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]

DAY_H = 24
NEVER = 2**30  # hours
QUANTILES = 4096  # of each tabulated distribution
MOST_UNSEEN = 10_000
LOAD_H = 28 * DAY_H + 1
OLDEST = 120
HOME, GROUP, PLACE, COMMUNITY, REGISTERED, UNSEEN = range(6)  # where somebody was infected


@dataclasses.dataclass(frozen=True)
class Mixing:
    """How people meet; synthetic assumptions where a figure is not given by the people.

    transmission: multiplies every hazard; what calibration turns.
    overlap_h: hours that two visitors of a day spend together, in the order of PLACE_KINDS; the
        hazard per hour and the crowd are the disease's.
    community_contacts: a day, with strangers; community_hazard: of each at full infectiousness.
    near, cells, far: share of strangers from the same cell; e-folding distance in cells of the
        others; share of strangers from anywhere.
    susceptibility: by age in years, or empty: 1.
    """

    transmission: float = 1.0
    overlap_h: tuple[float, ...] = (1.2, 1.0, 0.08, 0.25, 0.08, 0.2, 0.1, 0.05, 0.1)
    community_contacts: int = 4
    community_hazard: float = 0.002
    near: float = 0.5
    cells: float = 6.0
    far: float = 0.05
    susceptibility: tuple[float, ...] = ()


@dataclasses.dataclass(frozen=True)
class Model:
    """The parameters of all options together.

    vaccination: what doses do that the population has on file, and how fast what it has wanes.
    traced: the tracing that was done before hour 0, whatever an option does from then on: whom a
        registered case infected and tracing named would have been found by now, as soon as a test
        could, and is registered himself.
    calibrated: whether they were fitted to the current outbreak, and `calibrated_days`: to how
    many days of it; questions beyond that are noted on the answer.
    """

    disease: Disease = SYNTHETIC
    care: Care = dataclasses.field(default_factory=Care)
    severity: Severity = BY_AGE
    mixing: Mixing = dataclasses.field(default_factory=Mixing)
    vaccination: Vaccination = dataclasses.field(default_factory=Vaccination)
    traced: Tracing = dataclasses.field(default_factory=Tracing)
    calibrated: bool = False
    calibrated_days: int = 0


@dataclasses.dataclass(frozen=True)
class Start:
    """The registered cases, as known at hour 0.

    person: (k,) positions in the population.  infected_day, onset_day: days, at most 0, or NEVER
        where unknown (then drawn in each run).  found_h: hour of confirmation, at most 0.
    isolated: (person, from hour, to hour) of those in quarantine already, (m, 3).
    apart_h: hour since which a case was kept apart, as a contact, before he was found; empty: each
        since he was found.
    untraced_h: the contacts of cases found in the last so many hours have not been looked for.
    placed_h: who was found or isolated in this hour or before it, where an option wants rooms or
        beds for them, has one, beside those the capacities count; -NEVER: nobody has.
    unseen: expected number of others whom no registered case infected, directly or not: brought
        from elsewhere, or by somebody nobody found.  Each was infected on one of the `unseen_d`
        days before hour 0, in one of `unseen_cells` (empty: anywhere) by the people there; how
        many, who and when chance says in each run, and those who would be registered by now are
        left out.
    Others, infected by all these and not found yet, are simulated in each run.
    """

    person: I32
    infected_day: I32
    onset_day: I32
    found_h: I32
    isolated: I32 = dataclasses.field(default_factory=lambda: np.zeros((0, 3), dtype=np.int32))
    untraced_h: int = 24
    placed_h: int = -NEVER
    apart_h: I32 = dataclasses.field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    unseen: float = 0.0
    unseen_d: int = 14
    unseen_cells: I32 = dataclasses.field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    def __post_init__(self) -> None:
        if not len(self.person):
            raise BadInput(
                "whatif.no_cases",
                "A what-if starts from registered cases, and there are none; register a case.",
            )
        if len(np.unique(self.person)) != len(self.person):
            raise BadInput("whatif.start", "A registered case is there twice; merge the two.")
        late = (self.found_h > 0) | ((self.infected_day > 0) & (self.infected_day != NEVER))
        if late.any() or not len(self.infected_day) == len(self.onset_day) == len(self.found_h):
            raise BadInput("whatif.start", "A registered case lies after the start; correct it.")
        if not len(self.apart_h):
            object.__setattr__(self, "apart_h", self.found_h)
        if len(self.apart_h) != len(self.found_h) or (self.apart_h > self.found_h).any():
            raise BadInput("whatif.start", "A registered case was kept apart after he was found.")
        if not 0 <= self.unseen <= MOST_UNSEEN or self.unseen_d < 1:
            raise BadInput(
                "whatif.start",
                f"Give 0 to {MOST_UNSEEN} infected whom nobody registered, and a day at least.",
            )
        known = (self.infected_day != NEVER) & (self.onset_day != NEVER)
        if (self.onset_day[known] <= self.infected_day[known]).any():
            raise BadInput("whatif.start", "A registered case has its onset before its infection.")

    def placed(self, case_days: int) -> tuple[int, int]:
        """(contacts, cases) who have a room or a bed at hour 0; case_days: of a case, 0: no end."""
        known = set(self.person.tolist())
        kept = {
            who
            for who, since, until in self.isolated.tolist()
            if since <= self.placed_h and until > 0 and who not in known
        }
        there = (self.found_h + case_days * DAY_H > 0) | (case_days == 0)
        return len(kept), int((there & (self.found_h <= self.placed_h)).sum())


class Tables(NamedTuple):
    """The model as the compiled kernels read it: quantiles of each distribution, hazards.

    daily: (profile days,) cumulative shares of infectiousness by day; its sum is in the hazards.
    group_hazard, place_hazard: (kinds,) of one other person over a whole infection; crowd (kinds,).
    load: chance of a perfect test by hours since infection.
    strength: (doses, 3), half_life_d, takes_d: of a vaccine, as in `Vaccination`.
    named: (settings,) share of the infected of a registered case whom tracing had named, so many
        hours (named_h) after the case; named_place: (kinds,) of those in places, the share of
        meetings that make a contact; tested: chance that a test had found one by hours.
    named_d: days before a case fell ill from which its contacts were looked for.
    overlap_h: (kinds,) mean hours that two visitors of a day are together.
    """

    incubation: F32
    force: F32
    care: F32
    daily: F64
    home_hazard: float
    group_hazard: F64
    place_hazard: F64
    crowd: F64
    community_hazard: float
    community_contacts: int
    near: float
    cells: float
    far: float
    silent: float
    silent_factor: float
    stays: float
    seeks: float
    susceptibility: F32
    severe: F32
    load: F64
    strength: F64
    half_life_d: float
    takes_d: int
    overlap_h: F64
    named: F64
    named_place: F64
    named_h: int
    named_d: int
    met_place: F64
    tested: F64


def tables(model: Model) -> Tables:
    """Tabulates the kernel's disease; refuses hazards below zero."""
    disease, mixing = model.disease, model.mixing
    middle = (np.arange(QUANTILES) + 0.5) / QUANTILES
    profile = np.asarray(disease.profile, dtype=np.float64)
    scale = mixing.transmission * float(profile.sum())
    hours = np.asarray(disease.hazard_per_h) * np.asarray(mixing.overlap_h) * scale
    negative = [disease.household_per_day, mixing.transmission, mixing.community_hazard, *hours]
    if not min(negative) >= 0 or not profile.sum() > 0 or profile.min() < 0:
        raise BadInput("whatif.model", "Hazards and the profile must not be below zero.")
    years = np.arange(OLDEST, dtype=np.float64)
    given = np.asarray(mixing.susceptibility, dtype=np.float32)
    by_age = np.ones(OLDEST, dtype=np.float32)
    by_age[: len(given)] = given
    old = years >= model.severity.old_from
    severe = np.where(old, model.severity.severe_old, model.severity.severe_young)
    load, done = course.load(np.arange(LOAD_H) / DAY_H), model.traced
    by_setting = (done.recall_home, done.recall, done.recall_places, done.recall_community, 0.0)
    everybody_ill = np.ones(QUANTILES, dtype=np.bool_)
    return Tables(
        incubation=course.incubation_d(middle, disease).astype(np.float32),
        force=course.force_out(middle, everybody_ill, disease).astype(np.float32),
        care=course.lognormal(middle, model.care.median_d, model.care.sigma).astype(np.float32),
        daily=np.cumsum(profile) / profile.sum(),
        home_hazard=disease.household_per_day * scale * CONFINED,
        group_hazard=hours,
        place_hazard=hours,
        crowd=np.asarray(disease.crowd, dtype=np.float64),
        community_hazard=mixing.community_hazard * scale,
        community_contacts=mixing.community_contacts,
        near=mixing.near,
        cells=mixing.cells,
        far=mixing.far,
        silent=disease.asymptomatic,
        silent_factor=disease.asymptomatic_factor,
        stays=disease.stay_home_when_ill,
        seeks=model.care.seeking,
        susceptibility=by_age,
        severe=severe.astype(np.float32),
        load=load,
        strength=model.vaccination.strength,
        half_life_d=float(model.vaccination.vaccine.half_life_d),
        takes_d=model.vaccination.takes_d,
        named=np.array(by_setting if done.depth else (0.0,) * 5, dtype=np.float64),
        named_place=np.array(
            [
                counted(near, least_h, mean_h, True)
                for (near, least_h), mean_h in zip(close(done), mixing.overlap_h, strict=True)
            ]
        ),
        overlap_h=np.asarray(mixing.overlap_h, dtype=np.float64),
        named_h=done.delay_h,
        named_d=done.since_d,
        met_place=np.array(
            [
                counted(near, least_h, mean_h, False) * (done.recall_places if done.depth else 0.0)
                for (near, least_h), mean_h in zip(close(done), mixing.overlap_h, strict=True)
            ]
        ),
        tested=np.maximum.accumulate(load),
    )
