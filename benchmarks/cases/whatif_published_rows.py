"""Rows of the published outbreaks: what ours says, the published figure beside it as `peer`.

`met` says whether the published figure lies in our 95 % interval; it is no goal of the fit.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import whatif_published as published
from benchmarks.cases import whatif_published_data as data
from benchmarks.cases.whatif_outbreak import line
from benchmarks.cases.whatif_published import ASSUMED, Simulator, more, spread
from zhongshu.engines.whatif.calibrate import model as knobs

F64 = NDArray[np.float64]
Rows = list[dict[str, Any]]
YANGZHOU_MORE, XIAN_MORE = 0.777, 0.622  # Li, Bai and Tang 2023
QUICK = knobs.Effort(particles=50, keep=0.4, rounds=5, simulations=450, least_accepted=0.02)


def beside(
    name: str, values: F64, unit: str, peer: float | None, note: str, *, fitted: bool = False
) -> dict[str, Any]:
    """Median of ours; the note says the 95 % interval; met: the published figure lies inside, but
    for what was fitted."""
    middle, low, high = spread(values)
    known: dict[str, Any] = {}
    if peer is not None:
        known = {"peer": round(peer, 3), "ratio": round(middle / peer, 3) if peer else None}
        if not fitted:
            known |= {"goal": "in the interval", "met": bool(low <= peer <= high)}
    return line(f"published {name}", middle, unit, note=f"95 %: {low:.2f} to {high:.2f}; {note}",
                **known)  # fmt: skip


def fit_note(found: knobs.Calibrated) -> str:
    """The fitted figures, median and 90 %."""
    parts = []
    for name in found.names:
        low, middle, high = found.quantile(name, (0.05, 0.5, 0.95))
        parts.append(f"{name} {middle:.2f} ({low:.2f}-{high:.2f})")
    return ", ".join(parts) + f"; {found.simulations} simulations"


def without_screening(
    outbreak: data.Outbreak, name: str, *, effort: knobs.Effort, peer: float, label: str = ""
) -> tuple[Rows, Simulator, knobs.Calibrated]:
    """How many more cases are confirmed when no round is held and all else stays."""
    simulator, found = published.calibrated(outbreak, ASSUMED[name], effort=effort)
    answer = published.asked(simulator, found, {"held": None, "none": []})
    before, cases = data.daily(outbreak)
    last, at = len(cases), f"{label or outbreak.name}, {name}:"
    held = answer["held"]
    totals = held["detected"][:, :last].sum(axis=1) + len(before)
    rows = [
        beside(f"{at} cases by the last day", totals, "cases", float(cases.sum() + len(before)),
               f"with the rounds held; {fit_note(found)}", fitted=True),
    ]  # fmt: skip
    for measure, said in (("detected", "confirmed"), ("infections", "infected")):
        for days, when in ((last, "the last day"), (published.HORIZON, "day 60")):
            ratio = more(answer["none"][measure], held[measure], len(before), days)
            known = peer if measure == "detected" else None
            rows.append(
                beside(
                    f"{at} more {said} without screening by {when}",
                    ratio,
                    "share",
                    known,
                    f"{len(ratio)} fitted outbreaks",
                )
            )
    return rows, simulator, found


def in_rounds(outbreak: data.Outbreak, community: F64) -> Rows:
    """Found outside isolation by each round whose positives were reported and fitted."""
    known = [one for one in data.rounds(outbreak) if not np.isnan(one.positives)]
    ours = published.by_round(known, community)
    return [
        beside(f"{outbreak.name}: found outside isolation by the round of hour {one.hour}",
               ours[:, at], "people", one.positives, "fitted", fitted=True)
        for at, one in enumerate(known)
    ]  # fmt: skip


def yangzhou() -> Rows:
    rows, simulator, found = without_screening(
        data.YANGZHOU, next(iter(ASSUMED)), effort=published.EFFORT, peer=YANGZHOU_MORE
    )
    held = published.asked(simulator, found, {"held": None})["held"]
    rows += in_rounds(data.YANGZHOU, held["detected_community"])
    late = slice(12, 19)  # 13 to 19 August: 23 of the 29 whose way was reported were kept apart
    parts = [held[measure][:, late].sum(axis=1)
             for measure in ("detected_community", "detected")]  # fmt: skip
    share = 1.0 - parts[0] / np.maximum(parts[1], 1.0)
    rows.append(beside("yangzhou: found in quarantine, 13 to 19 August", share, "share", 23 / 29,
                       "not fitted; 23 of 29 reported, on four of the days"))  # fmt: skip
    rows.append(_every_six_days(simulator, found))
    return rows


def _larger(outbreak: data.Outbreak, cut: int, peer: float, effort: knobs.Effort) -> Rows:
    """The same on a larger cut-out of the town, fitted again."""
    more_people = dataclasses.replace(outbreak, cut=cut)
    label = f"{outbreak.name}, one person in {cut}"
    name = next(iter(ASSUMED))
    return without_screening(more_people, name, effort=effort, peer=peer, label=label)[0]


def larger() -> Rows:
    return _larger(data.YANGZHOU, 3, YANGZHOU_MORE, published.EFFORT)


def xian_larger() -> Rows:
    return _larger(data.XIAN, 20, XIAN_MORE, QUICK)


def size() -> Rows:
    """The same figures, medians of Yangzhou's fit, on a tenth and on half of the town."""
    rows, runs, days = [], 60, 26
    fitted = np.array([0.91, 0.43, 0.53, 0.37])
    registered = len(data.daily(data.YANGZHOU)[0])
    for cut in (10, 2):
        outbreak = dataclasses.replace(data.YANGZHOU, cut=cut)
        simulator = Simulator(outbreak, published.Assumed(), days)
        both = [published.option("held", outbreak, fitted, simulator.assumed),
                published.option("none", outbreak, fitted, simulator.assumed, [])]  # fmt: skip
        answer = simulator.answers(fitted, both, days=days, runs=runs, seed=data.SEED)
        held, none = (answer.of(one, "detected").sum() / runs + registered
                      for one in ("held", "none"))  # fmt: skip
        note = f"same figures; {held:.0f} cases with the rounds on average of {runs} runs"
        name = f"published yangzhou, one person in {cut}: more confirmed, means"
        rows.append(line(name, none / held - 1.0, "share", note=note))
    return rows


