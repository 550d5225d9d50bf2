"""What the futures of an option come to, measure by measure; also of a part of the counties.

Cases take rooms before contacts who are not infected: those wait first, and infect nobody.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.counties import model, plan
from zhongshu.engines.whatif.counties.model import F64, Course, Futures, Province
from zhongshu.engines.whatif.counties.plan import Setting

Kept = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class _Counted:
    """(runs, days, counties) of each, and who lives there.

    contacts: newly named, quarantined: not infected and in isolation; kept: which are counted.
    """

    found: F64
    traced: F64
    cases: F64
    contacts: F64
    quarantined: F64
    kept: Kept | None

    def total(self, table: F64) -> F64:
        """(runs, days) over the counties that are counted."""
        runs, days, _ = self.found.shape
        if self.kept is not None:
            table = np.where(self.kept, table, 0.0)
        return np.broadcast_to(table.sum(axis=2), (runs, days)).astype(float)


def contacts(
    option: options.Option, province: Province, setting: Setting, future: Futures
) -> tuple[F64, F64]:
    """(newly named, not infected and in isolation), each (runs, days, counties).

    Whoever is named may be in isolation already, the likelier the more of the county are.
    """
    found = future.counted[..., model.FOUND].astype(float)
    traced = future.counted[..., model.TRACED].astype(float)
    people = province.people.sum(axis=1).astype(float)
    reached = plan.recalled(option, setting)
    named = setting.contacts_per_case * reached + (option.tracing.false_per_case if reached else 0)
    newly, inside = np.zeros_like(found), np.zeros((found.shape[0], people.size))
    span = option.isolation.days
    for day in range(found.shape[1] if named else 0):
        if span and day >= span:
            inside -= newly[:, day - span]
        newly[:, day] = np.round(found[:, day] * named * np.maximum(1.0 - inside / people, 0.0))
        newly[:, day] = np.minimum(newly[:, day], people - inside)
        inside += newly[:, day]
    return newly, np.maximum(_rolling(newly, span) - _rolling(traced, span), 0.0)


def measured(
    option: options.Option,
    province: Province,
    course: Course,
    setting: Setting,
    future: Futures,
    *,
    kept: Kept | None = None,
) -> dict[str, F64]:
    """(runs, days) of each measure.

    kept: (runs, days, counties) which of them are counted; None: all.
    """
    newly, quarantined = contacts(option, province, setting, future)
    counted = _Counted(
        found=future.counted[..., model.FOUND].astype(float),
        traced=future.counted[..., model.TRACED].astype(float),
        cases=future.counted[..., model.ISOLATED].astype(float),
        contacts=newly,
        quarantined=quarantined,
        kept=kept,
    )
    found, traced = counted.total(counted.found), counted.total(counted.traced)
    tests_each = len(option.isolation.tests_d)
    _, sampled = plan.of_rounds(option, province, course, days=found.shape[1])
    named = counted.total(newly)
    out: dict[str, F64] = {
        "infections": counted.total(future.counted[..., model.INFECTIONS].astype(float)),
        "detected": found + traced,
        "detected_in_quarantine": traced,
        "detected_community": found,
        "contacts": named,
        "severe": counted.total(future.counted[..., model.SEVERE].astype(float)),
        "transfers": _transfers(option, counted),
        "tests": counted.total(sampled.tests[None]) + named * tests_each,
        "tubes": counted.total(sampled.tubes[None]) + named * tests_each,
        "lab_hours": np.broadcast_to(sampled.lab_hours, found.shape).astype(float),
        **_restricted(option, province, future, counted),
        "p_no_community_case": (found == 0).astype(float),
        "p_released": _released(option, province, future, kept),
        "p_transfers_out": np.full_like(found, np.nan),  # vehicles are not in this model
        **_places(option, province, future, counted),
    }
    none = np.zeros_like(found)
    out["cost"] = np.asarray(sum((price * out[name] for name, price in option.costs), none))
    return out


def _transfers(option: options.Option, counted: _Counted) -> F64:
    """Cases to where they are kept, and contacts who are not infected to rooms."""
    isolation = option.isolation
    moved = (counted.found + counted.traced) * (isolation.cases != "home")
    others = np.maximum(counted.contacts - counted.traced, 0.0)
    return counted.total(moved + others * (isolation.contacts == "central"))


def _rolling(flow: F64, days: int) -> F64:
    """People who began within the last `days` days, over axis 1; 0: since the beginning."""
    total = np.cumsum(flow, axis=1)
    if days == 0 or days >= total.shape[1]:
        return total
    out = total.copy()
    out[:, days:] -= total[:, :-days]
    return out


def _places(
    option: options.Option, province: Province, future: Futures, counted: _Counted
) -> dict[str, F64]:
    """Rooms and beds county by county: in use, waited for, and who is at home meanwhile."""
    isolation, means = option.isolation, option.capacities
    central = counted.quarantined * (isolation.contacts == "central")
    in_rooms = central + counted.cases * (isolation.cases == "central")
    severe = future.counted[..., model.IN_HOSPITAL].astype(float)
    in_beds = counted.cases if isolation.cases == "hospital" else severe
    no_room = np.maximum(in_rooms - plan.places(means.rooms, province), 0.0)
    no_bed = np.maximum(in_beds - plan.places(means.beds, province), 0.0)
    waiting = counted.total(no_room + no_bed)
    housed = counted.total(in_rooms - no_room), counted.total(in_beds - no_bed)
    at_home = counted.quarantined * (isolation.contacts == "home")
    at_home = at_home + counted.cases * (isolation.cases == "home")
    return {
        "waiting": waiting,
        "p_rooms_out": np.maximum.accumulate(counted.total(no_room) > 0, axis=1).astype(float),
        "p_beds_out": np.maximum.accumulate(counted.total(no_bed) > 0, axis=1).astype(float),
        **_fill(housed[0], means.rooms, "rooms", "room"),
        **_fill(housed[1], means.beds, "beds", "bed"),
        "person_days_home": counted.total(at_home) + waiting,
        "person_days_central": housed[0] + housed[1],
    }


def _fill(
    housed: F64, tiers: tuple[tuple[str, int], ...], prefix: str, only: str
) -> dict[str, F64]:
    """People in each tier, filled in order; without tiers all are in `only`."""
    if not tiers:
        return {f"{prefix}.{only}": housed}
    out, left = {}, housed
    for tier, count in tiers:
        out[f"{prefix}.{tier}"] = np.minimum(left, count)
        left = left - out[f"{prefix}.{tier}"]
    return out


def _holds(option: options.Option, future: Futures) -> list[F64]:
    """For each area (runs or 1, days, 1): whether it has not ended by itself yet."""
    days = future.counted.shape[1]
    out, at = [], 0
    for area in option.areas:
        if plan.ends_itself(area, option):
            holds = np.arange(days) < future.ended[:, at, None]
            out.append(holds[:, :, None].astype(float))
            at += 1
        else:
            out.append(np.ones((1, days, 1)))
    return out


def _restricted(
    option: options.Option, province: Province, future: Futures, counted: _Counted
) -> dict[str, F64]:
    """Person-days of people locked in and of people kept in their area; who lives in two areas at
    a time counts once, and as locked in."""
    people, days = province.people.sum(axis=1).astype(float), future.counted.shape[1]
    holds = _holds(option, future)
    shut = {}
    for kind in ("lockdown", "static"):
        part = np.zeros((1, days, people.size))
        for area, held in zip(option.areas, holds, strict=True):
            if area.kind == kind and area.strictness > 0:
                here = plan.share_of_days(days, area.from_hour, area.to_hour)[:, None]
                here = here * plan.inside(area.units, province)
                part = np.maximum(part, here * held)
        shut[kind] = part
    static = np.maximum(shut["static"] - shut["lockdown"], 0.0)
    return {
        "person_days_locked": counted.total(shut["lockdown"] * people),
        "person_days_static": counted.total(static * people),
    }


def _released(
    option: options.Option, province: Province, future: Futures, kept: Kept | None
) -> F64:
    """(runs, days) whether everything is released by the end of the day; nan where nothing is
    restricted.  Areas all of whose counties are not counted are not asked about."""
    runs, days = future.counted.shape[:2]
    if not option.restricts:
        return np.full((runs, days), np.nan)
    over_by = np.arange(1, days + 1)
    if option.clear_d is not None:
        return (future.ended[:, -1:] <= over_by).astype(float)
    released, at = np.ones((runs, days)), 0
    for area in option.areas:
        over = np.broadcast_to(np.inf if area.to_hour is None else area.to_hour / plan.DAY_H, runs)
        if plan.ends_itself(area, option):
            over = np.minimum(over, future.ended[:, at])
            at += 1
        done = over[:, None] <= over_by
        if kept is not None:
            here = plan.inside(area.units, province) > 0
            done |= ~kept[:, -1, :][:, here].any(axis=1, keepdims=True)
        released *= done
    return released
