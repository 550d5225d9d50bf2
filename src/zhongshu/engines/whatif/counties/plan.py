"""An option as tables over days and counties: `make(option, province, course, setting, days=...)`.

Hours become shares of days.  What this model cannot follow is said by `beyond`, for the answer's
note; nothing is dropped without a word.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping

import numpy as np

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.counties import model
from zhongshu.engines.whatif.counties.model import F64, ILL, LATENT, SILENT, Course, Plan, Province
from zhongshu.kernel.disease import course as shared

DAY_H = 24.0
SURE = 0.999  # of being found in a day; keeps hazards finite


@dataclasses.dataclass(frozen=True)
class Setting:
    """Where transmission happens and how the ill are found when nothing more is done.

    household, venues: shares of transmission; the rest are strangers and unrecorded meetings.
    kinds: share of transmission in places of a kind, part of venues.
    care_seeking: share of those with symptoms who are found by them in the end.
    contacts_per_case: people named as contacts of one case if everybody is remembered.
    imports: (counties,) residents a day expected to come home infected.
    vaccinated: (days, counties) hazard of being vaccinated, or None; vaccine_infection,
        vaccine_severe, waning as in `model.Plan`.
    """

    household: float
    venues: float
    care_seeking: float
    contacts_per_case: float
    kinds: Mapping[str, float] = dataclasses.field(default_factory=dict)
    imports: F64 | None = None
    vaccinated: F64 | None = None
    vaccine_infection: float = 0.0
    vaccine_severe: float = 0.0
    waning: float = 0.0


@dataclasses.dataclass(frozen=True)
class Sampled:
    """What rounds need, by day: tests and tubes (days, counties), and (days,) hours of work waiting
    at its end."""

    tests: F64
    tubes: F64
    lab_hours: F64


def beyond(option: options.Option) -> str:
    """What the county model leaves out of an option, as one line; empty if nothing."""
    said = []
    if option.tracing.depth > 1:
        said.append("contacts of contacts are not followed")
    if option.capacities.transfers_per_day is not None:
        said.append("vehicles are counted, not waited for")
    if option.masks.effect and option.masks.share and option.masks.from_hour % 24:
        said.append("masks begin with the day")
    return f"{option.name}: " + "; ".join(said) if said else ""


def share_of_days(days: int, from_hour: float, to_hour: float | None) -> F64:
    """(days,) share of each day inside [from_hour, to_hour)."""
    starts = np.arange(days) * DAY_H
    end = np.inf if to_hour is None else to_hour
    covered = np.minimum(starts + DAY_H, end) - np.maximum(starts, from_hour)
    return np.asarray(np.clip(covered / DAY_H, 0.0, 1.0))


def inside(units: tuple[str, ...], province: Province) -> F64:
    """(counties,) 1 where an area lies; no units: everywhere."""
    named = [not units or code in units for code in province.codes]
    return np.array(named, dtype=np.float64)


def left_by(
    area: options.Area, option: options.Option, province: Province, setting: Setting, *, days: int
) -> tuple[F64, F64]:
    """(mixing, border), each (days, counties): what one area leaves of them while it holds."""
    part = share_of_days(days, area.from_hour, area.to_hour)[:, None]
    part = part * inside(area.units, province) * area.strictness
    part = part * area.compliance * option.compliance
    if area.kind == "venues_closed":
        return 1.0 - part * setting.venues, np.ones_like(part)
    if area.kind == "lockdown":
        return 1.0 - part * (1.0 - setting.household), 1.0 - part
    return np.ones_like(part), 1.0 - part


def ends_itself(area: options.Area, option: options.Option) -> bool:
    return area.release_clear_d is not None or option.clear_d is not None


def endings(
    option: options.Option, province: Province, setting: Setting, *, days: int
) -> model.Ending:
    """The areas that end by themselves, in the order of the option."""
    mine = [area for area in option.areas if ends_itself(area, option)]
    all_clear = -1 if option.clear_d is None else option.clear_d
    if not mine:
        return model.no_ending(days, len(province.codes), all_clear=all_clear)
    left = [left_by(area, option, province, setting, days=days) for area in mine]
    clear = [-1 if area.release_clear_d is None else area.release_clear_d for area in mine]
    return model.Ending(
        mixing=np.stack([mixing for mixing, _ in left]),
        border=np.stack([border for _, border in left]),
        where=np.stack([inside(area.units, province) > 0 for area in mine]),
        first=np.array([area.from_hour // int(DAY_H) for area in mine], dtype=np.int64),
        clear=np.array(clear, dtype=np.int64),
        all_clear=all_clear,
    )


def contacts_left(
    option: options.Option, province: Province, setting: Setting, *, days: int
) -> tuple[F64, F64]:
    """(mixing, border), each (days, counties): what areas that end at their hour, closures and
    masks leave of them."""
    mixing = np.ones((days, len(province.codes)))
    border = np.ones_like(mixing)
    for area in option.areas:
        if not ends_itself(area, option):
            inner, across = left_by(area, option, province, setting, days=days)
            mixing *= inner
            border *= across
    for closed in option.closures:
        part = share_of_days(days, closed.from_hour, closed.to_hour)[:, None]
        mixing *= 1.0 - part * closed.share * setting.kinds.get(closed.kind, 0.0)
    masks = option.masks
    each = share_of_days(days, masks.from_hour, masks.to_hour)[:, None] * masks.share * masks.effect
    mixing *= setting.household + (1.0 - setting.household) * (1.0 - each) ** 2
    return mixing, border


def loads(course: Course) -> F64:
    """(3,) chance that a perfect test finds the latent, the silent and the ill, over their days."""
    ends = np.cumsum([0.0, course.latent_d, course.early_d, course.ill_d])
    spans = [np.linspace(low, high, 201) for low, high in itertools.pairwise(ends)]
    return np.array([shared.load(span).mean() for span in spans])


def by_symptoms(course: Course, setting: Setting) -> F64:
    """(3,) hazards of being found by symptoms, so that `care_seeking` of the ill are in the end."""
    stages = len(course.ill_weights)
    missed = max(1.0 - setting.care_seeking, 1.0 - SURE)
    hazards = np.zeros(3)
    hazards[ILL] = stages / course.ill_d * (missed ** (-1.0 / stages) - 1.0)
    return hazards


def of_rounds(
    option: options.Option, province: Province, course: Course, *, days: int
) -> tuple[F64, Sampled]:
    """Hazards of being found by rounds (days, counties, 3), and what they use.

    A round lasts longer where people or tubes are more than can be done; its results come in
    evenly from the laboratory's hours after its start to as long after its end.
    """
    found = np.zeros((days, len(province.codes), 3))
    tests, tubes = np.zeros(found.shape[:2]), np.zeros(found.shape[:2])
    waiting = np.zeros(days)
    people = province.people.sum(axis=1).astype(np.float64)
    means = option.capacities
    for series in option.rounds:
        where = inside(series.units, province)
        called = float((people * where).sum()) * series.coverage
        sampling_h = float(series.hours)
        if means.tests_per_day is not None:
            sampling_h = max(sampling_h, DAY_H * called / max(means.tests_per_day, 1e-9))
        bench_h = sampling_h
        if means.lab_tubes_h is not None:
            bench_h = max(bench_h, called / series.pool_size / max(means.lab_tubes_h, 1e-9))
        power = 1.0 + series.dilution_loss * np.log2(series.pool_size)
        seen = series.coverage * series.sensitivity * loads(course) ** power
        for number in range(series.count):
            start = series.start_hour + number * series.every_d * DAY_H
            sampled = share_of_days(days, start, start + sampling_h) * DAY_H / sampling_h
            here = sampled[:, None] * people * where * series.coverage
            tests += here
            tubes += here / series.pool_size
            first = start + means.lab_hours
            told = share_of_days(days, first, first + bench_h) * DAY_H / bench_h
            left = -np.log1p(-np.minimum(told[:, None] * seen, SURE))
            found += where[None, :, None] * left[:, None, :]
            ends = (np.arange(days) + 1) * DAY_H
            open_h = np.where((ends >= start) & (called > 0), first + bench_h - ends, 0.0)
            waiting = np.maximum(waiting, np.clip(open_h, 0.0, None))
    return found, Sampled(tests=tests, tubes=tubes, lab_hours=waiting)


def recalled(option: options.Option, setting: Setting) -> float:
    """Share of a case's contacts that tracing reaches and isolates."""
    tracing = option.tracing
    if tracing.depth == 0 or option.isolation.contacts == "none":
        return 0.0
    rest = 1.0 - setting.household - setting.venues
    reached = setting.household * tracing.recall_home + setting.venues * tracing.recall
    return (reached + rest * tracing.recall_community) * option.compliance


