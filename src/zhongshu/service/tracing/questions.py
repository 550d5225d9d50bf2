"""The reverse questions: who was there, where did he go, what have they in common, who went along.

Each is asked for a stated purpose (`Asking`), within the asker's rights, and is on record in the
transaction of its answer.  Persons are told as rounded counts, small cells hidden (`cells`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from zhongshu.engines.tracing import common as engine
from zhongshu.engines.tracing import model, questions, scans
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import DAY, beijing, beijing_day, start_of_day
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.tracerules import trace_rules
from zhongshu.service.tracing import ground, inquiries, kept, question
from zhongshu.service.tracing.cells import Count, Told, count, covering
from zhongshu.service.tracing.ground import Place
from zhongshu.service.tracing.inquiries import Asking

INCUBATION = "trace.incubation_max_days"


@dataclasses.dataclass(frozen=True)
class Venue:
    """by_hour: (begin of the hour, persons there); by_spot: (part of the place, persons), empty
    where the place has no parts; by_county: unit and persons; cases: within the asker's rights."""

    place: Place
    persons: Count
    by_hour: list[dict[str, Any]]
    by_spot: list[dict[str, Any]]
    by_county: list[dict[str, Any]]
    cases: int


@dataclasses.dataclass(frozen=True)
class Timeline:
    """stays: place, from, to, imputed, doubted, source; gaps: from, to."""

    stays: list[dict[str, Any]]
    gaps: list[dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class Shared:
    """One place several cases visited.  visits: (case, from, to or None)."""

    place: Place
    cases: list[cases.Case]
    expected: float
    persons: Count
    p: float
    p_adjusted: float
    visits: list[tuple[int, dt.datetime, dt.datetime | None]]


@dataclasses.dataclass(frozen=True)
class Common:
    asked: int
    tested: int
    places: list[Shared]


@transaction.atomic
def venue(
    asking: Asking, *, place: int | None, place_id: str | None, begin: dt.datetime, end: dt.datetime
) -> Venue:
    """Who was at a place, at a part of it or somewhere in the whole it is part of."""
    rules, here = trace_rules(asking.pack), question.index()
    tree = ground.ground_of(here, rules).tree
    where = ground.place_asked(here, tree, asking.scope, place=place, place_id=place_id)
    kept.check(begin, asking.as_of)
    seconds = _seconds(begin, end)

    def work(source: scans.Source) -> questions.Venue:
        return questions.venue(source, tree, [where.key], **seconds)

    found = ground.ask(here, rules, begin=begin, end=end, as_of=asking.as_of, work=work)
    persons = found.persons["person"].combine_chunks()
    told, by_county = ground.county_counts(persons, least=asking.least)
    answer = Venue(
        where,
        told.total,
        _by_hour(found.stays, told, asking.least),
        _by_spot(here, tree, found.stays, told, asking.least),
        by_county,
        _cases_among(persons, asking),
    )
    inquiries.record(
        asking,
        kind="venue",
        what={"place": where.key, **_told(begin, end)},
        answered={"persons": answer.persons, "cases": answer.cases},
    )
    return answer


@transaction.atomic
def timeline(
    asking: Asking,
    *,
    case_id: int | None,
    contact_id: int | None,
    begin: dt.datetime,
    end: dt.datetime,
) -> Timeline:
    """Where a case or a contact was, from the files: they know who sent each visit."""
    person = _person(asking, case_id, contact_id)
    kept.check(begin, asking.as_of)
    rules, here = trace_rules(asking.pack), question.index()
    tree = ground.ground_of(here, rules).tree
    source = ground.person_source(here, rules, person, begin=begin, end=end, as_of=asking.as_of)
    found = questions.timeline(source, tree, person, **_seconds(begin, end))
    known = ground.places_of(here, tree, found.stays["place"].to_pylist())
    stays = [
        {
            "place": known.get(row["place"]),
            "from": row["time_from"],
            "to": row["time_to"],
            "imputed": row["imputed"],
            "doubted": row["doubted"],
            "source": row["source"],
        }
        for row in found.stays.to_pylist()
    ]
    gaps = [{"from": row["time_from"], "to": row["time_to"]} for row in found.gaps.to_pylist()]
    asked = {"case_id": case_id, "contact_id": contact_id}
    who = {name: one for name, one in asked.items() if one is not None}
    inquiries.record(
        asking,
        kind="timeline",
        what={**who, **_told(begin, end)},
        answered={"stays": len(stays), "gaps": len(gaps)},
    )
    return Timeline(stays, gaps)


@transaction.atomic
def common(asking: Asking, *, case_ids: Collection[int]) -> Common:
    """Places and vehicles that two or more of the cases visited in their exposure windows,
    against people about in the same county then."""
    known = {row.pk: row for row in _cases(asking, case_ids)}
    rules, here = trace_rules(asking.pack), question.index()
    tree = ground.ground_of(here, rules).tree
    asked = exposure_windows(list(known.values()), asking.pack, asking.as_of)
    begin = pc.min(asked["window_from"]).as_py()
    areas = ground.areas_of(here)

    def work(source: scans.Source) -> engine.Common:
        # no chance betrays more of how many there were than their count tells
        return engine.common(source, tree, asked, areas=areas, least=asking.least)

    held = here.lake.days("visits")
    begin = max(begin, start_of_day(held[0])) if held else begin
    found = ground.ask(here, rules, begin=begin, end=asking.as_of, as_of=asking.as_of, work=work)
    places = _shared(here, tree, found, known, asking.least)
    inquiries.record(
        asking,
        kind="common",
        what={"case_ids": sorted(known)},
        answered={"tested": found.tested, "places": len(places)},
    )
    return Common(found.asked, found.tested, places)


def exposure_windows(known: list[cases.Case], pack: Pack, until: dt.datetime) -> pa.Table:
    """`model.CASES` of when each case can have been infected: from the longest incubation before
    his day of onset (of sampling, without symptoms) to the end of that day, in whole days."""
    days = pack.number(INCUBATION) * DAY
    rows = []
    for case in known:
        first = case.onset_date or beijing_day(case.sampled_at or case.reported_at)
        ill = start_of_day(first)
        begin = min(ill - days, until)
        rows.append((case.pk, case.person, begin, max(begin, min(ill + DAY, until))))
    columns = zip(*rows, strict=True)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, model.CASES, strict=True)]
    return pa.table(arrays, schema=model.CASES)


