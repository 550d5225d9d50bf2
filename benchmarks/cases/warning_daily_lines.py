"""Rows of the daily run's year (warning_daily.py), on seeds that nothing was chosen on.

The least probability of the packs was chosen on the tuning seeds, on outbreaks of this size and of
half of it, before a reporting seed was opened.
"""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import itertools
import multiprocessing
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.cases.warning_daily import (
    BUDGETS,
    MANY,
    SETTINGS,
    SIZE,
    Setting,
    Year,
    alarms,
    found,
    known,
    packs_rules,
    peer,
    reported,
    year,
)
from benchmarks.cases.warning_province import DAYS, FOUND_WITHIN, YEAR, Bools, codes, make
from zhongshu.engines.warning import whole
from zhongshu.engines.warning.whole import State

TUNING_SEEDS = (101, 102, 103, 104)  # 104 without outbreaks
REPORTING_SEEDS = (501, 502, 503)
CALM_SEEDS = (511, 512)  # years without outbreaks
TOLD = (0.0, 0.01, 0.02, 0.05, 0.2, 0.5, 0.9, 1.0)  # classes of the probability
NOMINAL = 0.001
CALM_SETTINGS = tuple(setting for setting in SETTINGS if setting[0] == max(BUDGETS))
EVENING = (dt.date(2022, 12, 30), dt.date(2022, 12, 31))  # yesterday again, and today
Line = dict[str, Any]
Ints = npt.NDArray[np.int64]


def line(name: str, value: float, unit: str, **more: Any) -> Line:
    plain: Line = {"peer": None, "ratio": None, "goal": None, "met": None}
    return {"name": f"daily run, {name}", "value": round(value, 4), "unit": unit, **(plain | more)}


def years() -> tuple[list[Year], list[Year]]:
    """The reported years, and those without outbreaks; two at a time."""
    asked = [
        *((seed, MANY, SETTINGS) for seed in REPORTING_SEEDS),
        *((seed, 0, CALM_SETTINGS) for seed in CALM_SEEDS),
    ]
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        made = list(pool.map(year, *zip(*asked, strict=True)))
    return made[: len(REPORTING_SEEDS)], made[len(REPORTING_SEEDS) :]


def lines() -> list[Line]:
    sick, calm = years()
    rows = [row for setting in SETTINGS for row in _setting(setting, sick, calm)]
    return [*rows, *_calibration(sick), *_nominal(sick, calm), _evening()]


def _name(setting: Setting) -> str:
    a_week, least = setting
    return f"{a_week:g} a week, {'as shipped' if least else 'no least probability'}"


def _setting(setting: Setting, sick: Sequence[Year], calm: Sequence[Year]) -> list[Line]:
    name = _name(setting)
    quiet = packs_rules().daily.budget.quiet_days
    hits, theirs, ours_true, their_true = [], [], [], []
    for one in sick:
        spent = one.spent[setting]
        other = peer(one.made, len(spent.alerts), quiet)
        hits += found(alarms(spent), one.made.outbreaks)
        theirs += found(other, one.made.outbreaks)
        ours_true += [alert.true for alert in spent.alerts]
        their_true += one.made.touched[other].tolist()
    share, their_share = (float(np.mean([hit for hit, _ in each])) for each in (hits, theirs))
    true, their_truth = float(np.mean(ours_true)), float(np.mean(their_true))
    called = "EARS C2, any of 4, as many alerts"
    days = [after for hit, after in hits if hit]
    return [
        line(
            f"{name}, found within 28 days", share, f"share of {len(hits)} outbreaks",
            peer={"name": called, "value": round(their_share, 4)},
            ratio=round(share / their_share, 2) if their_share else None,
            goal=0.95, met=share >= 0.95,
        ),
        line(f"{name}, median days until found", float(np.median(days)), "days"),
        line(
            f"{name}, alerts that were outbreaks", true, f"share of {len(ours_true)} alerts",
            peer={"name": called, "value": round(their_truth, 4)},
            ratio=round(true / their_truth, 2) if their_truth else None,
        ),
        *_spending(setting, sick, calm),
    ]  # fmt: skip


