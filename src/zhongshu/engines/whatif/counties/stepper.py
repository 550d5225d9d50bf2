"""The compiled stepper: one future of the province, county by county, step by step.

Exits compete exactly: of n people in a compartment with hazards a, b, c the number who leave in a
step is Binomial(n, 1 - exp(-(a + b + c) step)) and is parted by a, b and c.  Every draw has a key
made of (run, step, county, purpose, age), so that two plans share all luck the plans leave alone.
`oracle.py` does the same in plain Python.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif.counties.ends import release, restrict
from zhongshu.engines.whatif.counties.model import (
    AT_LARGE,
    F64,
    FOUND,
    I64,
    IMPORTED,
    IN_HOSPITAL,
    INFECTIONS,
    ISOLATED,
    ONSETS,
    SEVERE,
    TRACED,
)
from zhongshu.engines.whatif.counties.stages import BED_STAGES, FIRST, SUSCEPTIBLE, VACCINATED
from zhongshu.engines.whatif.outbreak.handle import handle
from zhongshu.kernel.chance import person_key, unit
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.sampling import (
    binomial,
    drawn,
    gamma,
    leavers,
    poisson,
    prepare,
    prepare_leaving,
)

# Purposes of draws; the exits of compartment k take 16 + 4 k and the three after it.
P_IMPORTS, P_WHO, P_LEAVE_S, P_PART_S, P_LEAVE_V, P_PART_V, P_MASS = range(7)
P_SEVERE_S, P_SEVERE_V, P_BEDS, P_EXITS = 7, 8, 9, 16
LEAVE, FIND, REACH = range(3)  # laws of a stage, see `leave_table`
MOST_FOUND = 0.99  # share of sources found in a day; keeps the hazard of tracing finite


class Fixed(NamedTuple):
    """What holds for all runs; see model.Province and stages.Stages."""

    people: F64
    contacts: F64
    starts: I64
    targets: I64
    shares: F64
    susceptibility: F64
    severe: F64
    rate: F64
    after: I64
    weight: F64
    sought: I64
    bed_rate: F64
    early: int
    ill: int
    silent: int
    isolated: int
    silent_share: float
    gamma_per_mass: float
    steps: int
    beta: float


class Doing(NamedTuple):
    """The plan's arrays; see model.Plan."""

    mixing: F64
    border: F64
    found: F64
    traced: F64
    delay: int
    rooms: F64
    home_leak: F64
    room_leak: F64
    imports: F64
    vaccinated: F64
    vaccine_ages: F64
    infection_left: float
    severe_left: float
    waning: float
    end_mixing: F64
    end_border: F64
    end_where: NDArray[np.bool_]
    end_first: I64
    end_clear: I64
    all_clear: int


class Room(NamedTuple):
    """Arrays used in between, one set for each thread."""

    travel: F64
    present: F64
    mass: F64
    met: F64
    force: F64
    leave: F64
    leave_of: I64
    shares: F64
    coming: I64
    sources: I64
    infectious: NDArray[np.bool_]
    pressed: NDArray[np.bool_]
    mixing: F64
    border: F64
    found_on: I64
    silent_law: F64


def room_for(fixed: Fixed, *, days: int, endings: int) -> Room:
    """Working arrays for one thread."""
    counties, ages = fixed.people.shape
    return Room(
        travel=np.zeros(fixed.shares.size),
        present=np.zeros((counties, ages)),
        mass=np.zeros((counties, ages)),
        met=np.zeros((counties, ages)),
        force=np.zeros((counties, ages)),
        leave=np.zeros((counties, fixed.rate.size, 3, 3)),
        leave_of=np.zeros(counties, dtype=np.int64),
        shares=np.zeros((days, counties)),
        coming=np.zeros(ages, dtype=np.int64),
        sources=np.zeros(counties, dtype=np.int64),
        infectious=np.zeros(counties, dtype=np.bool_),
        pressed=np.zeros(counties, dtype=np.bool_),
        mixing=np.ones(counties),
        border=np.ones(counties),
        found_on=np.zeros(endings + 1, dtype=np.int64),
        silent_law=np.zeros(3),
    )


@njit(cache=True, nogil=True, inline="always")
def draw(key, purpose, age):  # type: ignore[no-untyped-def]
    """Key of one draw of a county's step; purposes and ages stay below 65536."""
    return person_key(key, purpose * 65536 + age)


