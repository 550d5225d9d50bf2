"""Calibration at the headquarters: made outbreaks with known parameters, registered day by day.

Each outbreak begins with three cases in a county and is simulated with tracing; what is registered
until day 11, with the contacts in quarantine then, is all that the fit begins with, and the cases
found on the 15 or 21 days after it are all it is fitted to.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import numpy as np

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.calibrate import judge, solve
from zhongshu.engines.whatif.calibrate.model import Effort, log_uniform, uniform
from zhongshu.engines.whatif.outbreak import fitting, plan, synthetic, turned
from zhongshu.engines.whatif.outbreak import solve as outbreak
from zhongshu.engines.whatif.outbreak import state as memory
from zhongshu.engines.whatif.outbreak.model import NEVER, Model, Start, tables
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.kernel import chance

SEED, BEGIN_D = 11, 11
TRACED = options.from_dict(
    {
        "name": "traced",
        "tracing": {"depth": 1, "delay_h": 24, "recall": 0.7, "recall_home": 0.98,
                    "recall_places": 0.15, "since_d": 2, "false_per_case": 5},
        "isolation": {"contacts": "central", "days": 7, "case_days": 14, "tests_d": [1, 3, 7],
                      "sensitivity": 0.9},
    }
)  # fmt: skip
MODEL = Model(traced=TRACED.tracing)
PRIORS = (log_uniform("transmission", 0.4, 2.5), uniform("seeking", 0.4, 1.0))
LEAST = judge.Least(days=10, cases=20, inside=0.75)


@dataclasses.dataclass(frozen=True)
class Made:
    """An outbreak as it would be registered: start of the fit, and cases found a day after it."""

    start: Start
    seen: np.ndarray[Any, np.dtype[np.float64]]


def county(people: int) -> Population:
    margins = synthetic.Margins(
        codes=("140105000000",),
        ages=np.rint(np.array([[0.2, 0.5, 0.3]]) * people).astype(np.int64),
        age_from=np.array([0, 18, 60]),
        household_size=np.array([2.5]),
        one_person=np.array([0.25]),
    )
    return synthetic.synthetic(margins, seed=1)


def records(people: Population, truth: np.ndarray[Any, Any], *, days: int, seed: int) -> Any:
    """Rows of everybody touched by one future, as they are at the end of `days`."""
    never = np.full(3, NEVER, dtype=np.int32)
    who = np.array([0.2, 0.5, 0.8]) * len(people)
    start = Start(who.astype(np.int32), never, never.copy(), np.full(3, -5, dtype=np.int32))
    cases = outbreak.Cases(*(getattr(start, name) for name in outbreak.Cases._fields))
    given = outbreak._Given(
        people, turned.turned(tables(MODEL), truth), cases, days, outbreak.BEFORE_D + 1
    )
    worker = outbreak._Worker(np.full(len(people), -1, dtype=np.int32))
    kept: list[Any] = []
    key = np.array([chance.key(seed, "whatif", 0)], dtype=np.uint64)
    outbreak._simulate(given, plan.plan(TRACED, people, days), worker, key, kept)
    return kept[-1]


def made(people: Population, truth: np.ndarray[Any, Any], *, days: int, seed: int) -> Made | None:
    """None: too few cases for a headquarters to calibrate to."""
    end = BEGIN_D + days
    rows = records(people, truth, days=end, seed=seed)
    found = rows[rows[:, memory.FOUND_H] != NEVER]
    day = found[:, memory.FOUND_H] // 24
    seen = np.array([float((day == at).sum()) for at in range(BEGIN_D, end)])
    past = found[day < BEGIN_D]
    if seen.sum() < LEAST.cases or len(past) < 3:
        return None
    then = records(people, truth, days=BEGIN_D, seed=seed)
    hour = BEGIN_D * 24
    apart = then[
        (then[:, memory.FOUND_H] == NEVER)
        & (then[:, memory.ISO_FROM] < hour)
        & (then[:, memory.ISO_TO] > hour)
        & (then[:, memory.ISO_FROM] != NEVER)
    ]
    kept = apart[:, [memory.PERSON, memory.ISO_FROM, memory.ISO_TO]]
    ill = (past[:, memory.ILL] == 1) & (past[:, memory.ONSET_D] < BEGIN_D)
    start = Start(
        person=past[:, memory.PERSON].astype(np.int32),
        infected_day=np.full(len(past), NEVER, dtype=np.int32),
        onset_day=np.where(ill, past[:, memory.ONSET_D] - BEGIN_D, NEVER).astype(np.int32),
        found_h=(past[:, memory.FOUND_H] - hour).astype(np.int32),
        isolated=(kept - np.array([0, hour, hour])).astype(np.int32),
        apart_h=(past[:, memory.ISO_FROM] - hour).astype(np.int32),
    )
    return Made(start, seen)


def fitted(people: Population, one: Made, *, seed: int) -> tuple[Any, judge.Judged]:
    """As `service.whatif.calibration` does it."""
    days = one.seen.size
    simulator = fitting.PersonCases(
        people, one.start, TRACED, MODEL, days, most=3.0 * one.seen.sum() + 200
    )
    effort = Effort(particles=100, rounds=8, simulations=1500)
    found = solve.fit(
        simulator, one.seen, PRIORS, seed=seed, effort=effort, span_d=min(7, -(-days // 3))
    )
    judged = judge.judge(
        found, simulator, one.seen, PRIORS, least=LEAST, span_d=3, futures=200, seed=seed
    )
    return found, judged


def rows(*, outbreaks: int = 20, most_cases: int = 200) -> list[dict[str, Any]]:
    """Coverage over outbreaks of 100,000 people, and the time for a county of 300,000."""
    rng, town = np.random.default_rng(SEED), county(100_000)
    held = {(name, level): 0 for name in turned.PARAMETERS for level in (0.8, 0.95)}
    ratios, called, done = [], 0, 0
    while done < outbreaks:
        truth = np.array([np.exp(rng.uniform(np.log(0.6), np.log(1.6))), rng.uniform(0.5, 0.95)])
        one = made(town, truth, days=15, seed=int(rng.integers(2**31)))
        if one is None or one.seen.sum() > most_cases:
            continue
        done += 1
        found, judged = fitted(town, one, seed=done)
        called += judged.reason == ""
        ratios.append(found.quantile("transmission", (0.5,))[0] / truth[0])
        for (name, level), count in held.items():
            low, high = found.quantile(name, ((1 - level) / 2, (1 + level) / 2))
            true = truth[turned.PARAMETERS.index(name)]
            held[name, level] = count + bool(low <= true <= high)
    name = "calibrate at the headquarters"
    made_rows: list[dict[str, Any]] = [
        {"name": f"{name}: {level:.0%} intervals hold {which}, {outbreaks} outbreaks",
         "value": round(count / outbreaks, 3), "unit": "share", "goal": level,
         "met": bool(count / outbreaks >= level - 2 * np.sqrt(level * (1 - level) / outbreaks))}
        for (which, level), count in held.items()
    ]  # fmt: skip
    made_rows += [
        {"name": f"{name}: median of transmission to the truth",
         "value": round(float(np.median(ratios)), 3), "unit": "ratio"},
        {"name": f"{name}: called calibrated", "value": round(called / outbreaks, 3),
         "unit": "share"},
    ]  # fmt: skip
    return [*made_rows, *_time(name)]


def _time(name: str) -> list[dict[str, Any]]:
    """A county of 300,000 with some 200 cases on 21 days."""
    people, seed, one = county(300_000), 0, None
    while one is None or not 150 <= one.seen.sum() <= 300:
        seed += 1
        one = made(people, np.array([1.0, 0.8]), days=21, seed=seed)
    fitted(people, one, seed=1)  # compiled
    began, used = time.perf_counter(), time.process_time()
    found, _ = fitted(people, one, seed=2)
    wall, used = time.perf_counter() - began, time.process_time() - used
    return [
        {"name": f"{name}: 300,000 people, {one.seen.sum():.0f} cases on 21 days",
         "value": round(wall, 2), "unit": "s", "goal": 30, "met": wall <= 30,
         "processor_s": round(used, 2), "simulations": found.simulations},
    ]  # fmt: skip