def _spending(setting: Setting, sick: Sequence[Year], calm: Sequence[Year]) -> list[Line]:
    """What was raised of what was set, and by chance."""
    name, (a_week, least) = _name(setting), setting
    weeks = (DAYS - YEAR.start) / 7
    over = [len(one.spent[setting].alerts) / (a_week * weeks) for one in sick]
    rows = []
    for which, value in (("lowest", min(over)), ("highest", max(over))):
        goal: Line = {} if least else {"goal": "within .25 of 1", "met": abs(value - 1) <= 0.25}
        what = f"{name}, alerts raised over set, {which} of {len(over)} years"
        rows.append(line(what, value, "ratio", **goal))
    every = [*sick, *calm] if setting in CALM_SETTINGS else sick
    begun = [
        sum(alert.day < YEAR.start + 7 for alert in one.spent[setting].alerts) for one in every
    ]
    what = f"{name}, alerts in the first week, most of {len(begun)} years"
    rows.append(line(what, max(begun), "alerts"))
    return [*rows, *_by_chance(setting, calm)] if setting in CALM_SETTINGS else rows


def _by_chance(setting: Setting, calm: Sequence[Year]) -> list[Line]:
    name, weeks = _name(setting), len(calm) * (DAYS - YEAR.start) / 7
    told = sum(one.spent[setting].by_chance for one in calm) / weeks
    came = sum(len(one.spent[setting].alerts) for one in calm) / weeks
    lucky = float(np.mean([_windows(alarms(one.spent[setting])) for one in calm]))
    return [
        line(
            f"{name}, alerts a week in years without outbreaks", came, "alerts",
            peer={"name": "told to be expected by chance", "value": round(told, 3)},
            ratio=round(told / came, 2) if came else None,
        ),
        line(f"{name}, 28 days without an outbreak, with an alert", lucky, "share of spells"),
    ]  # fmt: skip


def _windows(alarm: Bools) -> float:
    """Share of all spells of 28 days of a county in the year that have an alert."""
    total: Ints = np.cumsum(alarm[:, YEAR.start :], axis=1)
    first = total[:, FOUND_WITHIN - 1 : FOUND_WITHIN]
    later = total[:, FOUND_WITHIN:] - total[:, :-FOUND_WITHIN]
    return float((np.concatenate([first, later], axis=1) > 0).mean())


def _calibration(sick: Sequence[Year]) -> list[Line]:
    """By class of the probability told, how many alerts came true; all of the larger budget, with
    no least probability."""
    alerts = [alert for one in sick for alert in one.spent[BUDGETS[0], False].alerts]
    rows = []
    for low, high in itertools.pairwise(TOLD):
        mine = [alert for alert in alerts if low <= alert.probability < high]
        if not mine:
            continue
        true = float(np.mean([alert.true for alert in mine]))
        told = float(np.mean([alert.probability for alert in mine]))
        rows.append(
            line(
                f"alerts told {low:g} to {high:g}, outbreaks", true, f"share of {len(mine)} alerts",
                peer={"name": "told", "value": round(told, 4)}, ratio=round(true / told, 2),
            )
        )  # fmt: skip
    on = float(np.mean([one.made.touched[:, YEAR.start :].mean() for one in sick]))
    return [*rows, line("any county and day, outbreaks", on, "share of county-days")]


def _nominal(sick: Sequence[Year], calm: Sequence[Year]) -> list[Line]:
    """At p < .001, no budget: outbreaks found, and what passes in years without."""
    hits = []
    for one in sick:
        alarm = np.zeros((len(codes()), DAYS), np.bool_)
        alarm[:, YEAR.start :] = np.nan_to_num(one.p, nan=1.0) < NOMINAL
        hits += found(alarm, one.made.outbreaks)
    share = float(np.mean([hit for hit, _ in hits]))
    passed = sum(int((one.p < NOMINAL).sum()) for one in calm)
    real = passed / sum(int((~np.isnan(one.p)).sum()) for one in calm)
    ratio = real / NOMINAL
    return [
        line(
            "p < .001, found within 28 days", share, f"share of {len(hits)} outbreaks",
            goal=0.95, met=share >= 0.95,
        ),
        line(
            "p < .001 in years without outbreaks", real, "share of county-days",
            peer={"name": "nominal", "value": NOMINAL}, ratio=round(ratio, 2),
            goal="ratio .7-1.4", met=0.7 <= ratio <= 1.4,
        ),
    ]  # fmt: skip


def _evening() -> Line:
    """As the cycle asks: all series fitted, yesterday decided again, and today; four years."""
    rules = packs_rules()
    made = make(REPORTING_SEEDS[0], shocks=True, outbreaks=MANY, size=SIZE)
    series, told = reported(made.counts), known(made, DAYS - 1, REPORTING_SEEDS[0])
    begin = time.process_time()  # whatever else the machine does
    prepared = whole.prepare(series, last=EVENING[-1], rules=rules, known=told)
    for on in EVENING:
        prepared.day(on, State(level=rules.daily.budget.floor))
    seconds = time.process_time() - begin
    return line("one evening, 117 counties x 4 streams, four years", seconds, "s of a core")
