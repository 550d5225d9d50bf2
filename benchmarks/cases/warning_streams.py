"""Streams put together on a made province, and the alert budget over a year with Spring Festival.

`streams`: outbreaks of the size at which plain Stouffer, without shocks, finds about .88 on the
tuning seeds; everything with shocks.  An outbreak is found where the county alarms within 28 days
of its beginning.  Peers alarm above the threshold that let .001 of county-days pass on the tuning
seeds without outbreaks, which needs the truth; ours alarms at p < .001 of its own calibration,
which sees only the past (two years with outbreaks, the confirmed ones known).  `streams_hard`: half
that size, thin outbreaks over a whole neighbourhood, and the same without shocks.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.cases import warning_province_z
from benchmarks.cases.warning_province import (
    FOUND_WITHIN,
    YEAR,
    Bools,
    Floats,
    Outbreak,
    make,
    neighbours,
    people,
)
from zhongshu.engines.warning.joint import budget, calibrate, combine, space, streams
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.model import EarsParams, Method
from zhongshu.engines.warning.published import ears

TUNING_SEEDS = (101, 102, 103, 104)
# opened before settles_days (the first six) and the least tail_shape were set
REHEARSED_SEEDS = (201, 202, 203, 204, 205, 206, 301, 302, 303, 304, 305, 306)
REPORTING_SEEDS = (401, 402, 403, 404, 405, 406, 407, 408)
NOMINAL = 0.001
SIZE = 3.0  # found on the tuning seeds, as told above
MANY = 24  # outbreaks a year
LEARNED, CALIBRATED = YEAR.start - 731, YEAR.start - 365  # 2020 teaches, 2021 calibrates
PAST = YEAR.start - LEARNED
BUDGETS = (2.0, 7.0, 20.0)  # alerts a week
PARAMS = streams.Streams()
EARS = EarsParams(grades=(("blue", 3.0),))
NEAR = space.nearness(neighbours())
CLASSES = calibrate.by_size(people(), 2)
Line = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class World:
    """From LEARNED on: z [county, stream, day], EARS' z likewise, touched [county, day]."""

    z: Floats
    ears: Floats
    outbreaks: tuple[Outbreak, ...]
    touched: Bools


def world(
    seed: int, *, shocks: bool = True, many: int = 0, size: float = SIZE, regional: bool = False
) -> World:
    made = make(seed, shocks=shocks, outbreaks=many, size=size, regional=regional)
    z = warning_province_z.z_scores(made.counts, seed, (LEARNED, CALIBRATED, YEAR.start))
    flat = made.counts[:, :, LEARNED:].reshape(-1, z.shape[2])
    return World(
        z,
        ears.statistic(flat, Method.C2, EARS).z.reshape(z.shape),
        made.outbreaks,
        made.touched[:, LEARNED:],
    )


# the peers -------------------------------------------------------------------------------------


def _largest(z: Floats) -> Floats:
    return np.asarray(np.nan_to_num(z, nan=-np.inf).max(axis=1))


def _plain(z: Floats) -> Floats:
    return combine.stouffer(z, combine.equal(z.shape[1]))


def _without_median(z: Floats) -> Floats:
    known = ~np.isnan(z)
    seen = known.any(axis=0)
    return np.asarray(z - np.nanmedian(np.where(seen, z, 0.0), axis=0))


PEERS: dict[str, Callable[[World], Floats]] = {
    "EARS C2, any of 4": lambda one: _largest(one.ears),
    **{
        f"stream {n + 1} alone": functools.partial(lambda one, n: one.z[:, n], n=n)
        for n in range(4)
    },
    "Fisher": lambda one: combine.fisher(one.z),
    "Stouffer": lambda one: _plain(one.z),
    "Stouffer less the median county": lambda one: _plain(_without_median(one.z)),
    "Stouffer, EWMA": lambda one: combine.ewma(_plain(one.z), rate=0.15),
    "Stouffer less the median county, EWMA": lambda one: combine.ewma(
        _plain(_without_median(one.z)), rate=0.15
    ),
}


