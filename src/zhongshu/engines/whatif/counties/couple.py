"""A county that passes a threshold is handed to a model of persons: `hand_over(...)`.

Counts are enough while a county has few cases and nobody knows them; once its headquarters has
chains, the individual model answers better.  What is handed over is what would be registered, the
days on which cases were found and the contacts kept apart, and how many are at large.  From
that day on everything that is measured of the county is what the individual model says; the other
counties keep what the county model said of them (their exchange with the county handed over is not
computed anew).
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import numpy as np

from zhongshu.engines.whatif import answers, options
from zhongshu.engines.whatif.counties import measured, plan
from zhongshu.engines.whatif.counties.answering import Compared
from zhongshu.engines.whatif.counties.model import (
    AT_LARGE,
    F64,
    FOUND,
    I64,
    TRACED,
    Course,
    Futures,
    Province,
)
from zhongshu.engines.whatif.counties.plan import Setting
from zhongshu.kernel.errors import BadInput

DAY_H = 24
NOT_HANDED = -1
LARGEST, LEAST, LAST = "lab_hours", "p_no_community_case", "p_released"
FIRST_FULL = ("p_rooms_out", "p_beds_out")


@dataclasses.dataclass(frozen=True)
class Handover:
    """One county of one run on the morning of a day, under one option.

    option: as much of it as the county has, hours counted from the first day of the question.
    days: of the question; those from `day` on are left.
    found_d: (k,) day on which each case was found, counted from that morning: -1 is yesterday.
    kept_d: (m,) day on which each contact who is not infected and is still kept apart began to
        be, likewise.
    at_large: infected and not kept apart that morning, by the counts; 0 on the first day, before
        which they have not counted.
    ended: first day on which an area of `option` holds no more, by its place; those not over yet
        are left out.
    """

    county: str
    run: int
    option: options.Option
    day: int
    days: int
    found_d: I64
    kept_d: I64
    ended: Mapping[int, int]
    at_large: int = 0


class Individual(Protocol):
    """A model of persons that can take counties over."""

    @property
    def counties(self) -> Collection[str]:
        """Codes of those it has persons of."""
        ...

    def levelled(self, handovers: Sequence[Handover]) -> Individual:
        """The model that begins at the level of the counts, given all handovers of an option."""
        ...

    def take_over(self, handover: Handover) -> Mapping[str, F64]:
        """(days left,) of each measure of `answers.measures` that it knows."""
        ...


@dataclasses.dataclass(frozen=True)
class Coupled:
    """answer: with the counties handed over put in; handed: (options, runs, counties) day of the
    handover, -1 for none; passed: the same, of counties for which there are no persons too."""

    answer: answers.Answer
    handed: I64
    passed: I64


@dataclasses.dataclass(frozen=True)
class Asked:
    """What the comparison was made of, see `answering.compare`."""

    province: Province
    course: Course
    setting: Setting
    several: Sequence[options.Option]


def passing(futures: Futures, registered: I64, *, threshold: int) -> I64:
    """(runs, counties) the morning after so many cases were known, 0 where they are registered
    already, -1 where never in time: a county that passes on the last day stays as it is."""
    if threshold < 1:
        raise BadInput(
            "whatif.threshold", "A county can be handed over from its first case on, not before."
        )
    counted = futures.counted
    known = (counted[..., FOUND] + counted[..., TRACED]).astype(np.int64)
    enough = np.cumsum(known, axis=1)[:, :-1] + registered >= threshold
    day = np.where(enough.any(axis=1), enough.argmax(axis=1) + 1, NOT_HANDED)
    return np.where(registered >= threshold, 0, day).astype(np.int64)


def hand_over(
    asked: Asked,
    compared: Compared,
    individual: Individual,
    *,
    threshold: int,
    registered: Mapping[str, I64] | None = None,
    threads: int = 2,
) -> Coupled:
    """Hand every county of every run over when so many cases are known in it.

    registered: days on which the cases known before the first day were found, -1 is the day
    before it.  Refuses a threshold below one: without a registered case no chain can start.
    """
    known = registered or {}
    codes = asked.province.codes
    before = np.array([len(known.get(code, ())) for code in codes], dtype=np.int64)
    passed = np.stack([passing(one, before, threshold=threshold) for one in compared.futures])
    mine = np.array([code in individual.counties for code in codes])
    handed = np.where(mine, passed, NOT_HANDED)
    runs = compared.answer.runs.copy()
    for at, (option, futures) in enumerate(zip(asked.several, compared.futures, strict=True)):
        if (handed[at] == NOT_HANDED).all():
            continue
        rest = _rest(asked, option, futures, handed[at])
        told = _told(
            asked, option, futures, handed[at], individual, registered=known, threads=threads
        )
        for (run, _), (day, one) in told.items():
            _put_in(rest, run, day, one)
        _close(option, rest)
        for position, name in enumerate(compared.answer.measures):
            if name in rest:
                runs[at, :, :, position] = rest[name]
    answer = dataclasses.replace(compared.answer, runs=runs)
    return Coupled(answer=answer, handed=handed, passed=passed)


def _rest(asked: Asked, option: options.Option, futures: Futures, handed: I64) -> dict[str, F64]:
    """The measures of what is not handed over."""
    days = np.arange(futures.counted.shape[1])[:, None]
    kept = (handed[:, None, :] == NOT_HANDED) | (days < handed[:, None, :])
    columns = measured.measured(
        option, asked.province, asked.course, asked.setting, futures, kept=kept
    )
    return {name: np.array(table) for name, table in columns.items()}


def _told(
    asked: Asked,
    option: options.Option,
    futures: Futures,
    handed: I64,
    individual: Individual,
    *,
    registered: Mapping[str, I64],
    threads: int,
) -> dict[tuple[int, int], tuple[int, Mapping[str, F64]]]:
    """(run, county) to the day of the handover and what the individual model says from it on."""
    pairs = [(int(run), int(county)) for run, county in np.argwhere(handed != NOT_HANDED)]
    parts = {county: own_part(option, asked.province, county) for _, county in pairs}
    kept = measured.contacts(option, asked.province, asked.setting, futures)

    def of(pair: tuple[int, int]) -> Handover:
        run, county = pair
        day = int(handed[pair])
        part, places = parts[county]
        counted = futures.counted[run, :, county]
        found = (counted[:day, FOUND] + counted[:day, TRACED]).astype(np.int64)
        code = asked.province.codes[county]
        earlier = np.asarray(registered.get(code, ()), dtype=np.int64) - day
        return Handover(
            county=code,
            run=run,
            option=part,
            day=day,
            days=futures.counted.shape[1],
            found_d=np.concatenate((earlier, np.repeat(np.arange(day) - day, found))),
            kept_d=_kept(option, kept[0][run, :day, county], kept[1][run, :day, county]),
            ended=_ended(option, futures.ended[run], places, day),
            at_large=int(counted[day - 1, AT_LARGE]) if day else 0,
        )

    handovers = [of(pair) for pair in pairs]
    levelled = individual.levelled(handovers)
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        told = pool.map(levelled.take_over, handovers)
        return {
            pair: (one.day, said) for pair, one, said in zip(pairs, handovers, told, strict=True)
        }


def _kept(option: options.Option, newly: F64, inside: F64) -> I64:
    """When those began who are kept apart: the latest ones, whose cases have been traced."""
    day, delay = newly.size, untraced_d(option)
    if not day or option.isolation.contacts == "none":
        return np.zeros(0, dtype=np.int64)
    traced = np.arange(day) < day - delay
    rows = np.repeat(np.arange(day) - day, (newly * traced).astype(np.int64))
    return np.asarray(rows[rows.size - min(rows.size, int(inside[-1])) :], dtype=np.int64)


def untraced_d(option: options.Option) -> int:
    """Days whose cases' contacts have not been looked for yet."""
    return max(1, -(-option.tracing.delay_h // DAY_H))


def _ended(
    option: options.Option, ended: I64, places: Mapping[int, int], day: int
) -> dict[int, int]:
    """Of the areas in the county's part: which have ended by themselves by that day, and when."""
    itself = [n for n, area in enumerate(option.areas) if plan.ends_itself(area, option)]
    rows = {place: int(ended[n]) for n, place in enumerate(itself)}
    return {mine: rows[n] for n, mine in places.items() if n in rows and rows[n] <= day}


def own_part(
    option: options.Option, province: Province, county: int
) -> tuple[options.Option, dict[int, int]]:
    """As much of an option as a county has, and the new place of each area it has.

    Rooms, beds and vehicles by people, as the county model shares them out; sampling and
    laboratory by the people of rounds; capacities nobody limits stay so.
    """
    code = province.codes[county]
    by_people = float(province.people[county].sum() / province.people.sum())
    by_round = _share_of_rounds(option, province, county)
    means = option.capacities
    areas = [n for n, one in enumerate(option.areas) if not one.units or code in one.units]
    part = dataclasses.replace(
        option,
        areas=tuple(dataclasses.replace(option.areas[n], units=(code,)) for n in areas),
        rounds=tuple(
            dataclasses.replace(one, units=(code,))
            for one in option.rounds
            if not one.units or code in one.units
        ),
        capacities=dataclasses.replace(
            means,
            rooms=_shared(means.rooms, by_people),
            beds=_shared(means.beds, by_people),
            tests_per_day=_some(means.tests_per_day, by_round),
            lab_tubes_h=None if means.lab_tubes_h is None else means.lab_tubes_h * by_round,
            transfers_per_day=_some(means.transfers_per_day, by_people),
        ),
        costs=(),
    )
    return part, {n: mine for mine, n in enumerate(areas)}


def _share_of_rounds(option: options.Option, province: Province, county: int) -> float:
    """Of all people called to rounds, those of the county; by people where nobody is called."""
    people = province.people.sum(axis=1).astype(float)
    called = np.zeros(people.size)
    for series in option.rounds:
        called += people * plan.inside(series.units, province) * series.coverage * series.count
    called = called if called.sum() > 0 else people
    return float(called[county] / called.sum())


def _shared(tiers: tuple[tuple[str, int], ...], share: float) -> tuple[tuple[str, int], ...]:
    return tuple((tier, round(count * share)) for tier, count in tiers)


def _some(count: int | None, share: float) -> int | None:
    return None if count is None else round(count * share)


def _put_in(rest: dict[str, F64], run: int, day: int, one: Mapping[str, F64]) -> None:
    """Add what the individual model says of a county from a day on."""
    for name, values in one.items():
        if name not in rest:
            continue
        row = rest[name][run, day:]
        if name in FIRST_FULL or name == LARGEST:
            np.maximum(row, values, out=row)
        elif name in {LEAST, LAST}:
            np.minimum(row, np.where(np.isnan(values), row, values), out=row)
        else:
            row += values


def _close(option: options.Option, rest: dict[str, F64]) -> None:
    """What follows from the others: since when, whether all is over, and cost."""
    for name in FIRST_FULL:
        rest[name] = np.maximum.accumulate(rest[name], axis=1)
    if option.restricts and option.clear_d is not None:
        rest[LAST] = _clear_for(rest["detected_community"], option.clear_d)
    none = np.zeros_like(rest["infections"])
    rest["cost"] = np.asarray(sum((price * rest[name] for name, price in option.costs), none))


def _clear_for(found: F64, days: int) -> F64:
    """(runs, days) whether there were so many days without a case in the community by then."""
    clear, streak = np.zeros_like(found), np.zeros(found.shape[0])
    for day in range(found.shape[1]):
        streak = np.where(found[:, day] == 0, streak + 1, 0)
        clear[:, day] = streak >= days
    return np.asarray(np.maximum.accumulate(clear, axis=1))
