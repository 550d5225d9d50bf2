"""The zoning of least social cost, how far from the least it can be, and the next best ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from zhongshu.engines.zoning.planning import figures, model, prepare, reach
from zhongshu.engines.zoning.planning import task as tasks
from zhongshu.engines.zoning.planning.model import Aims, Candidate, Effort, Floats, Mask, Plan
from zhongshu.engines.zoning.planning.prepare import Ground
from zhongshu.engines.zoning.planning.prove import Proof
from zhongshu.engines.zoning.planning.search import Search
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash

CANDIDATES = 5
DIFFERENT = 0.85  # two zonings whose closed people overlap more are the same one
DEARER = 0.6  # added to the cost of blocks that the zonings so far close, to find another
SPARE = 0.12  # of the time, kept for the other candidates
ROUNDS = 3  # of asking the model for the days

DaysOf = Callable[[tuple[str, ...]], Floats]


def plan(
    *,
    cells: pa.Table,
    adjacent: pa.Table,
    aims: Aims,
    effort: Effort,
    together: pa.Table | None = None,
    days_of: DaysOf | None = None,
) -> Plan:
    """The cheapest zoning found that covers `aims.share` of the risk within the maxima.

    Tables: schemas in model (CELLS, ADJACENT, TOGETHER).  days_of: the model's days of each cell
    (order of `cells`) when these cells are closed; asked at most three times, and the last answer
    prices the plan.  Refuses what `prepare.read` and `prepare.check_aims` refuse, and an effort in
    seconds without a clock.  A share out of reach is not refused: see `Plan.reach`.
    """
    prepare.check_aims(aims)
    if effort.seconds is not None and effort.clock is None:
        raise BadInput(
            "zoning.no_clock", "A limit in seconds needs a clock; give one or leave it out."
        )
    clock: Callable[[], float] = effort.clock or (lambda: 0.0)
    found: Plan | None = None
    began = clock()
    for turn in range(ROUNDS if days_of else 1):
        if found is not None and days_of is not None:
            days = pa.array(np.asarray(days_of(found.candidates[0].closed), dtype=np.float64))
            cells = cells.set_column(cells.column_names.index("days"), "days", days)
        ground = prepare.read(cells, adjacent, together)
        card = _card(cells, adjacent, together, aims, effort)
        last, found = found, _plan(ground, aims, effort, card, lambda: clock() - began)
        same = last is not None and last.candidates[0].closed == found.candidates[0].closed
        if same or (turn and effort.seconds is not None and clock() - began > effort.seconds):
            break
    assert found is not None
    return found


def _plan(
    ground: Ground, aims: Aims, effort: Effort, card: RunCard, elapsed: Callable[[], float]
) -> Plan:
    task = tasks.build(ground, aims)
    search = Search(task, effort, elapsed, np.zeros(ground.blocks, dtype=bool))
    for known in (ground.present, search.best):
        search.offer(known, kept=search.judge(known)[1])
    search.run()
    timed = elapsed if effort.clock is not None else None
    if not np.isfinite(search.cost):
        far, closed = reach.furthest(ground, aims, effort)
        if far.found < aims.share - tasks.SLACK:
            return _result(
                ground, aims, effort, [closed], search=search, card=card, reach=far, timed=timed
            )
        search.offer(closed, kept=search.judge(closed)[1])
    bound = _bound(search, effort) if effort.steps else None
    chosen = _others(ground, search)
    return _result(ground, aims, effort, chosen, search=search, card=card, bound=bound, timed=timed)


def _bound(search: Search, effort: Effort) -> float | None:
    """What no zoning goes below; None when time was too short for any."""

    def late() -> bool:
        return effort.seconds is not None and search.elapsed() > effort.seconds * (1 - SPARE)

    proof = Proof(search.task, effort.steps, effort.nodes, search.guided, late, search.cost)
    bound = min(proof.run(search.best), search.cost)
    return bound if np.isfinite(bound) else None


def _others(ground: Ground, search: Search) -> list[Mask]:
    """The best and up to four unlike it and each other, cheapest first."""
    chosen = [search.best]
    for _ in range(CANDIDATES - 1):
        weight = np.mean(chosen, axis=0)
        dear = search.task.cost * (1 + DEARER * weight)
        if not search.late():
            search.polish(search.first(1 / (1 + 4 * weight)), search.effort.moves // 5, 1.0, dear)
        ranked = sorted(search.found, key=lambda pair: pair[0])
        unlike = (
            closed
            for _, closed in ranked
            if all(figures.overlap(ground, closed, other) <= DIFFERENT for other in chosen)
        )
        chosen += [closed for closed in [next(unlike, None)] if closed is not None]
    first = search.best
    rest = sorted((c for c in chosen if c is not chosen[0]), key=search.value)
    # A search for another zoning may have found a better one.
    return [first, *rest] if first is chosen[0] else [first, *_unlike(ground, first, chosen)]


def _unlike(ground: Ground, first: Mask, chosen: list[Mask]) -> list[Mask]:
    return [c for c in chosen if figures.overlap(ground, first, c) <= DIFFERENT]


def _result(
    ground: Ground,
    aims: Aims,
    effort: Effort,
    chosen: list[Mask],
    *,
    search: Search,
    card: RunCard,
    bound: float | None = None,
    reach: model.Reach | None = None,
    timed: Callable[[], float] | None = None,
) -> Plan:
    told = [figures.of(ground, aims, closed) for closed in chosen]
    least = told[0].cost.total
    gap = None
    if bound is not None:
        gap = max(0.0, 1.0 - bound / least) if least > 0 else 0.0
    return Plan(
        best=told[0],
        bound=bound,
        gap=gap,
        candidates=tuple(
            Candidate(
                key="best" if n == 0 else f"other-{n + 1}",
                closed=figures.closed_ids(ground, closed),
                figures=told[n],
                overlap=figures.overlap(ground, chosen[0], closed),
            )
            for n, closed in enumerate(chosen)
        ),
        reach=reach,
        seconds=None if timed is None else timed(),
        seed=effort.seed,
        trace=tuple(search.trace),
        card=card,
    )


def _card(
    cells: pa.Table, adjacent: pa.Table, together: pa.Table | None, aims: Aims, effort: Effort
) -> RunCard:
    inputs = {"cells": table_hash(cells), "adjacent": table_hash(adjacent)}
    if together is not None:
        inputs["together"] = table_hash(together)
    return RunCard(
        engine="zoning.plan",
        version=model.VERSION,
        parameters=model.parameters(aims, effort),
        inputs=inputs,
        seed=effort.seed,
    )
