"""Who is sampled on a day, what the laboratory says, and who thereby becomes a case."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import F64, I32, I64, Bools, ranges
from zhongshu.engines.world.days.epidemic import DAY_S, FOUND_BY, HOUR_S, NEVER, Course, load
from zhongshu.engines.world.params import Testing
from zhongshu.kernel import chance

FROM_H, TO_H = 8, 19  # of the day, between which samples are taken
METHODS = ("single", "pool5", "pool10", "pool20")
SINGLE, POOL10 = 0, 2
IN_A_TUBE = (1, 5, 10, 20)  # by method
FEVER_CLINIC, CONTACT, SCREENING, VOLUNTARY, ARRIVAL = range(1, len(FOUND_BY))

SAMPLE = np.dtype(
    [
        ("person", np.int32),
        ("swabbed_s", np.int64),  # first; of somebody from a positive tube before sampled_s
        ("sampled_s", np.int64),
        ("received_s", np.int64),
        ("reported_s", np.int64),
        ("method", np.int8),
        ("positive", np.bool_),
        ("reason", np.int8),
        ("ct", np.float32),
    ]
)
Samples = NDArray[np.void]


@dataclasses.dataclass(frozen=True)
class Round:
    """A test round: everybody who lives in `villages` (12-digit codes, or buildings as
    `Statics.cells` names them) is called today.

    turnout: share who come; sensitivity: of one pooled test at full load; result_h: least and most
    hours to the result, None: as of any other test.
    """

    villages: tuple[str, ...]
    turnout: float = 0.95
    sensitivity: float = 0.9
    result_h: tuple[float, float] | None = None


@dataclasses.dataclass
class Found:
    """Course records by person, and which of them already have a positive sample.

    record: (n,) row in the course table, -1 for the never infected.
    """

    record: I32
    course: Course

    def open_(self, who: I64 | I32) -> Bools:
        """Nobody is tested again once found."""
        rows = self.record[who]
        known = np.zeros(len(rows), dtype=np.bool_)
        known[rows >= 0] = self.course["confirmed_s"][rows[rows >= 0]] < NEVER
        return ~known


def sample(
    *,
    seed: int,
    day: int,
    who: I64 | I32,
    reason: int,
    found: Found,
    testing: Testing,
    sensitivity: float,
    method: int = SINGLE,
) -> Samples:
    """One sample of each of `who` between FROM_H and TO_H; finds by load and sensitivity.

    The positive among the infected become found: their course gets its confirmation.
    """
    who = np.unique(who).astype(np.int64)
    who = who[found.open_(who)]
    key = chance.key(seed, f"sample-{reason}", day)
    rows = np.zeros(len(who), dtype=SAMPLE)
    rows["person"], rows["reason"], rows["method"] = who, reason, method
    hour = FROM_H + (TO_H - FROM_H) * chance.uniform(key, who, 0)
    rows["sampled_s"] = rows["swabbed_s"] = day * DAY_S + (hour * HOUR_S).astype(int)
    _times(rows, key, testing)
    records = found.record[who]
    infected = records >= 0
    likely = np.zeros(len(who))
    likely[infected] = load(found.course[records[infected]], rows["sampled_s"][infected])
    rows["positive"] = chance.uniform(key, who, 3) < likely * sensitivity
    rows["ct"] = _ct(likely, chance.uniform(key, who, 4), rows["positive"])
    _confirm(found, rows)
    return rows


def at_fever_clinic(*, seed: int, day: int, found: Found, testing: Testing) -> Samples:
    """Those whose symptoms bring them to a fever clinic today; tested until found."""
    course = found.course
    today = (course["passive_sample_s"] // DAY_S == day) & (course["confirmed_s"] == NEVER)
    mine = course[today]
    key = chance.key(seed, "fever_clinic", day)
    rows = np.zeros(len(mine), dtype=SAMPLE)
    rows["person"], rows["reason"] = mine["person"], FEVER_CLINIC
    rows["sampled_s"], rows["reported_s"] = mine["passive_sample_s"], mine["passive_s"]
    rows["swabbed_s"] = rows["sampled_s"]
    rows["received_s"] = (rows["sampled_s"] + rows["reported_s"]) // 2
    rows["positive"] = True
    rows["ct"] = _ct(np.ones(len(rows)), chance.uniform(key, rows["person"], 4), rows["positive"])
    _confirm(found, rows)
    return rows


def volunteers(seed: int, day: int, people: int, share: float) -> I64:
    """Person indices of those tested of their own will today."""
    who = np.arange(people)
    drawn = chance.uniform(chance.key(seed, "volunteers", day), who) < share
    return np.flatnonzero(drawn)


def household_contacts(
    *, seed: int, day: int, found: Found, household: I32, starts: I64, testing: Testing
) -> I64:
    """Members of households with a case confirmed 1, 3, ... days before `day`."""
    course = found.course
    ago = day - course["confirmed_s"] // DAY_S
    due = np.isin(ago, testing.household_tests_d) & (course["confirmed_s"] < NEVER)
    homes = np.unique(household[course["person"][due]])
    members = ranges(starts[homes], starts[homes + 1] - starts[homes])
    key = chance.key(seed, "household_tests", day)
    return members[chance.uniform(key, members) < testing.household_tested]


def called(seed: int, day: int, residents: I64, turnout: float) -> I64:
    """Those of the residents who come to a test round."""
    return residents[chance.uniform(chance.key(seed, "turnout", day), residents) < turnout]


def _times(rows: Samples, key: np.uint64, testing: Testing) -> None:
    least, most = testing.result_h
    who = rows["person"]
    hours = least + (most - least) * chance.uniform(key, who, 1)
    wait_s = (hours * HOUR_S).astype(np.int64)
    rows["reported_s"] = rows["sampled_s"] + wait_s
    share = 0.15 + 0.35 * chance.uniform(key, who, 2)
    rows["received_s"] = rows["sampled_s"] + (share * wait_s).astype(np.int64)


def _ct(likely: F64, draw: F64, positive: Bools) -> F64:
    """Cycle threshold: low at full load; NaN for the negative."""
    value: F64 = np.where(positive, 18.0 + 8.0 * draw + 10.0 * (1.0 - likely), np.nan)
    return np.round(value, 1)


def _confirm(found: Found, rows: Samples) -> None:
    positive = rows[rows["positive"]]
    records = found.record[positive["person"]]
    found.course["sampled_s"][records] = positive["sampled_s"]
    found.course["confirmed_s"][records] = positive["reported_s"]
    found.course["found_by"][records] = positive["reason"]
