"""The search for a roster: all of it where it is small, else a few people at a time.

From the plain roster, ten people or so are taken out and put back as CP-SAT finds best, while all
others stay: those who could meet a need that lacks somebody, or who are alike.  What nobody can be
under is the relaxation of the whole program.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.teams import duties, model, program
from zhongshu.engines.teams.ground import Ground
from zhongshu.engines.teams.program import Found
from zhongshu.kernel.random import stream

Ints = NDArray[np.int64]
FEW = 1200  # pairs of a person and a need: so few are solved as a whole
AT_ONCE = 24
EACH = 0.3


def roster(
    ground: Ground,
    rules: model.TeamRules,
    *,
    people: Ints,
    needs: Ints,
    limit: model.Limit,
    seed: int,
) -> tuple[Found, float]:
    """The roster of these people and needs (numbers), and what none of them can be under."""
    plain = _plain(ground, rules, people, needs)
    whole = program.build(ground, rules, people=people, needs=needs, others=plain)
    if len(whole.does) <= FEW:
        found = program.solve(whole, plain, people=people, limit=limit, seed=seed)
        value = program.total(ground, rules, found, needs)
        return found, value if found.proven else min(program.relaxed(whole), value)
    if ground.pinned[:, needs].any():  # the plain roster may not keep them all
        first = dataclasses.replace(limit, workers=1)
        plain = program.solve(whole, plain, people=people, limit=first, seed=seed)
    found = _better(ground, rules, plain, people=people, needs=needs, limit=limit, seed=seed)
    return found, min(program.relaxed(whole), program.total(ground, rules, found, needs))


def _plain(ground: Ground, rules: model.TeamRules, people: Ints, needs: Ints) -> Found:
    does = np.zeros((len(ground.staff), len(ground.needs)), bool)
    duty = np.zeros((len(ground.staff), len(ground.windows)), bool)
    for p, diary in duties.plain(ground, rules, people=people, needs=needs).items():
        does[p, diary.tasks] = True
        duty[p, diary.windows] = True
    return Found(does, duty)


def _better(
    ground: Ground,
    rules: model.TeamRules,
    found: Found,
    *,
    people: Ints,
    needs: Ints,
    limit: model.Limit,
    seed: int,
) -> Found:
    chance = stream(seed, "teams.search", int(needs.min(initial=0)))
    each = model.Limit(work=EACH, workers=1)
    value = program.total(ground, rules, found, needs)
    for turn in range(max(int(limit.work / EACH), 1)):
        few = _few(ground, found, people, needs, chance)
        mine = needs[ground.allowed[np.ix_(few, needs)].any(axis=0)]
        built = program.build(ground, rules, people=few, needs=mine, others=found)
        other = program.solve(built, found, people=few, limit=each, seed=seed + turn)
        now = program.total(ground, rules, other, needs)
        if now <= value:
            found, value = other, now
    return found


def _few(
    ground: Ground, found: Found, people: Ints, needs: Ints, chance: np.random.Generator
) -> Ints:
    """People who could meet one need: one that lacks somebody, every other time, or any."""
    lacks = needs[(ground.persons - found.does.sum(axis=0))[needs] > 0]
    able = ground.allowed[np.ix_(people, needs)].any(axis=0)
    pool = lacks if len(lacks) and chance.random() < 0.5 else needs[able]
    pool = pool[ground.allowed[np.ix_(people, pool)].any(axis=0)]
    if not len(pool):
        pool = needs[able]
    one = int(chance.choice(pool))
    who = people[ground.allowed[people, one]]
    if len(who) < AT_ONCE:  # and others who share needs with them
        near = ground.allowed[np.ix_(people, needs)].astype(np.int64)
        shared = near @ near[np.isin(people, who)].sum(axis=0)
        more = people[np.argsort(-shared, kind="stable")]
        who = np.concatenate([who, more[~np.isin(more, who)]])[: AT_ONCE * 2]
    return np.sort(chance.choice(who, min(AT_ONCE, len(who)), replace=False))
