"""Where the share asked for is out of reach: what can be covered, and what stands in the way."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from zhongshu.engines.zoning.planning import task as tasks
from zhongshu.engines.zoning.planning.model import Aims, Effort, Mask, Reach
from zhongshu.engines.zoning.planning.prepare import Ground
from zhongshu.engines.zoning.planning.search import Search
from zhongshu.engines.zoning.planning.task import Task

MAXIMA = ("people_per_zone", "people_total", "person_days")
HALVINGS = 7  # the share is found to within a hundredth of what was asked for
MOVES = 40_000


def furthest(ground: Ground, aims: Aims, effort: Effort) -> tuple[Reach, Mask]:
    """The reach within the maxima, and the zoning that covers most."""
    light = dataclasses.replace(effort, restarts=1, moves=min(effort.moves, MOVES), seconds=None)
    found, closed = _halve(ground, aims, light)
    binding = []
    for name, wider in _without(ground, aims):
        if _halve(ground, wider, light)[0] > found + 0.01 * aims.share:
            binding.append(name)
    most = at_most(tasks.build(ground, aims))
    return Reach(found, max(found, most), tuple(binding)), closed


def at_most(task: Task) -> float:
    """No zoning within the maxima covers a larger share: as if blocks could be divided.

    The parts of the ground that hold most risk, one for each zone; and by people and by
    person-days the dearest risk first.
    """
    search = Search(task, Effort(), lambda: 0.0, np.zeros(task.blocks, dtype=bool))
    most = float(np.sort(search.part_risk)[::-1][: task.aims.zones].sum())
    people = min(task.all_people, task.zone_people * task.aims.zones)
    for room, size in ((people, task.people), (task.all_days, task.person_days)):
        if np.isfinite(room):
            order = np.argsort(size / np.maximum(task.risk, 1e-300), kind="stable")
            filled = np.clip((room - (np.cumsum(size[order]) - size[order])), 0, size[order])
            share = np.divide(filled, size[order], out=np.ones(task.blocks), where=size[order] > 0)
            most = min(most, float((share * task.risk[order]).sum()))
    return most


def _without(ground: Ground, aims: Aims) -> list[tuple[str, Aims]]:
    given = [name for name in MAXIMA if getattr(aims, name) is not None]
    none: dict[str, Any] = dict.fromkeys(given)
    wider = [(name, dataclasses.replace(aims, **{name: none[name]})) for name in given]
    return [("zones", dataclasses.replace(aims, zones=ground.blocks)), *wider]


def _halve(ground: Ground, aims: Aims, effort: Effort) -> tuple[float, Mask]:
    """The largest share found by halving, and its zoning."""
    low, high = 0.0, aims.share
    best = np.zeros(ground.blocks, dtype=bool)
    for turn in range(HALVINGS + 1):
        middle = high if turn == 0 else (low + high) / 2
        task = tasks.build(ground, dataclasses.replace(aims, share=middle))
        search = Search(task, effort, lambda: 0.0, best)
        search.polish(best, effort.moves, 1.0)
        if not np.isfinite(search.cost):
            search.run()
        if np.isfinite(search.cost):
            best = search.best
            low = max(middle, float(ground.risk[best].sum()))
            if turn == 0:
                break
        else:
            high = middle
    return float(ground.risk[best].sum()), best
