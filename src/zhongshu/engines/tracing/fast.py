"""Tracing over the hot index: the question of `solve.trace`, answered in milliseconds.

Prepare once per snapshot and rules, ask as often as you like::

    tracer = fast.prepare(snapshot, places=..., households=..., rules=...)
    result = tracer.trace(cases, until=now)
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import fast_answer, fast_second, kernels, model
from zhongshu.engines.tracing.fast_answer import NOWHERE, Evidence, Found, Groups
from zhongshu.engines.tracing.fast_homes import Homes, Mergers, Names
from zhongshu.engines.tracing.index import Index, Marks, RuleTable, Scratch
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash
from zhongshu.kernel.segments import DAY_S, Array, Snapshot

_CHUNK = 16  # cases a thread takes at once
OVERLAPS = pa.schema(
    [
        ("case_id", pa.int64()),
        ("person", pa.int64()),
        ("place", pa.int32()),
        ("time_from", model.SECONDS),
        ("time_to", model.SECONDS),
    ]
)
_TICKETS = 1 << 30  # stamps are 32 bits; beyond this, fresh marks


def prepare(
    snapshot: Snapshot,
    *,
    places: pa.Table,
    households: pa.Table | Homes,
    rules: model.TraceRules,
    aliases: pa.Table | None = None,
    threads: int = 2,
) -> Tracer:
    """A tracer over what `snapshot` holds.  places: model.PLACES; households: model.HOUSEHOLDS,
    or what an earlier tracer made of them (`Tracer.homes`); aliases: model.ALIASES.

    Refuses rules under which a stay may last three days or more.
    """
    index = Index.of(snapshot)
    same = model.checked_aliases(aliases)
    mergers = Mergers.of(same, snapshot.people)
    homes = households if isinstance(households, Homes) else Homes.of(households)
    inputs = {"places": table_hash(places)}
    if isinstance(households, pa.Table):
        inputs["households"] = table_hash(households)
    if same.num_rows:
        inputs["aliases"] = table_hash(same)
    return Tracer(
        index=index,
        homes=homes,
        aliases=same,
        mergers=mergers,
        rules=rules,
        table=RuleTable.of(rules, places, keys=index.places).merging(mergers.merged),
        threads=threads,
        inputs=inputs,
    )


class Room:
    """Scratch of one thread: for the source, for the other, marks by person."""

    def __init__(self, index: Index, mergers: Mergers) -> None:
        self.scans, self.places = 2 * index.longest * mergers.most + 64, index.places
        self.people = len(index.snapshot.people) + len(mergers.late) + 65_536
        self.own = Scratch.of(scans=self.scans, places=self.places)
        self.other = Scratch.of(scans=self.scans, places=self.places)
        self.marks = Marks.of(self.people)
        self._near: Marks | None = None

    def fits(self, index: Index, mergers: Mergers) -> bool:
        """Whether it has room for the index and its stamps are far from running out."""
        rooms = (self.own, self.other, self.marks, self._near or self.marks)
        return (
            index.longest * mergers.most <= self.scans
            and index.places <= self.places
            and len(index.snapshot.people) + len(mergers.late) <= self.people
            and all(int(room.ticket[0]) < _TICKETS for room in rooms)
        )

    def near(self, ids: int) -> Marks:
        """Marks of the second degree, for so many ids."""
        if self._near is None or len(self._near.seen) <= ids:
            self._near = Marks.of(ids + 1024)
        return self._near


@dataclasses.dataclass(frozen=True)
class Tracer:
    """Ready to answer; may be shared by threads."""

    index: Index
    homes: Homes
    aliases: pa.Table
    mergers: Mergers
    rules: model.TraceRules
    table: RuleTable
    threads: int
    inputs: dict[str, str]
    _rooms: threading.local = dataclasses.field(default_factory=threading.local)

    def at(self, snapshot: Snapshot) -> Tracer:
        """The same rules over a newer snapshot; costs less than a millisecond.

        A place with a key the tracer has not seen counts as undescribed: prepare anew then.
        """
        index = Index.of(snapshot)
        table = self.table
        if index.places > len(table.figures.kind):
            table = table.widened(index.places)
        mergers = self.mergers
        if self.aliases.num_rows and snapshot.people is not self.index.snapshot.people:
            mergers = Mergers.of(self.aliases, snapshot.people)
            table = table.merging(mergers.merged)
        return dataclasses.replace(self, index=index, table=table, mergers=mergers)

    def trace(
        self, cases: pa.Table, *, until: dt.datetime, isolations: pa.Table | None = None
    ) -> model.TraceResult:
        """Contacts of `cases`, exactly as `solve.trace` finds them.

        Refuses what `solve.trace` refuses, and a moment before the newest record of the days the
        question touches: the index knows only what is known now, earlier knowledge is for the
        Parquet files.
        """
        asked = self.asked(cases, until)
        names = self.names()
        first, told = self._first(asked, names)
        parts, crowded, capped = [first], 0, model.CAPPED.empty_table()
        if self.rules.degrees == 2:
            second, crowded, capped = fast_second.trace(
                self, asked, names, first, isolations=isolations
            )
            parts.append(second)
        card = RunCard(
            engine="tracing",
            version=model.VERSION,
            parameters={
                "rules": self.rules.as_json(),
                "until": until.isoformat(),
                "crowded_stays_left_out": crowded,
            },
            inputs=self.inputs
            | {"cases": table_hash(asked.cases), "visits": f"hot index, {self.rows} rows"},
        )
        return model.TraceResult(
            fast_answer.contacts(parts, asked.case_ids, asked.patients),
            fast_answer.exposures(parts, asked.case_ids),
            fast_answer.notices(told, asked.case_ids),
            capped,
            card,
        )

    def overlaps(self, cases: pa.Table, *, until: dt.datetime) -> pa.Table:
        """The plain question: every scan of somebody else at a place that overlaps with one of the
        case's there inside his window by at least the kind's minutes.

        `OVERLAPS`, in no order.  A missing time out is the
        kind's usual stay, no stay is longer than the kind's longest; nothing is merged, nobody is
        named by household, no place is too heavy.
        """
        asked = self.asked(cases, until)
        names = self.names()
        sources = asked.sources(names)

        def work(room: Room, part: Array) -> pa.Table:
            case, person, place, t0, t1 = kernels.overlaps(
                self.index.table, self.table.figures, part, asked.begin_s, asked.until_s, room.own
            )
            return pa.table(
                [
                    asked.case_ids[case],
                    self.index.snapshot.people.pseudonyms(person),
                    place,
                    pa.array(t0).view(model.SECONDS),
                    pa.array(t1).view(model.SECONDS),
                ],
                schema=OVERLAPS,
            )

        return pa.concat_tables(self.spread(work, sources, chunk=256))

    @property
    def rows(self) -> int:
        return self.index.snapshot.rows

    def names(self) -> Names:
        """Ids for one question."""
        return Names(self.index.snapshot.people, self.mergers.late)

    def with_whom(self, persons: Array) -> tuple[Array, Array]:
        """As `Homes.with_whom`, for the rules that count living together."""
        return self.homes.with_whom(persons if self.rules.households else persons[:0], self.mergers)

    def room(self) -> Room:
        """This thread's scratch."""
        room: Room | None = getattr(self._rooms, "room", None)
        if room is None or not room.fits(self.index, self.mergers):
            room = self._rooms.room = Room(self.index, self.mergers)
        return room

    def spread(
        self, work: Callable[[Room, Array], Any], items: Array, *, chunk: int = _CHUNK
    ) -> list[Any]:
        """`work` over chunks of `items` on the tracer's threads, in order."""
        if len(items) <= chunk or self.threads == 1:
            return [work(self.room(), items)]
        chunks = [items[at : at + chunk] for at in range(0, len(items), chunk)]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(lambda chunk: work(self.room(), chunk), chunks))

    def asked(self, cases: pa.Table, until: dt.datetime) -> Asked:
        """The question, checked against what the index knows."""
        asked = Asked.of(cases, until, self.rules, self.aliases)
        for part in self.index.snapshot.segments:
            touched = asked.begin_s - DAY_S < part.begin_s <= asked.until_s
            if touched and asked.until_s < part.known_to_s:
                day = dt.datetime.fromtimestamp(part.begin_s + 8 * 3600, dt.UTC).date()
                raise BadInput(
                    "tracing.known_later",
                    f"The hot index of {day} holds what was recorded after {until.isoformat()}; "
                    "ask the Parquet files what was known then.",
                    day=day.isoformat(),
                )
        return asked

    def _first(self, asked: Asked, names: Names) -> tuple[Found, Array]:
        """Degree 1, and the rows of notices."""
        sources = asked.sources(names)

        def work(room: Room, part: Array) -> tuple[Array, Array]:
            return kernels.meetings(
                self.index.table,
                self.table.figures,
                part,
                asked.begin_s,
                asked.until_s,
                self.rules.heavy_place_persons,
                room.own,
                room.other,
                room.marks,
            )

        found = self.spread(work, sources)
        rows = np.concatenate([part[0] for part in found])
        met = Evidence(
            case=rows[:, kernels.CASE],
            source=asked.persons[rows[:, kernels.CASE]],
            person=names.pseudonyms(rows[:, kernels.PERSON]),
            place=rows[:, kernels.PLACE],
            t0=rows[:, kernels.FROM],
            t1=rows[:, kernels.TO],
            imputed=rows[:, kernels.IMPUTED] != 0,
            two=rows[:, kernels.TWO] != 0,
        )
        evidence = fast_answer.joined([met, self._at_home(asked)]).sorted()
        return self._linked(evidence), np.concatenate([part[1] for part in found])

    def _at_home(self, asked: Asked) -> Evidence:
        case, person = self.with_whom(asked.persons)
        some = asked.w1[case] > asked.w0[case]
        case, person = case[some], person[some]
        return at_home(case, asked.persons[case], person, asked.w0[case], asked.w1[case])

    def _linked(self, evidence: Evidence) -> Found:
        ids = (*self.table.rule_ids, self.rules.rule_ids[model.HOUSEHOLD])
        names = np.array(sorted(set(ids)))
        number = np.array([int(np.searchsorted(names, one)) for one in ids])
        kind = self.table.figures.kind[np.maximum(evidence.place, 0)]
        rule = number[np.where(evidence.place == NOWHERE, len(ids) - 1, kind)]
        groups = Groups.of(evidence)
        ranking = self.rules.ranking
        link = fast_answer.link_scores(groups.total, groups.imputed, groups.household, ranking)
        words = pa.array(names.tolist(), pa.string())
        strongest = fast_answer.strongest(evidence, groups, rule)
        return Found(
            degree=1,
            evidence=evidence,
            groups=groups,
            score=link,
            link=link,
            via=None,
            via_score=None,
            contact_rule=words.take(pa.array(strongest)),
            exposure_rule=words.take(pa.array(rule)),
        )


