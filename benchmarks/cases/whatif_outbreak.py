"""The outbreak model: five options over 5 million people, and beside Covasim.  Synthetic people."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import whatif_environment as environment
from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.outbreak import model, solve, synthetic
from zhongshu.engines.whatif.outbreak.population import Population

SEED = 20221108
PEER = Path(__file__).parent / "whatif_outbreak_covasim.py"
COVASIM = "4.0.1"
TRACING = options.Tracing(depth=1, delay_h=12, recall=0.8, since_d=4, false_per_case=2.0)
CENTRAL = options.Isolation(
    contacts="central", days=7, case_days=14, tests_d=(1, 3, 7), sensitivity=0.95
)
LAB = options.Capacities(lab_hours=8.0, lab_tubes_h=20_000.0)


def people(count: int, counties: int) -> Population:
    """Counties of one size with the ages of a province."""
    share = np.array([10, 12, 10, 9, 10, 12, 14, 13, 10]) / 100
    ages = np.floor(np.tile(share * (count / counties), (counties, 1))).astype(np.int64)
    ages[:, 0] += count // counties - ages.sum(axis=1)
    return synthetic.synthetic(
        synthetic.Margins(
            codes=tuple(f"14{n:04d}000000" for n in range(counties)),
            ages=ages,
            age_from=np.arange(0, 90, 10),
            household_size=np.full(counties, 2.5),
            one_person=np.full(counties, 0.25),
        ),
        seed=SEED,
    )


def begun(population: Population, cases: int) -> model.Start:
    """Cases found over the last three days, ill five days before."""
    who = np.random.default_rng(SEED).choice(len(population), cases, replace=False)
    found = np.linspace(-60, -1, cases).astype(np.int32)
    return model.Start(
        person=who.astype(np.int32),
        infected_day=np.full(cases, model.NEVER, dtype=np.int32),
        onset_day=(found // model.DAY_H - 5).astype(np.int32),
        found_h=found,
    )


def five(county: str) -> list[options.Option]:
    rounds = options.Round(
        (county,), count=3, pool_size=10, sensitivity=0.9, dilution_loss=0.1, coverage=0.95
    )
    locked = options.Area((county,), strictness=0.9, compliance=0.95)
    trace = {"tracing": TRACING, "isolation": CENTRAL, "capacities": LAB}
    return [
        options.BASELINE,
        options.Option("trace", **trace),
        options.Option("trace and test", rounds=(rounds,), **trace),
        options.Option("lock the county", areas=(locked,), **trace),
        options.Option("masks", masks=options.Masks(share=0.8, effect=0.4), **trace),
    ]


def speed() -> list[dict[str, Any]]:
    """Five options, 200 paired runs, 14 days, 5 million people, 2 threads."""
    population = people(5_000_000, 10)
    start, several = begun(population, 20), five("140000000000")
    asked: dict[str, Any] = {"model": model.Model(), "days": 14, "seed": SEED, "threads": 2}
    solve.simulate(population, start, several, runs=2, **asked)
    began, used = time.perf_counter(), time.process_time()
    answer = solve.simulate(population, start, several, runs=200, **asked)
    spent, used = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    touched = answer.per_run()[:, :, answer.measures.index("infections")].mean()
    note = f"{used:.1f} s of processor time; {touched:.0f} infections a run on average"
    return [
        line("5-options-200-runs-14-days-5M-people time", spent, "s", goal=30.0,
             met=spent <= 30.0, note=note),
        line("5M-people peak memory", peak, "GB", goal=1.0, met=peak < 1.0),
    ]  # fmt: skip


def against_covasim() -> list[dict[str, Any]]:
    """Agent-days a second with about a thousand people infected, and with a tenth of them."""
    return [
        _beside_covasim("100k-people-60-days", infected=20, goal=100.0),
        _beside_covasim("100k-people-60-days, a tenth infected", infected=1000, goal=10.0),
    ]


def _beside_covasim(name: str, *, infected: int, goal: float) -> dict[str, Any]:
    """60 days of 100,000 people with tests and tracing on both sides; of processor time, one core.

    The two are not the same model; ours transmits as little as still infects at least as many as
    Covasim's run, for the cost of ours lies in the infected.
    """
    count, days = 100_000, 60
    python = environment.python_of("covasim", COVASIM)
    theirs = environment.ask(python, PEER, {"people": count, "days": days, "infected": infected})
    population = people(count, 1)
    start, option = begun(population, infected), five("140000000000")[1]
    asked: dict[str, Any] = {"days": days, "seed": SEED, "threads": 1}
    for scale in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5):
        asked["model"] = model.Model(mixing=model.Mixing(transmission=scale))
        answer = solve.simulate(population, start, [option], runs=20, **asked)
        infections = answer.of(option.name, "infections").sum(axis=1).mean()
        if infections >= theirs["infections"]:
            break
    began = time.process_time()
    solve.simulate(population, start, [option], runs=20, **asked)
    spent = (time.process_time() - began) / 20
    ours = count * days / spent
    note = (
        f"infections: ours {infections:.0f} on average with transmission {scale}, Covasim"
        f" {theirs['infections']:.0f}"
    )
    ratio = ours / theirs["agent_days_s"]
    return line(f"{name} agent-days a second", ours, "1/s", peer=theirs["agent_days_s"],
                ratio=round(ratio, 1), goal=goal, met=bool(ratio >= goal), note=note)  # fmt: skip


def line(name: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"peer": None, "ratio": None, "goal": None, "met": None}
    return {"name": f"outbreak {name}", "value": round(value, 3), "unit": unit, **(plain | more)}
