"""What the county model is given: the province, the course of an infection, and the days' plan."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.kernel.errors import BadInput

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]

# What is counted for every run, day and county: flows of the day, then states at its end.
COUNTED = (
    "infections",  # people newly infected
    "onsets",  # people whose symptoms began outside isolation
    "found",  # infected people found by a test or by their symptoms
    "traced",  # infected people found as contacts, in quarantine
    "imported",  # of the infections: caught elsewhere
    "at_large",  # infected and not isolated, at the end of the day
    "isolated",  # infected and isolated, at the end of the day
    "in_hospital",  # at the end of the day
    "severe",  # of the infections: those who will need a bed
)
INFECTIONS, ONSETS, FOUND, TRACED, IMPORTED, AT_LARGE, ISOLATED, IN_HOSPITAL, SEVERE = range(9)

# Columns of a day's hazards of being found.
LATENT, SILENT, ILL = range(3)


@dataclasses.dataclass(frozen=True)
class Course:
    """The course of an infection as chains of stages, each of an exponential length.

    A chain of k stages lasts an Erlang-distributed time.  latent: infected, not infectious;
    early: infectious before symptoms; ill: with symptoms, one weight for each stage; silent: those
    who never have symptoms pass through as many stages as early and ill together, with the same
    weights times silent_factor.  Lengths in days; weights: infectiousness relative to its peak.
    dispersion: shape of the gamma-distributed infectiousness of a person over the course (Lloyd-
        Smith et al. 2005, Nature 438:355); infinite: all alike.
    isolated_d, isolated_stages: from being isolated to being well; isolated_weight: their
        infectiousness were they not isolated.
    to_hospital_d: from infection to the ward; in_hospital_d: on the ward; two stages each.
    """

    latent_d: float
    early_d: float
    ill_d: float
    early_weight: float
    ill_weights: tuple[float, ...]
    silent_share: float
    silent_factor: float
    isolated_d: float
    isolated_weight: float
    to_hospital_d: float
    in_hospital_d: float
    latent_stages: int = 1
    early_stages: int = 1
    isolated_stages: int = 2
    dispersion: float = np.inf

    def __post_init__(self) -> None:
        lengths = (self.latent_d, self.early_d, self.ill_d, self.isolated_d)
        if min(*lengths, self.to_hospital_d, self.in_hospital_d) <= 0:
            raise BadInput("whatif.course", "Every part of an infection's course lasts some days.")
        if not (0 <= self.silent_share <= 1 and self.dispersion > 0 and self.ill_weights):
            raise BadInput(
                "whatif.course",
                "The share without symptoms lies in 0-1, the dispersion above 0, and the ill need "
                "at least one weight.",
            )

    @property
    def infectious_days(self) -> float:
        """Mean days of full infectiousness of an infection that is never found."""
        ill = self.ill_d * float(np.mean(self.ill_weights))
        shown = self.early_d * self.early_weight + ill
        return shown * (1 - self.silent_share + self.silent_share * self.silent_factor)


@dataclasses.dataclass(frozen=True)
class Province:
    """Counties and their people.

    codes: county codes; people: (counties, ages) residents; contacts: (ages, ages) daily contacts
    of one person of the row's age with people of the column's; commuting: (counties, counties)
    share of a resident's contact time spent in each county, rows sum to 1; susceptibility,
    severe: (ages,) relative susceptibility, and share of infections that need a hospital bed.
    Refuses matrices that do not fit each other or do not add up.
    """

    codes: tuple[str, ...]
    people: I64
    contacts: F64
    commuting: F64
    susceptibility: F64
    severe: F64

    def __post_init__(self) -> None:
        counties, ages = self.people.shape
        fits = (
            len(self.codes) == counties
            and self.contacts.shape == (ages, ages)
            and self.commuting.shape == (counties, counties)
            and self.susceptibility.shape == self.severe.shape == (ages,)
        )
        if not fits:
            raise BadInput(
                "whatif.province_shape",
                f"The province's tables do not fit {counties} counties and {ages} age groups.",
            )
        if (self.people < 0).any() or (self.people.sum(axis=1) == 0).any():
            raise BadInput("whatif.province_people", "Every county needs people, none below zero.")
        if (self.commuting < 0).any() or not np.allclose(self.commuting.sum(axis=1), 1.0):
            raise BadInput(
                "whatif.commuting", "Each row of the commuting matrix must add up to 1, none below."
            )
        for name in ("contacts", "susceptibility", "severe"):
            if (getattr(self, name) < 0).any():
                raise BadInput("whatif.province_negative", f"The table {name!r} is below zero.")


@dataclasses.dataclass(frozen=True)
class Ending:
    """Restrictions that end by themselves, k of them; they act beside `Plan.mixing` and `border`.

    mixing, border: (k, days, counties) what each leaves of them while it holds.
    where: (k, counties) whose residents it is about.
    first: (k,) its first day; clear: (k,) days without a case found in the community among its
        residents after which it ends, -1: only with all others.
    all_clear: days without one in the whole province after which all end; -1: never.
    """

    mixing: F64
    border: F64
    where: NDArray[np.bool_]
    first: I64
    clear: I64
    all_clear: int = -1

    def __len__(self) -> int:
        return len(self.first)


def no_ending(days: int, counties: int, *, all_clear: int = -1) -> Ending:
    """None of them."""
    empty = np.ones((0, days, counties))
    none = np.zeros(0, dtype=np.int64)
    return Ending(empty, empty, np.zeros((0, counties), dtype=np.bool_), none, none, all_clear)


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is done on each day in each county; made from an option by `plan.make`.

    mixing: (days, counties) factor of transmission inside the county; border: (days, counties)
    share of the commuting to and from it that goes on; found: (days, counties, 3) hazard per day
    of being found for the latent, the silent and the ill; traced: (days, counties) share of a
    found person's contacts that tracing reaches, after trace_delay_d days; rooms: (counties,)
    isolation rooms; home_leak, room_leak: infectiousness left in isolation at home and in a room;
    vaccinated: (days, counties) hazard per day of being vaccinated, for the ages of vaccine_ages
    (ages,); vaccine_infection, vaccine_severe: what the vaccine takes off; waning: hazard per day.
    imports: (days, counties) residents expected to come home infected.
    ending: restrictions that end by themselves; None: none.
    """

    mixing: F64
    border: F64
    found: F64
    traced: F64
    trace_delay_d: int
    rooms: F64
    home_leak: F64
    room_leak: F64
    imports: F64
    vaccinated: F64
    vaccine_ages: F64
    vaccine_infection: float = 0.0
    vaccine_severe: float = 0.0
    waning: float = 0.0
    ending: Ending | None = None

    @property
    def days(self) -> int:
        return int(self.mixing.shape[0])

    @property
    def endings(self) -> Ending:
        """`ending`, or one without any restriction."""
        return no_ending(*self.mixing.shape) if self.ending is None else self.ending