@njit(cache=True, nogil=True)
def open_borders(fixed, border, travel, present):  # type: ignore[no-untyped-def]
    """Write the share of time of each commuting pair, and who is present where, of a day."""
    people, starts, targets, shares = fixed.people, fixed.starts, fixed.targets, fixed.shares
    counties, ages = people.shape
    present[:] = 0.0
    for home in range(counties):
        kept, own = 1.0, -1
        for edge in range(starts[home], starts[home + 1]):
            place = targets[edge]
            if place == home:
                own = edge
                continue
            travel[edge] = shares[edge] * border[home] * border[place]
            kept -= travel[edge]
        travel[own] = kept
        for edge in range(starts[home], starts[home + 1]):
            for age in range(ages):
                present[targets[edge], age] += travel[edge] * people[home, age]


@njit(cache=True, nogil=True)
def masses(fixed, leak, county, key, state, mass):  # type: ignore[no-untyped-def]
    """Write the infectious mass of a county by age; returns whether there is any.

    leak: infectiousness left in isolation, see `isolation_leak`.
    """
    weight, isolated, removed = fixed.weight, fixed.isolated, fixed.rate.size - 1
    some = False
    for age in range(mass.shape[1]):
        total = 0.0
        for stage in range(FIRST, isolated):
            total += weight[stage] * state[county, age, stage]
        for stage in range(isolated, removed):
            total += leak * weight[stage] * state[county, age, stage]
        if total > 0.0 and fixed.gamma_per_mass > 0.0:
            shape = total * fixed.gamma_per_mass
            total = gamma(draw(key, P_MASS, age), shape) / fixed.gamma_per_mass
        mass[county, age] = total
        some |= total > 0.0
    return some


@njit(cache=True, nogil=True)
def isolation_leak(fixed, doing, county, state):  # type: ignore[no-untyped-def]
    """Infectiousness left in isolation: those for whom there is no room stay at home."""
    out = 0
    for age in range(state.shape[1]):
        for stage in range(fixed.isolated, fixed.rate.size - 1):
            out += state[county, age, stage]
    if out == 0:
        return 0.0
    at_home = max(0.0, 1.0 - doing.rooms[county] / out)
    return doing.home_leak[county] * at_home + doing.room_leak[county] * (1.0 - at_home)


@njit(cache=True, nogil=True)
def meet(fixed, room, warm):  # type: ignore[no-untyped-def]
    """Write who is infectious in each place, and which places have anybody, commuters counted."""
    starts, targets, travel = fixed.starts, fixed.targets, room.travel
    mass, met, infectious = room.mass, room.met, room.infectious
    met[:] = 0.0
    for home in range(infectious.size):
        if infectious[home]:
            for edge in range(starts[home], starts[home + 1]):
                if travel[edge] > 0.0:
                    warm[targets[edge]] = True
                    for age in range(mass.shape[1]):
                        met[targets[edge], age] += travel[edge] * mass[home, age]


@njit(cache=True, nogil=True)
def forces(fixed, mixing, room, pressed):  # type: ignore[no-untyped-def]
    """Write each county's force of infection per day and age, and whether there is any."""
    starts, targets, contacts, travel = fixed.starts, fixed.targets, fixed.contacts, room.travel
    met, present, force = room.met, room.present, room.force
    counties, ages = met.shape
    warm = np.zeros(counties, dtype=np.bool_)
    meet(fixed, room, warm)
    infected_share = np.empty(ages)
    for place in range(counties):
        if not warm[place]:
            continue
        for age in range(ages):
            infected_share[age] = met[place, age] / max(present[place, age], 1e-300)
        for age in range(ages):
            total = 0.0
            for other in range(ages):
                total += contacts[age, other] * infected_share[other]
            met[place, age] = total * fixed.beta * mixing[place]
    force[:] = 0.0
    for home in range(counties):
        pressed[home] = False
        for edge in range(starts[home], starts[home + 1]):
            if warm[targets[edge]] and travel[edge] > 0.0:
                pressed[home] = True
                for age in range(ages):
                    force[home, age] += travel[edge] * met[targets[edge], age]


@njit(cache=True, nogil=True)
def part(key, purpose, age, people, first, second, step):  # type: ignore[no-untyped-def]
    """(left by the first hazard, left by the second) of people under two competing hazards."""
    total = first + second
    if people == 0 or not total > 0.0:
        return 0, 0
    left = leavers(draw(key, purpose, age), people, total * step)
    if left == 0:
        return 0, 0
    by_first = binomial(draw(key, purpose + 1, age), left, first / total)
    return by_first, left - by_first


@njit(cache=True, nogil=True)
def leave_table(fixed, hazard, trace, leave):  # type: ignore[no-untyped-def]
    """Write, for each stage of a county's day, the laws that its people leave by.

    leave: (stages, 3, 3): of leaving in a step at all; of those leaving, of being found; of those
    neither, of being reached by tracing; see `sampling.prepare`.
    """
    for stage in range(FIRST, fixed.rate.size - 1):
        on, sought = fixed.rate[stage], fixed.sought[stage] >= 0
        find = hazard[fixed.sought[stage]] if sought else 0.0
        reach = trace if sought else 0.0
        prepare_leaving((on + find + reach) / fixed.steps, leave[stage, LEAVE])
        prepare(find / (on + find + reach), leave[stage, FIND])
        prepare(reach / (on + reach), leave[stage, REACH])