def thresholds(seeds: Sequence[int], *, shocks: bool) -> dict[str, float]:
    """What NOMINAL of county-days of the year pass without outbreaks."""
    shown: dict[str, list[Floats]] = {name: [] for name in PEERS}
    for seed in seeds:
        quiet = world(seed, shocks=shocks)
        for name, peer in PEERS.items():
            values = peer(quiet)[:, PAST:].ravel()
            shown[name].append(values[np.isfinite(values)])
    return {
        name: float(np.quantile(np.concatenate(parts), 1 - NOMINAL))
        for name, parts in shown.items()
    }


# ours ------------------------------------------------------------------------------------------


def judged(
    past: World,
    year: World,
    params: streams.Streams = PARAMS,
    *,
    first: int = PAST,
    confirmed: float = 1.0,
) -> Floats:
    """Calibrated p [county, day]: the years before from `past`, the last from `year`.

    confirmed: share of counties whose past outbreaks are known."""
    teaching = YEAR.start - 365 - LEARNED
    begins = np.argwhere(np.diff(past.touched[:, :teaching].astype(np.int8), axis=1) > 0)
    events = [(int(unit), int(day) + 1) for unit, day in begins]
    learned = streams.learn(past.z[:, :, :teaching], params, events=events)
    z = np.concatenate([past.z[:, :, :PAST], year.z[:, :, PAST:]], axis=2)
    known = np.concatenate([past.touched[:, :PAST], year.touched[:, PAST:]], axis=1)
    known[round(confirmed * len(known)) :] = False
    known[:, :teaching] = True  # what taught is no reference
    told = streams.scores(z, learned, params, near=NEAR)
    return streams.p_values(told, CLASSES, params, first=first, excluded=known, near=NEAR)


def found(alarm: Bools, outbreaks: Sequence[Outbreak]) -> list[tuple[bool, int]]:
    """(found, days until then) of alarm [county, day from LEARNED]."""
    cuts = [alarm[one.county, one.begins - LEARNED :][:FOUND_WITHIN] for one in outbreaks]
    return [(bool(cut.any()), int(cut.argmax()) if cut.any() else FOUND_WITHIN) for cut in cuts]


# rows ------------------------------------------------------------------------------------------


def line(name: str, value: float, unit: str, **more: Any) -> Line:
    plain: Line = {"peer": None, "ratio": None, "goal": None, "met": None}
    return {"name": name, "value": round(value, 4), "unit": unit, **(plain | more)}


@dataclasses.dataclass
class Told:
    """What one method found, and the county-days it raised without an outbreak."""

    hits: list[tuple[bool, int]] = dataclasses.field(default_factory=list)
    false: list[float] = dataclasses.field(default_factory=list)

    @property
    def share(self) -> float:
        return float(np.mean([hit for hit, _ in self.hits]))

    @property
    def days(self) -> float:
        return float(np.median([day for _, day in self.hits]))

    @property
    def realised(self) -> float:
        return float(np.mean(self.false))


def compared(
    *, shocks: bool, size: float, regional: bool = False, quiet: bool = True
) -> dict[str, Told]:
    """Every peer and ours on the reporting seeds; quiet: years without outbreaks too."""
    level = thresholds(TUNING_SEEDS, shocks=shocks)
    told = {name: Told() for name in (*PEERS, "ours", "ours without neighbours")}
    alone = dataclasses.replace(PARAMS, neighbours=0.0)
    for seed in REPORTING_SEEDS:
        sick = world(seed, shocks=shocks, many=MANY, size=size, regional=regional)
        well = world(seed, shocks=shocks) if quiet else None
        for name, peer in PEERS.items():
            told[name].hits += found(np.nan_to_num(peer(sick)) > level[name], sick.outbreaks)
            if well is not None:
                told[name].false.append(float((peer(well)[:, PAST:] > level[name]).mean()))
        for name, params in (("ours", PARAMS), ("ours without neighbours", alone)):
            p = judged(sick, sick, params)
            told[name].hits += found(np.nan_to_num(p, nan=1.0) < NOMINAL, sick.outbreaks)
            if well is not None:
                p = judged(sick, well, params)[:, PAST:]
                told[name].false.append(float((p < NOMINAL).sum() / (~np.isnan(p)).sum()))
    return told