def assumed() -> Rows:
    """Yangzhou again under each of the other assumptions."""
    rows: Rows = []
    for other in list(ASSUMED)[1:]:
        rows += without_screening(data.YANGZHOU, other, effort=QUICK, peer=YANGZHOU_MORE)[0]
    return rows


def _every_six_days(simulator: Simulator, found: knobs.Calibrated) -> dict[str, Any]:
    """17 days with a round every day against one every six."""
    several: dict[str, list[data.Held] | None] = {
        str(gap): [data.Held(24 * day, 24, 0.95, np.nan) for day in range(0, 17, gap)]
        for gap in (1, 6)
    }
    answer = published.asked(simulator, found, several)
    registered = len(data.daily(data.YANGZHOU)[0])
    ratio = more(answer["6"]["detected"], answer["1"]["detected"], registered, published.HORIZON)
    return beside("yangzhou: more confirmed with a round every 6 days, not every day", ratio,
                  "share", 642 / 311 - 1, "rounds of 17 days from 1 August on")  # fmt: skip


def xian() -> Rows:
    rows, simulator, found = without_screening(
        data.XIAN, next(iter(ASSUMED)), effort=published.EFFORT, peer=XIAN_MORE
    )
    held = published.asked(simulator, found, {"held": None})["held"]
    week = slice(0, 7)  # 21 to 27 December
    parts = [held[measure][:, week].sum(axis=1)
             for measure in ("detected_community", "detected")]  # fmt: skip
    rows.append(beside("xian: found outside isolation, 21 to 27 December", parts[0] / parts[1],
                       "share", 1 / 3, "not fitted; reported: a third of all until then by"
                       " screening"))  # fmt: skip
    return rows


def ends(detected: F64, begun_d: int) -> F64:
    """(runs,) days from the first case to the last one found; `begun_d` of them lie before hour
    0.  The horizon where cases are still found on its last week."""
    found = detected > 0
    last = detected.shape[-1] - np.argmax(found[:, ::-1], axis=1)
    last = np.where(found.any(axis=1), last, 0)
    return np.asarray(last + begun_d, dtype=np.float64)


def fujian() -> Rows:
    """Fitted to the first 11 days, asked for the day of the last case with ten rounds in all."""
    outbreak, days = data.FUJIAN, 11
    simulator, found = published.calibrated(
        outbreak, ASSUMED[next(iter(ASSUMED))], days=days, effort=published.EFFORT
    )
    answer = published.asked(simulator, found, {"held": None, "none": []})
    before, cases = data.daily(outbreak)
    begun = -int(before.min())
    note = f"fitted to {days} days; the first round was before hour 0; {fit_note(found)}"
    over = ends(answer["held"]["detected"], begun)
    rows = [
        beside("fujian: days to the last case with ten rounds", over, "days", 30.0,
               f"published 28-33 to the end; in fact the last case was found on day 20-24; {note}"),
        line("published fujian: over by day 33 with ten rounds", float(np.mean(over <= 33)),
             "share", note=f"{len(over)} fitted outbreaks"),
        beside("fujian: days to the last case without rounds",
               ends(answer["none"]["detected"], begun), "days", None,
               f"at most {published.HORIZON + begun} simulated"),
    ]  # fmt: skip
    later = answer["held"]["detected"][:, days : len(cases)].sum(axis=1)
    rows.append(beside("fujian: cases of 24 to 29 September", later, "cases",
                       float(cases[days:].sum()), "not fitted"))  # fmt: skip
    return rows
