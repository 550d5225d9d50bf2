"""One run: the days before the start, then each day of the simulation under a plan."""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

import numpy as np

from zhongshu.engines.whatif.answers import MEASURES
from zhongshu.engines.whatif.outbreak.find import due, laboratory
from zhongshu.engines.whatif.outbreak.handle import handle
from zhongshu.engines.whatif.outbreak.infect import begin, latent_d, mark, passive_hour
from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.engines.whatif.outbreak.isolate import (
    keep_case,
    keep_contact,
    leave,
    place,
    settle,
    trace,
)
from zhongshu.engines.whatif.outbreak.model import DAY_H, NEVER, QUANTILES, REGISTERED, UNSEEN
from zhongshu.engines.whatif.outbreak.plan import LOCKDOWN, STATIC
from zhongshu.engines.whatif.outbreak.sift import sift
from zhongshu.engines.whatif.outbreak.spread import cell_of, day_of
from zhongshu.engines.whatif.outbreak.state import (
    BEFORE,
    FOUND_H,
    FULL,
    INFECTED_D,
    INFECTED_H,
    ISO_FROM,
    ISO_TO,
    LAST_COMMUNITY,
    MOVED_H,
    NO_BED,
    NO_ROOM,
    NO_VEHICLE,
    ONSET_D,
    PASSIVE_H,
    PERSON,
    RECORDS,
    RELEASED,
    RESULT_H,
    SEVERE,
    UNKNOWN,
    WANT_H,
    draws,
    isolated,
    touch,
    unit,
    wipe,
)
from zhongshu.kernel.compiled import njit

(INFECTIONS, DETECTED, IN_QUARANTINE, IN_COMMUNITY, CONTACTS, SEVERELY, WAITING, TRANSFERS, TESTS,
 TUBES, LAB_HOURS, LOCKED_DAYS, STATIC_DAYS, HOME_DAYS, CENTRAL_DAYS, NO_CASE, ROOMS_OUT,
 BEDS_OUT, VEHICLES_OUT, IS_RELEASED, COST, TIERS) = range(len(MEASURES) + 1)  # fmt: skip


@njit(nogil=True, cache=True)
def run_all(state, people, tables, plan, start, runs, days, before, most, out):  # type: ignore[no-untyped-def]
    """Simulates each of `runs` (their keys) into out (runs, days, TIERS + tiers).  How many were
    done: fewer where one needs more rows than the state has.  before: days before the start.
    most: found at which a run is broken off; the day of it then counts `most` for each day left,
    so that the earlier it was the further it lies from anything seen."""
    state, people, tables, plan = handle(state), handle(people), handle(tables), handle(plan)
    start = handle(start)
    for at in range(runs.shape[0]):
        wipe(state)
        for area in range(plan.area.shape[0]):  # a loop compiles faster than a copied slice
            state.area_end[area] = plan.area[area, 1]
        _register(state, people, tables, plan, start, runs[at], days, before)
        _unseen(state, people, tables, start, runs[at], days, before)
        for day in range(-before, 0):
            day_of(state, people, tables, plan, runs[at], day, -before, days)
            if state.tally[FULL] == 1:
                return at
        sift(state, people, tables, runs[at])
        _hand_over(state, people, tables, plan, start, runs[at], before)
        found = 0.0
        for day in range(days):
            _day(state, people, tables, plan, runs[at], day, before, days, out[at, day])
            found += out[at, day, DETECTED]
            if state.tally[FULL] == 1:
                return at
            if found > most:
                out[at, day:, DETECTED] = 0.0
                out[at, day, DETECTED] = most * (days - day)
                break
    return runs.shape[0]


@inner
def _register(state, people, tables, plan, start, run, days, before):  # type: ignore[no-untyped-def]
    """The registered cases: infected when they were, or when chance says where nobody knows."""
    for at in range(start.person.shape[0]):
        person, onset, infected = start.person[at], start.onset_day[at], start.infected_day[at]
        latent = latent_d(tables, run, person)
        if onset == NEVER and infected == NEVER:
            delay = tables.care[np.int64(unit(draws(run, BEFORE, person), 0) * QUANTILES)]
            if start.apart_h[at] < start.found_h[at]:
                since = unit(draws(run, BEFORE, person), 2) * (tables.named_d + delay)
                infected = (start.apart_h[at] - tables.named_h) // DAY_H - np.int64(since)
            else:
                onset = start.found_h[at] // DAY_H - np.int64(delay)
        if infected == NEVER:
            infected = onset - latent
        elif onset == NEVER:
            onset = infected + latent
        infected = max(infected, -before)
        mark(
            state, np.int64(person), np.int64(infected * DAY_H), np.int64(-1), np.int64(REGISTERED)
        )
    for at in range(start.person.shape[0]):
        row = state.record[start.person[at]]
        one = state.rec[row]
        onset = start.onset_day[at]
        if onset == NEVER:
            onset = one[INFECTED_H] // DAY_H + latent_d(tables, run, one[PERSON])
        felt = start.onset_day[at] != NEVER
        begin(state, people, tables, run, np.int64(row), np.int64(onset), felt, -before, days)
        one[PASSIVE_H] = one[RESULT_H] = NEVER
        one[FOUND_H], one[ISO_FROM] = start.found_h[at], start.apart_h[at]
        one[MOVED_H] = start.apart_h[at]
        one[ISO_TO] = NEVER
    for at in range(start.isolated.shape[0]):
        one = state.rec[touch(state, np.int64(start.isolated[at, 0]))]
        if one[ISO_FROM] == NEVER:  # kept apart already, whatever is done from hour 0 on
            one[ISO_FROM] = one[MOVED_H] = start.isolated[at, 1]
            one[ISO_TO] = start.isolated[at, 2]


