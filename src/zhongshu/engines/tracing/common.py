"""What do several cases have in common: places and vehicles that explain a cluster.

A case visited a place if a visit of his to it, or to a part of it, began in his exposure window.
Wholes and parts are judged each at its own level.  Against chance: had each case gone where others
go, how often would so many of them have been at one place?

For case c and place L, with others = persons who are no cases,

    p_c = (others at L in c's window + 1) / (others about in L's area in c's window + 1)

if c himself was about in the area then, else 0.  That where he lives took him to the area is no
news; that he went to L there is.  The case counts as one of those he is compared with (Phipson and
Smyth 2010, doi:10.2202/1544-6115.1585), so no p is ever 0.

The number of cases at L then is a sum of independent unlike trials (Poisson binomial; Hong 2013,
doi:10.1016/j.csda.2012.10.006), computed exactly.  L is looked at only because a case was there,
so p = P(K >= k | K >= 1).  Many places are looked at: p_adjusted is Holm's (Scand J Stat 1979,
6:65-70) over all of them.  Holm's and not Benjamini and Hochberg's, because one false name closes
a business, and because a whole and its parts depend on each other in ways that Holm's allows.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.engines.tracing.kernels_questions import WINDOWS_MOST
from zhongshu.engines.tracing.placetree import NOTHING, PlaceTree
from zhongshu.engines.tracing.questions import once
from zhongshu.engines.tracing.scans import Scans, Source
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import Array

LEAST = 2  # cases at a place for it to be in common
AREAS = pa.schema([("place", pa.int32()), ("area", pa.int32())])
COMMON = pa.schema(
    [
        ("place", pa.int32()),
        ("cases", pa.int32()),
        ("expected", pa.float64()),  # cases there, had they gone where others go
        ("p", pa.float64()),
        ("p_adjusted", pa.float64()),
        ("persons", pa.int64()),  # others there in any of the windows
    ]
)
VISITED = pa.schema(
    [
        ("place", pa.int32()),  # as in `COMMON`
        ("case_id", pa.int64()),
        ("at", pa.int32()),  # the place or the part of it where he was scanned
        ("time_in", model.SECONDS),
        ("time_out", model.SECONDS),  # null: none recorded
    ]
)


@dataclasses.dataclass(frozen=True)
class Common:
    """places: `COMMON`, the least likely first; visits: `VISITED`, by place (in that order), case
    and time.  asked: cases; seen: those with a visit in their window; tested: places any of them
    visited."""

    places: pa.Table
    visits: pa.Table
    asked: int
    seen: int
    tested: int


def common(
    source: Source,
    tree: PlaceTree,
    cases: pa.Table,
    *,
    areas: pa.Table | None = None,
    least: int | None = None,
) -> Common:
    """Places visited by two or more of the cases, each in his own window.

    cases: model.CASES, the windows those of exposure; areas: `AREAS`, e.g. the county of each
    place, that of a part being that of its outermost whole; places without one are an area of
    their own (journeys).  Without `areas` everywhere is one.  least: see `at_most`.
    Cases who infected each other say nothing about a common source: ask with one of each household.
    Refuses what `model.checked_cases` refuses and more than `WINDOWS_MOST` different windows.
    """
    asked = model.checked_cases(cases).sort_by("case_id")
    number = asked.num_rows
    found = _own(source, tree, asked)
    levels = _levels(tree, found)
    tested = np.unique(levels.place)
    if not len(tested):
        return Common(COMMON.empty_table(), VISITED.empty_table(), number, 0, 0)
    parts = [np.array(tree.within(int(place))) for place in tested]
    there = source.visitors(parts, found.windows, found.persons)
    about = _about(source, tree, found, _areas(areas, tree), tested)
    others = at_most(there.each[:, found.which], least)
    chance = np.minimum((others + 1.0) * about, 1.0)
    pairs = np.unique(np.searchsorted(tested, levels.place) * number + levels.case)
    k = np.bincount(pairs // number, minlength=len(tested))
    p = at_least(chance, k)
    expected = chance.sum(axis=1)
    columns = (tested, k, expected, p, holm(p), there.ever)
    shared = np.flatnonzero(k >= LEAST)
    order = shared[np.lexsort((tested[shared], expected[shared], -k[shared], p[shared]))]
    fields = zip(columns, COMMON, strict=True)
    table = pa.table(
        [pa.array(column[order]).cast(field.type) for column, field in fields], schema=COMMON
    )
    visits = _visits(tested[order], levels, found.scans, asked["case_id"].to_numpy())
    return Common(table, visits, number, len(np.unique(found.case)), len(tested))


def at_most(others: Array, least: int | None) -> Array:
    """The most that others can be who are told rounded down to a multiple of `least`, and under
    twice of it only as that; as they are without it.  No chance is smaller for it."""
    if least is None:
        return others
    return np.asarray(np.maximum(others - others % least, least) + least - 1)


def at_least(chance: Array, k: Array) -> Array:
    """P(K >= k | K >= 1) of each row, K the number of successes of independent trials.

    chance: float64[rows, trials]; k: int[rows], at least 1.  Sums of positive terms only, so a
    small p has the relative precision of a large one.
    """
    rows, trials = chance.shape
    states = np.zeros((rows, trials + 1))
    states[:, 0] = 1.0
    for n in range(trials):
        p = chance[:, n : n + 1]
        states[:, 1:] = states[:, 1:] * (1.0 - p) + states[:, :-1] * p
        states[:, :1] *= 1.0 - p
    tail = np.where(np.arange(trials + 1) >= k[:, None], states, 0.0).sum(axis=1)
    some = states[:, 1:].sum(axis=1)
    return np.asarray(np.where(k <= 1, 1.0, np.minimum(tail / np.where(some > 0, some, 1.0), 1.0)))


def holm(p: Array) -> Array:
    """Holm's step-down adjustment over all of `p`."""
    order = np.argsort(p, kind="stable")
    stepped = np.minimum(p[order] * (len(p) - np.arange(len(p))), 1.0)
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(stepped)
    return adjusted


