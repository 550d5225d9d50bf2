"""How far vaccines protect a person on a day: what is left of the best of his doses."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.kernel.disease.params import Vaccine
from zhongshu.kernel.errors import BadInput

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
INFECTION, ONWARD, SEVERELY_ILL = range(3)  # columns of what a vaccine lowers
MOST_DOSES = 8


@dataclasses.dataclass(frozen=True)
class Vaccination:
    """What the doses of a population do.

    vaccine: effect at full strength, and the days in which it falls to half.
    by_dose: share of the full strength that the first, the second, ... dose reaches; of further
        ones that of the last.  It must not fall, so that no dose is worse than none.
    takes_d: days from a dose to its effect; before them it has none.
    Protection is that of the best dose; it goes on waning in the days that are simulated.
    """

    vaccine: Vaccine = dataclasses.field(default_factory=Vaccine)
    by_dose: tuple[float, ...] = (1.0,)
    takes_d: int = 14

    def __post_init__(self) -> None:
        effects = (self.vaccine.infection, self.vaccine.onward, self.vaccine.severe)
        shares = np.array([*effects, *self.by_dose])
        if not (self.by_dose and shares.min() >= 0 and shares.max() <= 1):
            raise BadInput("whatif.vaccine", "Effects and strengths of doses must lie in 0 to 1.")
        if (np.diff(self.by_dose) < 0).any() or not self.vaccine.half_life_d > 0:
            raise BadInput(
                "whatif.vaccine", "A later dose must not be weaker, and a half-life above zero."
            )

    @property
    def strength(self) -> F64:
        """(doses, 3) in the order of the columns above."""
        effects = (self.vaccine.infection, self.vaccine.onward, self.vaccine.severe)
        return np.outer(self.by_dose, effects)


class Doses(NamedTuple):
    """dose_start (n+1,); dose_day: of each dose, 0 the first simulated day, earliest first."""

    dose_start: I32
    dose_day: I32


NONE = Doses(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))


def doses(count: int, person: I32, day: I32) -> Doses:
    """The doses of `count` people: dose k was given to person[k] on day[k] (negative: before)."""
    order = np.lexsort((day, person))
    starts = np.searchsorted(person[order], np.arange(count + 1)).astype(np.int32)
    return Doses(starts, np.ascontiguousarray(day[order], dtype=np.int32))


def read(persons: pa.Table, first_day: dt.date | None) -> Doses:
    """From the column `doses`, the dates of each person's doses, if there is one.

    Refuses dates without the first day of the simulation, and more doses than MOST_DOSES.
    """
    if "doses" not in persons.column_names:
        return NONE
    if first_day is None:
        raise BadInput(
            "whatif.doses", "The population has dates of doses; give the first simulated day too."
        )
    given = persons["doses"].to_pylist()
    pairs = [(n, (date - first_day).days) for n, dates in enumerate(given) for date in dates or ()]
    if max((len(dates or ()) for dates in given), default=0) > MOST_DOSES:
        raise BadInput("whatif.doses", f"Somebody has more than {MOST_DOSES} doses; correct it.")
    table = np.array(pairs, dtype=np.int32).reshape(len(pairs), 2)
    return doses(len(given), table[:, 0], table[:, 1])


@inner
def protection(people, tables, person, day, which):  # type: ignore[no-untyped-def]
    """Share by which a vaccine lowers one of the columns on a day: of the best dose, and of the
    protection given for the start, each waned since its full effect."""
    best = 0.0
    if people.shield.shape[0] > 0:
        best = people.shield[person, which] * np.exp2(-max(day, 0) / tables.half_life_d)
    if people.dose_start.shape[0] > 0:
        first, last = people.dose_start[person], people.dose_start[person + 1]
        for at in range(first, last):
            since = day - people.dose_day[at] - tables.takes_d
            if since >= 0:
                full = tables.strength[min(at - first, tables.strength.shape[0] - 1), which]
                best = max(best, full * np.exp2(-since / tables.half_life_d))
    return best
