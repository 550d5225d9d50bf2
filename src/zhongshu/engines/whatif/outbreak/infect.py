"""What follows from an infection: its course, and whom it would infect if nothing came between.

The transmissions of one person to one setting are a Poisson process: as many as unit exponentials
fit into the whole hazard, each on a day drawn from the profile, to one of those met.  They depend
on the run and the person only, so that a measure can delay or prevent them but never make new
ones: infections are first passages, and fewer transmissions never infect anybody sooner.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

import numpy as np

from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.engines.whatif.outbreak.model import (
    COMMUNITY,
    DAY_H,
    GROUP,
    HOME,
    NEVER,
    PLACE,
    QUANTILES,
)
from zhongshu.engines.whatif.outbreak.protection import ONWARD, SEVERELY_ILL, protection
from zhongshu.engines.whatif.outbreak.state import (
    CHILD,
    COURSE,
    FREE,
    FROM,
    FULL,
    HITS,
    HOUR,
    HOURS,
    ILL,
    INFECTED_D,
    INFECTED_H,
    KIND,
    LAYER,
    NEXT,
    ONSET_D,
    PASSIVE_H,
    PERSON,
    RESULT_H,
    SEVERE,
    SIBLING,
    SOURCE,
    STAYS,
    TARGET,
    TO_COMMUNITY,
    TO_GROUP,
    TO_HOME,
    TO_PLACE,
    WHERE,
    draws,
    touch,
    unit,
)

PROFILE_FROM_D = -2  # as kernel.disease.course, a test compares them
# First and last hour of the day in which each setting infects: a synthetic assumption.
NOWHERE = np.int64(-1)
BEGINS = (18, 8, 9, 7)
LASTS = (6, 10, 12, 15)


@inner
def latent_d(tables, run, person):  # type: ignore[no-untyped-def]
    """Days from infection to onset; the fraction of a day is rounded by chance."""
    key = draws(run, COURSE, person)
    days = tables.incubation[np.int64(unit(key, 0) * QUANTILES)]
    return np.int64(np.floor(days + unit(key, 8)))


@inner
def passive_hour(tables, run, person, onset_d):  # type: ignore[no-untyped-def]
    """Hour of confirmation by symptoms alone; NEVER for who seeks no care."""
    key = draws(run, COURSE, person)
    if unit(key, 1) < tables.silent or unit(key, 7) >= tables.seeks:
        return np.int64(NEVER)
    delay = tables.care[np.int64(unit(key, 5) * QUANTILES)]
    return np.int64((onset_d + np.floor(delay + unit(key, 9))) * DAY_H + 8 + 12 * unit(key, 6))


@inner
def mark(state, person, hour, source, layer):  # type: ignore[no-untyped-def]
    """Notes that somebody is infected; `begin` fills the rest."""
    row = touch(state, person)
    one = state.rec[row]
    one[INFECTED_D], one[INFECTED_H] = hour // DAY_H, hour
    one[SOURCE], one[LAYER] = source, layer
    return row


@inner
def begin(state, people, tables, run, row, onset_d, felt, first_d, last_d):  # type: ignore[no-untyped-def]
    """The course of a marked infection, and its hits on the days from `first_d` to `last_d`.
    felt: known to have fallen ill; else chance says."""
    one = state.rec[row]
    person = np.int64(one[PERSON])
    key = draws(run, COURSE, person)
    ill = felt or unit(key, 1) >= tables.silent
    one[ONSET_D], one[ILL] = onset_d, ill
    onward = 1.0 - protection(people, tables, person, one[INFECTED_D], ONWARD)
    worse = tables.severe[people.age[person]] * (
        1.0 - protection(people, tables, person, one[INFECTED_D], SEVERELY_ILL)
    )
    one[SEVERE] = ill and unit(key, 3) < worse
    one[STAYS] = ill and unit(key, 4) < tables.stays
    one[PASSIVE_H] = passive_hour(tables, run, person, onset_d)
    one[RESULT_H] = NEVER
    state.force[row, 0] = onward * (1.0 if ill else tables.silent_factor)
    state.force[row, 1] = state.force[row, 0] * tables.force[np.int64(unit(key, 2) * QUANTILES)]
    if one[SOURCE] >= 0:
        mother = state.rec[one[SOURCE]]
        one[SIBLING], mother[CHILD] = mother[CHILD], row
    _at_home(state, people, tables, run, row, first_d, last_d)
    _in_group(state, people, tables, run, row, first_d, last_d)
    _in_places(state, people, tables, run, row, first_d, last_d)
    _in_community(state, people, tables, run, row, first_d, last_d)


@inner
def _hit(state, tables, run, row, key, number, kind, target, where, first_d, last_d):  # type: ignore[no-untyped-def]
    """Puts one hit into the list of its day; number: of this hit in the stream of `key`."""
    one = state.rec[row]
    offset = np.searchsorted(tables.daily, unit(key, 4 * number + 1), side="right")
    day = one[ONSET_D] + PROFILE_FROM_D + min(offset, tables.daily.shape[0] - 1)
    if day <= one[INFECTED_D] or day >= last_d or target == one[PERSON]:
        return
    at = state.tally[FREE]
    if at >= 0:
        state.tally[FREE] = state.hit[at, NEXT]
    else:
        at = state.tally[HITS]
        if at >= state.hit.shape[0]:
            state.tally[FULL] = 1
            return
        state.tally[HITS] += 1
    hour = BEGINS[kind] + np.int64(
        LASTS[kind] * unit(draws(run, HOURS + 100 * (kind + 1), one[PERSON]), number)
    )
    hit = state.hit[at]
    hit[FROM], hit[TARGET], hit[HOUR] = row, target, day * DAY_H + hour
    hit[KIND], hit[WHERE] = kind, where
    hit[NEXT] = state.first_hit[day - first_d]
    state.first_hit[day - first_d] = at
    state.luck[at] = unit(key, 4 * number + 3)


@inner
def _gap(key, number):  # type: ignore[no-untyped-def]
    return -np.log1p(-unit(key, 4 * number))


@inner
def _at_home(state, people, tables, run, row, first_d, last_d):  # type: ignore[no-untyped-def]
    person = np.int64(state.rec[row, PERSON])
    home = people.household[person]
    start, end = people.home_start[home], people.home_start[home + 1]
    others = end - start - 1
    whole = state.force[row, 0] * tables.home_hazard * others
    key = draws(run, TO_HOME, person)
    number, sum_ = np.int64(0), _gap(key, np.int64(0))
    while sum_ < whole:
        target = start + np.int64(unit(key, 4 * number + 2) * others)
        target += target >= person
        _hit(
            state,
            tables,
            run,
            row,
            key,
            number,
            np.int64(HOME),
            np.int64(target),
            np.int64(-1),
            first_d,
            last_d,
        )
        number += 1
        sum_ += _gap(key, number)


@inner
def neighbour(people, person, slot):  # type: ignore[no-untyped-def]
    """Colleague number `slot` of a person: those nearest in the ring of the group, both ways."""
    group = people.group[person]
    start = people.group_start[group]
    size = people.group_start[group + 1] - start
    away = slot // 2 + 1
    at = people.group_at[person] - start + (away if slot % 2 == 0 else size - away)
    return people.group_member[start + at % size]


@inner
def colleagues(people, tables, person):  # type: ignore[no-untyped-def]
    """How many of the group somebody meets: all of a small one, as many as the crowd of a big."""
    group = people.group[person]
    if group < 0:
        return 0
    size = people.group_start[group + 1] - people.group_start[group]
    return min(size - 1, np.int64(tables.crowd[people.group_kind[group]]))


@inner
def _in_group(state, people, tables, run, row, first_d, last_d):  # type: ignore[no-untyped-def]
    person = np.int64(state.rec[row, PERSON])
    others = colleagues(people, tables, person)
    if others == 0:
        return
    group = people.group[person]
    whole = state.force[row, 1] * tables.group_hazard[people.group_kind[group]] * others
    key = draws(run, TO_GROUP, person)
    number, sum_ = np.int64(0), _gap(key, np.int64(0))
    while sum_ < whole:
        target = neighbour(people, person, np.int64(unit(key, 4 * number + 2) * others))
        _hit(
            state,
            tables,
            run,
            row,
            key,
            number,
            np.int64(GROUP),
            np.int64(target),
            np.int64(group),
            first_d,
            last_d,
        )
        number += 1
        sum_ += _gap(key, number)


@inner
def often(people, visit):  # type: ignore[no-untyped-def]
    """Visits a day of one entry of the table of visits."""
    if people.visit_often.shape[0] > 0:
        return people.visit_often[visit]
    return people.kind_often[people.place_kind[people.visit_place[visit]]]


@inner
def met_in(people, tables, visit):  # type: ignore[no-untyped-def]
    """How many others somebody meets on a day of this visit."""
    place = people.visit_place[visit]
    size = people.place_start[place + 1] - people.place_start[place]
    kind = people.place_kind[place]
    most = people.place_most[place] if people.place_most.shape[0] > 0 else people.kind_often[kind]
    return min((size - 1) * most, tables.crowd[kind])


@inner
def present(people, place, other):  # type: ignore[no-untyped-def]
    """How likely the other visitor is there, relative to the most frequent one."""
    if people.place_most.shape[0] == 0 or people.place_most[place] == 0.0:
        return 1.0
    for visit in range(people.visit_start[other], people.visit_start[other + 1]):
        if people.visit_place[visit] == place:
            return np.float64(people.visit_often[visit] / people.place_most[place])
    return 0.0


@inner
def _share(people, tables, visit):  # type: ignore[no-untyped-def]
    kind = people.place_kind[people.visit_place[visit]]
    return tables.place_hazard[kind] * often(people, visit) * met_in(people, tables, visit)


@inner
def _in_places(state, people, tables, run, row, first_d, last_d):  # type: ignore[no-untyped-def]
    person = np.int64(state.rec[row, PERSON])
    start, end = people.visit_start[person], people.visit_start[person + 1]
    every = 0.0
    for visit in range(start, end):
        every += _share(people, tables, visit)
    whole = state.force[row, 1] * every
    key = draws(run, TO_PLACE, person)
    number, sum_ = np.int64(0), _gap(key, np.int64(0))
    while sum_ < whole:
        which = unit(key, 4 * number + 2) * every
        visit = start
        while visit < end - 1 and which >= _share(people, tables, visit):
            which -= _share(people, tables, visit)
            visit += 1
        place = people.visit_place[visit]
        size = people.place_start[place + 1] - people.place_start[place]
        mine = draws(run, TO_PLACE + 100, person)
        other = people.place_member[
            people.place_start[place] + np.int64(unit(mine, 2 * number) * size)
        ]
        if unit(mine, 2 * number + 1) < present(people, place, other):
            _hit(
                state,
                tables,
                run,
                row,
                key,
                number,
                np.int64(PLACE),
                np.int64(other),
                np.int64(place),
                first_d,
                last_d,
            )
        number += 1
        sum_ += _gap(key, number)


@inner
def stranger(people, tables, key, number, person):  # type: ignore[no-untyped-def]
    """Somebody from the same cell, from one some cells away, or from anywhere."""
    cells = people.cell_start.shape[0] - 1
    how, who = unit(key, 3 * number), unit(key, 3 * number + 1)
    if how >= 1.0 - tables.far:
        return np.int64(who * people.household.shape[0])
    cell = people.home_cell[people.household[person]]
    if how >= tables.near * (1.0 - tables.far):
        away = unit(key, 3 * number + 2)
        step = 1 + np.int64(-np.log1p(-abs(2.0 * away - 1.0)) * tables.cells)
        cell = min(max(cell + (step if away < 0.5 else -step), 0), cells - 1)
    start = people.cell_start[cell]
    return np.int64(start) + np.int64(who * (people.cell_start[cell + 1] - start))


@inner
def _in_community(state, people, tables, run, row, first_d, last_d):  # type: ignore[no-untyped-def]
    person = np.int64(state.rec[row, PERSON])
    whole = state.force[row, 1] * tables.community_hazard * tables.community_contacts
    key = draws(run, TO_COMMUNITY, person)
    number, sum_ = np.int64(0), _gap(key, np.int64(0))
    while sum_ < whole:
        target = stranger(people, tables, draws(run, TO_COMMUNITY + 100, person), number, person)
        _hit(
            state,
            tables,
            run,
            row,
            key,
            number,
            np.int64(COMMUNITY),
            np.int64(target),
            np.int64(-1),
            first_d,
            last_d,
        )
        number += 1
        sum_ += _gap(key, number)
