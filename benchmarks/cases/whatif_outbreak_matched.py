"""The outbreak model beside Covasim on the same outbreak: as many infections, days and contacts.

What the two have in common is kept, the rest is taken away on both sides: everybody meets the ten
others of a group and ten people drawn anew every day; an infection is infectious at one level on
six days from the third on, times a personal factor (gamma on our side, Covasim's negative binomial
with a small step on theirs); symptoms begin on the fifth day and lead to a confirmation two days
later, with which isolation begins; contacts in the group are found a day later with a recall and
kept apart.  Offspring mean and generation time are then equal by construction.

Confirmations are a day's matter in Covasim and an hour's in ours: a delay of one or two days up to
an hour between 8 and 20 o'clock leaves as much of the infectious time as two whole days do.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import whatif_environment as environment
from benchmarks.cases.whatif_outbreak import COVASIM, line
from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.outbreak import model, solve
from zhongshu.engines.whatif.outbreak.population import Population, assemble
from zhongshu.kernel import chance
from zhongshu.kernel.disease.params import Care, Disease
from zhongshu.kernel.feeds import PLACE_KINDS

PEER = Path(__file__).parent / "whatif_outbreak_covasim_matched.py"
KIND = PLACE_KINDS.index("workplace")
ASKED: dict[str, Any] = {
    "people": 20_020, "group": 11, "strangers": 10, "infected": 100, "days": 60,
    "at": [14, 30, 60], "runs": 30, "beta": 0.0108, "dispersion": 1.0, "latent": 3, "onset": 5,
    "infectious": 6, "found_after": 2, "seen_from": 9, "recall": 0.8, "trace_d": 1, "kept_d": 14,
}  # fmt: skip
OUR_RUNS = 200


def people() -> Population:
    count = ASKED["people"]
    return assemble(
        household=np.arange(count, dtype=np.int32),
        home_cell=np.zeros(count, dtype=np.int32),
        age=np.full(count, 30, dtype=np.uint8),
        units={"all": np.zeros(1, dtype=np.int32)},
        group=(np.arange(count) // ASKED["group"]).astype(np.int32),
        group_kind=np.full(count // ASKED["group"], KIND, dtype=np.int8),
    )


def start() -> model.Start:
    """Those infected first: infectious on the six days before hour 0, and nobody looks for their
    contacts then."""
    count, infected = ASKED["infected"], -ASKED["seen_from"]
    who = np.random.default_rng(1).choice(ASKED["people"], count, replace=False)
    return model.Start(
        person=who.astype(np.int32),
        infected_day=np.full(count, infected, dtype=np.int32),
        onset_day=np.full(count, infected + ASKED["onset"], dtype=np.int32),
        found_h=np.zeros(count, dtype=np.int32),
        untraced_h=-1,
    )


def disease() -> model.Model:
    early = ASKED["onset"] - ASKED["latent"]  # the profile begins two days before onset
    assert early == 2
    hazards = [0.0] * len(PLACE_KINDS)
    hazards[KIND] = ASKED["beta"]
    return model.Model(
        disease=Disease(
            incubation_median_d=float(ASKED["onset"]),
            incubation_sigma=1e-9,
            profile=(1.0,) * ASKED["infectious"],
            asymptomatic=0.0,
            dispersion=ASKED["dispersion"],
            household_per_day=0.0,
            hazard_per_h=tuple(hazards),
            crowd=(float(ASKED["group"]),) * len(PLACE_KINDS),
            stay_home_when_ill=0.0,
        ),
        care=Care(median_d=ASKED["found_after"] - 0.5, sigma=1e-9, seeking=1.0),
        mixing=model.Mixing(
            overlap_h=(1.0,) * len(PLACE_KINDS),
            community_contacts=ASKED["strangers"],
            community_hazard=ASKED["beta"],
            near=0.0,
            far=1.0,
        ),
    )


def ours() -> dict[str, list[float]]:
    """Median infections by each day, counted from the infection of the first."""
    population, begun, traced = people(), start(), disease()
    free = dataclasses.replace(traced, care=dataclasses.replace(traced.care, seeking=0.0))
    kept = options.Isolation(contacts="home", cases="home", days=ASKED["kept_d"])
    tracing = options.Tracing(depth=1, delay_h=24 * ASKED["trace_d"], recall=ASKED["recall"])
    option = options.Option("trace", isolation=kept, tracing=tracing)
    days = ASKED["days"] - ASKED["seen_from"] + 1
    by = [24 * (day - ASKED["seen_from"] + 1) for day in ASKED["at"]]
    found: dict[str, list[float]] = {}
    for name, of, which in (("untraced", free, options.BASELINE), ("traced", traced, option)):
        counts = []
        for run in range(OUR_RUNS):
            key = chance.key(1, "whatif", run)
            hours = solve.infections(population, begun, which, model=of, days=days, key=key)[:, 1]
            counts.append([int((hours < last).sum()) for last in by])
        found[name] = np.median(counts, axis=0).tolist()
    return found


def against_covasim() -> list[dict[str, Any]]:
    """Medians of infections by days 14, 30 and 60, and the ratio of traced to untraced."""
    python = environment.python_of("covasim", COVASIM)
    theirs, here = environment.ask(python, PEER, ASKED), ours()
    note = f"medians of {OUR_RUNS} runs, of {ASKED['runs']} of Covasim"
    rows = []
    for name in ("untraced", "traced"):
        for day, mine, peer in zip(ASKED["at"], here[name], theirs[name], strict=True):
            rows.append(_beside(f"matched {name}, infections by day {day}", mine, peer, 0.1, note))
    for at, day in enumerate(ASKED["at"]):
        mine, peer = (of["traced"][at] / of["untraced"][at] for of in (here, theirs))
        rows.append(_beside(f"matched traced to untraced by day {day}", mine, peer, 0.15, note))
    return rows


def _beside(name: str, mine: float, peer: float, tolerance: float, note: str) -> dict[str, Any]:
    ratio = mine / peer
    met = abs(ratio - 1.0) <= tolerance
    beside = {"peer": round(peer, 3), "ratio": round(ratio, 3), "met": met, "note": note}
    return line(name, mine, "", goal=f"within {tolerance:.0%}", **beside)
