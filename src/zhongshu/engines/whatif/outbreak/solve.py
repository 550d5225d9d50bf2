"""Simulates options with common random numbers: the public function of the outbreak model."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif import answers
from zhongshu.engines.whatif.options import Option
from zhongshu.engines.whatif.outbreak import state as memory
from zhongshu.engines.whatif.outbreak import step
from zhongshu.engines.whatif.outbreak.model import (
    DAY_H,
    F64,
    I32,
    NEVER,
    Model,
    Start,
    Tables,
    tables,
)
from zhongshu.engines.whatif.outbreak.plan import Plan, check_costs, placed, plan
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.engines.whatif.outbreak.turned import check as check_turned
from zhongshu.engines.whatif.outbreak.turned import turned
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

VERSION = "3"
BEFORE_D = 45  # days simulated before the first finding: two incubations and a delay
ROWS = 1 << 14


class Cases(NamedTuple):
    """`model.Start` for the kernels."""

    person: I32
    infected_day: I32
    onset_day: I32
    found_h: I32
    isolated: I32
    untraced_h: int
    placed_h: int
    apart_h: I32
    unseen: float
    unseen_d: int
    unseen_cells: I32


@dataclasses.dataclass
class _Worker:
    """A thread's buffer; it grows when a run needs more rows."""

    record: I32
    rows: int = ROWS


def simulate(
    population: Population,
    start: Start,
    options: Sequence[Option],
    *,
    model: Model,
    days: int,
    runs: int,
    seed: int,
    threads: int = 2,
    turns: F64 | None = None,
) -> answers.Answer:
    """Every option over the same luck: run k of each option makes the same draws.

    days: simulated from hour 0; runs: of each option.
    turns: (runs, 2) `turned.PARAMETERS` of each run, the same for every option: draws from what
    was calibrated; None: those of the model.
    Refuses options that name unknown areas or costs, two options of one name, a start whose
    people the population does not have, and less than one day or run.
    """
    check(population, start, options, days=days, runs=runs, threads=threads)
    if turns is not None:
        check_turned(turns, runs)
    names = answers.measures(options)
    plans = [placed(plan(option, population, days), start) for option in options]
    costs = [check_costs(option, names) for option in options]
    made = np.zeros((len(options), runs, days, len(names)), dtype=np.float32)
    keys = np.array([chance.key(seed, "whatif", run) for run in range(runs)], dtype=np.uint64)
    before = max(1, BEFORE_D - int(start.found_h.min()) // DAY_H)
    cases = Cases(*(getattr(start, name) for name in Cases._fields))
    given = _Given(population, tables(model), cases, days, before)
    shares = np.array_split(np.arange(runs), threads)
    ends = [np.zeros((runs, len(one.area)), dtype=np.int64) for one in plans]

    def work(share: NDArray[np.int64]) -> None:
        worker = _Worker(np.full(len(population), -1, dtype=np.int32))
        for at, option in enumerate(options):
            columns = [names.index(name) for name in _columns(option)]
            own = None if turns is None else turns[share]
            each, ends[at][share] = _turned(given, plans[at], worker, keys[share], own)
            part = np.zeros((len(share), days, len(names)), dtype=np.float32)
            part[:, :, columns] = each
            made[at, share] = part

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [share for share in shares if len(share)]))
    cost = names.index("cost")
    for at, each in enumerate(costs):
        made[at, :, :, cost] = made[at] @ each.astype(np.float32)
        if not options[at].restricts:  # what restricts nothing has nothing to release
            made[at, :, :, names.index("p_released")] = np.nan
    return answers.Answer(
        options=tuple(option.name for option in options),
        measures=names,
        runs=made,
        card=_card(population, start, options, model, turns, days=days, runs=runs, seed=seed),
        calibrated=model.calibrated,
        note=_note(model, days),
        closed=tuple(_closed(one, end, days) for one, end in zip(plans, ends, strict=True)),
    )


def _closed(plan_: Plan, ends: NDArray[np.int64], days: int) -> F64:
    """(runs, areas) days for which each area was closed, from the hours at which they ended."""
    hours = np.minimum(ends, days * DAY_H) - np.maximum(plan_.area[:, 0], 0)
    out: F64 = np.maximum(hours, 0) / DAY_H
    return out


