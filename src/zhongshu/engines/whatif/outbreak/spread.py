"""Which of a day's hits take place under the measures in force."""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

import numpy as np

from zhongshu.engines.whatif.checks import CONFINED
from zhongshu.engines.whatif.outbreak.infect import begin, latent_d, mark, passive_hour
from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.engines.whatif.outbreak.model import DAY_H, GROUP, HOME, NEVER, PLACE
from zhongshu.engines.whatif.outbreak.named import lead_back
from zhongshu.engines.whatif.outbreak.plan import STATIC, VENUES_CLOSED
from zhongshu.engines.whatif.outbreak.protection import INFECTION, protection
from zhongshu.engines.whatif.outbreak.state import (
    COMPLY,
    FREE,
    FROM,
    FULL,
    HOUR,
    INFECTED_D,
    INFECTED_H,
    KIND,
    LAYER,
    MASK,
    NEXT,
    ONSET_D,
    PERSON,
    SOURCE,
    STAYS,
    TARGET,
    VENUE,
    WHERE,
    draws,
    isolated,
    unit,
)

ILL_AT_HOME_D = 10  # days from the day after onset, as in the synthetic world
ALWAYS = 40  # draw number of who keeps home isolation; those before it belong to areas


@inner
def cell_of(people, person):  # type: ignore[no-untyped-def]
    return people.home_cell[people.household[person]]


@inner
def _areas(state, people, plan, run, person, other, hour):  # type: ignore[no-untyped-def]
    """Share of a person's contacts with `other` that restrictions leave."""
    left = 1.0
    bits = plan.cell_areas[cell_of(people, person)]
    if bits == 0:
        return left
    for at in range(plan.area.shape[0]):
        mine = np.uint32(1) << np.uint32(at)
        kind = plan.area[at, 2]
        if bits & mine == 0 or kind == VENUES_CLOSED:
            continue
        if hour < plan.area[at, 0] or hour >= state.area_end[at]:
            continue
        if kind == STATIC and plan.cell_areas[cell_of(people, other)] & mine != 0:
            continue
        if unit(draws(run, COMPLY, person), at) < plan.area_share[at, 1]:
            left *= 1.0 - plan.area_share[at, 0]
    return left


@inner
def _closed(state, people, plan, kind, where, hour):  # type: ignore[no-untyped-def]
    """Share of the contacts in a group or place that closures leave."""
    left = 1.0
    place_kind = people.group_kind[where] if kind == GROUP else people.place_kind[where]
    for at in range(plan.closed.shape[0]):
        if plan.closed[at, 0] == place_kind and plan.closed[at, 1] <= hour < plan.closed[at, 2]:
            left *= 1.0 - plan.closed_share[at]
    if kind == PLACE and people.place_cell[where] >= 0:
        bits = plan.cell_areas[people.place_cell[where]]
        for at in range(plan.area.shape[0]):
            if bits & (np.uint32(1) << np.uint32(at)) == 0 or plan.area[at, 2] != VENUES_CLOSED:
                continue
            if plan.area[at, 0] <= hour < state.area_end[at]:
                left *= 1.0 - plan.area_share[at, 0] * plan.area_share[at, 1]
    return left


@inner
def _kept_home(state, plan, run, row, person, hour):  # type: ignore[no-untyped-def]
    """(0 free or not keeping to it, 1 at home, 2 away in a room or bed) of a person."""
    if row < 0:
        return 0
    kept = isolated(state.rec[row], hour)
    if kept == 1 and unit(draws(run, COMPLY, person), ALWAYS) >= plan.compliance:
        return 0
    return kept


