"""Finding a place by what one knows of it: some of its name, or its sender's id."""

from __future__ import annotations

import dataclasses
import threading
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.spots import DEEPEST
from zhongshu.rules.model import Pack
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.kit.tracerules import trace_rules
from zhongshu.service.tracing import question
from zhongshu.service.units import facade as units

# Ranks of a find: just that, begins so, has it somewhere, a part of such a place.
EXACT, BEGINS, HAS, PART = range(4)
After = tuple[int, str, int]


@dataclasses.dataclass(frozen=True)
class Found:
    """A place found.  unit, county: null where it lies in no known unit (a train).
    whole: name of the place it is part of.  mark: where it stands in the list."""

    place: int
    place_id: str
    name: str
    kind: str
    whole: str | None
    unit: units.UnitRef | None
    county: units.UnitRef | None
    mark: After


@dataclasses.dataclass(frozen=True)
class _Directory:
    """Places of the lake, ready to be searched: of the same length as `places`.

    names, ids: as compared; village: its own or that of the nearest whole that has one.
    """

    places: pa.Table
    names: pa.Array
    ids: pa.Array
    village: pa.Array


_lock = threading.Lock()
_kept: list[_Directory] = []


def find(words: str, *, scope: Scope, pack: Pack, after: After | None, limit: int) -> list[Found]:
    """Places within scope whose name or id has every one of the words, at most `limit`, those
    after `after` (a `Found.mark`); the nearest first: the very name or id, then what begins with
    the words, then the rest, and parts of places last; by name.

    Small and capital letters, full and half width are the same.  A place in no known unit is the
    whole headquarters'.  Kinds that the pack does not ask about (cells) are left out.  No words
    find nothing.
    """
    wanted = _folded(words).split()
    if not wanted:
        return []
    known = _directory()
    hits = np.flatnonzero(_matching(known, wanted) & _asked_about(known, pack))
    paths, placed = _paths(known.village.take(pa.array(hits)))
    inside = _within(paths, scope)
    rows = _ordered(known, hits[inside], " ".join(wanted), after)[:limit]
    at = {int(hit): (path, here) for hit, path, here in zip(
        hits[inside], paths.filter(pa.array(inside)).to_pylist(), placed[inside], strict=True
    )}  # fmt: skip
    return _shown(known, rows, at)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _directory() -> _Directory:
    """Made again only when the places changed."""
    places = question.index().places()
    with _lock:
        if not _kept or _kept[0].places is not places:
            _kept[:] = [_described(places)]
        return _kept[0]


def _described(places: pa.Table) -> _Directory:
    ids = places["place_id"].combine_chunks()
    names = pc.coalesce(pc.if_else(pc.equal(places["name"], ""), None, places["name"]), ids)
    names, plain = (
        pc.utf8_lower(pc.utf8_normalize(text, form="NFKC"))
        for text in (_one(names), ids)
    )  # fmt: skip
    return _Directory(places, names, plain, _villages(places))


def _villages(places: pa.Table) -> pa.Array:
    """Of each place; a part's is that of its whole."""
    keys, village = places["place"].combine_chunks(), _one(places["village_code"])
    above = pc.index_in(_one(places["parent"]), value_set=keys)
    for _ in range(DEEPEST):
        filled = pc.coalesce(village, village.take(above))
        if filled.null_count == village.null_count:
            break
        village = filled
    return village


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _matching(known: _Directory, wanted: Sequence[str]) -> np.ndarray:
    every = np.ones(len(known.names), bool)
    for word in wanted:
        has = pc.or_(pc.match_substring(known.names, word), pc.match_substring(known.ids, word))
        every &= has.to_numpy(zero_copy_only=False)
    return every


def _asked_about(known: _Directory, pack: Pack) -> np.ndarray:
    unread = pa.array(sorted(trace_rules(pack).not_read), pa.string())
    return ~np.asarray(pc.is_in(_one(known.places["kind"]), value_set=unread), bool)


def _paths(villages: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Unit path of each village code, and whether its unit is known here."""
    home = incidents.current().scope_unit_id
    codes = pc.unique(villages)
    told = units.resolve(codes, fallback=home)
    at = pc.index_in(villages, value_set=codes)
    known = told["unit_known"].take(at).to_numpy()
    return _one(told["unit_path"].take(at)), known.astype(bool)


def _within(paths: pa.Array, scope: Scope) -> np.ndarray:
    inside = np.zeros(len(paths), bool)
    for own in scope.paths:
        inside |= pc.starts_with(paths, own).to_numpy(zero_copy_only=False)
    return inside


def _ordered(known: _Directory, hits: np.ndarray, words: str, after: After | None) -> pa.Table:
    """rank, name, place and at (row of the directory), in order, those after the mark."""
    rows = pa.array(hits)
    names, ids = known.names.take(rows), known.ids.take(rows)
    part = pc.is_valid(_one(known.places["parent"].take(rows)))
    exact = pc.or_(pc.equal(names, words), pc.equal(ids, words))
    begins = pc.or_(pc.starts_with(names, words), pc.starts_with(ids, words))
    rank = pc.if_else(exact, EXACT, pc.if_else(part, PART, pc.if_else(begins, BEGINS, HAS)))
    place = known.places["place"].take(rows)
    table = pa.table({"rank": rank, "name": names, "place": place, "at": rows})
    if after is not None:
        table = table.filter(_beyond(table, after))
    return table.sort_by([("rank", "ascending"), ("name", "ascending"), ("place", "ascending")])


def _beyond(table: pa.Table, after: After) -> pa.ChunkedArray:
    rank, name, place = after
    same = pc.equal(table["rank"], rank)
    later = pc.or_(
        pc.greater(table["name"], name),
        pc.and_(pc.equal(table["name"], name), pc.greater(table["place"], place)),
    )
    return pc.or_(pc.greater(table["rank"], rank), pc.and_(same, later))


def _shown(known: _Directory, rows: pa.Table, at: dict[int, tuple[str, bool]]) -> list[Found]:
    marks = rows.to_pylist()
    places = known.places.take(rows["at"]).to_pylist()
    wholes = _names(known, [row["parent"] for row in places if row["parent"] is not None])
    line = units.refs_on_paths(at[mark["at"]][0] for mark in marks)
    found = []
    for mark, row in zip(marks, places, strict=True):
        path, placed = at[mark["at"]]
        found.append(
            Found(
                row["place"],
                row["place_id"],
                row["name"] or row["place_id"],
                row["kind"],
                wholes.get(row["parent"]),
                line.get(path.rstrip("/").rpartition("/")[2]) if placed else None,
                units.county_of(path, line) if placed else None,
                (mark["rank"], mark["name"], mark["place"]),
            )
        )
    return found


def _names(known: _Directory, keys: Sequence[int]) -> dict[int, str]:
    chosen = pc.is_in(known.places["place"], pa.array(keys, pa.int32()))
    rows = known.places.filter(chosen).select(["place", "place_id", "name"]).to_pylist()
    return {row["place"]: row["name"] or row["place_id"] for row in rows}
