"""Takes out whom tracing would have found before hour 0 among those the start infected unseen.

A start lets the registered infect others unseen.  Tracing of a registered case named some of them;
others infected people who fell ill and were found, and whose tracing leads back to them.  All these
would be registered by now, and are not: they are taken out with everybody they infected in turn.
Nothing here happens where nobody was traced before hour 0.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

import numpy as np

from zhongshu.engines.whatif.outbreak.find import put_in_order
from zhongshu.engines.whatif.outbreak.infect import colleagues, met_in, neighbour, often
from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.engines.whatif.outbreak.model import DAY_H, GROUP, HOME, NEVER, PLACE, REGISTERED
from zhongshu.engines.whatif.outbreak.named import find_named, lead_back
from zhongshu.engines.whatif.outbreak.state import (
    BEFORE,
    CHILD,
    FOUND_H,
    FREE,
    FROM,
    ILL,
    INFECTED_D,
    INFECTED_H,
    LAYER,
    NEXT,
    ONSET_D,
    PASSIVE_H,
    PERSON,
    RECORDS,
    RESULT_H,
    SEVERE,
    SIBLING,
    SOURCE,
    STAYS,
    TRACE_GROUP,
    TRACE_HOME,
    TRACE_PLACE,
    VENUE,
    WANT_H,
    draws,
    unit,
)


@inner
def _look(state, people, tables, run, one, hour):  # type: ignore[no-untyped-def]
    """Finds the contacts of a registered case, as `isolate.trace` does from hour 0 on."""
    person = np.int64(one[PERSON])
    home = people.household[person]
    for other in range(people.home_start[home], people.home_start[home + 1]):
        if (
            unit(draws(run, TRACE_HOME, person), other - people.home_start[home])
            < tables.named[HOME]
        ):
            _look_at(state, tables, run, other, hour)
    for slot in range(colleagues(people, tables, person)):
        if unit(draws(run, TRACE_GROUP, person), slot) < tables.named[GROUP]:
            _look_at(state, tables, run, neighbour(people, person, slot), hour)
    found_d = one[FOUND_H] // DAY_H
    from_d = one[ONSET_D] if one[ILL] == 1 and one[ONSET_D] <= found_d else found_d
    number, key = 0, draws(run, TRACE_PLACE, person)
    for visit in range(people.visit_start[person], people.visit_start[person + 1]):
        place = people.visit_place[visit]
        start, end = people.place_start[place], people.place_start[place + 1]
        rate = often(people, visit) * met_in(people, tables, visit)
        rate *= tables.met_place[people.place_kind[place]] * (found_d - from_d + tables.named_d + 1)
        gap = -np.log1p(-unit(key, 2 * number))
        while gap < rate:
            at = start + np.int64(unit(key, 2 * number + 1) * (end - start))
            _look_at(state, tables, run, people.place_member[at], hour)
            number += 1
            gap += -np.log1p(-unit(key, 2 * number))
        number += 1


@inner
def _look_at(state, tables, run, other, hour):  # type: ignore[no-untyped-def]
    if state.record[other] >= 0:
        find_named(tables, run, state.rec[state.record[other]], hour)


@inner
def _met(people, tables, run, one, source):  # type: ignore[no-untyped-def]
    """Whether the meeting with a registered case at which somebody was infected is on record."""
    if one[LAYER] in (HOME, GROUP) or source[LAYER] != REGISTERED:
        return False
    share = tables.named[one[LAYER]]
    if one[LAYER] == PLACE:
        share *= tables.named_place[people.place_kind[one[VENUE]]]
    return unit(draws(run, BEFORE, one[PERSON]), 1) < share


@inner
def sift(state, people, tables, run):  # type: ignore[no-untyped-def]
    """Takes out who would be registered: from the last infected to the first, and on again."""
    count = np.int64(0)
    for row in range(state.tally[RECORDS]):
        if state.rec[row, INFECTED_D] != NEVER:
            state.order[count] = row
            count += 1
    put_in_order(state, count, np.int64(INFECTED_H))
    for at in range(count):
        one = state.rec[state.order[at]]
        if one[LAYER] == REGISTERED:
            if one[FOUND_H] + tables.named_h <= 0:
                _look(state, people, tables, run, one, one[FOUND_H] + tables.named_h)
        elif one[SOURCE] >= 0 and _met(people, tables, run, one, state.rec[one[SOURCE]]):
            hour = state.rec[one[SOURCE], FOUND_H] + tables.named_h
            find_named(tables, run, one, hour)
    for at in range(count - 1, -1, -1):
        one = state.rec[state.order[at]]
        if one[SOURCE] >= 0 and one[RESULT_H] <= 0:
            mother = state.rec[one[SOURCE]]
            lead_back(tables, run, mother, one[PERSON], one[LAYER], one[RESULT_H])
    _take_out(state, count)
    _purge(state)


@inner
def _take_out(state, count):  # type: ignore[no-untyped-def]
    """Makes who was found, and whom he infected in turn, people whom nobody infected."""
    for at in range(count):
        row = state.order[at]
        one = state.rec[row]
        one[CHILD] = one[SIBLING] = -1
        found = one[RESULT_H] <= 0
        one[RESULT_H] = NEVER
        if one[LAYER] == REGISTERED:
            continue
        gone = one[SOURCE] >= 0 and state.rec[one[SOURCE], INFECTED_D] == NEVER
        if found or gone:  # who infected him lies before him
            one[INFECTED_D] = one[INFECTED_H] = one[ONSET_D] = one[PASSIVE_H] = NEVER
            one[WANT_H] = NEVER
            one[SOURCE] = one[LAYER] = one[VENUE] = -1
            one[ILL] = one[STAYS] = one[SEVERE] = 0
        elif one[SOURCE] >= 0:
            mother = state.rec[one[SOURCE]]
            one[SIBLING], mother[CHILD] = mother[CHILD], row


@inner
def _purge(state):  # type: ignore[no-untyped-def]
    """Drops the hits of those taken out."""
    for day in range(state.first_hit.shape[0]):
        at = state.first_hit[day]
        state.first_hit[day] = -1
        while at >= 0:
            hit = state.hit[at]
            following = hit[NEXT]
            if state.rec[hit[FROM], INFECTED_D] == NEVER:
                hit[NEXT] = state.tally[FREE]
                state.tally[FREE] = at
            else:
                hit[NEXT] = state.first_hit[day]
                state.first_hit[day] = at
            at = following
