"""What options lead to in the province: `compare(...)` gives the same Answer as the outbreak model.

The people in whom nothing is counted one by one (contacts who are not infected, rooms, tests) are
counted from the infected, found and called, as `_measured` says line by line.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

import numpy as np

from zhongshu.engines.whatif import answers, options
from zhongshu.engines.whatif.counties import model, plan, solve
from zhongshu.engines.whatif.counties.model import F64, I64, Course, Futures, Province, Run
from zhongshu.engines.whatif.counties.plan import Setting
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

VERSION = "1"


@dataclasses.dataclass(frozen=True)
class Compared:
    """answer: as of the outbreak model; futures: of each option, by county, in their order."""

    answer: answers.Answer
    futures: tuple[Futures, ...]


def compare(
    province: Province,
    course: Course,
    several: Sequence[options.Option],
    start: I64,
    *,
    setting: Setting,
    days: int,
    run: Run,
    r0: float | F64,
    calibrated: bool = False,
    calibrated_days: int | None = None,
) -> Compared:
    """Run every option under the same luck.

    start, r0: as `solve.simulate` takes them, one for all runs or one for each.
    Refuses a start in which nobody is infected and nobody
    is expected from outside, two options of one name, and areas that are no counties.
    calibrated: whether r0 and start were fitted to the current outbreak (`calibrate`), and on how
    many days; a longer horizon is noted on the answer.
    """
    _check(start, several, setting)
    measures = answers.measures(several)
    runs = np.zeros((len(several), run.runs, days, len(measures)), dtype=np.float32)
    futures = []
    for at, option in enumerate(several):
        made = plan.make(option, province, course, setting, days=days)
        future = solve.simulate(province, course, made, start, run=run, r0=r0)
        futures.append(future)
        columns = _measured(option, province, course, setting, future)
        for position, name in enumerate(measures):
            if name in columns:
                runs[at, :, :, position] = columns[name]
    notes = [note for option in several if (note := plan.beyond(option))]
    if calibrated and calibrated_days is not None and days > calibrated_days:
        notes.append(f"asked for {days} days, calibrated on {calibrated_days}")
    card = RunCard(
        engine="whatif.counties",
        version=VERSION,
        parameters={"r0": np.asarray(r0).tolist(), "days": days, "runs": run.runs,
                    "steps": run.steps_per_day, "course": dataclasses.asdict(course)},
        inputs={"people": _digest(province.people), "start": _digest(start)},
        seed=run.seed,
    )  # fmt: skip
    answer = answers.Answer(
        options=tuple(option.name for option in several),
        measures=measures,
        runs=runs,
        card=card,
        calibrated=calibrated,
        note="; ".join(notes),
    )
    return Compared(answer=answer, futures=tuple(futures))


def _digest(table: I64) -> str:
    return hashlib.sha256(np.ascontiguousarray(table).tobytes()).hexdigest()


def _check(start: I64, several: Sequence[options.Option], setting: Setting) -> None:
    names = [option.name for option in several]
    if len(set(names)) < len(names):
        raise BadInput("whatif.same_name", "Two options have the same name; rename one.")
    expected = setting.imports is not None and float(np.sum(setting.imports)) > 0
    if start[..., 2:-1].sum() == 0 and not expected:
        raise BadInput(
            "whatif.no_cases",
            "Nobody is infected at the start and nobody is expected from outside; give the "
            "registered cases or the imports expected.",
        )


def _rolling(flow: F64, days: int) -> F64:
    """(runs, days) people who began within the last `days` days; 0: since the beginning."""
    total = np.cumsum(flow, axis=1)
    if days == 0 or days >= total.shape[1]:
        return total
    out = total.copy()
    out[:, days:] -= total[:, :-days]
    return out


def _fill(
    demand: F64, tiers: tuple[tuple[str, int], ...], prefix: str, only: str
) -> dict[str, F64]:
    """People in each tier, filled in order; without tiers all are in `only`."""
    if not tiers:
        return {f"{prefix}.{only}": demand}
    out, left = {}, demand
    for tier, count in tiers:
        out[f"{prefix}.{tier}"] = np.minimum(left, count)
        left = left - out[f"{prefix}.{tier}"]
    return out


def _restricted(option: options.Option, province: Province, *, days: int) -> dict[str, F64]:
    """(days,) person-days of people locked in and of people kept in their area."""
    people = province.people.sum(axis=1)
    out = {"person_days_locked": np.zeros(days), "person_days_static": np.zeros(days)}
    for kind, name in (("lockdown", "person_days_locked"), ("static", "person_days_static")):
        free = np.ones((days, people.size))  # who lives in two areas at a time counts once
        for area in option.areas:
            if area.kind == kind and area.strictness > 0:
                part = plan.share_of_days(days, area.from_hour, area.to_hour)[:, None]
                free = np.minimum(free, 1.0 - part * plan.inside(area.units, province))
        out[name] = (1.0 - free) @ people
    return out


def _measured(
    option: options.Option, province: Province, course: Course, setting: Setting, future: Futures
) -> dict[str, F64]:
    """(runs, days) or (days,) of each measure."""
    found, traced = (future.daily(name).astype(float) for name in ("found", "traced"))
    days, isolation = future.counted.shape[1], option.isolation
    reached = plan.recalled(option, setting)
    named = setting.contacts_per_case * reached + (option.tracing.false_per_case if reached else 0)
    contacts = np.round(found * named)
    kept = np.maximum(_rolling(contacts, isolation.days) - _rolling(traced, isolation.days), 0.0)
    cases = future.daily("isolated").astype(float)
    central = kept if isolation.contacts == "central" else np.zeros_like(kept)
    in_rooms = central + (cases if isolation.cases == "central" else 0.0)
    in_beds = cases if isolation.cases == "hospital" else future.daily("in_hospital").astype(float)
    _, sampled = plan.of_rounds(option, province, course, days=days)
    tests = sampled.tests + contacts * len(isolation.tests_d)
    no_room, no_bed, waiting = _waiting(option, province, future, in_rooms, in_beds)
    out: dict[str, F64] = {
        "infections": future.daily("infections").astype(float),
        "detected": found + traced,
        "detected_in_quarantine": traced,
        "detected_community": found,
        "contacts": contacts,
        "severe": future.daily("severe").astype(float),
        "waiting": waiting,
        "transfers": (found + traced) * (isolation.cases != "home")
        + np.maximum(contacts - traced, 0.0) * (isolation.contacts == "central"),
        "tests": tests,
        "tubes": sampled.tubes + contacts * len(isolation.tests_d),
        "lab_hours": sampled.lab_hours,
        **_restricted(option, province, days=days),
        "p_no_community_case": (found == 0).astype(float),
        "p_released": _released(option, found),
        **_fill(in_rooms, option.capacities.rooms, "rooms", "room"),
        **_fill(in_beds, option.capacities.beds, "beds", "bed"),
    }
    at_home = kept if isolation.contacts == "home" else np.zeros_like(kept)
    if isolation.cases == "home":
        at_home = at_home + cases
    out["person_days_home"] = at_home + out["waiting"]
    out["person_days_central"] = np.maximum(in_rooms + in_beds - out["waiting"], 0.0)
    out["p_rooms_out"] = np.maximum.accumulate(no_room > 0, axis=1).astype(float)
    out["p_beds_out"] = np.maximum.accumulate(no_bed > 0, axis=1).astype(float)
    out["p_transfers_out"] = np.full_like(waiting, np.nan)  # vehicles are not in this model
    out["cost"] = np.asarray(sum((price * out[name] for name, price in option.costs), cases * 0.0))
    return out


def _waiting(
    option: options.Option, province: Province, future: Futures, in_rooms: F64, in_beds: F64
) -> tuple[F64, F64, F64]:
    """(runs, days) people without a room, without a bed, without a place: the cases county by
    county, contacts altogether."""
    means = option.capacities
    lacking = [np.zeros_like(in_rooms), np.zeros_like(in_rooms)]
    for at, (demand, tiers) in enumerate(((in_rooms, means.rooms), (in_beds, means.beds))):
        if tiers:
            lacking[at] = np.maximum(demand - sum(count for _, count in tiers), 0.0)
    both = lacking[0] + lacking[1]
    if option.isolation.cases == "home":
        return lacking[0], lacking[1], both
    places = plan.rooms(option, province)
    isolated = future.counted[..., model.ISOLATED]
    over: F64 = np.maximum(isolated - np.minimum(places, 2.0**40), 0.0).sum(axis=2)
    at = 0 if option.isolation.cases == "central" else 1
    lacking[at] = np.maximum(lacking[at], over)
    return lacking[0], lacking[1], np.maximum(both, over)


def _released(option: options.Option, found: F64) -> F64:
    """(runs, days) whether there were `clear_d` days without a case in the community by then; nan
    where nothing is restricted."""
    if not option.restricts:
        return np.full_like(found, np.nan)
    if option.clear_d is None:
        return np.zeros_like(found)
    clear = np.zeros_like(found)
    streak = np.zeros(found.shape[0])
    for day in range(found.shape[1]):
        streak = np.where(found[:, day] == 0, streak + 1, 0)
        clear[:, day] = streak >= option.clear_d
    ever: F64 = np.maximum.accumulate(clear, axis=1)
    return ever