@inner
def _unseen(state, people, tables, start, run, days, before):  # type: ignore[no-untyped-def]
    """Infected whom nobody registered and no registered case infected: as many as unit
    exponentials fit into the expected number, so that more expected never means fewer."""
    key, number = draws(run, UNKNOWN, np.int64(0)), np.int64(0)
    sum_ = -np.log1p(-unit(key, 0))
    while sum_ < start.unseen:
        person = somebody(people, start.unseen_cells, unit(key, 4 * number + 1))
        day = max(-before, -1 - np.int64(unit(key, 4 * number + 2) * start.unseen_d))
        number += 1
        sum_ += -np.log1p(-unit(key, 4 * number))
        row, onset = state.record[person], day + latent_d(tables, run, person)
        known = row >= 0 and state.rec[row, INFECTED_D] != NEVER
        if known or passive_hour(tables, run, person, onset) <= 0:
            continue
        row = mark(state, person, np.int64(day * DAY_H), np.int64(-1), np.int64(UNSEEN))
        if state.tally[FULL] == 1:
            return
        begin(state, people, tables, run, np.int64(row), onset, False, -before, days)


@inner
def somebody(people, cells, share):  # type: ignore[no-untyped-def]
    """The person at a share of the people of some cells; of all, where none is given."""
    if cells.shape[0] == 0:
        return np.int64(share * people.household.shape[0])
    all_ = 0
    for cell in cells:
        all_ += people.cell_start[cell + 1] - people.cell_start[cell]
    left = np.int64(share * all_)
    for cell in cells:
        size = people.cell_start[cell + 1] - people.cell_start[cell]
        if left < size:
            return np.int64(people.cell_start[cell] + left)
        left -= size
    return np.int64(0)  # where nobody lives in them


@inner
def _hand_over(state, people, tables, plan, start, run, before):  # type: ignore[no-untyped-def]
    """Who is isolated when the simulation begins, and the contacts nobody has looked for yet."""
    for at in range(start.person.shape[0]):
        row = state.record[start.person[at]]
        state.rec[row, ISO_TO] = start.found_h[at]
        keep_case(state, plan, np.int64(row), np.int64(start.found_h[at]), np.int64(-1), before)
        if start.found_h[at] <= start.placed_h:
            place(state, plan, state.rec[row], before)
        state.rec[row, MOVED_H] = start.found_h[at]
    for at in range(start.isolated.shape[0]):
        person, hour = start.isolated[at, 0], start.isolated[at, 1]
        one = state.rec[state.record[person]]
        if one[FOUND_H] == NEVER:
            one[ISO_FROM] = one[ISO_TO] = one[MOVED_H] = NEVER
        if keep_contact(state, plan, np.int64(person), np.int64(hour), before) == 1:
            state.rec[state.record[person], ISO_TO] = start.isolated[at, 2]
            if hour <= start.placed_h:
                place(state, plan, one, before)
                one[MOVED_H] = hour
    for row in range(state.tally[RECORDS]):  # named already, and infected unseen
        one = state.rec[row]
        if one[INFECTED_D] != NEVER and one[FOUND_H] == NEVER and one[WANT_H] <= 0:
            keep_contact(state, plan, np.int64(one[PERSON]), np.int64(one[WANT_H]), before)
    for at in range(start.person.shape[0]):
        if start.found_h[at] >= -start.untraced_h:
            row = state.record[start.person[at]]
            trace(
                state, people, tables, plan, run, np.int64(row), np.int64(start.found_h[at]), before
            )