def at_home(case: Array, source: Array, person: Array, t0: Array, t1: Array) -> Evidence:
    """Evidence of living together."""
    never = np.zeros(len(case), np.bool_)
    place = np.full(len(case), NOWHERE, np.int64)
    return Evidence(case, source, person, place, t0, t1, never, never)


@dataclasses.dataclass(frozen=True)
class Asked:
    """The cases by id, their windows cut at `until`; seconds."""

    cases: pa.Table
    case_ids: Array
    persons: Array
    w0: Array
    w1: Array
    begin_s: int
    until_s: int

    @classmethod
    def of(
        cls, cases: pa.Table, until: dt.datetime, rules: model.TraceRules, aliases: pa.Table
    ) -> Asked:
        if until.tzinfo is None:
            raise BadInput("time.naive", "`until` needs a time zone.")
        table = model.canonical(model.checked_cases(cases), aliases)
        order = np.argsort(table["case_id"].to_numpy())
        case_ids, persons = (table[name].to_numpy()[order] for name in ("case_id", "person"))
        w0, w1 = (
            table[name].cast(pa.int64()).to_numpy()[order] for name in ("window_from", "window_to")
        )
        until_s = int(until.timestamp())
        begin_s = int(w0.min()) if len(w0) else until_s
        return cls(
            table,
            case_ids,
            persons,
            w0,
            np.minimum(w1, until_s),
            begin_s - rules.look_back_s(),
            until_s,
        )

    @property
    def patients(self) -> Array:
        return np.unique(self.persons)

    def sources(self, names: Names) -> Array:
        """Rows of case, dense person, window from, window to."""
        rows = [np.arange(len(self.persons)), names.ids(self.persons), self.w0, self.w1]
        return np.ascontiguousarray(np.stack(rows, axis=1).astype(np.int64))
