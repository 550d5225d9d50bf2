"""Tracing again only what a new trace could answer differently, and keeping why."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools
import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from zhongshu.engines.tracing import model
from zhongshu.kernel.errors import Refused
from zhongshu.kernel.time import beijing_day
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.kit.tracerules import trace_rules
from zhongshu.service.people import facade as people
from zhongshu.service.tracing import basis, changes, question, standing, stored
from zhongshu.service.tracing.asked import only, windows_of
from zhongshu.service.tracing.basis import Basis
from zhongshu.service.tracing.index import Index, Span
from zhongshu.service.tracing.stored import Before

_QUICK_ROWS = 5_000_000  # sealed in a few seconds


@dataclasses.dataclass(frozen=True)
class Moment:
    """All that a trace as of a moment is asked with.

    asked: `model.CASES` of every open case, canonical pseudonyms.  found: whom the last traces
    found (`contacts.FOUND`), canonical.
    """

    here: Index
    pack: Pack
    rules: model.TraceRules
    as_of: dt.datetime
    span: Span
    asked: pa.Table
    isolations: pa.Table
    households: pa.Table
    aliases: pa.Table

    @functools.cached_property
    def digest(self) -> str:
        """Of pack and method: whatever answers may depend on besides facts."""
        words = json.dumps([self.pack.digest(), model.VERSION, self.rules.as_json()])
        return hashlib.sha256(words.encode()).hexdigest()

    @functools.cached_property
    def read_from(self) -> dt.datetime:
        first: dt.datetime | None = pc.min(self.asked["window_from"]).as_py()
        return first or self.as_of

    @functools.cached_property
    def open(self) -> frozenset[int]:
        """Ids of the open cases."""
        return frozenset(self.asked["case_id"].to_pylist())

    def found(self) -> pl.DataFrame:
        return _frame(model.canonical(contacts.found(), self.aliases))


@dataclasses.dataclass(frozen=True)
class Retraced:
    """traced: each case asked again, with the reason.  cases: how many there are.  counts: what
    `contacts.upsert` did.  card: of the engine, None when nothing had to be asked."""

    traced: Mapping[int, str]
    cases: int
    counts: Mapping[str, int]
    capped: int
    card: Mapping[str, Any] | None


def at(as_of: dt.datetime, pack: Pack, root: Path | None = None) -> Moment:
    """What is known at `as_of` of cases and persons."""
    here, rules = question.index(root), trace_rules(pack)
    asked = windows_of(cases.open_cases(as_of), pack=pack, until=as_of)
    span = question.span_of(asked, rules, as_of)
    known = here.people(span)
    return Moment(
        here,
        pack,
        rules,
        as_of,
        span,
        model.canonical(asked, known.aliases),
        contacts.isolations(as_of),
        known.households,
        known.aliases,
    )


def retrace(
    *,
    as_of: dt.datetime,
    pack: Pack,
    run_id: int = 0,
    case_ids: Collection[int] | None = None,
    root: Path | None = None,
    engine: question.Engine | None = None,
    seal: bool = False,
    actor: Actor = CYCLE,
) -> Retraced:
    """Trace every open case that could have other contacts than the register says, and write them.

    case_ids: only these, whether anything changed or not.  Of a case closed since, contacts nobody
    has decided about are withdrawn.  The register is the one a full trace would have written; a
    case traced as of a later moment is left alone.
    """
    if seal:
        _seal(at(as_of, pack, root))
    with transaction.atomic():
        stored.alone()
        moment = at(as_of, pack, root)
        before = stored.read()
        why = changed(moment, before)
        traced = why if case_ids is None else _named(case_ids, why)
        return _write(moment, before, traced, run_id=run_id, engine=engine, actor=actor)


def keep_ready(now: dt.datetime, pack: Pack) -> None:
    """Make the index answer for the windows of the open cases: what changed is sealed anew.

    Days of many rows are left to the next cycle, which can wait for them.
    """
    _seal(at(now, pack), most_rows=_QUICK_ROWS)


def _seal(moment: Moment, most_rows: int | None = None) -> None:
    """So that the index can answer; where it cannot be made to, the files will."""
    with contextlib.suppress(Refused):
        moment.here.seal(moment.span, moment.as_of, most_rows=most_rows)


def changed(moment: Moment, before: Mapping[int, Before]) -> dict[int, str]:
    """case_id to reason of the cases to be traced again, closed ones among them."""
    open_ = _frame(moment.asked)
    ids = set(open_["case_id"].to_list())
    later = {case for case, one in before.items() if one.basis.as_of > moment.as_of}
    closed = dict.fromkeys(set(before) - ids, changes.CLOSED)
    parts = [closed, _by_value(moment, before)]
    rest = ids & set(before)
    if rest:
        found = moment.found().filter(pl.col("case_id").is_in(list(rest)))
        parts += [_by_digest(moment, before, found), _by_time(moment, before, found)]
        parts += [_by_scans(moment, before, found, since) for since in _bases(before)]
    return {case: why for case, why in changes.joined(*parts).items() if case not in later}


def _named(case_ids: Collection[int], why: Mapping[int, str]) -> dict[int, str]:
    return {case: why.get(case, changes.TIME) for case in case_ids}


def _by_value(moment: Moment, before: Mapping[int, Before]) -> dict[int, str]:
    """What can be compared as it is."""
    rows: list[tuple[int, str]] = []
    merged = _merges(before)
    places = _places_changed(moment, before)
    for row in moment.asked.to_pylist():
        case = row["case_id"]
        one = before.get(case)
        if one is None:
            rows.append((case, changes.NEW_CASE))
            continue
        if one.rules != moment.digest:
            rows.append((case, changes.RULES))
        if (one.window_from, one.window_to) != (row["window_from"], row["window_to"]):
            rows.append((case, changes.WINDOW))
        if one.read_from != moment.read_from:
            rows.append((case, changes.WINDOW))
        if one.person != row["person"]:
            rows.append((case, merged[one.basis.alias_event].get(row["person"], changes.WINDOW)))
        if places[one.basis.places, one.basis.places_to]:
            rows.append((case, changes.PLACES))
    return changes.foremost(rows)


def _merges(before: Mapping[int, Before]) -> dict[int, dict[int, str]]:
    """Last event known to a trace -> person to reason of everybody merged or split since."""
    words = {"merged": changes.MERGED, "split": changes.SPLIT}
    return {
        event: {person: words[what] for person, what in people.changed_since(event)[0].items()}
        for event in {one.basis.alias_event for one in before.values()}
    }


def _places_changed(moment: Moment, before: Mapping[int, Before]) -> dict[tuple[str, int], bool]:
    marks = {(one.basis.places, one.basis.places_to) for one in before.values()}
    places = moment.here.places()
    return {(mark, to): basis.places_mark(places, to) != mark for mark, to in marks}


def _by_digest(moment: Moment, before: Mapping[int, Before], found: pl.DataFrame) -> dict[int, str]:
    """Who lives with whom, who is kept apart, who of the contacts is a case himself."""
    homes, apart = digests(moment, found)
    rows = []
    for case, one in before.items():
        if homes.get(case, "") != one.homes:
            rows.append((case, changes.HOUSEHOLD))
        if apart.get(case, "") != one.isolations:
            rows.append((case, changes.ISOLATED))
    patients = moment.asked["person"].to_pylist()
    other = found.filter(pl.col("is_case") != pl.col("person").is_in(patients))
    rows += [(case, changes.NEW_CASE) for case in other["case_id"].unique().to_list()]
    return changes.foremost((case, why) for case, why in rows if case in moment.open)


def digests(moment: Moment, found: pl.DataFrame) -> tuple[dict[int, str], dict[int, str]]:
    """case_id to digest of the households, and of the isolations, of the case and his close
    contacts."""
    own = _frame(moment.asked).select("case_id", "person")
    close = found.filter(pl.col("degree") == 1).select("case_id", "person")
    who = pl.concat([own, close]).unique()
    homes = _frame(model.canonical(moment.households, moment.aliases)).unique()
    lived = who.join(homes, on="person").select("case_id", "household").unique()
    together = lived.join(homes, on="household")
    apart = who.join(_frame(model.canonical(moment.isolations, moment.aliases)), on="person")
    since = apart.select("case_id", "person", pl.col("isolated_from").dt.epoch("s"))
    return (
        _digest(together.select("case_id", "household", "person")),
        _digest(since.unique()),
    )


def _digest(rows: pl.DataFrame) -> dict[int, str]:
    owner, *values = (column.to_numpy() for column in rows.iter_columns())
    return changes.digest(owner, *values)


def _by_time(moment: Moment, before: Mapping[int, Before], found: pl.DataFrame) -> dict[int, str]:
    """What a later moment alone changes: days that are over, and, at degree 2, how long close
    contacts have been about."""
    rows: list[tuple[int, str]] = []
    today = beijing_day(moment.as_of)
    for (case,), close in found.filter(pl.col("degree") == 1).group_by("case_id"):
        since = before[cast(int, case)].basis.as_of
        if since == moment.as_of:
            continue
        over = pl.col("release_on").is_between(beijing_day(since), today, closed="left")
        if close.filter(over).height:
            rows.append((cast(int, case), changes.RELEASED))
        if moment.rules.degrees == 2:
            rows.append((cast(int, case), changes.TIME))
    return changes.foremost(rows)


def _by_scans(
    moment: Moment, before: Mapping[int, Before], found: pl.DataFrame, since: Basis
) -> dict[int, str]:
    """What scans that came, went or ran on can matter to, of the cases traced on `since`."""
    mine = [case for case, one in before.items() if one.basis == since and case in moment.open]
    asked = _seconds(moment.asked).filter(pl.col("case_id").is_in(mine))
    if not asked.height or since.as_of > moment.as_of:
        return {}
    places = moment.here.places()
    figures = changes.Figures.of(places, moment.rules)
    reader = basis.Reader(moment.here.lake, figures, moment.aliases)
    moved = reader.moved(moment.span, since, moment.as_of)
    lost = dict.fromkeys(mine if moved.gone else (), changes.CORRECTED)
    who = changes.sides(
        asked,
        found.filter(pl.col("case_id").is_in(mine)),
        degrees=moment.rules.degrees,
        now_s=int(moment.as_of.timestamp()),
    )
    then_now = (since.as_of, moment.as_of)
    renamed = _renamed(moment, reader, since)
    scans = pl.concat([moved.scans, renamed], how="vertical_relaxed")
    if not scans.height:
        return lost
    hanging = changes.spread(scans, reader.of_persons(scans["person"], moment.span, *then_now))
    rows = reader.of_persons(who.sources["person"], moment.span, *then_now)
    pairs = changes.near_pairs(places, moment.rules)
    return changes.joined(lost, changes.reached(hanging, who, rows, pairs))


def _renamed(moment: Moment, reader: basis.Reader, since: Basis) -> pl.DataFrame:
    """All scans of everybody who was merged or split since, with the reason."""
    words = {"merged": changes.MERGED, "split": changes.SPLIT}
    named, _ = people.changed_since(since.alias_event)
    persons = pl.DataFrame(
        {"person": list(named), "reason": [words[what] for what in named.values()]},
        schema={"person": pl.Int64, "reason": pl.String},
    )
    canonical = model.canonical(persons.to_arrow(), moment.aliases)
    reasons = _frame(canonical).unique("person")
    rows = reader.of_persons(reasons["person"], moment.span, moment.as_of)
    return rows.join(reasons, on="person").select(*rows.columns, "reason")


def _write(
    moment: Moment,
    before: Mapping[int, Before],
    traced: Mapping[int, str],
    *,
    run_id: int,
    engine: question.Engine | None,
    actor: Actor,
) -> Retraced:
    asking = [case for case in traced if case in moment.open]
    if not traced:
        return Retraced({}, moment.asked.num_rows, {}, 0, None)
    result = question.trace(
        only(moment.asked, asking),
        as_of=moment.as_of,
        pack=moment.pack,
        isolations=moment.isolations,
        engine=engine,
        root=moment.here.lake.root,
    )
    found, exposures = standing.stand(
        result, pack=moment.pack, places=moment.here.places(), today=beijing_day(moment.as_of)
    )
    counts = contacts.upsert(
        contacts=found,
        exposures=exposures,
        notices=result.notices,
        run_id=run_id,
        as_of=moment.as_of,
        traced=traced,
        actor=actor,
    )
    _keep(moment, before, asking, closed=set(traced) - set(asking))
    card = result.card.as_json()
    return Retraced(traced, moment.asked.num_rows, counts, result.capped.num_rows, card)


def _keep(
    moment: Moment, before: Mapping[int, Before], asking: list[int], *, closed: set[int]
) -> None:
    """What these cases were now traced on."""
    latest = max((one.basis for one in before.values()), key=lambda b: b.as_of, default=None)
    last_event = people.changed_since(latest.alias_event if latest else 0)[1]
    now = basis.take(
        moment.here.lake,
        moment.span,
        moment.as_of,
        places=moment.here.places(),
        alias_event=last_event,
        previous=latest,
    )
    homes, apart = digests(moment, moment.found())
    rows = {
        row["case_id"]: Before(
            person=row["person"],
            window_from=row["window_from"],
            window_to=row["window_to"],
            read_from=moment.read_from,
            rules=moment.digest,
            homes=homes.get(row["case_id"], ""),
            isolations=apart.get(row["case_id"], ""),
            basis=now,
        )
        for row in moment.asked.to_pylist()
        if row["case_id"] in set(asking)
    }
    stored.write(rows, now, forget=closed)


def _bases(before: Mapping[int, Before]) -> list[Basis]:
    return list({id(one.basis): one.basis for one in before.values()}.values())


def _seconds(asked: pa.Table) -> pl.DataFrame:
    return _frame(asked).select(
        "case_id",
        "person",
        pl.col("window_from").dt.epoch("s").alias("w0"),
        pl.col("window_to").dt.epoch("s").alias("w1"),
    )


def _frame(table: pa.Table) -> pl.DataFrame:
    return cast(pl.DataFrame, pl.from_arrow(table))