@dataclasses.dataclass(frozen=True)
class _Own:
    """The cases and their own visits in their windows.

    windows: the different ones, rows of begin and end; which: that of each case; persons: of each
    case; scans: by case and time; case: the row of the case of each scan.
    """

    windows: Array
    which: Array
    persons: Array
    scans: Scans
    case: Array


@dataclasses.dataclass(frozen=True)
class _Levels:
    """A visit at each level it counts for: place, the case's row, the scan's row."""

    place: Array
    case: Array
    scan: Array


def _windows(asked: pa.Table, source: Source) -> tuple[Array, Array]:
    """(distinct windows as rows of begin and end, which of them is each case's)."""
    begin, end = (asked[name].cast(pa.int64()).to_numpy() for name in ("window_from", "window_to"))
    known = np.array([source.known_until(int(one)) for one in end], np.int64)
    both = np.stack([begin, np.maximum(begin, known)], axis=1)
    windows, which = np.unique(both, axis=0, return_inverse=True)
    if len(windows) > WINDOWS_MOST:
        raise BadInput(
            "tracing.too_many_windows",
            f"The cases have {len(windows)} different windows, at most {WINDOWS_MOST} fit; ask "
            "about fewer cases at once or in whole days.",
            windows=len(windows),
            most=WINDOWS_MOST,
        )
    return windows, which.reshape(-1)


def _own(source: Source, tree: PlaceTree, asked: pa.Table) -> _Own:
    windows, which = _windows(asked, source)
    persons = asked["person"].to_numpy()
    none = np.empty(0, np.int64)
    rows, found = [none], [Scans(none, none, none, none, none)]
    for n, (begin, end) in enumerate(windows[which].tolist()):
        if begin < end:
            scans = source.of(persons[n : n + 1], begin, end)
            scans = once(scans.take(np.flatnonzero(tree.is_read(scans.place))))
            rows.append(np.full(len(scans.place), n))
            found.append(scans)
    scans = Scans(*map(np.concatenate, zip(*found, strict=True)))
    return _Own(windows, which, persons, scans, np.concatenate(rows))


def _levels(tree: PlaceTree, found: _Own) -> _Levels:
    each, back = np.unique(found.scans.place, return_inverse=True)
    levels = [[int(place), *tree.above(int(place))] for place in each]
    times = np.array([len(one) for one in levels], np.int64)[back]
    scan = np.repeat(np.arange(len(back)), times)
    place = np.array([level for n in back for level in levels[n]], np.int64)
    return _Levels(place, found.case[scan], scan)


def _areas(areas: pa.Table | None, tree: PlaceTree) -> Array | None:
    """Area by place key, `NOTHING` for none; that of the outermost whole."""
    if areas is None:
        return None
    table = model.checked(areas, AREAS, "areas")
    table = table.filter(pa.compute.and_(table["place"].is_valid(), table["area"].is_valid()))
    keys = max(int(table["place"].to_numpy().max(initial=0)) + 1, len(tree.parent))
    own = np.full(keys, NOTHING, np.int64)
    own[table["place"].to_numpy()] = table["area"].to_numpy()
    return np.asarray(own[tree.whole(np.arange(keys))])


def _area(area_of: Array | None, places: Array) -> Array:
    if area_of is None:
        return np.zeros(len(places), np.int64)
    inside = places < len(area_of)
    return np.where(inside, area_of[np.where(inside, places, 0)], NOTHING)


def _about(
    source: Source, tree: PlaceTree, found: _Own, area_of: Array | None, tested: Array
) -> Array:
    """float64[tested, cases]: 1 / (others about in the place's area in the case's window + 1), 0
    for a case who was not about there."""
    area, column = np.unique(_area(area_of, tested), return_inverse=True)
    every = source.all_places()
    every = every[tree.is_read(every)]
    where = _area(area_of, every)
    groups = [every[where == one] for one in area]
    others = source.visitors(groups, found.windows, found.persons).each[:, found.which]
    own = np.zeros(others.shape, np.bool_)
    own[np.searchsorted(area, _area(area_of, found.scans.place)), found.case] = True
    return np.asarray(np.where(own, 1.0 / (others + 1.0), 0.0)[column.reshape(-1)])


def _visits(places: Array, levels: _Levels, scans: Scans, case_ids: Array) -> pa.Table:
    order = np.argsort(places)
    if not len(places):
        return VISITED.empty_table()
    at = np.minimum(np.searchsorted(places[order], levels.place), len(places) - 1)
    rank = order[at]
    kept = np.flatnonzero(places[rank] == levels.place)
    scan = levels.scan[kept]
    begun, ended, spot = scans.begun[scan], scans.ended[scan], scans.place[scan]
    rank, case = rank[kept], levels.case[kept]
    rows = np.lexsort((ended, spot, begun, case, rank))
    told = ended[rows] > begun[rows]
    out = pa.array(ended[rows], mask=~told)
    return pa.table(
        [
            places[rank[rows]].astype(np.int32),
            case_ids[case[rows]],
            spot[rows].astype(np.int32),
            pa.array(begun[rows]).view(model.SECONDS),
            out.view(model.SECONDS),
        ],
        schema=VISITED,
    )