@inner
def chance_left(state, people, tables, plan, run, hit):  # type: ignore[no-untyped-def]
    """How likely a hit takes place, given the measures and the target's protection."""
    row, target, hour, kind = hit[FROM], hit[TARGET], hit[HOUR], hit[KIND]
    source = state.rec[row, PERSON]
    mine = _kept_home(state, plan, run, row, source, hour)
    other = _kept_home(state, plan, run, state.record[target], target, hour)
    if mine == 2 or other == 2:
        return 0.0
    left = np.float64(tables.susceptibility[people.age[target]])
    left *= 1.0 - protection(people, tables, target, hour // DAY_H, INFECTION)
    if kind == HOME:
        return left * (plan.home_household if mine + other > 0 else 1.0) / CONFINED
    since = hour // DAY_H - state.rec[row, ONSET_D]
    if state.rec[row, STAYS] == 1 and 1 <= since <= ILL_AT_HOME_D:
        return 0.0
    left *= plan.home_outside if mine == 1 else 1.0
    left *= plan.home_outside if other == 1 else 1.0
    left *= _areas(state, people, plan, run, source, target, hour)
    left *= _areas(state, people, plan, run, target, source, hour)
    if kind in (GROUP, PLACE):  # a set would be allocated
        left *= _closed(state, people, plan, kind, hit[WHERE], hour)
    return left * _masked(plan, run, source, target, hour)


@inner
def _masked(plan, run, source, target, hour):  # type: ignore[no-untyped-def]
    share, effect = plan.masks[0], plan.masks[1]
    if share == 0.0 or hour < plan.mask_hours[0] or hour >= plan.mask_hours[1]:
        return 1.0
    left = 1.0
    for who in (source, target):
        if unit(draws(run, MASK, who), 0) < share:
            left *= 1.0 - effect
    return left


@inner
def day_of(state, people, tables, plan, run, day, first_d, last_d):  # type: ignore[no-untyped-def]
    """Lets a day's hits happen; returns how many are infected today."""
    at = state.first_hit[day - first_d]
    new = np.int64(0)
    while at >= 0:
        hit = state.hit[at]
        following = hit[NEXT]
        if state.luck[at] < chance_left(state, people, tables, plan, run, hit):
            new += _reach(state, people, tables, run, hit, day, new)
        hit[NEXT] = state.tally[FREE]
        state.tally[FREE] = at
        at = following
    state.first_hit[day - first_d] = -1
    for number in range(new):
        row = state.order[number]
        onset = day + latent_d(tables, run, state.rec[row, PERSON])
        begin(state, people, tables, run, row, onset, False, first_d, last_d)
    return new


@inner
def _reach(state, people, tables, run, hit, day, new):  # type: ignore[no-untyped-def]
    """Infects the target of a hit that takes place; 1 if newly.  Of several hits of a day the
    earliest counts, then the lowest infector.  Before hour 0 whoever would be registered by now
    is not infected by chance: the registered are there already."""
    target, row = hit[TARGET], state.record[hit[TARGET]]
    if row >= 0 and state.rec[row, INFECTED_D] != NEVER:
        one = state.rec[row]
        if one[INFECTED_D] != day or one[SOURCE] < 0:
            return 0
        before = state.rec[one[SOURCE], PERSON]
        mine = state.rec[hit[FROM], PERSON]
        if hit[HOUR] < one[INFECTED_H] or (hit[HOUR] == one[INFECTED_H] and mine < before):
            one[INFECTED_H], one[SOURCE], one[LAYER] = hit[HOUR], hit[FROM], hit[KIND]
            one[VENUE] = hit[WHERE]
        return 0
    if day < 0:
        passive = passive_hour(tables, run, target, day + latent_d(tables, run, target))
        if passive <= 0:
            lead_back(tables, run, state.rec[hit[FROM]], target, hit[KIND], passive)
            return 0
    row = mark(
        state, np.int64(target), np.int64(hit[HOUR]), np.int64(hit[FROM]), np.int64(hit[KIND])
    )
    if state.tally[FULL] == 1:
        return 0
    state.rec[row, VENUE] = hit[WHERE]
    state.order[new] = row
    return 1
