"""What a reverse question stands on: the lake's places, a source of visits, the people in them."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import json
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import fast, model, scans
from zhongshu.engines.tracing.placetree import PlaceTree
from zhongshu.kernel.errors import BadInput, NotFound, Refused
from zhongshu.kernel.time import beijing_day
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.tracing import question
from zhongshu.service.tracing.cells import Told, counts
from zhongshu.service.tracing.index import Index, Span
from zhongshu.service.units import facade as units

T = TypeVar("T")
_COUNTY_DIGITS = 6  # of a division code: province, city, county
_GROUNDS = 4  # rules by pack in use at one time
_THREADS = 2
_lock = threading.Lock()


@dataclasses.dataclass(frozen=True)
class Ground:
    """Places under one set of rules, and a tracer to read the index with; nobody's household is
    asked about here."""

    places: pa.Table
    tree: PlaceTree
    tracer: fast.Tracer


_grounds: collections.OrderedDict[str, Ground] = collections.OrderedDict()


@dataclasses.dataclass(frozen=True)
class Place:
    """A place as shown.  unit: of its own or of the whole it is part of; None: nowhere known."""

    key: int
    name: str
    kind: str
    unit: units.UnitRef | None
    lon: float | None
    lat: float | None


def ground_of(here: Index, rules: model.TraceRules) -> Ground:
    """Made again only when places or rules changed."""
    words, places = f"{here.lake.root} {json.dumps(rules.as_json(), sort_keys=True)}", here.places()
    with _lock:
        kept = _grounds.get(words)
        if kept is None or kept.places is not places:
            tracer = fast.prepare(
                here.snapshot(),
                places=places,
                households=model.HOUSEHOLDS.empty_table(),
                rules=rules,
                threads=_THREADS,
            )
            kept = _grounds[words] = Ground(places, PlaceTree.of(places, rules), tracer)
        _grounds.move_to_end(words)
        while len(_grounds) > _GROUNDS:
            _grounds.popitem(last=False)
        return kept


def places_of(here: Index, tree: PlaceTree, keys: Collection[int]) -> Mapping[int, Place]:
    """Places by key; those the lake does not know are left out."""
    wanted = {int(key) for key in keys}
    wholes = {key: tree.above(key) for key in wanted}
    every = sorted(wanted.union(*wholes.values()))
    table = here.places()
    rows = table.filter(pc.is_in(table["place"], pa.array(every, pa.int32()))).to_pylist()
    known = {row["place"]: row for row in rows}
    villages = units.refs(row["village_code"] for row in rows if row["village_code"])
    found = {}
    for key in wanted & set(known):
        line = [known[one] for one in (key, *wholes[key]) if one in known]
        found[key] = Place(
            key,
            line[0]["name"] or line[0]["place_id"],
            line[0]["kind"],
            next((villages[one["village_code"]] for one in line
                  if one["village_code"] in villages), None),
            next((one["lon"] for one in line if one["lon"] is not None), None),
            next((one["lat"] for one in line if one["lat"] is not None), None),
        )  # fmt: skip
    return found


def place_asked(
    here: Index, tree: PlaceTree, scope: Scope, *, place: int | None, place_id: str | None
) -> Place:
    """The place by lake key or by its sender's id.

    A place in no known unit (a train) is the whole headquarters'.  One out of scope looks the
    same as one that is not there.
    """
    if (place is None) == (place_id is None):
        raise BadInput("tracing.which_place", "Name the place by its key or by its sender's id.")
    key = place
    if key is None:
        table = here.places()
        key = pc.filter(table["place"], pc.equal(table["place_id"], place_id)).to_pylist()
        key = key[0] if key else None
    found = places_of(here, tree, [] if key is None else [key]).get(key if key is not None else -1)
    home = incidents.current().scope_unit.path
    if found is None or not scope.covers(found.unit["path"] if found.unit else home):
        raise NotFound(
            "tracing.place_unknown",
            f"There is no place {place if place_id is None else place_id} within your rights.",
        )
    return found


def ask(
    here: Index,
    rules: model.TraceRules,
    *,
    begin: dt.datetime,
    end: dt.datetime,
    as_of: dt.datetime,
    work: Callable[[scans.Source], T],
) -> T:
    """`work` over the hot index, or over the files where it declines; with the same answer.

    begin, end: of what is asked about; as_of: what was known then.
    """
    span = span_of(here, rules, begin=begin, end=min(end, as_of))
    aliases = merged()
    try:
        ready = tracer(here, rules, span, as_of)
        return work(scans.hot(ready, until=as_of, aliases=aliases))
    except Refused as refusal:
        if refusal.code not in question.ASK_THE_FILES:
            raise
    visits = here.lake.visits(span.first, span.last, known_at=as_of)
    return work(scans.over_table(visits, until=as_of, aliases=aliases))


def person_source(
    here: Index,
    rules: model.TraceRules,
    person: int,
    *,
    begin: dt.datetime,
    end: dt.datetime,
    as_of: dt.datetime,
) -> scans.Source:
    """All visits of one person and his other pseudonyms, from the files, with who sent them."""
    span = span_of(here, rules, begin=begin, end=min(end, as_of))
    aliases = merged()
    everyone = scans.Aliases.of(aliases).everyone(np.array([person], np.int64))
    visits = here.lake.person_visits(everyone.tolist(), span.first, span.last, known_at=as_of)
    return scans.over_table(visits, until=as_of, aliases=aliases)


def span_of(here: Index, rules: model.TraceRules, *, begin: dt.datetime, end: dt.datetime) -> Span:
    """The days a question about `begin` to `end` can touch; a stay may begin days before.

    Refuses one from before the first day that the lake holds.
    """
    held, first = here.lake.days("visits"), beijing_day(begin)
    if held and first < held[0]:
        raise BadInput(
            "tracing.before_lake",
            f"The lake holds visits from {held[0]} on; ask about no earlier day.",
            first=held[0].isoformat(),
        )
    return Span(beijing_day(begin - dt.timedelta(seconds=rules.look_back_s())), beijing_day(end))


def tracer(here: Index, rules: model.TraceRules, span: Span, as_of: dt.datetime) -> fast.Tracer:
    """Over all that is known now.  Refuses days of `span` of which the index lacks something."""
    behind = here.behind(span, as_of)
    if behind:
        raise BadInput("tracing.index_behind", f"The hot index lacks visits of {behind[0]}.")
    return ground_of(here, rules).tracer.at(here.snapshot())


def merged() -> pa.Table:
    """Pseudonyms that are one person's, whatever the asker's rights: model.ALIASES."""
    with rowsecurity.unscoped():
        return people.aliases()


def counties(persons: pa.Array) -> list[tuple[units.UnitRef | None, int]]:
    """(county, persons who live there); over everybody, to be told as counts."""
    home = incidents.current().scope_unit_id
    with rowsecurity.aggregate():
        paths = people.traits(persons, fallback=home)["unit_path"]
    rows = pc.value_counts(paths.combine_chunks()).to_pylist() if len(paths) else []
    known = units.refs_on_paths(row["values"] for row in rows)
    sums: dict[str, tuple[units.UnitRef | None, int]] = {}
    for row in rows:
        county = units.county_of(row["values"], known)
        code = county["code"] if county else ""
        sums[code] = (county, sums.get(code, (None, 0))[1] + row["counts"])
    return list(sums.values())


def county_counts(persons: pa.Array, *, least: int) -> tuple[Told, list[dict[str, Any]]]:
    """What is told of the persons: in all; unit and `Count` of each county, the most first."""
    each = counties(persons)
    told = counts([number for _, number in each], least=least)
    rows = list(zip((unit for unit, _ in each), told.parts, strict=True))
    # by what is told alone: the order of hidden counts would say which is greater
    rows.sort(key=lambda row: (-(row[1]["value"] or 0), row[0]["code"] if row[0] else ""))
    return told, [{"unit": unit, "persons": one} for unit, one in rows]


def areas_of(here: Index) -> pa.Table:
    """The county of each place that has one: `common.AREAS`."""
    table = here.places()
    county = pc.utf8_slice_codeunits(table["village_code"], 0, _COUNTY_DIGITS)
    known = pc.match_substring_regex(pc.fill_null(county, ""), r"^\d{6}$")
    kept = table.filter(known)
    number = pc.cast(pc.filter(county, known), pa.int32())
    return pa.table({"place": kept["place"], "area": number})
