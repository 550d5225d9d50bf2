"""The readable twin of tracing: plain loops over plain records, quadratic, for small tables.

It is the definition of what `solve.trace` answers; the property tests hold the two together.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from zhongshu.engines.tracing import model, oracle_stays
from zhongshu.engines.tracing.oracle_stays import Row, Stay, seconds, stays_of
from zhongshu.kernel.runcard import RunCard

HOUR_S = 3600
__all__ = ["Stay", "stays_of", "trace"]


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Somebody whose contacts are sought, for one case, inside a window (seconds)."""

    case_id: int
    person: int
    w0: int
    w1: int


@dataclasses.dataclass(frozen=True, slots=True)
class Exposure:
    case_id: int
    source: int
    person: int
    place: int | None  # None: household
    t0: int
    t1: int
    imputed: bool
    rule_id: str

    @property
    def seconds(self) -> int:
        return 0 if self.place is None else self.t1 - self.t0


def _six(x: float) -> float:
    """Six decimals, halves up; the same arithmetic as in SQL, so that ties rank alike."""
    return math.floor(x * 1e6 + 0.5) / 1e6


def _met(source: Source, own: Stay, other: Stay, min_overlap_min: float) -> tuple[int, int] | None:
    """When a stay and somebody's presence near it overlap inside the source's window, if for
    long enough."""
    if own.person == other.person:
        return None
    t0, t1 = max(own.t0, other.t0, source.w0), min(own.t1, other.t1, source.w1)
    return (t0, t1) if t1 > t0 and t1 - t0 >= min_overlap_min * 60 else None


