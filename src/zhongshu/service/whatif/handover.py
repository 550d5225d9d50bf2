"""Counties of a province whose cases pass the threshold go on person by person."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zhongshu.engines.whatif.answers import Answer
from zhongshu.engines.whatif.counties import answering as engine
from zhongshu.engines.whatif.counties import couple, couple_match, couple_persons, model, plan
from zhongshu.engines.whatif.options import Option
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.kernel.disease.params import Care
from zhongshu.kernel.divisions import Division
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.rules.model import Pack
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import beginning, calibration, residents
from zhongshu.service.whatif import place as places
from zhongshu.service.whatif.place import Place

if TYPE_CHECKING:
    from zhongshu.service.whatif.compute import Asked

ALIKE = 0.2  # persons may be so much more or fewer than those counted, relative to these
TOO_MANY, NO_PEOPLE = "too_many", "no_people"
LEVELS = (0.1, 0.5, 0.9)
Row = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Counted:
    """What the counties say, and what it was made of."""

    asked: Asked
    where: Place
    rows: Sequence[Row]
    province: model.Province
    course: model.Course
    setting: plan.Setting
    compared: engine.Compared
    drawn: model.F64
    past: calibration.Recent


@dataclasses.dataclass(frozen=True)
class Taken:
    """A county taken over: its persons, and its start if it is taken over on the first day."""

    division: Division
    residents: residents.Residents
    match: couple_match.Match
    start: outbreak.Start | None


def hand_over(
    counted: Counted, pack: Pack, *, lake: Lake, seed: int
) -> tuple[Answer, dict[str, Any]]:
    """The answer with those counties put in, and what is told of it.

    At most so many counties as the pack says, those that pass most surely; one without persons to
    simulate stays counts, and is told.
    """
    threshold = int(pack.number("whatif.counties.handover_cases"))
    most = int(pack.number("whatif.counties.handover_most"))
    known = registered(counted)
    before = np.array([len(known[code]) for code in counted.province.codes], dtype=np.int64)
    futures = counted.compared.futures
    passed = np.stack([couple.passing(one, before, threshold=threshold) for one in futures])
    taken, left = _taken(counted, passed, most, pack, lake=lake, seed=seed)
    answer = counted.compared.answer
    if taken:
        answer = _coupled(counted, taken, pack, known, threshold=threshold, seed=seed)
    told = {
        "threshold": threshold,
        "counties": [_told(counted, one, passed, known) for one in taken],
        "left": [_shares(counted, one, passed) | {"reason": why} for one, why in left],
    }
    return answer, told


def registered(counted: Counted) -> dict[str, model.I64]:
    """Days on which the recent cases of each county were found, -1 is the day before the first."""
    first = beginning.Beginning(counted.asked.as_of).first_day
    return {
        county.code: np.array(
            [min((_day(row) - first).days, -1) for row in _of(counted.rows, county)],
            dtype=np.int64,
        )
        for county in counted.where.counties
    }


def _day(row: Row) -> dt.date:
    return beijing_day(row["confirmed_at"] or row["reported_at"])


def _of(rows: Sequence[Row], county: Division) -> list[Row]:
    return [row for row in rows if row["unit_path"].startswith(county.path)]


def _taken(
    counted: Counted, passed: model.I64, most: int, pack: Pack, *, lake: Lake, seed: int
) -> tuple[list[Taken], list[tuple[Division, str]]]:
    """Those that pass most surely, then earliest; the others that pass, and why they stay."""
    at = {code: n for n, code in enumerate(counted.province.codes)}
    reached = (passed != couple.NOT_HANDED).mean(axis=(0, 1))
    soon = np.where(passed == couple.NOT_HANDED, counted.asked.days, passed).mean(axis=(0, 1))
    some = [one for one in counted.where.counties if reached[at[one.code]] > 0]
    some.sort(key=lambda one: (soon[at[one.code]], one.code))
    taken: list[Taken] = []
    left: list[tuple[Division, str]] = []
    for one in some:
        if len(taken) >= most:
            left.append((one, TOO_MANY))
            continue
        first_day = bool((passed[:, :, at[one.code]] == 0).all())
        made = _persons(counted, one, pack, first_day=first_day, lake=lake, seed=seed)
        if made is None:
            left.append((one, NO_PEOPLE))
        else:
            taken.append(made)
    return taken, left


def _persons(
    counted: Counted, county: Division, pack: Pack, *, first_day: bool, lake: Lake, seed: int
) -> Taken | None:
    """None: not as many persons as are counted there, or too few to match the two models."""
    as_of = counted.asked.as_of
    try:
        around = residents.of(
            places.place(units.get(county.code)), lake=lake, as_of=as_of, seed=seed
        )
        people = around.population
        there = counted.province.people[counted.province.codes.index(county.code)].sum()
        if abs(len(people) - there) > ALIKE * there:
            return None
        match = couple_match.match(
            people, _model(counted, pack), counted.province, counted.course, counted.setting,
            seed=seed,
        )  # fmt: skip
        start = _start(counted, county, people, pack, seed=seed) if first_day else None
    except (BadInput, NotFound):
        return None
    return Taken(county, around, match, start)


def _start(
    counted: Counted, county: Division, people: Population, pack: Pack, *, seed: int
) -> outbreak.Start:
    asked = counted.asked
    return beginning.start(
        _of(counted.rows, county),
        people,
        asked.as_of,
        seed=seed,
        isolation_d=max((one.isolation.days for one in asked.options), default=0),
        placed_h=pack.number("whatif.start.placed_h"),
    )


def _model(counted: Counted, pack: Pack) -> outbreak.Model:
    care = dataclasses.replace(Care(), seeking=pack.number("whatif.care.seeking"))
    return outbreak.Model(care=care, traced=counted.past.in_force.tracing)


def _coupled(
    counted: Counted,
    taken: Sequence[Taken],
    pack: Pack,
    known: Mapping[str, model.I64],
    *,
    threshold: int,
    seed: int,
) -> Answer:
    """The counties name as many contacts of a case as the persons of the largest one do."""
    asked, persons = counted.asked, _model(counted, pack)
    largest = max(taken, key=lambda one: len(one.residents.population))
    setting = dataclasses.replace(
        counted.setting,
        contacts_per_case=couple_match.contacts_per_case(
            largest.residents.population, persons, _tracing(asked.options), counted.setting,
            seed=seed,
        ),
    )  # fmt: skip
    several = tuple(asked.options)
    parts = (counted.province, counted.course)
    futures = counted.compared.futures
    runs = engine.table(*parts, several, futures, setting=setting)
    answer = dataclasses.replace(counted.compared.answer, runs=runs)
    individual = couple_persons.OutbreakModel(
        populations={one.division.code: one.residents.population for one in taken},
        model=persons,
        seed=seed,
        starts={one.division.code: one.start for one in taken if one.start is not None},
        turns={one.division.code: _turns(one, counted.drawn, persons) for one in taken},
    )
    return couple.hand_over(
        couple.Asked(*parts, setting, several),
        engine.Compared(answer, futures),
        individual,
        threshold=threshold,
        registered=known,
    ).answer


def _tracing(several: Sequence[Option]) -> Option:
    """The option that looks deepest for contacts."""
    return max(several, key=lambda one: one.tracing.depth)


def _turns(one: Taken, drawn: model.F64, persons: outbreak.Model) -> model.F64:
    factor = one.match.transmission(drawn[:, 0])
    return np.column_stack((factor, np.full(len(factor), persons.care.seeking)))


def _told(
    counted: Counted, one: Taken, passed: model.I64, known: Mapping[str, model.I64]
) -> dict[str, Any]:
    """first_day: of the question where the registered cases are enough, else null: it depends on
    the run."""
    days = _shares(counted, one.division, passed)
    factor = one.match.transmission(counted.drawn[:, 0])
    return days | {
        "registered": len(known[one.division.code]),
        "reason": "simulated" if one.start is None else "registered",
        "people": len(one.residents.population),
        "synthetic": one.residents.synthetic,
        "transmission": float(np.median(factor)),
    }


def _shares(counted: Counted, county: Division, passed: model.I64) -> dict[str, Any]:
    """Of each option: in which share of the runs the county passes, and on which day then."""
    at = counted.province.codes.index(county.code)
    first = beginning.Beginning(counted.asked.as_of).first_day
    rows = []
    for option, runs in zip(counted.asked.options, passed[:, :, at], strict=True):
        when = runs[runs != couple.NOT_HANDED]
        days = [
            (first + dt.timedelta(days=int(one))).isoformat()
            for one in np.quantile(when, LEVELS, method="nearest")
        ] if when.size else [None] * len(LEVELS)  # fmt: skip
        rows.append({
            "option": option.name,
            "share": float((runs != couple.NOT_HANDED).mean()),
            "day_q10": days[0],
            "day_q50": days[1],
            "day_q90": days[2],
        })  # fmt: skip
    return {"code": county.code, "name": county.name, "options": rows}
