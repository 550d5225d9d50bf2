"""One question in parts, so that many machines can answer it with `solve.trace`.

A part is a run of cases.  What is said of one case does not depend on the windows of the others,
only on who they are and on how far back scans are read; so every part is given all cases, those
of other parts with a window that is empty, and answers for its own.  It needs all scans, in
reach, of the persons who can matter to its cases.  More scans do no harm.

Every part answers `trace(question.cases, ...)` of its own cases, in order, so that the answers put
one behind the other are the answer.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model, near, solve
from zhongshu.kernel.runcard import RunCard, table_hash

SOURCES = pa.schema(
    [("part", pa.int32()), ("person", pa.int64()), ("w0", pa.int64()), ("w1", pa.int64())]
)
REACH = pa.schema(
    [("place", pa.int32()), ("imputed_s", pa.int64()), ("max_s", pa.int64()), ("asked", pa.bool_())]
)
TABLES = {
    "contacts": model.CONTACTS,
    "exposures": model.EXPOSURES,
    "notices": model.NOTICES,
    "capped": model.CAPPED,
}
CROWDED = "crowded_stays_left_out"


class Reach(NamedTuple):
    """A row of REACH without its place."""

    imputed_s: int
    max_s: int
    asked: bool


@dataclasses.dataclass(frozen=True)
class Question:
    """What every part must know.  cases: checked, sorted by id; the others as for `solve.trace`,
    households only of persons who can matter.  All name canonical pseudonyms; `aliases` are those
    that scans may still have."""

    cases: pa.Table
    places: pa.Table
    households: pa.Table
    isolations: pa.Table
    aliases: pa.Table
    rules: model.TraceRules
    until: dt.datetime
    parts: int

    @property
    def until_s(self) -> int:
        return int(self.until.timestamp())

    @property
    def begin_s(self) -> int:
        """Scans that began before this moment are read by nobody."""
        first = pc.min(self.cases["window_from"]).as_py()
        return (
            self.until_s if first is None else int(first.timestamp())
        ) - self.rules.look_back_s()

    def number(self) -> pa.Array:
        """The part each case belongs to, int32, ascending."""
        rows = self.cases.num_rows
        return pa.array(np.arange(rows) * self.parts // max(rows, 1), pa.int32())

    def cases_of(self, part: int) -> pa.Table:
        """All cases; those of other parts with an empty window at the earliest moment of all."""
        own = pc.equal(self.number(), part)
        first = pc.min(self.cases["window_from"])
        table = self.cases
        for name in ("window_from", "window_to"):
            at = table.schema.get_field_index(name)
            table = table.set_column(at, name, pc.if_else(own, table[name], first))
        return table


def question(
    cases: pa.Table,
    *,
    places: pa.Table,
    households: pa.Table,
    rules: model.TraceRules,
    until: dt.datetime,
    isolations: pa.Table | None,
    parts: int,
    aliases: pa.Table | None = None,
) -> Question:
    """Checked as `solve.trace` checks; at most one part a case."""
    same = model.checked_aliases(aliases)
    asked = model.canonical(model.checked_cases(cases).sort_by("case_id"), same)
    isolated = model.EMPTY["isolations"] if isolations is None else isolations
    homes = households if rules.households else model.HOUSEHOLDS.empty_table()
    return Question(
        asked,
        model.checked_places(places),
        model.canonical(model.checked(homes, model.HOUSEHOLDS, "households"), same),
        model.canonical(model.checked(isolated, model.ISOLATIONS, "isolations"), same),
        same,
        rules,
        until,
        max(1, min(parts, asked.num_rows)),
    )


def first_sources(asked: Question) -> pa.Table:
    """SOURCES of degree 1: the cases in their windows."""
    begin = pc.cast(asked.cases["window_from"], pa.int64())
    end = pc.min_element_wise(pc.cast(asked.cases["window_to"], pa.int64()), asked.until_s)
    return pa.table([asked.number(), asked.cases["person"], begin, end], schema=SOURCES)


def second_sources(asked: Question, contacts: pa.Table) -> pa.Table:
    """SOURCES of degree 2: the contacts of degree 1 from their first exposure on.

    The rules may cut these windows further; here they are only never too short.
    """
    days = asked.rules.second_lookback_days
    not_before = 0 if days is None else asked.until_s - round(days * 86_400)
    rows = pc.index_in(contacts["case_id"], value_set=asked.cases["case_id"])
    begin = pc.max_element_wise(pc.cast(contacts["first_exposure"], pa.int64()), not_before)
    until = pa.array(np.full(contacts.num_rows, asked.until_s), pa.int64())
    table = pa.table(
        [asked.number().take(rows.combine_chunks()), contacts["person"], begin, until],
        schema=SOURCES,
    )
    grown = table.filter(
        pc.and_(
            pc.invert(pc.is_in(table["person"], value_set=asked.cases["person"])),
            pc.less(table["w0"], table["w1"]),
        )
    )
    return (
        grown.group_by(["part", "person"])
        .aggregate([("w0", "min"), ("w1", "max")])
        .rename_columns(SOURCES.names)
        .cast(SOURCES)
    )


def homes_of(households: pa.Table, persons: pa.ChunkedArray) -> pa.Table:
    """The rows of all who live with one of `persons`."""
    own = households.filter(pc.is_in(households["person"], value_set=persons))
    return households.filter(pc.is_in(households["household"], value_set=own["household"]))


def reach(asked: Question, *, second: bool) -> tuple[pa.Table, Reach]:
    """REACH of the described places, and what holds for all others.

    imputed_s, max_s: how long a scan there can be felt; asked: whether the degree looks there or
    at a place near it.  Of several kinds for one place the widest.
    """
    rules = asked.rules
    figures = {}
    for kind in (*rules.kinds, None):
        rule = rules.for_kind(kind)
        figures[kind] = Reach(
            round(rule.imputed_stay_min * 60),
            round(rule.max_stay_min * 60),
            not second or rule.second_min_overlap_min is not None,
        )
    code = pc.index_in(asked.places["kind"], value_set=pa.array(rules.kinds)).combine_chunks()
    known = pc.is_valid(code)
    by_kind = pa.Table.from_pylist([figures[kind]._asdict() for kind in rules.kinds])
    table = by_kind.take(code.filter(known)).append_column(
        "place", asked.places["place"].filter(known)
    )
    widest = table.group_by("place").aggregate([(name, "max") for name in Reach._fields])
    found = widest.rename_columns(REACH.names).cast(REACH)
    close = near.pairs(asked.places, rules)
    looked = close.filter(pc.is_in(close["near"], value_set=found["place"].filter(found["asked"])))
    wide = pc.or_(found["asked"], pc.is_in(found["place"], value_set=looked["place"]))
    return found.set_column(found.schema.get_field_index("asked"), "asked", wide), figures[None]


def answer(asked: Question, part: int, scans: pa.Table, *, memory_limit: str) -> model.TraceResult:
    """The contacts of one part's cases.  scans: model.VISITS of everybody who can matter,
    by canonical pseudonym."""
    return solve.trace(
        asked.cases_of(part),
        visits=scans,
        places=asked.places,
        households=asked.households,
        rules=asked.rules,
        until=asked.until,
        isolations=asked.isolations,
        threads=1,
        memory_limit=memory_limit,
    )


def whole(
    asked: Question, answers: Sequence[model.TraceResult], *, visits: str
) -> model.TraceResult:
    """The answers of all parts, in order of part, as one.  visits: the name of the lake read.

    The card's number of crowded stays counts a contact once for each part he belongs to.
    """
    tables = {
        name: pa.concat_tables(
            [schema.empty_table(), *(getattr(one, name) for one in answers)]
        ).combine_chunks()
        for name, schema in TABLES.items()
    }
    card = RunCard(
        engine="tracing",
        version=model.VERSION,
        parameters={
            "rules": asked.rules.as_json(),
            "until": asked.until.isoformat(),
            CROWDED: sum(int(one.card.parameters[CROWDED]) for one in answers),
            "parts": asked.parts,
        },
        inputs={
            "cases": table_hash(asked.cases),
            "visits": visits,
            "places": table_hash(asked.places),
            "households": table_hash(asked.households),
        }
        | ({"aliases": table_hash(asked.aliases)} if asked.aliases.num_rows else {}),
    )
    return model.TraceResult(**tables, card=card)
