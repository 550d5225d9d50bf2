"""Rosters: who works where and when, within rest and hours, and which need lacks whom and why."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.teams import answer, ground, model
from zhongshu.engines.teams.ground import Ground
from zhongshu.kernel.plan import Answer
from zhongshu.kernel.runcard import RunCard, table_hash

Ints = NDArray[np.int64]


def plan(
    *,
    staff: pa.Table,
    needs: pa.Table,
    rules: model.TeamRules,
    words: pa.Table | None = None,
    limit: model.Limit | None = None,
    seed: int = 1,
) -> model.TeamPlan:
    """A roster of all needs; tables of `model`.

    Aims in one sum of kilometres: as little worth unmet as there are people, then the ways from
    the bases, the hours of whoever works most and, against a former roster (`words`), few changes.
    People and needs that share no skill with others are planned apart.  The same seed and limit
    give the same roster.
    Refuses (BadInput) what `ground.read` refuses and pins that clash; a shortage is told.
    """
    from zhongshu.engines.teams import program, search  # noqa: PLC0415 - OR-Tools is slow to load

    began = time.perf_counter()
    limit = limit or model.Limit()
    read = ground.read(staff=staff, needs=needs, rules=rules, words=words)
    does = np.zeros((len(read.staff), len(read.needs)), bool)
    duty = np.zeros((len(read.staff), len(read.windows)), bool)
    total = bound = 0.0
    for people, mine, share in _parts(read):
        part = dataclasses.replace(limit, work=limit.work * share)
        found, least = search.roster(read, rules, people=people, needs=mine, limit=part, seed=seed)
        does, duty = does | found.does, duty | found.duty
        total, bound = total + program.total(read, rules, found, mine), bound + least
    lacks = read.persons - does.sum(axis=0)
    short = float(program.worth(read) @ lacks)
    reasons = answer.reasons(read, rules, does, duty)
    given = {"staff": staff, "needs": needs, "words": words}
    return model.TeamPlan(
        **answer.tables(read, rules, does, duty, reasons),
        given=int(does.sum()),
        wanted=int(read.persons.sum()),
        total=total,
        total_bound=min(bound, total),
        answer=Answer(
            planner="teams",
            value=total - short,
            unit="km",
            bound=min(max(bound - short, 0.0), total - short),
            seconds=time.perf_counter() - began,
            seed=seed,
            unserved=answer.unserved(read, lacks, reasons),
            card=RunCard(
                engine="teams",
                version=model.VERSION,
                parameters={**_plain(rules), **dataclasses.asdict(limit)},
                inputs={k: table_hash(v) for k, v in given.items() if v is not None},
                seed=seed,
            ),
            notes=_notes(read),
        ),
    )


def _plain(rules: model.TeamRules) -> dict[str, object]:
    values = dataclasses.asdict(rules)
    values["start"] = rules.start.isoformat()
    return {k: sorted(v) if isinstance(v, frozenset) else v for k, v in values.items()}


def _notes(read: Ground) -> tuple[str, ...]:
    unknown = int(np.isnan(read.km).all(axis=1).sum()) if read.needs else 0
    return (f"no_coordinates:{unknown}",) if unknown else ()


def _parts(read: Ground) -> list[tuple[Ints, Ints, float]]:
    """(people, needs, share of the work) that have nobody in common with other parts."""
    allowed = read.allowed
    part = np.arange(len(read.needs))
    for mine in allowed:
        touched = np.unique(part[mine])
        part[np.isin(part, touched)] = touched.min(initial=len(part))
    found = []
    for one in np.unique(part).tolist():
        needs = np.flatnonzero(part == one)
        people = np.flatnonzero(allowed[:, needs].any(axis=1))
        found.append((people, needs, int(allowed[:, needs].sum())))
    every = max(sum(size for _, _, size in found), 1)
    return [(people, needs, max(size / every, 0.01)) for people, needs, size in found]
