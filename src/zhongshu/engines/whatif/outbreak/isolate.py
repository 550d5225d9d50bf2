"""Who is looked for and where people are kept: tracing, rooms, beds and journeys to them.

Tracing does not know who infected whom.  It goes through recorded meetings; those in which an
infection passed are meetings like any other and are on record with the same chance.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

import numpy as np

from zhongshu.engines.whatif.outbreak.closeness import counted
from zhongshu.engines.whatif.outbreak.find import put_in_order
from zhongshu.engines.whatif.outbreak.infect import colleagues, met_in, neighbour, often
from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.engines.whatif.outbreak.model import COMMUNITY, DAY_H, GROUP, HOME, NEVER, PLACE
from zhongshu.engines.whatif.outbreak.spread import cell_of
from zhongshu.engines.whatif.outbreak.state import (
    BED,
    CHILD,
    FOUND_H,
    ILL,
    INFECTED_H,
    ISO_FROM,
    ISO_TO,
    LAYER,
    MOVED_H,
    NO_BED,
    NO_ROOM,
    NO_VEHICLE,
    NOTHING,
    ONSET_D,
    PERSON,
    RECORDS,
    ROOM,
    SIBLING,
    SOURCE,
    TIER,
    TRACE_FALSE,
    TRACE_GROUP,
    TRACE_HOME,
    TRACE_MET,
    TRACE_PLACE,
    VENUE,
    WANT,
    WANT_H,
    draws,
    isolated,
    touch,
    unit,
)

MORNING_H = 8  # those who wait are moved from this hour on
CENTRAL_CASE = 1  # options.WHERE_CASES
CENTRAL_CONTACT = 2  # options.WHERE_CONTACTS


@inner
def keep_case(state, plan, row, hour, day, before):  # type: ignore[no-untyped-def]
    """Isolates a case from the hour of finding; days of `release` are counted from -before."""
    one = state.rec[row]
    if one[ISO_FROM] != NEVER and one[ISO_TO] > hour:
        for at in range(plan.tests_d.shape[0]):  # a case is not tested as a contact any more
            later = one[ISO_FROM] // DAY_H + plan.tests_d[at]
            if (
                plan.tests_d[at] <= plan.days
                and day < later < state.contact_tests.shape[0] - before
            ):
                state.contact_tests[later + before] -= 1
    if isolated(one, hour) == 0:
        one[ISO_FROM], one[MOVED_H] = hour, NEVER
    _vacate(state, one, day, before)
    one[ISO_TO] = hour + plan.case_days * DAY_H if plan.case_days > 0 else NEVER
    one[WANT] = NOTHING
    if plan.cases_where != 2:
        one[WANT] = ROOM if plan.cases_where == CENTRAL_CASE else BED
        one[WANT_H] = hour


@inner
def _vacate(state, one, day, before):  # type: ignore[no-untyped-def]
    """Gives a room back before its time.  Whoever waits for a bed stays away from home."""
    if one[TIER] < 0 or one[ISO_TO] // DAY_H <= day:
        one[TIER] = -1
        return
    state.in_use[one[TIER]] -= 1
    end = one[ISO_TO] // DAY_H + before
    if one[ISO_TO] != NEVER and end < state.release.shape[0]:
        state.release[end, one[TIER]] -= 1
    one[TIER] = -1


@inner
def keep_contact(state, plan, person, hour, before):  # type: ignore[no-untyped-def]
    """Isolates a contact from an hour on; 1 if it was not known before."""
    row = touch(state, person)
    one = state.rec[row]
    if plan.contacts_where == 0 or one[FOUND_H] != NEVER:
        return 0
    if one[ISO_FROM] != NEVER and hour - 2 * plan.delay_h < one[ISO_TO]:
        return 0
    one[ISO_FROM], one[ISO_TO] = hour, hour + plan.days * DAY_H
    one[MOVED_H], one[TIER] = NEVER, -1
    one[WANT] = ROOM if plan.contacts_where == CENTRAL_CONTACT else NOTHING
    one[WANT_H] = hour
    for at in range(plan.tests_d.shape[0]):
        later = hour // DAY_H + plan.tests_d[at] + before
        if plan.tests_d[at] <= plan.days and later < state.contact_tests.shape[0]:
            state.contact_tests[later] += 1
    return 1


@inner
def trace(state, people, tables, plan, run, row, hour, before):  # type: ignore[no-untyped-def]
    """Looks for the contacts of a case found at `hour`; how many are newly isolated."""
    one = state.rec[row]
    person = np.int64(one[PERSON])
    if plan.depth == 0:
        return 0
    from_d = one[ONSET_D] if one[ILL] == 1 and one[ONSET_D] * DAY_H <= hour else hour // DAY_H
    from_d -= plan.since_d
    then = max(hour, 0) + plan.delay_h
    new = _close(state, people, tables, plan, run, person, then, before)
    new += _in_places(state, people, tables, plan, run, person, from_d, hour // DAY_H, then, before)
    new += _met(state, people, tables, plan, run, row, from_d, hour, then, before)
    named = np.int64(plan.false_per_case + unit(draws(run, TRACE_FALSE, person), 0))
    cell = cell_of(people, person)
    start, end = people.cell_start[cell], people.cell_start[cell + 1]
    for number in range(named):
        other = start + np.int64(unit(draws(run, TRACE_FALSE, person), number + 1) * (end - start))
        if other != person:
            new += keep_contact(state, plan, np.int64(other), np.int64(then), before)
    if plan.depth > 1:  # after all of the first degree: who is both is kept from the earlier hour
        new += _beyond(state, people, tables, plan, run, person, then, before)
    return new


@inner
def _close(state, people, tables, plan, run, person, hour, before):  # type: ignore[no-untyped-def]
    """Household and group of a case."""
    new = 0
    home = people.household[person]
    for other in range(people.home_start[home], people.home_start[home + 1]):
        if _housemate(people, plan, run, person, other):
            new += keep_contact(state, plan, np.int64(other), hour, before)
    for slot in range(colleagues(people, tables, person)):
        if unit(draws(run, TRACE_GROUP, person), slot) < plan.recall[GROUP]:
            other = neighbour(people, person, slot)
            new += keep_contact(state, plan, np.int64(other), hour, before)
    return new


@inner
def _beyond(state, people, tables, plan, run, person, hour, before):  # type: ignore[no-untyped-def]
    """Household and group of each of the household and group of a case."""
    new = 0
    home = people.household[person]
    for other in range(people.home_start[home], people.home_start[home + 1]):
        if _housemate(people, plan, run, person, other):
            new += _second(state, people, tables, plan, run, np.int64(other), person, hour, before)
    for slot in range(colleagues(people, tables, person)):
        if unit(draws(run, TRACE_GROUP, person), slot) < plan.recall[GROUP]:
            other = neighbour(people, person, slot)
            new += _second(state, people, tables, plan, run, np.int64(other), person, hour, before)
    return new


@inner
def _housemate(people, plan, run, person, other):  # type: ignore[no-untyped-def]
    """Whether another member of the household is on record."""
    seat = other - people.home_start[people.household[person]]
    return other != person and unit(draws(run, TRACE_HOME, person), seat) < plan.recall[HOME]


@inner
def _second(state, people, tables, plan, run, person, of, hour, before):  # type: ignore[no-untyped-def]
    """Household and group of a contact of the case `of`.  Not a recursion of `_close`: what calls
    itself cannot be loaded from Numba's cache."""
    new = 0
    then = hour + plan.delay_h
    home = people.household[person]
    for other in range(people.home_start[home], people.home_start[home + 1]):
        if other != of and _housemate(people, plan, run, person, other):
            new += keep_contact(state, plan, np.int64(other), then, before)
    for slot in range(colleagues(people, tables, person)):
        if unit(draws(run, TRACE_GROUP, person), slot) < plan.recall[GROUP]:
            other = neighbour(people, person, slot)
            if other != of:
                new += keep_contact(state, plan, np.int64(other), then, before)
    return new


