"""Tests: who is sampled, how long the laboratory takes, who is found.

Only the infected are gone through; samples of all others are counted, not drawn.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

import numpy as np

from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.engines.whatif.outbreak.model import DAY_H, LOAD_H, NEVER
from zhongshu.engines.whatif.outbreak.spread import cell_of
from zhongshu.engines.whatif.outbreak.state import (
    CONTACT_TEST,
    FOUND_H,
    INFECTED_D,
    INFECTED_H,
    ISO_FROM,
    PASSIVE_H,
    PERSON,
    RECORDS,
    RESULT_H,
    ROUND,
    ROUND_TEST,
    draws,
    isolated,
    unit,
)

OLD_D = 28  # days after which no test finds an infection, as kernel.disease.course.LOAD_DAYS
CLOGGED_H = 1e6  # wait where no laboratory works
TESTED_FROM, TESTED_FOR = 8, 10  # hours of the day in which contacts are sampled


@inner
def laboratory(state, plan, day, counted):  # type: ignore[no-untyped-def]
    """What is sampled today, and how long a tube of each hour waits; (tests, tubes) counted.

    Tubes stand in one line; those of contacts and retests are spread over the day.
    """
    singly = state.contact_tests[counted] + state.flow[1]
    tests, tubes = singly, singly
    state.flow[1] = 0.0
    for hour in range(DAY_H):
        now = day * DAY_H + hour
        arriving = singly / DAY_H
        for at in range(plan.round_start.shape[0]):
            begin, last = plan.round_start[at], plan.round_start[at] + plan.round_hours[at]
            share = max(0.0, min(last, now + 1.0) - max(begin, now)) / plan.round_hours[at]
            people = plan.round_people[at] * plan.round_share[at, 2] * share
            tests += people
            tubes += people / plan.round_share[at, 3]
            arriving += people / plan.round_share[at, 3]
        state.flow[0] = max(0.0, state.flow[0] + arriving - plan.lab_tubes_h)
        if plan.lab_tubes_h > 0.0:
            state.wait_h[hour] = state.flow[0] / plan.lab_tubes_h
        else:
            state.wait_h[hour] = CLOGGED_H
    return tests, tubes


@inner
def _load(tables, hours, power):  # type: ignore[no-untyped-def]
    if hours <= 0 or hours >= LOAD_H:
        return 0.0
    return tables.load[hours] ** power


@inner
def _result(state, plan, sampled, steps):  # type: ignore[no-untyped-def]
    """Hour of the result of a sample of today; a pool is opened: two steps."""
    return np.int64(sampled + steps * (plan.lab_hours + state.wait_h[sampled % DAY_H]))


@inner
def _rounds(state, people, tables, plan, run, row, day):  # type: ignore[no-untyped-def]
    one = state.rec[row]
    person = one[PERSON]
    bits = plan.cell_rounds[cell_of(people, person)]
    if bits == 0:
        return
    for at in range(plan.round_start.shape[0]):
        begin, last = plan.round_start[at], plan.round_start[at] + plan.round_hours[at]
        if begin >= (day + 1) * DAY_H or last <= day * DAY_H:
            continue
        if bits & (np.uint32(1) << np.uint32(plan.round_series[at])) == 0:
            continue
        key = draws(run, ROUND, person)
        hour = np.int64(begin + unit(key, 2 * at) * plan.round_hours[at])
        if hour // DAY_H != day or unit(key, 2 * at + 1) >= plan.round_share[at, 2]:
            continue
        if isolated(one, hour) > 0:
            continue
        load = _load(tables, hour - one[INFECTED_H], plan.round_share[at, 1])
        if unit(draws(run, ROUND_TEST, person), at) < load * plan.round_share[at, 0]:
            pool = plan.round_share[at, 3]
            one[RESULT_H] = min(one[RESULT_H], _result(state, plan, hour, 2 if pool > 1 else 1))
            state.flow[1] += pool if pool > 1 else 0.0


@inner
def _as_contact(state, tables, plan, run, row, day):  # type: ignore[no-untyped-def]
    one = state.rec[row]
    if one[ISO_FROM] == NEVER:
        return
    for at in range(plan.tests_d.shape[0]):
        if one[ISO_FROM] // DAY_H + plan.tests_d[at] != day:
            continue
        key = draws(run, CONTACT_TEST, one[PERSON])
        hour = day * DAY_H + TESTED_FROM + np.int64(TESTED_FOR * unit(key, 2 * at))
        if isolated(one, hour) == 0:
            continue
        likely = _load(tables, hour - one[INFECTED_H], 1.0) * plan.test_sensitivity
        if unit(key, 2 * at + 1) < likely:
            one[RESULT_H] = min(one[RESULT_H], _result(state, plan, hour, 1))


@inner
def due(state, people, tables, plan, run, day):  # type: ignore[no-untyped-def]
    """(how many have a result today, in the order of hour and person: rows in `state.order`;
    how many sought care today)."""
    count, sought = 0, 0
    for row in range(state.tally[RECORDS]):
        one = state.rec[row]
        if one[INFECTED_D] >= day or one[FOUND_H] != NEVER:
            continue
        if one[PASSIVE_H] // DAY_H == day:
            sought += 1
            late = one[PASSIVE_H] + np.int64(state.wait_h[one[PASSIVE_H] % DAY_H])
            one[RESULT_H] = min(one[RESULT_H], late)
        if day - one[INFECTED_D] <= OLD_D:
            _as_contact(state, tables, plan, run, row, day)
            _rounds(state, people, tables, plan, run, row, day)
        if one[RESULT_H] < (day + 1) * DAY_H:
            state.order[count] = row
            count += 1
    put_in_order(state, np.int64(count), np.int64(RESULT_H))
    return count, sought


@inner
def put_in_order(state, count, column):  # type: ignore[no-untyped-def]
    """Sorts the first rows of `state.order` by an hour, then the person (heapsort)."""
    keys = state.order
    for at in range(count):
        one = state.rec[keys[at]]
        keys[at] = (np.int64(one[column]) << 32) + one[PERSON]
    for at in range(count // 2 - 1, -1, -1):
        _sink(keys, at, count)
    for end in range(count - 1, 0, -1):
        keys[0], keys[end] = keys[end], keys[0]
        _sink(keys, 0, end)
    for at in range(count):
        keys[at] = state.record[keys[at] & 0xFFFFFFFF]


@inner
def _sink(keys, at, end):  # type: ignore[no-untyped-def]
    while 2 * at + 1 < end:
        child = 2 * at + 1
        if child + 1 < end and keys[child + 1] > keys[child]:
            child += 1
        if keys[at] >= keys[child]:
            return
        keys[at], keys[child] = keys[child], keys[at]
        at = child