@dataclasses.dataclass(frozen=True)
class Run:
    """How the model is run: runs (their numbers), seed of all draws, steps a day, threads."""

    runs: int
    seed: int
    steps_per_day: int = 2
    threads: int = 2
    first_run: int = 0


@dataclasses.dataclass(frozen=True)
class Futures:
    """What came out: counted (runs, days, counties, len(COUNTED)), and the last state.

    last: (runs, counties, ages, compartments); None if it was not asked for.
    ended: (runs, k + 1) first day on which each restriction of `Plan.ending` holds no more, and in
        the last column the first after the province was clear; the number of days where never.
    """

    counted: I32
    last: I64 | None
    ended: I64

    def daily(self, name: str) -> I64:
        """(runs, days) the province's sum of one count."""
        total: I64 = self.counted[..., COUNTED.index(name)].sum(axis=2, dtype=np.int64)
        return total


def calm(province: Province, days: int, **changed: Any) -> Plan:
    """A plan in which nothing is done: no measure, no search, no import, rooms for all."""
    counties, ages = province.people.shape
    empty: dict[str, Any] = {
        "mixing": np.ones((days, counties)),
        "border": np.ones((days, counties)),
        "found": np.zeros((days, counties, 3)),
        "traced": np.zeros((days, counties)),
        "trace_delay_d": 0,
        "rooms": np.full(counties, np.inf),
        "home_leak": np.ones(counties),
        "room_leak": np.zeros(counties),
        "imports": np.zeros((days, counties)),
        "vaccinated": np.zeros((days, counties)),
        "vaccine_ages": np.ones(ages),
    }
    return Plan(**{**empty, **changed})