@inner
def _in_places(state, people, tables, plan, run, person, from_d, to_d, hour, before):  # type: ignore[no-untyped-def]
    """Others recorded at the same place at once: drawn among its visitors, day by day."""
    if plan.recall[PLACE] == 0.0:
        return 0
    new, number = 0, 0
    key = draws(run, TRACE_PLACE, person)
    for visit in range(people.visit_start[person], people.visit_start[person + 1]):
        place = people.visit_place[visit]
        start, end = people.place_start[place], people.place_start[place + 1]
        kind = people.place_kind[place]
        near, least_h = plan.close[kind, 0], plan.close[kind, 1]
        rate = often(people, visit) * met_in(people, tables, visit) * plan.recall[PLACE]
        rate *= counted(near, least_h, tables.overlap_h[kind], False) * (to_d - from_d + 1)
        gap = -np.log1p(-unit(key, 2 * number))
        while gap < rate:
            other = people.place_member[start + np.int64(unit(key, 2 * number + 1) * (end - start))]
            if other != person:
                new += keep_contact(state, plan, np.int64(other), np.int64(hour), before)
            number += 1
            gap += -np.log1p(-unit(key, 2 * number))
        number += 1
    return new


@inner
def _met(state, people, tables, plan, run, row, from_d, found, hour, before):  # type: ignore[no-untyped-def]
    """Meetings in places and with strangers in which an infection passed, either way."""
    one = state.rec[row]
    new = 0
    if one[SOURCE] >= 0:
        mother = state.rec[one[SOURCE]]
        if _recorded(people, tables, plan, run, one, from_d, found):
            new += keep_contact(state, plan, np.int64(mother[PERSON]), np.int64(hour), before)
    child = one[CHILD]
    while child >= 0:
        other = state.rec[child]
        if _recorded(people, tables, plan, run, other, from_d, found):
            new += keep_contact(state, plan, np.int64(other[PERSON]), np.int64(hour), before)
        child = other[SIBLING]
    return new