def places(tiers: tuple[tuple[str, int], ...], province: Province) -> F64:
    """(counties,) places of some tiers, shared out by the people; infinite without a tier."""
    people = province.people.sum(axis=1)
    if not tiers:
        return np.full(people.size, np.inf)
    total = float(sum(count for _, count in tiers))
    return np.asarray(total * people / people.sum(), dtype=np.float64)


def rooms(option: options.Option, province: Province) -> F64:
    """(counties,) places for infected people, who go before contacts who are not infected."""
    where = option.isolation.cases
    if where == "home":
        return np.zeros(len(province.codes))
    means = option.capacities
    return places(means.beds if where == "hospital" else means.rooms, province)


def make(
    option: options.Option, province: Province, course: Course, setting: Setting, *, days: int
) -> Plan:
    """The tables of an option; refuses areas that are no counties of the province."""
    options.check_units(option, set(province.codes))
    counties = len(province.codes)
    mixing, border = contacts_left(option, province, setting, days=days)
    found, _ = of_rounds(option, province, course, days=days)
    isolation = option.isolation
    at_home = setting.household * isolation.home_household
    at_home += (1.0 - setting.household) * isolation.home_outside
    leak = 1.0 - option.compliance + option.compliance * at_home
    changed: dict[str, object] = {
        "mixing": mixing,
        "border": border,
        "found": found + by_symptoms(course, setting)[[LATENT, SILENT, ILL]],
        "traced": np.full((days, counties), recalled(option, setting)),
        "trace_delay_d": int(np.ceil(option.tracing.delay_h / DAY_H)),
        "rooms": rooms(option, province),
        "home_leak": np.full(counties, leak),
        "vaccine_infection": setting.vaccine_infection,
        "vaccine_severe": setting.vaccine_severe,
        "waning": setting.waning,
        "ending": endings(option, province, setting, days=days),
    }
    if setting.imports is not None:
        changed["imports"] = np.broadcast_to(setting.imports, (days, counties)).copy()
    if setting.vaccinated is not None:
        changed["vaccinated"] = setting.vaccinated
    return model.calm(province, days, **changed)
