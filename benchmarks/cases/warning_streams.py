"""Streams put together on a made province, and the alert budget over a year with Spring Festival.

`streams`: outbreaks of the size at which plain Stouffer, without shocks, finds about .88 on the
tuning seeds; everything with shocks.  An outbreak is found where the county alarms within 28 days
of its beginning.  Peers alarm above thresholds that need the truth (warning_streams_peers.py): one
of earlier seeds, with the false alarms it realised, and one that realises exactly .001; ours alarms
at p < .001 of its own calibration, which sees only the past (two years with outbreaks, the
confirmed ones known; in one row none of them).  `streams_hard`: half that size, thin outbreaks over
a whole neighbourhood, and the same without shocks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks.cases import warning_streams_peers as peers
from benchmarks.cases.warning_province import (
    FOUND_WITHIN,
    YEAR,
    Bools,
    Floats,
    Outbreak,
    neighbours,
    people,
)
from benchmarks.cases.warning_streams_peers import NOMINAL
from benchmarks.cases.warning_streams_world import (
    LEARNED,
    PAST,
    REPORTING_SEEDS,
    SIZE,
    World,
    world,
)
from zhongshu.engines.warning.joint import budget, calibrate, space, streams
from zhongshu.engines.warning.joint.budget import Budget

MANY = 24  # outbreaks a year
BUDGETS = (2.0, 7.0, 20.0)  # alerts a week
PARAMS = streams.Streams()
NEAR = space.nearness(neighbours())
CLASSES = calibrate.by_size(people(), 2)
Line = dict[str, Any]
Ours = Mapping[str, tuple[streams.Streams, float]]


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
    told_of = past.touched[: round(confirmed * len(past.touched)), :teaching]
    begins = np.argwhere(np.diff(told_of.astype(np.int8), axis=1) > 0)
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
    """What one method found, and the county-days it raised without an outbreak, by year.
    matched: what it finds at exactly NOMINAL in these years; empty of ours, which has one level."""

    hits: list[tuple[bool, int]] = dataclasses.field(default_factory=list)
    false: list[float] = dataclasses.field(default_factory=list)
    matched: list[tuple[bool, int]] = dataclasses.field(default_factory=list)

    @property
    def share(self) -> float:
        return _share(self.hits)

    @property
    def days(self) -> float:
        return float(np.median([day for _, day in self.hits]))

    @property
    def realised(self) -> float:
        return float(np.mean(self.false))


def _share(hits: Sequence[tuple[bool, int]]) -> float:
    return float(np.mean([hit for hit, _ in hits]))


# name -> settings, share of counties whose past outbreaks are confirmed
OURS = {
    "ours": (PARAMS, 1.0),
    "ours without neighbours": (dataclasses.replace(PARAMS, neighbours=0.0), 1.0),
}
UNCONFIRMED = {"ours, no past outbreak confirmed": (PARAMS, 0.0)}


def compared(
    *,
    shocks: bool,
    size: float,
    regional: bool = False,
    quiet: bool = True,
    more: Ours = MappingProxyType({}),
) -> dict[str, Told]:
    """Every peer and ours on the reporting seeds; quiet: ours in years without outbreaks too."""
    own = OURS | dict(more)
    told = {name: Told() for name in (*peers.PEERS, *own)}
    level, exact = peers.calibrated(shocks=shocks), peers.matched(shocks=shocks)
    for name in peers.PEERS:
        told[name].false = peers.realised(name, level[name], shocks=shocks)
    for seed in REPORTING_SEEDS:
        sick = world(seed, shocks=shocks, many=MANY, size=size, regional=regional)
        well = world(seed, shocks=shocks) if quiet else None
        for name, peer in peers.PEERS.items():
            score = np.nan_to_num(peer(sick))
            told[name].hits += found(score > level[name], sick.outbreaks)
            told[name].matched += found(score > exact[name], sick.outbreaks)
        for name, (params, confirmed) in own.items():
            p = judged(sick, sick, params, confirmed=confirmed)
            told[name].hits += found(np.nan_to_num(p, nan=1.0) < NOMINAL, sick.outbreaks)
            if well is not None:
                p = judged(sick, well, params, confirmed=confirmed)[:, PAST:]
                told[name].false.append(float((p < NOMINAL).sum() / (~np.isnan(p)).sum()))
    return told


def rows(what: str, told: dict[str, Told], *, goal: float | None) -> list[Line]:
    """What each found, with the false alarms it spent on that in the unit's words."""
    singles = [name for name in told if name.startswith("stream ")]
    best = max(singles, key=lambda name: _share(told[name].matched))
    made = []
    for name, one in told.items():
        if name in singles and name != best:
            continue
        made += _rows(what, "best stream" if name == best else name, one, told["ours"], goal)
    ours = told["ours"]
    if ours.false:
        low, high = (f([x / NOMINAL for x in ours.false]) for f in (min, max))
        made += [
            line(f"false alarms over nominal, {what}, ours, lowest seed", low, "ratio"),
            line(f"false alarms over nominal, {what}, ours, highest seed", high, "ratio"),
        ]
    made.append(line(f"median days until found, {what}, ours", ours.days, "days"))
    return made


def _rows(what: str, label: str, one: Told, ours: Told, goal: float | None) -> list[Line]:
    mine = one is ours
    beside = {"name": "ours", "value": round(ours.share, 4)}
    more: Line = {"goal": goal, "met": one.share >= goal} if mine and goal is not None else {}
    if not mine:
        more = {"peer": beside, "ratio": round(ours.share / one.share, 2) if one.share else None}
    unit = f"share of {len(one.hits)} outbreaks"
    spent = f", at {one.realised:.2g} false alarms a county-day" if one.false else ""
    made = [line(f"found within 28 days, {what}, {label}", one.share, unit + spent, **more)]
    if one.matched:
        share = _share(one.matched)
        more = {"peer": beside, "ratio": round(ours.share / share, 2) if share else None}
        text = f"{unit}, at {NOMINAL:g} false alarms a county-day"
        made.append(line(f"found at matched error, {what}, {label}", share, text, **more))
    if one.false:
        ratio = one.realised / NOMINAL
        made.append(
            line(
                f"false alarms, {what}, {label}", one.realised, "share of county-days",
                peer={"name": "nominal", "value": NOMINAL}, ratio=round(ratio, 2),
                goal="ratio .7-1.4" if mine else None,
                met=0.7 <= ratio <= 1.4 if mine else None,
            )
        )  # fmt: skip
    return made


def lines() -> list[Line]:
    told = compared(shocks=True, size=SIZE, more=UNCONFIRMED)
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
