"""How a comparison begins: the registered cases, as known at a moment."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from zhongshu.engines.whatif.outbreak.model import NEVER, Start
from zhongshu.engines.whatif.outbreak.population import I32, Population
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts

HOUR_S, DAY_H = 3600, 24


@dataclasses.dataclass(frozen=True)
class Beginning:
    """The first simulated day is the day after `as_of`; hour 0 is its 00:00, Beijing time."""

    as_of: dt.datetime

    @property
    def first_day(self) -> dt.date:
        return beijing_day(self.as_of) + dt.timedelta(days=1)

    def hour(self, moment: dt.datetime) -> int:
        """Hours from hour 0, at most 0."""
        since = moment - start_of_day(self.first_day)
        return min(0, int(since.total_seconds() // HOUR_S))

    def day(self, date: dt.date | None) -> int:
        """Days from the first; NEVER where unknown or not in the past."""
        if date is None or date >= self.first_day:
            return NEVER
        return (date - self.first_day).days


def registered(path: str, as_of: dt.datetime, *, window_d: int) -> list[Mapping[str, Any]]:
    """Cases of the unit found in the last days; whom older ones infected would be known by now.
    Refuses (BadInput) a unit without one."""
    since = as_of - dt.timedelta(days=window_d)
    found = [
        row
        for row in cases.open_cases(as_of).to_pylist()
        if row["unit_path"].startswith(path)
        and (row["confirmed_at"] or row["reported_at"]) >= since
    ]
    if not found:
        raise BadInput(
            "whatif.no_cases",
            f"No case of this unit was found in the last {window_d} days; a what-if starts from"
            " registered cases.",
            days=window_d,
        )
    return found


def start(
    rows: list[Mapping[str, Any]],
    population: Population,
    as_of: dt.datetime,
    *,
    seed: int,
    isolation_d: int,
    placed_h: float | None = None,
    unseen: float = 0.0,
    unseen_d: int = 14,
) -> Start:
    """Cases where they live, ill and infected when that is known, and contacts in isolation.

    placed_h: who was found or isolated so many hours ago or earlier has a room or a bed, for what
    is reported counts those that are free; None: everybody asks for one.  unseen, unseen_d: as
    `Start` has them, anywhere in the county.
    """
    begin = Beginning(as_of)
    at = {name: n for n, name in enumerate(population.ids)}
    once = list({row["person"]: row for row in reversed(rows)}.values())
    seats = _seats(once, population, at, seed)
    exposed = _exposed(as_of)
    onset = np.array([begin.day(row["onset_date"]) for row in once], dtype=np.int32)
    infected = np.array([begin.day(exposed.get(row["person"])) for row in once], dtype=np.int32)
    # An exposure on the day of onset or after it was not the one that infected.
    infected[(onset != NEVER) & (infected >= onset)] = NEVER
    found_h = np.array(
        [begin.hour(row["confirmed_at"] or row["reported_at"]) for row in once], dtype=np.int32
    )
    since_h = {
        row["person"]: begin.hour(row["isolated_from"])
        for row in contacts.isolations(as_of).to_pylist()
    }
    return Start(
        person=seats,
        infected_day=infected,
        onset_day=onset,
        found_h=found_h,
        apart_h=_apart([row["person"] for row in once], found_h, since_h, isolation_d),
        isolated=_isolated(since_h, at, set(seats.tolist()), isolation_d),
        placed_h=-NEVER if placed_h is None else begin.hour(as_of) - round(placed_h),
        unseen=unseen,
        unseen_d=unseen_d,
    )


def _seats(
    rows: list[Mapping[str, Any]], population: Population, at: Mapping[str, int], seed: int
) -> I32:
    """Himself where he is on file; else somebody of his village, else of the county, by chance."""
    rng = stream(seed, "whatif-start")
    # Those on file first, so that nobody by chance sits where one of them does.
    own = [at.get(str(row["person"])) for row in rows]
    taken = {known for known in own if known is not None}
    out = []
    for row, known in zip(rows, own, strict=True):
        cells = population.units.get(row["unit"], np.zeros(0, dtype=np.int32))
        out.append(_somebody(population, cells, taken, rng) if known is None else known)
        taken.add(out[-1])
    return np.array(out, dtype=np.int32)


def _somebody(population: Population, cells: I32, taken: set[int], rng: np.random.Generator) -> int:
    starts = population.people.cell_start
    while True:
        if len(cells):
            cell = int(rng.choice(cells))
            who = int(rng.integers(starts[cell], starts[cell + 1]))
        else:
            who = int(rng.integers(len(population)))
        if who not in taken:
            return who
        cells = cells[:0]  # a full cell must not hold us up


def _exposed(as_of: dt.datetime) -> dict[int, dt.date]:
    """Person to the day on which he met a case, where all of it was on one day."""
    days: dict[int, set[dt.date]] = {}
    for row in contacts.known(as_of).to_pylist():
        if row["is_case"] and row["degree"] == 1:
            span = {beijing_day(row["first_exposure"]), beijing_day(row["last_exposure"])}
            days.setdefault(row["person"], set()).update(span)
    return {person: min(span) for person, span in days.items() if len(span) == 1}


def _apart(persons: list[Any], found_h: I32, since_h: Mapping[Any, int], isolation_d: int) -> I32:
    """Hour from which each case was kept apart: as a contact, where he was found in quarantine."""
    out = found_h.copy()
    for at, person in enumerate(persons):
        since = since_h.get(person, NEVER)
        if since < found_h[at] <= since + isolation_d * DAY_H:
            out[at] = since
    return out


def _isolated(
    since_h: Mapping[Any, int], at: Mapping[str, int], cases_at: set[int], isolation_d: int
) -> I32:
    """(person, from, to hour) of contacts in isolation; nobody knows them among made people."""
    rows = []
    for person, since in since_h.items():
        who = at.get(str(person))
        if who is not None and who not in cases_at and since + isolation_d * DAY_H > 0:
            rows.append((who, since, since + isolation_d * DAY_H))
    return np.array(rows, dtype=np.int32).reshape(len(rows), 3)