def infections(
    population: Population, start: Start, option: Option, *, model: Model, days: int, key: np.uint64
) -> NDArray[np.int32]:
    """One run, person by person: (k, 4) person, hour, infector (-1: registered) and setting, in
    the order of persons; before hour 0 too.  key: of the run, `chance.key(seed, "whatif", run)`.
    """
    check(population, start, [option], days=days, runs=1, threads=1)
    before = max(1, BEFORE_D - int(start.found_h.min()) // DAY_H)
    cases = Cases(*(getattr(start, name) for name in Cases._fields))
    given = _Given(population, tables(model), cases, days, before)
    worker = _Worker(np.full(len(population), -1, dtype=np.int32))
    kept: list[NDArray[np.int32]] = []
    plan_ = placed(plan(option, population, days), start)
    _simulate(given, plan_, worker, np.array([key]), kept)
    rows = kept[-1]
    person, infected = rows[:, memory.PERSON], rows[:, memory.INFECTED_D] != NEVER
    source = np.where(rows[:, memory.SOURCE] < 0, -1, person[rows[:, memory.SOURCE]])
    made = np.stack((person, rows[:, memory.INFECTED_H], source, rows[:, memory.LAYER]), axis=1)
    made = made[infected]
    ordered: NDArray[np.int32] = made[np.argsort(made[:, 0])]
    return ordered


@dataclasses.dataclass(frozen=True)
class _Given:
    population: Population
    tables: Tables
    start: Cases
    days: int
    before: int


def _columns(option: Option) -> tuple[str, ...]:
    """What the kernels write, in their order."""
    return (
        *answers.MEASURES,
        *(f"rooms.{tier}" for tier in option.room_tiers),
        *(f"beds.{tier}" for tier in option.bed_tiers),
    )


def _turned(
    given: _Given, plan_: Plan, worker: _Worker, keys: NDArray[np.uint64], turns: F64 | None
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """As `_simulate`, each run with parameters of its own."""
    if turns is None:
        return _simulate(given, plan_, worker, keys)
    each = [
        _simulate(
            dataclasses.replace(given, tables=turned(given.tables, row)),
            plan_, worker, keys[at : at + 1],
        )
        for at, row in enumerate(turns)
    ]  # fmt: skip
    return np.concatenate([one for one, _ in each]), np.concatenate([ends for _, ends in each])


def _simulate(
    given: _Given,
    plan_: Plan,
    worker: _Worker,
    keys: NDArray[np.uint64],
    kept: list[NDArray[np.int32]] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """(runs, days, what the kernels write), and (runs, areas) the hours at which areas ended; the
    rows of the last run are added to `kept`."""
    tiers, areas = len(plan_.rooms) + len(plan_.beds), len(plan_.area)
    out = np.empty((len(keys), given.days, step.TIERS + tiers), dtype=np.float32)
    ends = np.zeros((len(keys), areas), dtype=np.int64)
    done = 0
    while done < len(keys):
        state = memory.make(
            worker.record,
            rows=worker.rows,
            days=given.days + given.before,
            tiers=tiers,
            areas=areas,
        )
        enough = True
        while enough and done < len(keys):
            # The state keeps the areas of the last run only.
            last = done + 1 if areas else len(keys)
            more = step.run_all(
                state, given.population.people, given.tables, plan_, given.start,
                keys[done:last], given.days, given.before, np.inf, out[done:last],
            )  # fmt: skip
            enough = more == last - done
            done += more
            if areas and enough:
                ends[done - 1] = state.area_end[:areas]
        touched = state.rec[: state.tally[memory.RECORDS]]
        worker.record[touched[:, memory.PERSON]] = -1
        if kept is not None:
            kept.append(touched.copy())
        if not enough:
            worker.rows *= 4
    return out, ends


def check(
    population: Population,
    start: Start,
    options: Sequence[Option],
    *,
    days: int,
    runs: int,
    threads: int,
) -> None:
    if min(days, runs, threads) < 1 or not options:
        raise BadInput("whatif.nothing", "A what-if needs an option, a day and a run at least.")
    if len({option.name for option in options}) < len(options):
        raise BadInput("whatif.option_name", "Two options have the same name; rename one.")
    everybody = np.concatenate((start.person, start.isolated[:, 0]))
    cells = len(population.people.cell_start) - 1
    outside = (start.unseen_cells < 0) | (start.unseen_cells >= cells)
    if outside.any() or len(np.unique(start.unseen_cells)) < len(start.unseen_cells):
        raise BadInput(
            "whatif.start", "A cell of the unseen is not in the population, or is named twice."
        )
    if everybody.min() < 0 or everybody.max() >= len(population):
        raise BadInput(
            "whatif.start", "A case or contact of the start is not in the population; check it."
        )


def _note(model: Model, days: int) -> str:
    """What stands on the answer when it goes beyond what was calibrated."""
    if not model.calibrated:
        return "Illustrative: the parameters were not calibrated to the current outbreak."
    if days > model.calibrated_days:
        return (
            f"The parameters were calibrated to {model.calibrated_days} days; the answer looks"
            f" {days} days ahead."
        )
    return ""


def _card(
    population: Population,
    start: Start,
    options: Sequence[Option],
    model: Model,
    turns: F64 | None,
    **asked: int,
) -> RunCard:
    people = hashlib.sha256()
    for part in population.people:
        people.update(np.ascontiguousarray(part).data)
    cases = hashlib.sha256()
    for name in Cases._fields:
        cases.update(np.ascontiguousarray(getattr(start, name)).tobytes())
    inputs = {"population": people.hexdigest(), "start": cases.hexdigest()}
    if turns is not None:
        inputs["turns"] = hashlib.sha256(np.ascontiguousarray(turns).tobytes()).hexdigest()
    parameters: dict[str, Any] = {
        "model": dataclasses.asdict(model),
        "options": [dataclasses.asdict(option) for option in options],
        **asked,
    }
    return RunCard(
        engine="whatif.outbreak",
        version=VERSION,
        parameters=parameters,
        inputs=inputs,
        seed=asked["seed"],
    )