def _seconds(begin: dt.datetime, end: dt.datetime) -> dict[str, int]:
    for moment in (begin, end):
        if moment.tzinfo is None:
            raise BadInput("moment.zone", "`from` and `to` need a time zone, e.g. +08:00.")
    return {"begin_s": int(begin.timestamp()), "end_s": int(end.timestamp())}


def _told(begin: dt.datetime, end: dt.datetime) -> dict[str, str]:
    return {"from": beijing(begin).isoformat(), "to": beijing(end).isoformat()}


def _by_hour(stays: pa.Table, of: Told, least: int) -> list[dict[str, Any]]:
    rows = questions.hours(stays).to_pylist()
    told = covering([row["persons"] for row in rows], of, least=least)
    return [{"hour": row["hour"], "persons": one} for row, one in zip(rows, told, strict=True)]


def _by_spot(here: Any, tree: Any, stays: pa.Table, of: Told, least: int) -> list[dict[str, Any]]:
    pairs = stays.select(["place", "person"]).group_by(["place", "person"]).aggregate([])
    rows = pc.value_counts(pairs["place"].combine_chunks()).to_pylist()
    if len(rows) < 2:
        return []
    told = covering([row["counts"] for row in rows], of, least=least)
    names = ground.places_of(here, tree, [row["values"] for row in rows])
    spots = [
        {"name": names[row["values"]].name if row["values"] in names else "", "persons": one}
        for row, one in zip(rows, told, strict=True)
    ]
    return sorted(spots, key=_most_told)


def _most_told(spot: dict[str, Any]) -> tuple[int, str]:
    """By what is told alone: the order of hidden counts would say which is greater."""
    return -(spot["persons"]["value"] or 0), spot["name"]


def _cases_among(persons: pa.Array, asking: Asking) -> int:
    """Cases within the asker's rights among the persons."""
    every = scans.Aliases.of(ground.merged()).everyone(persons.to_numpy())
    rows = cases.listed(scope=asking.scope, as_of=asking.as_of)
    return rows.filter(person__in=every.tolist()).count()


def _person(asking: Asking, case_id: int | None, contact_id: int | None) -> int:
    """Whoever is named, if he is within the asker's rights."""
    if (case_id is None) == (contact_id is None):
        raise BadInput("tracing.whom", "Name one case or one contact.")
    if case_id is not None:
        return cases.get(case_id, asking.scope, asking.as_of).person
    assert contact_id is not None
    return contacts.get(contact_id, asking.scope).person


def _cases(asking: Asking, case_ids: Collection[int]) -> list[cases.Case]:
    wanted = set(case_ids)
    if len(wanted) < engine.LEAST:
        raise BadInput("tracing.too_few_cases", "A common exposure needs two cases or more.")
    rows = cases.listed(scope=asking.scope, as_of=asking.as_of).filter(pk__in=wanted)
    found = list(rows.order_by("pk"))
    if len(found) < len(wanted):
        missing = sorted(wanted - {row.pk for row in found})
        raise NotFound("cases.unknown", f"There is no case {missing[0]} within your rights.")
    return found


def _shared(
    here: Any, tree: Any, found: engine.Common, known: dict[int, cases.Case], least: int
) -> list[Shared]:
    named = ground.places_of(here, tree, found.places["place"].to_pylist())
    visits: dict[int, list[tuple[int, dt.datetime, dt.datetime | None]]] = {}
    for row in found.visits.to_pylist():
        one = (row["case_id"], row["time_in"], row["time_out"])
        visits.setdefault(row["place"], []).append(one)
    shared = []
    for row in found.places.to_pylist():
        place = named.get(row["place"])
        went = visits[row["place"]]
        if place is None:  # scanned, and nobody entered it
            place = Place(row["place"], str(row["place"]), "unknown", None, None, None)
        shared.append(
            Shared(
                place,
                [known[case] for case in dict.fromkeys(case for case, _, _ in went)],
                row["expected"],
                count(row["persons"], least=least),
                row["p"],
                row["p_adjusted"],
                went,
            )
        )
    return shared