def rows(what: str, told: dict[str, Told], *, goal: float | None) -> list[Line]:
    singles = [name for name in told if name.startswith("stream ")]
    best = max(singles, key=lambda name: told[name].share)
    ours = told["ours"]
    made = []
    for name, one in told.items():
        if name in singles and name != best:
            continue
        label = f"best stream ({best})" if name == best else name
        mine = name == "ours"
        more: Line = {"goal": goal, "met": one.share >= goal} if mine and goal is not None else {}
        if not mine:
            more = {"peer": {"name": "ours", "value": round(ours.share, 4)}}
            more["ratio"] = round(ours.share / one.share, 2) if one.share else None
        unit = f"share of {len(one.hits)} outbreaks"
        made.append(line(f"found within 28 days, {what}, {label}", one.share, unit, **more))
        if one.false:
            ratio = one.realised / NOMINAL
            met = 0.7 <= ratio <= 1.4
            made.append(
                line(
                    f"false alarms, {what}, {label}", one.realised, "share of county-days",
                    peer={"name": "nominal", "value": NOMINAL}, ratio=round(ratio, 2),
                    goal="ratio .7-1.4" if mine else None, met=met if mine else None,
                )
            )  # fmt: skip
    low, high = (f([x / NOMINAL for x in ours.false]) for f in (min, max)) if ours.false else (0, 0)
    if ours.false:
        made += [
            line(f"false alarms over nominal, {what}, ours, lowest seed", low, "ratio"),
            line(f"false alarms over nominal, {what}, ours, highest seed", high, "ratio"),
        ]
    made.append(line(f"median days until found, {what}, ours", ours.days, "days"))
    return made


def lines() -> list[Line]:
    told = compared(shocks=True, size=SIZE)
    return rows("shocks", told, goal=0.95)


def hard_lines() -> list[Line]:
    half = rows(
        "shocks, half the size", compared(shocks=True, size=SIZE / 2, quiet=False), goal=None
    )
    thin = compared(shocks=True, size=SIZE / 3, regional=True, quiet=False)
    calm = rows("no shocks", compared(shocks=False, size=SIZE), goal=None)
    return half + rows("shocks, a third the size, with all neighbours", thin, goal=None) + calm


def budget_lines() -> list[Line]:
    """Alerts raised in the year over those set, the share of outbreaks found and of alerts true."""
    ratio: dict[float, list[float]] = {each: [] for each in BUDGETS}
    hits: dict[float, list[tuple[bool, int]]] = {each: [] for each in BUDGETS}
    true: dict[float, list[float]] = {each: [] for each in BUDGETS}
    tested = []
    half = YEAR.start - 182 - LEARNED
    for seed in REPORTING_SEEDS:
        one = world(seed, many=MANY)
        p = judged(one, one, first=half)
        tested.append((~np.isnan(p[:, PAST:])).sum())
        for each in BUDGETS:
            params = Budget(alerts_a_week=each)
            level = budget.start_level(budget.log_odds(p[:, half:PAST], params), params)
            spent = budget.spend(p[:, PAST:], params, level=level)
            ratio[each].append(float(spent.raised.sum() / (each * spent.alert.shape[1] / 7)))
            alarm = np.concatenate([np.zeros((len(p), PAST), np.bool_), spent.alert], axis=1)
            hits[each] += found(alarm, one.outbreaks)
            true[each].append(float(one.touched[:, PAST:][spent.alert].mean()))
    made = [line("budget, county-days tested in a year", float(np.mean(tested)), "tests")]
    for each in BUDGETS:
        what = f"budget {each:g} a week"
        for name, value in (("lowest", min(ratio[each])), ("highest", max(ratio[each]))):
            met = abs(value - 1) <= 0.25
            made.append(
                line(
                    f"{what}, alerts raised over set, {name} of {len(REPORTING_SEEDS)} years",
                    value, "ratio", goal="within .25 of 1", met=met,
                )
            )  # fmt: skip
        share = float(np.mean([hit for hit, _ in hits[each]]))
        made.append(line(f"{what}, outbreaks found within 28 days", share, "share"))
        made.append(
            line(f"{what}, alerts that were outbreaks", float(np.mean(true[each])), "share")
        )
    return made
