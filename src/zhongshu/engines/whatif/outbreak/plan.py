"""An option as arrays for the compiled kernels."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif.options import (
    AREA_KINDS,
    WHERE_CASES,
    WHERE_CONTACTS,
    Option,
    check_units,
)
from zhongshu.engines.whatif.outbreak.closeness import close
from zhongshu.engines.whatif.outbreak.model import DAY_H, NEVER, Start
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.feeds import PLACE_KINDS

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
LOCKDOWN, STATIC, VENUES_CLOSED = range(len(AREA_KINDS))
PLENTY = 2**30


class Plan(NamedTuple):
    """a areas, r rounds (each held once), t tiers of rooms, b of beds, c closures.

    cell_areas, cell_rounds: (cells,) bits of the areas, and of the series of rounds, that hold it.
    area: (a, 4) from hour, to hour, kind, days clear; area_share: (a, 2) strictness, compliance.
    round_series (r,); round_start, round_last: (r,) hours; round_people (r,): who is called.
    round_share: (r, 4) sensitivity, power of the load, coverage, pool size.
    closed: (c, 3) kind, from, to hour; closed_share (c,).
    close: (kinds, 2) share of meetings in places that are near, least hours together of a contact.
    """

    cell_areas: NDArray[np.uint32]
    cell_rounds: NDArray[np.uint32]
    area: I32
    area_share: F64
    round_series: I32
    round_start: F64
    round_hours: F64
    round_people: F64
    round_share: F64
    closed: I32
    closed_share: F64
    masks: F64
    mask_hours: I32
    depth: int
    delay_h: int
    recall: F64
    close: F64
    since_d: int
    false_per_case: float
    contacts_where: int
    cases_where: int
    days: int
    case_days: int
    tests_d: I32
    test_sensitivity: float
    home_household: float
    home_outside: float
    compliance: float
    rooms: I32
    beds: I32
    lab_tubes_h: float
    lab_hours: float
    transfers: int
    clear_d: int


def plan(option: Option, population: Population, days: int) -> Plan:
    """Refuses an option that names areas the population does not have."""
    check_units(option, set(population.units))
    area, areas = _areas(option, population)
    rounds = _rounds(option, population, days)
    tracing, isolation, means = option.tracing, option.isolation, option.capacities
    return Plan(
        cell_areas=areas,
        area=area,
        area_share=_rows([(one.strictness, one.compliance * option.compliance)
                          for one in option.areas], 2),
        **rounds,
        closed=_rows([(PLACE_KINDS.index(one.kind), one.from_hour, _last(one.to_hour))
                      for one in option.closures], 3).astype(np.int32),
        closed_share=np.array([one.share for one in option.closures], dtype=np.float64),
        masks=np.array([option.masks.share, option.masks.effect], dtype=np.float64),
        mask_hours=np.array([option.masks.from_hour, _last(option.masks.to_hour)], dtype=np.int32),
        depth=tracing.depth,
        delay_h=tracing.delay_h,
        recall=np.array([tracing.recall_home, tracing.recall, tracing.recall_places,
                         tracing.recall_community, 0.0]),
        close=close(tracing),
        since_d=tracing.since_d,
        false_per_case=float(tracing.false_per_case),
        contacts_where=WHERE_CONTACTS.index(isolation.contacts),
        cases_where=WHERE_CASES.index(isolation.cases),
        days=isolation.days,
        case_days=isolation.case_days,
        tests_d=np.array(isolation.tests_d, dtype=np.int32),
        test_sensitivity=float(isolation.sensitivity),
        home_household=float(isolation.home_household),
        home_outside=float(isolation.home_outside),
        compliance=float(option.compliance),
        rooms=_tiers(means.rooms),
        beds=_tiers(means.beds),
        lab_tubes_h=float(means.lab_tubes_h) if means.lab_tubes_h is not None else np.inf,
        lab_hours=float(means.lab_hours),
        transfers=PLENTY if means.transfers_per_day is None else means.transfers_per_day,
        clear_d=-1 if option.clear_d is None else option.clear_d,
    )  # fmt: skip


def placed(plan_: Plan, start: Start) -> Plan:
    """With room in the first tier for those who have a place already."""
    contacts, cases = start.placed(plan_.case_days)
    rooms, beds = plan_.rooms.copy(), plan_.beds.copy()
    if plan_.contacts_where == WHERE_CONTACTS.index("central"):
        rooms[0] += contacts
    if plan_.cases_where == WHERE_CASES.index("central"):
        rooms[0] += cases
    if plan_.cases_where == WHERE_CASES.index("hospital"):
        beds[0] += cases
    return plan_._replace(rooms=rooms, beds=beds)


def _last(hour: int | None) -> int:
    return NEVER if hour is None else hour


def _rows(rows: list[tuple[float, ...]], width: int) -> F64:
    return np.array(rows, dtype=np.float64).reshape(len(rows), width)


def _tiers(rows: tuple[tuple[str, int], ...]) -> I32:
    return np.array([count for _, count in rows] or [PLENTY], dtype=np.int32)


def _cells_of(units: tuple[str, ...], population: Population) -> I32:
    cells = len(population.people.cell_start) - 1
    if not units:
        return np.arange(cells, dtype=np.int32)
    return np.unique(np.concatenate([population.units[code] for code in units]))


def _areas(option: Option, population: Population) -> tuple[I32, NDArray[np.uint32]]:
    bits = np.zeros(len(population.people.cell_start) - 1, dtype=np.uint32)
    rows: list[tuple[float, ...]] = []
    for n, one in enumerate(option.areas):
        bits[_cells_of(one.units, population)] |= np.uint32(1 << n)
        clear = -1 if one.release_clear_d is None else one.release_clear_d
        rows.append((one.from_hour, _last(one.to_hour), AREA_KINDS.index(one.kind), clear))
    return _rows(rows, 4).astype(np.int32), bits


def _rounds(option: Option, population: Population, days: int) -> dict[str, Any]:
    """Each round held; one that the capacity does not allow in its hours lasts longer, and the
    next begins when it is over."""
    bits = np.zeros(len(population.people.cell_start) - 1, dtype=np.uint32)
    residents = np.diff(population.people.cell_start)
    a_day = option.capacities.tests_per_day
    held: list[tuple[float, ...]] = []
    for n, series in enumerate(option.rounds):
        cells = _cells_of(series.units, population)
        bits[cells] |= np.uint32(1 << n)
        people = float(residents[cells].sum())
        if a_day == 0:
            continue
        hours = max(series.hours, people * series.coverage / a_day * DAY_H if a_day else 0.0)
        power = 1.0 + series.dilution_loss * np.log2(series.pool_size)
        start = float(series.start_hour)
        for number in range(series.count):
            start = max(start, series.start_hour + number * series.every_d * DAY_H)
            if start < days * DAY_H:
                held.append((n, start, hours, people, series.sensitivity, power, series.coverage,
                             series.pool_size))  # fmt: skip
            start += hours
    table = _rows(held, 8)
    return {
        "cell_rounds": bits,
        "round_series": table[:, 0].astype(np.int32),
        "round_start": table[:, 1].copy(),
        "round_hours": table[:, 2].copy(),
        "round_people": table[:, 3].copy(),
        "round_share": table[:, 4:].copy(),
    }


def check_costs(option: Option, measures: tuple[str, ...]) -> F64:
    """(measures,) cost of one of each.  Refuses a measure that does not exist, and `cost`."""
    costs = np.zeros(len(measures))
    for name, each in option.costs:
        if name not in measures or name == "cost" or each < 0:
            raise BadInput(
                "whatif.cost",
                f"Option {option.name!r} gives a cost for {name!r}: name a measure of the answer,"
                " with a cost of at least zero.",
                option=option.name,
            )
        costs[measures.index(name)] = each
    return costs
