"""Run the county model: `simulate(province, course, plan, start, run=..., r0=...)`."""

from __future__ import annotations

import concurrent.futures

import numpy as np

from zhongshu.engines.whatif.counties import stages, stepper
from zhongshu.engines.whatif.counties.model import (
    COUNTED,
    F64,
    I32,
    I64,
    Course,
    Futures,
    Plan,
    Province,
    Run,
)
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput


def next_generation(province: Province, course: Course) -> F64:
    """(ages, ages) infections of the row's age by one infection of the column's, per unit beta.

    Over the whole province as one place without travel; nobody immune, nobody found.
    """
    people = province.people.sum(axis=0).astype(np.float64)
    share = people[:, None] / np.maximum(people[None, :], 1.0)
    matrix: F64 = province.susceptibility[:, None] * province.contacts * share
    return matrix * course.infectious_days


def transmission(province: Province, course: Course, *, r0: float) -> float:
    """Chance that a contact infects, so that the next-generation matrix has spectral radius r0."""
    top = float(np.abs(np.linalg.eigvals(next_generation(province, course))).max())
    if top <= 0:
        raise BadInput("whatif.no_contacts", "Nobody meets anybody: the contacts are all zero.")
    return r0 / top


def empty_start(province: Province, course: Course) -> I64:
    """(counties, ages, compartments): everybody susceptible."""
    width = stages.lay_out(course, steps_per_day=48).removed + 1
    start = np.zeros((*province.people.shape, width), dtype=np.int64)
    start[:, :, stages.SUSCEPTIBLE] = province.people
    return start


def fixed_of(province: Province, course: Course, *, steps_per_day: int, r0: float) -> stepper.Fixed:
    """The stepper's view of a province and a course."""
    laid = stages.lay_out(course, steps_per_day=steps_per_day)
    counties = len(province.codes)
    # The way home is always listed: closed borders send people back to it.
    linked = (province.commuting > 0) | np.eye(counties, dtype=bool)
    return stepper.Fixed(
        people=province.people.astype(np.float64),
        contacts=np.ascontiguousarray(province.contacts, dtype=np.float64),
        starts=np.concatenate(([0], np.cumsum(linked.sum(axis=1)))).astype(np.int64),
        targets=np.nonzero(linked)[1].astype(np.int64),
        shares=province.commuting[linked].astype(np.float64),
        susceptibility=province.susceptibility.astype(np.float64),
        severe=province.severe.astype(np.float64),
        rate=laid.rate,
        after=laid.after,
        weight=laid.weight,
        sought=laid.sought,
        bed_rate=laid.bed_rate,
        early=laid.early,
        ill=laid.ill,
        silent=laid.silent,
        isolated=laid.isolated,
        silent_share=laid.silent_share,
        gamma_per_mass=laid.gamma_per_mass,
        steps=steps_per_day,
        beta=transmission(province, course, r0=r0),
    )


def doing_of(plan: Plan) -> stepper.Doing:
    """The stepper's view of a plan."""
    ending = plan.endings
    return stepper.Doing(
        mixing=plan.mixing,
        border=plan.border,
        found=plan.found,
        traced=plan.traced,
        delay=max(plan.trace_delay_d, 1),
        rooms=plan.rooms,
        home_leak=plan.home_leak,
        room_leak=plan.room_leak,
        imports=plan.imports,
        vaccinated=plan.vaccinated,
        vaccine_ages=plan.vaccine_ages,
        infection_left=1.0 - plan.vaccine_infection,
        severe_left=1.0 - plan.vaccine_severe,
        waning=plan.waning,
        end_mixing=ending.mixing,
        end_border=ending.border,
        end_where=ending.where,
        end_first=ending.first,
        end_clear=ending.clear,
        all_clear=ending.all_clear,
    )


def check(province: Province, plan: Plan, start: I64, *, width: int) -> None:
    """Refuses a start that does not add up to the people, or a plan of other counties."""
    counties, ages = province.people.shape
    if start.shape != (counties, ages, width):
        raise BadInput(
            "whatif.start_shape",
            f"The start must have {counties} counties, {ages} ages and {width} compartments.",
        )
    if (start < 0).any() or (start.sum(axis=2) != province.people).any():
        raise BadInput(
            "whatif.start_does_not_add_up",
            "The compartments of the start must add up to the people of each county and age.",
        )
    tables = (plan.mixing, plan.border, plan.found, plan.traced, plan.imports, plan.vaccinated)
    if any(table.shape[:2] != (plan.days, counties) for table in tables):
        raise BadInput("whatif.plan_shape", "The plan's tables do not fit the days and counties.")
    ending = plan.endings
    if ending.mixing.shape != (len(ending), plan.days, counties):
        raise BadInput("whatif.plan_shape", "The plan's tables do not fit the days and counties.")
    if any((table < 0).any() for table in (*tables, ending.mixing, ending.border)):
        raise BadInput("whatif.plan_negative", "A table of the plan is below zero.")
    if min(plan.rooms.min(), plan.home_leak.min(), plan.room_leak.min()) < 0:
        raise BadInput("whatif.capacity_negative", "Rooms and leaks of isolation begin at zero.")


def simulate(
    province: Province,
    course: Course,
    plan: Plan,
    start: I64,
    *,
    run: Run,
    r0: float | F64,
    keep_last: bool = False,
) -> Futures:
    """All runs over the plan's days.

    start: (counties, ages, compartments) whole people, or (runs, ...) with one start for each run.
    r0: infections by one infection in a province where nobody is immune and nothing is done; an
    array has one for each run, drawn from what was calibrated.
    The answer depends on seed and run numbers, not on threads or on which runs go together.
    """
    each = np.broadcast_to(np.asarray(r0, dtype=np.float64), (run.runs,))
    fixed = fixed_of(province, course, steps_per_day=run.steps_per_day, r0=float(each[0]))
    betas = {one: transmission(province, course, r0=one) for one in set(each.tolist())}
    starts = np.broadcast_to(start, (run.runs, *start.shape[-3:]))
    for one in starts[:1] if start.ndim == 3 else starts:
        check(province, plan, one, width=fixed.rate.size)
    doing = doing_of(plan)
    counties, ages = province.people.shape
    counted: I32 = np.zeros((run.runs, plan.days, counties, len(COUNTED)), dtype=np.int32)
    endings = len(plan.endings)
    ended: I64 = np.zeros((run.runs, endings + 1), dtype=np.int64)
    shape = (run.runs, counties, ages, fixed.rate.size)
    last: I64 | None = np.empty(shape, dtype=np.int64) if keep_last else None
    seed_key = chance.key(run.seed, "counties")

    def several(runs: range) -> None:
        room = stepper.room_for(fixed, days=plan.days, endings=endings)
        spare = np.empty(shape[1:], dtype=np.int64)
        beds = np.zeros((counties, stages.BED_STAGES), dtype=np.int64)
        for index in runs:
            state = spare if last is None else last[index]
            state[:] = starts[index]
            beds[:] = 0
            number = run.first_run + index
            own = fixed._replace(beta=betas[float(each[index])])
            stepper.future(
                own, doing, seed_key, number, room, state, beds, counted[index], ended[index]
            )

    threads = max(1, min(run.threads, run.runs))
    if threads == 1:
        several(range(run.runs))
    else:
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            list(pool.map(several, [range(k, run.runs, threads) for k in range(threads)]))
    return Futures(counted=counted, last=last, ended=ended)