def _hours(stay: Stay) -> range:
    return range(stay.t0 // HOUR_S, (stay.t1 - 1) // HOUR_S + 1)


class _Oracle:
    def __init__(
        self,
        stays: list[Stay],
        places: oracle_stays.Places,
        household_of: set[tuple[int, int]],
        rules: model.TraceRules,
    ) -> None:
        self.stays, self.places, self.rules = stays, places, rules
        self.household_of = household_of
        self.presences: dict[int, list[Stay]] = {
            place: oracle_stays.presences(stays, places, place)
            for place in {stay.place for stay in stays}
        }

    def crowded(self, stay: Stay) -> bool:
        def present(hour: int) -> set[int]:
            near = self.presences[stay.place]
            return {other.person for other in near if hour in _hours(other)}

        heavy = self.rules.heavy_place_persons
        return any(len(present(hour)) > heavy for hour in _hours(stay))

    def visits(self, source: Source, degree: int) -> Iterator[Exposure]:
        for own in self.stays:
            if own.person != source.person or (degree == 2 and self.crowded(own)):
                continue
            rule = self.rules.for_kind(self.places.kind.get(own.place))
            least = rule.min_overlap_min if degree == 1 else rule.second_min_overlap_min
            rule_id = rule.rule_id if degree == 1 else self.rules.second_rule_id
            if least is None:
                continue
            for other in self.presences[own.place]:
                span = _met(source, own, other, least)
                if span:
                    yield Exposure(
                        source.case_id,
                        source.person,
                        other.person,
                        own.place,
                        *span,
                        imputed=span[1] > min(own.sure, other.sure),
                        rule_id=rule_id,
                    )

    def home(self, source: Source, degree: int) -> Iterator[Exposure]:
        rule_id = self.rules.rule_ids[model.HOUSEHOLD] if degree == 1 else self.rules.second_rule_id
        own = {home for person, home in self.household_of if person == source.person}
        others = {who for who, home in self.household_of if home in own and who != source.person}
        if source.w1 > source.w0:
            for person in others:
                yield Exposure(
                    source.case_id,
                    source.person,
                    person,
                    None,
                    source.w0,
                    source.w1,
                    imputed=False,
                    rule_id=rule_id,
                )

    def heavy_places(self, source: Source, found: list[Exposure]) -> list[Row]:
        """Notices for the places where this case met too many to name."""
        met: dict[int, set[int]] = defaultdict(set)
        for exposure in found:
            if exposure.place is not None:
                met[exposure.place].add(exposure.person)
        heavy = {p: who for p, who in met.items() if len(who) > self.rules.heavy_place_persons}
        notices: list[Row] = []
        for own in self.stays:
            t0, t1 = max(own.t0, source.w0), min(own.t1, source.w1)
            if own.person == source.person and own.place in heavy and t1 > t0:
                here = {
                    e.person for e in found if e.place == own.place and t0 <= e.t0 and e.t1 <= t1
                }
                notices.append(
                    {
                        "place": own.place,
                        "case_id": source.case_id,
                        "time_from": t0,
                        "time_to": t1,
                        "persons": len(here),
                        "place_persons": len(heavy[own.place]),
                    }
                )
        return notices

    def two_places(self, exposure: Exposure) -> bool:
        return exposure.place is not None and any(
            stay.person in (exposure.source, exposure.person)
            and not self.places.near(stay.place, exposure.place)
            and stay.t0 < exposure.t1
            and stay.t1 > exposure.t0
            for stay in self.stays
        )

    def link_score(self, link: list[Exposure]) -> float:
        ranking = self.rules.ranking
        dose = sum(e.seconds * (ranking.imputed_weight if e.imputed else 1.0) for e in link)
        if any(e.place is None for e in link):
            dose += ranking.household_dose_min * 60
        return _six(1 - 2 ** -(dose / (ranking.half_dose_min * 60)))


def trace(
    cases: pa.Table,
    *,
    visits: pa.Table,
    places: pa.Table,
    households: pa.Table,
    rules: model.TraceRules,
    until: dt.datetime,
    isolations: pa.Table | None = None,
    aliases: pa.Table | None = None,
) -> model.TraceResult:
    """The same question as `solve.trace`, answered slowly."""
    until_s = seconds(until)
    same = {row["person"]: row["canonical"] for row in model.checked_aliases(aliases).to_pylist()}
    sources = [
        Source(
            row["case_id"],
            same.get(row["person"], row["person"]),
            seconds(row["window_from"]),
            min(seconds(row["window_to"]), until_s),
        )
        for row in cases.to_pylist()
    ]
    begin = min((s.w0 for s in sources), default=until_s) - rules.look_back_s()
    spots = oracle_stays.Places.of(model.checked_places(places).to_pylist(), rules)
    homes = households.to_pylist() if rules.households else []
    scans = oracle_stays.read(visits.to_pylist(), spots, same)
    oracle = _Oracle(
        stays_of(scans, spots.kind, rules, begin=begin, until=until_s),
        spots,
        {(same.get(row["person"], row["person"]), row["household"]) for row in homes},
        rules,
    )
    isolated: dict[int, int] = {}
    for row in isolations.to_pylist() if isolations is not None else []:
        moment = seconds(row["isolated_from"])
        person = same.get(row["person"], row["person"])
        isolated[person] = min(moment, isolated.get(person, moment))

    patients = {source.person for source in sources}
    answer = _Answer()
    for source in sources:
        first = _first(oracle, source, answer)
        for person, link in first.items():
            answer.contacts.append(_contact(oracle, person, {source.person: link}, None, patients))
            answer.exposures += [(1, e) for e in link]
        if rules.degrees == 1:
            continue
        reached = _second(oracle, source, first, patients, isolated=isolated, until_s=until_s)
        _take_second(oracle, source, first, reached=reached, patients=patients, answer=answer)
    return _result(oracle, answer)


def _take_second(
    oracle: _Oracle,
    source: Source,
    first: dict[int, list[Exposure]],
    *,
    reached: dict[int, dict[int, list[Exposure]]],
    patients: set[int],
    answer: _Answer,
) -> None:
    """The second degree of one case into the answer: the best up to the cap, the rest counted."""
    rows = []
    for person, links in reached.items():
        via_scores = {via: oracle.link_score(first[via]) for via in links}
        rows.append(_contact(oracle, person, links, via_scores, patients))
    rows.sort(key=lambda row: (-row["score"], row["person"]))
    cap = oracle.rules.second_cap_per_case
    if cap is not None and len(rows) > cap:
        answer.capped.append({"case_id": source.case_id, "found": len(rows), "kept": cap})
        rows = rows[:cap]
    answer.contacts += rows
    for row in rows:
        answer.exposures += [(2, e) for link in reached[row["person"]].values() for e in link]


@dataclasses.dataclass
class _Answer:
    """Rows as they are found."""

    contacts: list[Row] = dataclasses.field(default_factory=list)
    exposures: list[tuple[int, Exposure]] = dataclasses.field(default_factory=list)
    notices: list[Row] = dataclasses.field(default_factory=list)
    capped: list[Row] = dataclasses.field(default_factory=list)


def _first(oracle: _Oracle, source: Source, answer: _Answer) -> dict[int, list[Exposure]]:
    """person -> exposures to the case; heavy places become notices instead."""
    met = list(oracle.visits(source, 1))
    notices = oracle.heavy_places(source, met)
    answer.notices += notices
    closed = {notice["place"] for notice in notices}
    first: dict[int, list[Exposure]] = defaultdict(list)
    for exposure in [e for e in met if e.place not in closed] + list(oracle.home(source, 1)):
        first[exposure.person].append(exposure)
    return first


def _second(
    oracle: _Oracle,
    source: Source,
    first: dict[int, list[Exposure]],
    patients: set[int],
    *,
    isolated: dict[int, int],
    until_s: int,
) -> dict[int, dict[int, list[Exposure]]]:
    """person -> via -> exposures, for persons not already nearer to this case."""
    days = oracle.rules.second_lookback_days
    not_before = 0 if days is None else until_s - round(days * 86_400)
    reached: dict[int, dict[int, list[Exposure]]] = defaultdict(lambda: defaultdict(list))
    for via, link in first.items():
        w0 = max(min(e.t0 for e in link), not_before)
        w1 = min(until_s, isolated.get(via, until_s))
        if via in patients or w1 <= w0:
            continue
        window = Source(source.case_id, via, w0, w1)
        for exposure in [*oracle.visits(window, 2), *oracle.home(window, 2)]:
            if exposure.person not in first and exposure.person != source.person:
                reached[exposure.person][via].append(exposure)
    return reached


def _contact(
    oracle: _Oracle,
    person: int,
    links: dict[int, list[Exposure]],
    via_scores: dict[int, float] | None,
    patients: set[int],
) -> Row:
    """One row of the answer.  via_scores: of the first links, at second degree; else None."""
    score = {via: oracle.link_score(link) for via, link in links.items()}
    chain = {via: _six(score[via] * (via_scores or {}).get(via, 1.0)) for via in links}
    best = min(links, key=lambda via: (-chain[via], via))
    every = [e for link in links.values() for e in link]
    strongest = min(every, key=lambda e: (e.place is not None, -e.seconds, e.rule_id))
    total, imputed = sum(e.seconds for e in every), sum(e.seconds for e in every if e.imputed)
    household = any(e.place is None for e in every)
    return {
        "case_id": every[0].case_id,
        "person": person,
        "degree": 1 if via_scores is None else 2,
        "via_person": None if via_scores is None else best,
        "first_exposure": min(e.t0 for e in every),
        "last_exposure": max(e.t1 for e in every),
        "exposures": len(every),
        "minutes": total / 60,
        "imputed": all(e.imputed for e in every),
        "rule_id": strongest.rule_id,
        "score": chain[best],
        "reason": json.dumps(
            {
                "confirmed_s": total - imputed,
                "imputed_s": imputed,
                "household": household,
                "link": score[best],
                "via": None if via_scores is None else via_scores[best],
            }
        ),
        "is_case": person in patients,
        "two_places": any(oracle.two_places(e) for e in every),
        "household": household,
        "places": len({e.place for e in every if e.place is not None}),
        "minutes_imputed": imputed / 60,
    }


def _result(oracle: _Oracle, answer: _Answer) -> model.TraceResult:
    evidence = [
        {
            "case_id": e.case_id,
            "degree": degree,
            "source_person": e.source,
            "person": e.person,
            "setting": model.HOUSEHOLD if e.place is None else model.VISIT,
            "place": e.place,
            "time_from": e.t0,
            "time_to": e.t1,
            "overlap_min": e.seconds / 60,
            "imputed": e.imputed,
            "rule_id": e.rule_id,
            "two_places": oracle.two_places(e),
        }
        for degree, e in answer.exposures
    ]
    return model.TraceResult(
        _table(answer.contacts, model.CONTACTS, ["case_id", "degree", "-score", "person"]),
        _table(
            evidence,
            model.EXPOSURES,
            ["case_id", "degree", "person", "source_person", "time_from", "place"],
        ),
        _table(answer.notices, model.NOTICES, ["case_id", "place", "time_from"]),
        _table(answer.capped, model.CAPPED, ["case_id"]),
        RunCard("tracing.oracle", model.VERSION, oracle.rules.as_json(), {}),
    )


def _table(rows: list[Row], schema: pa.Schema, order: list[str]) -> pa.Table:
    """Rows as a table, sorted; nulls first, a leading minus is descending."""

    def key(row: Row) -> list[tuple[bool, Any]]:
        return [
            (row[name] is not None, row[name] or 0)
            if (name := field.removeprefix("-")) == field
            else (True, -row[name])
            for field in order
        ]

    return pa.Table.from_pylist(sorted(rows, key=key), schema=schema)