@inner
def _day(state, people, tables, plan, run, day, before, days, out):  # type: ignore[no-untyped-def]
    out[:] = 0.0
    leave(state, day + before)
    tests, tubes = laboratory(state, plan, day, day + before)
    _find(state, people, tables, plan, run, day, before, out)
    out[TRANSFERS], out[WAITING] = settle(state, plan, day, before)
    out[INFECTIONS] = day_of(state, people, tables, plan, run, day, -before, days)
    out[TESTS], out[TUBES] = tests + out[TESTS], tubes + out[TUBES]
    out[LAB_HOURS] = plan.lab_hours + state.wait_h[DAY_H - 1]
    out[ROOMS_OUT], out[BEDS_OUT] = state.tally[NO_ROOM], state.tally[NO_BED]
    out[VEHICLES_OUT] = state.tally[NO_VEHICLE]
    _release(state, plan, day, out)
    _restricted(state, people, plan, day, out)
    _confined(state, day, out)
    for tier in range(state.in_use.shape[0]):
        out[TIERS + tier] = state.in_use[tier]


@inner
def _find(state, people, tables, plan, run, day, before, out):  # type: ignore[no-untyped-def]
    count, sought = due(state, people, tables, plan, run, day)
    out[TESTS] = out[TUBES] = sought
    for at in range(count):
        row = state.order[at]
        one = state.rec[row]
        hour = one[RESULT_H]
        one[FOUND_H] = hour
        out[DETECTED] += 1
        if isolated(one, hour) > 0:
            out[IN_QUARANTINE] += 1
        else:
            out[IN_COMMUNITY] += 1
            state.tally[LAST_COMMUNITY] = day
            bits = plan.cell_areas[cell_of(people, one[PERSON])]
            for area in range(plan.area.shape[0]):
                if bits & (np.uint32(1) << np.uint32(area)) != 0:
                    state.area_found[area] = day
        keep_case(state, plan, row, np.int64(hour), day, before)
        out[CONTACTS] += trace(state, people, tables, plan, run, row, np.int64(hour), before)
    out[NO_CASE] = out[IN_COMMUNITY] == 0


@inner
def _release(state, plan, day, out):  # type: ignore[no-untyped-def]
    """Ends restrictions whose areas, or the whole, had no case in the community long enough."""
    now = (day + 1) * DAY_H
    over = True
    clear = plan.clear_d >= 0 and day - state.tally[LAST_COMMUNITY] >= plan.clear_d
    for at in range(plan.area.shape[0]):
        from_h, days = plan.area[at, 0], plan.area[at, 3]
        since = max(state.area_found[at], from_h // DAY_H - 1)
        if state.area_end[at] > now and (clear or (days >= 0 and day - since >= days)):
            state.area_end[at] = now
        over = over and state.area_end[at] <= now
    if (clear and plan.clear_d >= 0) or (plan.clear_d < 0 and over):
        state.tally[RELEASED] = 1
    out[IS_RELEASED] = state.tally[RELEASED]


@inner
def _restricted(state, people, plan, day, out):  # type: ignore[no-untyped-def]
    """Person-days in restricted areas; of several restrictions of a cell the longest counts, and
    a lockdown before a static area."""
    if plan.area.shape[0] == 0:
        return
    hours, most = state.area_hours, 0.0
    for at in range(plan.area.shape[0]):
        last = min(state.area_end[at], (day + 1) * DAY_H)
        hours[at] = max(0, last - max(plan.area[at, 0], day * DAY_H)) / DAY_H
        most = max(most, hours[at])
    if most == 0.0:
        return
    for cell in range(plan.cell_areas.shape[0]):
        bits = plan.cell_areas[cell]
        if bits == 0:
            continue
        locked, static = 0.0, 0.0
        for at in range(plan.area.shape[0]):
            if bits & (np.uint32(1) << np.uint32(at)) != 0:
                if plan.area[at, 2] == LOCKDOWN:
                    locked = max(locked, hours[at])
                elif plan.area[at, 2] == STATIC:
                    static = max(static, hours[at])
        residents = people.cell_start[cell + 1] - people.cell_start[cell]
        out[LOCKED_DAYS] += residents * locked
        out[STATIC_DAYS] += residents * max(0.0, static - locked)


@inner
def _confined(state, day, out):  # type: ignore[no-untyped-def]
    """Person-days at home and in rooms or beds, person by person; who falls severely ill."""
    begin, end = day * DAY_H, (day + 1) * DAY_H
    for row in range(state.tally[RECORDS]):
        one = state.rec[row]
        if one[ONSET_D] == day and one[SEVERE] == 1:
            out[SEVERELY] += 1
        first, last = max(one[ISO_FROM], begin), min(one[ISO_TO], end)
        if first >= last:
            continue
        moved = min(max(one[MOVED_H], first), last)
        out[HOME_DAYS] += (moved - first) / DAY_H
        out[CENTRAL_DAYS] += (last - moved) / DAY_H
