"""What a set of closed cells costs, holds and passes: the same figures however it was found."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from zhongshu.engines.zoning.planning import model, task
from zhongshu.engines.zoning.planning.model import Aims, Figures, Mask, Passed
from zhongshu.engines.zoning.planning.prepare import Ground, Ints
from zhongshu.kernel.errors import BadInput


def price(ground: Ground, aims: Aims, drawn: Iterable[str]) -> Figures:
    """The figures of cells drawn by hand, with every maximum passed.

    A building or household that is drawn in part is counted whole and told as `cut_apart`.
    Refuses unknown cells.
    """
    index = {cell: n for n, cell in enumerate(ground.ids)}
    names = list(drawn)
    unknown = next((name for name in names if name not in index), None)
    if unknown is not None:
        raise BadInput(
            "zoning.unknown_cell", f"The cell {unknown} drawn is not on this ground.", cell=unknown
        )
    picked = np.zeros(len(ground.ids), dtype=bool)
    picked[[index[name] for name in names]] = True
    closed = np.zeros(ground.blocks, dtype=bool)
    closed[ground.of_cell[picked]] = True
    parted = len(np.unique(ground.of_cell[closed[ground.of_cell] & ~picked]))
    cut = (Passed("cut_apart", parted, 0),) if parted else ()
    return of(ground, aims, closed, passed=cut)


def of(ground: Ground, aims: Aims, closed: Mask, passed: tuple[Passed, ...] = ()) -> Figures:
    """closed: blocks."""
    zone = task.zones(ground, closed)
    count = int(zone.max(initial=-1)) + 1
    inside = zone >= 0

    def sums(values: model.Floats) -> model.Floats:
        return np.bincount(zone[inside], values[inside], count).astype(np.float64)

    by_cell = zone[ground.of_cell]
    order = np.argsort(by_cell, kind="stable")
    starts = np.searchsorted(by_cell[order], np.arange(count + 1))
    groups = [order[starts[z] : starts[z + 1]] for z in range(count)]
    people = sums(ground.people)
    return Figures(
        zones=tuple(tuple(ground.ids[n] for n in group) for group in groups),
        inside=tuple(_counts(ground, group) for group in groups),
        risk_share=tuple(float(v) for v in sums(ground.risk)),
        person_days=tuple(float(v) for v in sums(ground.person_days)),
        share=float(ground.risk[closed].sum()),
        cost=task.price(ground, aims, closed),
        passed=passed + tuple(_passed(aims, people, float(ground.person_days[closed].sum()))),
        opened=int((closed & ~ground.present)[ground.of_cell].sum()),
        freed=int((~closed & ground.present)[ground.of_cell].sum()),
    )


def closed_ids(ground: Ground, closed: Mask) -> tuple[str, ...]:
    return tuple(ground.ids[n] for n in np.flatnonzero(closed[ground.of_cell]))


def overlap(ground: Ground, one: Mask, other: Mask) -> float:
    """People closed in both / people closed in either; 1 where both close nobody."""
    either = float(ground.people[one | other].sum())
    return float(ground.people[one & other].sum()) / either if either else 1.0


def _counts(ground: Ground, group: Ints) -> dict[str, int]:
    return {name: int(ground.counts[name][group].sum()) for name in model.COUNTS}


def _passed(aims: Aims, people: model.Floats, person_days: float) -> list[Passed]:
    found = []
    if len(people) > aims.zones:
        found.append(Passed("zones", len(people), aims.zones))
    if aims.people_per_zone is not None:
        found += [
            Passed("people_per_zone", float(people[z]), aims.people_per_zone, zone=int(z))
            for z in np.flatnonzero(people > aims.people_per_zone)
        ]
    if aims.people_total is not None and people.sum() > aims.people_total:
        found.append(Passed("people_total", float(people.sum()), aims.people_total))
    if aims.person_days is not None and person_days > aims.person_days:
        found.append(Passed("person_days", person_days, aims.person_days))
    return found
