"""Who lives with whom, works and learns with whom, and goes where: the arrays of the simulation.

People lie in the order of their cells and households, so that a household and a cell are ranges.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.whatif.outbreak.protection import NONE as NO_DOSES
from zhongshu.engines.whatif.outbreak.protection import Doses
from zhongshu.engines.whatif.outbreak.protection import read as read_doses
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.feeds import PLACE_KINDS

I32 = NDArray[np.int32]
F32 = NDArray[np.float32]


class People(NamedTuple):
    """What the compiled simulation reads.  n people, h households, c cells, g groups, p places.

    household (n,); home_start (h+1,); home_cell (h,); cell_start (c+1,); age (n,) years.
    group (n,) or -1; group_at (n,) position in `group_member`; group_start (g+1,);
    group_member; group_kind (g,) index in PLACE_KINDS.
    visit_start (n+1,); visit_place; visit_often: visits a day, or empty: `kind_often` of the kind.
    place_start (p+1,); place_member: who goes there; place_kind, place_cell (p,);
    place_most (p,): the largest visits a day of a visitor, or empty.
    shield (n, 3): share by which a vaccine lowers susceptibility, infectiousness, severity at the
    start, or (0, 3); it wanes from then on.
    dose_start (n+1,) or (0,): nobody's doses are known; dose_day: of each dose, earliest first.
    """

    household: I32
    home_start: I32
    home_cell: I32
    cell_start: I32
    age: NDArray[np.uint8]
    group: I32
    group_at: I32
    group_start: I32
    group_member: I32
    group_kind: NDArray[np.int8]
    visit_start: I32
    visit_place: I32
    visit_often: F32
    kind_often: F32
    place_start: I32
    place_member: I32
    place_kind: NDArray[np.int8]
    place_cell: I32
    place_most: F32
    shield: F32
    dose_start: I32
    dose_day: I32


@dataclasses.dataclass(frozen=True)
class Population:
    """units: cells of each unit code and cell id that options may name.
    ids: identity of each person as the tables had it; empty for synthetic people."""

    people: People
    units: Mapping[str, I32]
    ids: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.people.household)

    @property
    def nbytes(self) -> int:
        return sum(part.nbytes for part in self.people)

    def positions(self, ids: list[str]) -> I32:
        """Where people stand.  Refuses an id it does not have."""
        at = {name: n for n, name in enumerate(self.ids)}
        missing = [name for name in ids if name not in at]
        if missing:
            raise _does_not_add_up(f"{len(missing)} people of the cases are not in it")
        return np.array([at[name] for name in ids], dtype=np.int32)


@njit(cache=True)
def _members(of, count):  # type: ignore[no-untyped-def]
    """(starts, members, own position): who belongs to each of `count`, -1 to none."""
    starts = np.zeros(count + 1, dtype=np.int32)
    for one in of:
        if one >= 0:
            starts[one + 1] += 1
    for index in range(count):
        starts[index + 1] += starts[index]
    fill = starts[:-1].copy()
    members = np.empty(starts[count], dtype=np.int32)
    at = np.full(of.shape[0], -1, dtype=np.int32)
    for who in range(of.shape[0]):
        one = of[who]
        if one >= 0:
            members[fill[one]] = who
            at[who] = fill[one]
            fill[one] += 1
    return starts, members, at


@njit(cache=True)
def _visitors(visit_start, visit_place, count):  # type: ignore[no-untyped-def]
    """(starts, members): the visitors of each place, from the places of each visitor."""
    starts = np.zeros(count + 1, dtype=np.int32)
    for place in visit_place:
        starts[place + 1] += 1
    for index in range(count):
        starts[index + 1] += starts[index]
    fill = starts[:-1].copy()
    members = np.empty(visit_place.shape[0], dtype=np.int32)
    for who in range(visit_start.shape[0] - 1):
        for visit in range(visit_start[who], visit_start[who + 1]):
            members[fill[visit_place[visit]]] = who
            fill[visit_place[visit]] += 1
    return starts, members


def assemble(
    *,
    household: I32,
    home_cell: I32,
    age: NDArray[np.uint8],
    units: Mapping[str, I32],
    group: I32 | None = None,
    group_kind: NDArray[np.int8] | None = None,
    visit_start: I32 | None = None,
    visit_place: I32 | None = None,
    visit_often: F32 | None = None,
    kind_often: F32 | None = None,
    place_kind: NDArray[np.int8] | None = None,
    place_cell: I32 | None = None,
    shield: F32 | None = None,
    doses: Doses = NO_DOSES,
    ids: tuple[str, ...] = (),
) -> Population:
    """A population from its parts (`People` has the shapes); what is left out does not exist.

    Refuses people who are not in the order of households, and households not in that of cells.
    """
    count = len(household)
    often = kind_often if kind_often is not None else np.zeros(len(PLACE_KINDS), dtype=np.float32)
    people = People(
        age=age,
        **_homes(household, home_cell),
        **_colleagues(count, group, group_kind),
        **_visited(count, visit_start, visit_place, visit_often, place_kind),
        kind_often=often,
        place_cell=place_cell if place_cell is not None else np.zeros(0, dtype=np.int32),
        shield=shield if shield is not None else np.zeros((0, 3), dtype=np.float32),
        **doses._asdict(),
    )
    return Population(people, units, ids)


def _homes(household: I32, home_cell: I32) -> dict[str, Any]:
    homes = len(home_cell)
    in_order = (
        len(household) > 0 and (np.diff(household) >= 0).all() and (np.diff(home_cell) >= 0).all()
    )
    if not in_order or household[0] != 0 or household[-1] != homes - 1:
        raise _does_not_add_up("people are not in the order of households and cells")
    home_start = np.searchsorted(household, np.arange(homes + 1)).astype(np.int32)
    first_home = np.searchsorted(home_cell, np.arange(int(home_cell[-1]) + 2))
    return {
        "household": household,
        "home_start": home_start,
        "home_cell": home_cell,
        "cell_start": home_start[first_home],
    }


def _colleagues(
    count: int, group: I32 | None, group_kind: NDArray[np.int8] | None
) -> dict[str, Any]:
    group = group if group is not None else np.full(count, -1, dtype=np.int32)
    kinds = group_kind if group_kind is not None else np.zeros(0, dtype=np.int8)
    starts, members, at = _members(group, len(kinds))
    return {
        "group": group,
        "group_at": at,
        "group_start": starts,
        "group_member": members,
        "group_kind": kinds,
    }


def _visited(
    count: int,
    visit_start: I32 | None,
    visit_place: I32 | None,
    visit_often: F32 | None,
    place_kind: NDArray[np.int8] | None,
) -> dict[str, Any]:
    starts = visit_start if visit_start is not None else np.zeros(count + 1, dtype=np.int32)
    visited = visit_place if visit_place is not None else np.zeros(0, dtype=np.int32)
    often = visit_often if visit_often is not None else np.zeros(0, dtype=np.float32)
    places = place_kind if place_kind is not None else np.zeros(0, dtype=np.int8)
    place_start, members = _visitors(starts, visited, len(places))
    most = np.zeros(len(places) if len(often) else 0, dtype=np.float32)
    np.maximum.at(most, visited[: len(often)], often)
    return {
        "visit_start": starts,
        "visit_place": visited,
        "visit_often": often,
        "place_start": place_start,
        "place_member": members,
        "place_kind": places,
        "place_most": most,
    }


def from_tables(
    persons: pa.Table, groups: pa.Table, visits: pa.Table, *, first_day: dt.date | None = None
) -> Population:
    """The people the headquarters knows.

    persons: person, household, unit_code (text), age (years), and, where known, the shares of
        vaccine protection at the start `shield_infection`, `shield_onward`, `shield_severe`, or
        the dates of a person's doses `doses` (a list), which need `first_day`, that of hour 0.
    groups: person, group, kind (of PLACE_KINDS): work, school class; one for each person at most.
    visits: person, place, kind, unit_code (of the place), per_day: visits a day.
    Refuses (`BadInput`) people twice, a household in two units, visits of unknown people, unknown
    kinds and what is negative.
    """
    rows = persons.sort_by([("unit_code", "ascending"), ("household", "ascending")])
    who = rows["person"].to_pylist()
    at = {name: n for n, name in enumerate(who)}
    if len(at) != len(who) or not who:
        raise _does_not_add_up("it is empty or has people twice")
    units = np.array(rows["unit_code"].to_pylist())
    homes = np.array(rows["household"].to_pylist())
    if None in units.tolist() or None in homes.tolist() or rows["age"].null_count:
        raise _does_not_add_up("household, unit or age of a person is missing")
    codes, cell = np.unique(units, return_inverse=True)
    change = np.concatenate(([True], homes[1:] != homes[:-1]))
    if len(np.unique(homes)) != change.sum():
        raise _does_not_add_up("a household lies in two units")
    ages = np.asarray(rows["age"].to_numpy(), dtype=np.float64)
    if ages.min() < 0:
        raise _does_not_add_up("an age is below zero")
    known = dict.fromkeys(codes.tolist())
    return assemble(
        household=(np.cumsum(change) - 1).astype(np.int32),
        home_cell=cell[change].astype(np.int32),
        age=np.minimum(ages, 119).astype(np.uint8),
        units={code: np.array([n], dtype=np.int32) for n, code in enumerate(known)},
        ids=tuple(str(name) for name in who),
        shield=_shield(rows),
        doses=read_doses(rows, first_day),
        **_groups(groups, at),
        **_visits(visits, at, {code: n for n, code in enumerate(known)}),
    )


def _shield(rows: pa.Table) -> F32 | None:
    names = ("shield_infection", "shield_onward", "shield_severe")
    if not set(names) <= set(rows.column_names):
        return None
    shares = np.stack([rows[name].fill_null(0.0).to_numpy() for name in names], axis=1)
    if shares.min() < 0 or shares.max() > 1:
        raise _does_not_add_up("a protection lies outside 0 to 1")
    return np.ascontiguousarray(shares, dtype=np.float32)


def _kinds(names: list[str]) -> NDArray[np.int8]:
    wrong = sorted(set(names) - set(PLACE_KINDS))
    if wrong:
        raise _does_not_add_up(f"there is no kind of place {wrong[0]!r}")
    return np.array([PLACE_KINDS.index(name) for name in names], dtype=np.int8)


def _where(table: pa.Table, at: Mapping[str, int]) -> I32:
    who = [at.get(name, -1) for name in table["person"].to_pylist()]
    if -1 in who:
        raise _does_not_add_up("groups or visits name people it does not have")
    return np.array(who, dtype=np.int32)


def _groups(table: pa.Table, at: Mapping[str, int]) -> dict[str, Any]:
    who = _where(table, at)
    if len(np.unique(who)) != len(who):
        raise _does_not_add_up("somebody has two groups")
    names, first, number = np.unique(
        np.array(table["group"].to_pylist(), dtype=str), return_index=True, return_inverse=True
    )
    group = np.full(len(at), -1, dtype=np.int32)
    group[who] = number
    kinds = _kinds(table["kind"].to_pylist())
    return {"group": group, "group_kind": kinds[first] if len(names) else kinds}


def _visits(table: pa.Table, at: Mapping[str, int], cells: Mapping[str, int]) -> dict[str, Any]:
    who = _where(table, at)
    often = np.asarray(table["per_day"].to_numpy(), dtype=np.float32)
    if len(often) and not often.min() >= 0:
        raise _does_not_add_up("visits a day are below zero or missing")
    order = np.argsort(who, kind="stable")
    _, first, number = np.unique(
        np.array(table["place"].to_pylist(), dtype=str), return_index=True, return_inverse=True
    )
    kinds = _kinds(table["kind"].to_pylist())
    where = np.array([cells.get(code, -1) for code in table["unit_code"].to_pylist()], dtype=int)
    return {
        "visit_start": np.searchsorted(who[order], np.arange(len(at) + 1)).astype(np.int32),
        "visit_place": number[order].astype(np.int32),
        "visit_often": np.minimum(often[order], 1.0),
        "place_kind": kinds[first],
        "place_cell": where[first].astype(np.int32),
    }


def _does_not_add_up(why: str) -> BadInput:
    return BadInput(
        "whatif.population",
        f"The population does not add up: {why}; correct the tables of people, groups and visits.",
    )