@njit(cache=True, nogil=True)
def go_on(fixed, county, key, state, leave, silent_law, counted):  # type: ignore[no-untyped-def]
    """Move a county's infected; from the last stage to the first, so that nobody moves twice."""
    after, isolated, early, ill = fixed.after, fixed.isolated, fixed.early, fixed.ill
    onsets = all_found = all_traced = 0
    for age in range(state.shape[1]):
        row = state[county, age]
        for stage in range(leave.shape[0] - 2, FIRST - 1, -1):
            people = row[stage]
            if people == 0:
                continue
            purpose = P_EXITS + 4 * stage
            left = drawn(draw(key, purpose, age), people, leave[stage, LEAVE])
            if left == 0:
                continue
            row[stage] -= left
            if leave[stage, FIND, 0] + leave[stage, REACH, 0] > 0.0:
                found = drawn(draw(key, purpose + 1, age), left, leave[stage, FIND])
                traced = drawn(draw(key, purpose + 2, age), left - found, leave[stage, REACH])
                left -= found + traced
                row[isolated] += found + traced
                all_found += found
                all_traced += traced
            if stage == early - 1:
                silent = drawn(draw(key, purpose + 3, age), left, silent_law)
                row[fixed.silent] += silent
                row[early] += left - silent
            else:
                row[after[stage]] += left
                if stage == ill - 1:
                    onsets += left
    counted[county, FOUND] += all_found
    counted[county, TRACED] += all_traced
    counted[county, ONSETS] += onsets


@njit(cache=True, nogil=True)
def catch_it(fixed, doing, day, county, key, state, room, counted):  # type: ignore[no-untyped-def]
    """Infect and vaccinate a county's susceptible; returns how many are to fall severely ill."""
    susceptibility, severe, force, coming = (
        fixed.susceptibility, fixed.severe, room.force, room.coming,
    )  # fmt: skip
    step, dose, ages_dosed = 1.0 / fixed.steps, doing.vaccinated[day, county], doing.vaccine_ages
    falling = 0
    for age in range(state.shape[1]):
        row = state[county, age]
        pressure = force[county, age] * susceptibility[age]
        caught_v, waned = part(
            key,
            P_LEAVE_V,
            age,
            row[VACCINATED],
            pressure * doing.infection_left,
            doing.waning,
            step,
        )
        caught, dosed = part(
            key, P_LEAVE_S, age, row[SUSCEPTIBLE], pressure, dose * ages_dosed[age], step
        )
        home = min(coming[age], row[SUSCEPTIBLE] - caught - dosed)
        row[VACCINATED] += dosed - caught_v - waned
        row[SUSCEPTIBLE] += waned - caught - dosed - home
        row[FIRST] += caught + caught_v + home
        counted[county, INFECTIONS] += caught + caught_v + home
        counted[county, IMPORTED] += home
        share = severe[age]
        falling += binomial(draw(key, P_SEVERE_S, age), caught + home, share)
        falling += binomial(draw(key, P_SEVERE_V, age), caught_v, share * doing.severe_left)
    return falling


@njit(cache=True, nogil=True)
def come_home(people, county, key, expected, coming):  # type: ignore[no-untyped-def]
    """Write how many of each age come home infected in a step, ages by the people there."""
    coming[:] = 0
    if not expected > 0.0:
        return
    total = people[county].sum()
    for index in range(poisson(draw(key, P_IMPORTS, 0), expected)):
        left = unit(draw(key, P_WHO, 0), index) * total
        age = 0
        while age < coming.size - 1 and left >= people[county, age]:
            left -= people[county, age]
            age += 1
        coming[age] += 1


@njit(cache=True, nogil=True)
def fill_beds(fixed, key, beds):  # type: ignore[no-untyped-def]
    """Move the beds of one county a step on."""
    for stage in range(BED_STAGES - 1, -1, -1):
        left = leavers(draw(key, P_BEDS, stage), beds[stage], fixed.bed_rate[stage] / fixed.steps)
        beds[stage] -= left
        if stage + 1 < BED_STAGES:
            beds[stage + 1] += left