@inner
def _recorded(people, tables, plan, run, infected, from_d, found):  # type: ignore[no-untyped-def]
    """Whether the meeting at which somebody was infected makes a contact and is on record."""
    layer = infected[LAYER]
    if layer not in (PLACE, COMMUNITY):  # a set would be allocated
        return False
    if not from_d * DAY_H <= infected[INFECTED_H] <= found:
        return False
    share = plan.recall[layer]
    if layer == PLACE:
        kind = people.place_kind[infected[VENUE]]
        near, least_h = plan.close[kind, 0], plan.close[kind, 1]
        share *= counted(near, least_h, tables.overlap_h[kind], True)
    return unit(draws(run, TRACE_MET, infected[PERSON]), 0) < share


@inner
def leave(state, day_at):  # type: ignore[no-untyped-def]
    """Frees the rooms and beds of those whose time ends on this day."""
    for tier in range(state.in_use.shape[0]):
        state.in_use[tier] -= state.release[day_at, tier]


@inner
def settle(state, plan, day, before):  # type: ignore[no-untyped-def]
    """Gives rooms and beds to those who want one, who came first first; (moved, waiting).

    Whoever finds no place free waits for it; whoever finds one but no vehicle waits for that.
    """
    count, end = 0, (day + 1) * DAY_H
    for row in range(state.tally[RECORDS]):
        one = state.rec[row]
        if one[WANT] == NOTHING or one[TIER] >= 0 or one[WANT_H] >= end:
            continue
        if one[ISO_TO] < end:  # whose time ends today needs no room any more
            one[WANT] = NOTHING
            continue
        state.order[count] = row
        count += 1
    put_in_order(state, np.int64(count), np.int64(WANT_H))
    moved = 0
    for at in range(count):
        one = state.rec[state.order[at]]
        tier = _free(state, plan, one)
        if tier < 0:
            state.tally[NO_ROOM if one[WANT] == ROOM else NO_BED] = 1
        elif moved >= plan.transfers:
            state.tally[NO_VEHICLE] = 1
        else:
            _give(state, one, tier, day, before)
            moved += 1
    return moved, count - moved


@inner
def place(state, plan, one, before):  # type: ignore[no-untyped-def]
    """Somebody has his room or bed when the simulation begins; no vehicle is needed."""
    if one[WANT] != NOTHING and one[ISO_TO] > 0:
        tier = _free(state, plan, one)
        if tier >= 0:
            _give(state, one, tier, np.int64(0), before)


@inner
def _free(state, plan, one):  # type: ignore[no-untyped-def]
    """The first tier with a place of the kind that somebody wants, or -1."""
    rooms = plan.rooms.shape[0]
    first, last = (0, rooms) if one[WANT] == ROOM else (rooms, rooms + plan.beds.shape[0])
    for tier in range(first, last):
        most = plan.rooms[tier] if tier < rooms else plan.beds[tier - rooms]
        if state.in_use[tier] < most:
            return tier
    return -1


@inner
def _give(state, one, tier, day, before):  # type: ignore[no-untyped-def]
    state.in_use[tier] += 1
    one[TIER] = tier
    one[MOVED_H] = min(one[MOVED_H], max(one[WANT_H], day * DAY_H + MORNING_H)
                       if one[WANT_H] < day * DAY_H else one[WANT_H])  # fmt: skip
    end = one[ISO_TO] // DAY_H + before
    if one[ISO_TO] != NEVER and end < state.release.shape[0]:
        state.release[end, tier] += 1