@njit(cache=True, nogil=True)
def move_ill(fixed, doing, day, county, key, state, beds, room, counted):  # type: ignore[no-untyped-def]
    """The infected of one county and its beds go a step on."""
    leave = room.leave[county]
    if room.leave_of[county] != day:
        room.leave_of[county] = day
        trace = trace_hazard(doing, day, county, room.shares)
        leave_table(fixed, doing.found[day, county], trace, leave)
    go_on(fixed, county, key, state, leave, room.silent_law, counted)
    fill_beds(fixed, key, beds[county])


@njit(cache=True, nogil=True)
def close_day(fixed, doing, day, sources, state, beds, lively, shares, counted):  # type: ignore[no-untyped-def]
    """Count the states at the end of a day, and the share of the day's sources found in it."""
    counties, ages = fixed.people.shape
    for county in range(counties):
        if not lively[county]:
            continue
        at_large = isolated = 0
        for age in range(ages):
            for stage in range(FIRST, fixed.isolated):
                at_large += state[county, age, stage]
            for stage in range(fixed.isolated, fixed.rate.size - 1):
                isolated += state[county, age, stage]
        counted[day, county, AT_LARGE] = at_large
        counted[day, county, ISOLATED] = isolated
        counted[day, county, IN_HOSPITAL] = beds[county, 2] + beds[county, 3]
        found = counted[day, county, FOUND]
        shares[day, county] = min(MOST_FOUND, found / max(sources[county], 1))
        lively[county] = at_large + isolated + beds[county].sum() > 0


@njit(cache=True, nogil=True)
def count_sources(fixed, state, lively, sources):  # type: ignore[no-untyped-def]
    """Write how many infectious people each county has who are not found yet."""
    for county in range(sources.size):
        sources[county] = 0
        if lively[county]:
            for age in range(fixed.people.shape[1]):
                for stage in range(fixed.early, fixed.isolated):
                    sources[county] += state[county, age, stage]


@njit(cache=True, nogil=True)
def trace_hazard(doing, day, county, shares):  # type: ignore[no-untyped-def]
    """Hazard per day that an infected contact is reached: his source was found `delay` days ago."""
    before = day - doing.delay
    if before < 0:
        return 0.0
    return -math.log1p(-doing.traced[day, county] * shares[before, county])


@njit(cache=True, nogil=True)
def step_all(fixed, doing, day, step_key, room, lively, state, beds, counted):  # type: ignore[no-untyped-def]
    """One step of the province; `room` holds the arrays that are only used in between."""
    infectious, mass, pressed = room.infectious, room.mass, room.pressed
    imports, vaccinated, people = doing.imports, doing.vaccinated, fixed.people
    for county in range(lively.size):
        infectious[county] = False
        if lively[county]:
            leak = isolation_leak(fixed, doing, county, state)
            key = person_key(step_key, county)
            infectious[county] = masses(fixed, leak, county, key, state, mass)
    forces(fixed, room.mixing, room, pressed)
    for county in range(lively.size):
        busy = imports[day, county] > 0.0 or vaccinated[day, county] > 0.0 or doing.waning > 0.0
        if busy or lively[county] or pressed[county]:
            key = person_key(step_key, county)
            come_home(people, county, key, imports[day, county] / fixed.steps, room.coming)
            if lively[county]:
                move_ill(fixed, doing, day, county, key, state, beds, room, counted)
            before = counted[county, INFECTIONS]
            severe = catch_it(fixed, doing, day, county, key, state, room, counted)
            beds[county, 0] += severe
            counted[county, SEVERE] += severe
            lively[county] |= counted[county, INFECTIONS] > before


@njit(cache=True, nogil=True)
def future(fixed, doing, seed_key, run, room, state, beds, counted, ended):  # type: ignore[no-untyped-def]
    """One run over all days of the plan: state and beds in place, counted and ended filled.

    Tracing works on the shares found on earlier days, so a day's finds never depend on its own.
    """
    fixed, doing, room = handle(fixed), handle(doing), handle(room)
    run_key = person_key(seed_key, run)
    lively = np.ones(fixed.people.shape[0], dtype=np.bool_)
    prepare(fixed.silent_share, room.silent_law)
    room.leave_of[:] = -1
    room.shares[:] = 0.0
    room.found_on[:] = -1
    days = doing.mixing.shape[0]
    ended[:] = days + 1
    ends = doing.end_first.size > 0 or doing.all_clear >= 0
    for day in range(days):
        if restrict(doing, day, ended, room.mixing, room.border):
            open_borders(fixed, room.border, room.travel, room.present)
        count_sources(fixed, state, lively, room.sources)
        for step in range(fixed.steps):
            step_key = person_key(run_key, day * fixed.steps + step)
            step_all(fixed, doing, day, step_key, room, lively, state, beds, counted[day])
        close_day(fixed, doing, day, room.sources, state, beds, lively, room.shares, counted)
        if ends:
            release(doing, day, counted[day], room.found_on, ended)
