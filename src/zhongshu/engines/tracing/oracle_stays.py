"""The readable twin's stays and places: what a stay is, and which places are near each other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from zhongshu.engines.tracing import model

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Stay:
    person: int
    place: int
    t0: int
    t1: int
    sure: int  # recorded up to here, estimated from here to t1


@dataclasses.dataclass(frozen=True)
class Places:
    """Places of the question by key; a place that is not there is of no kind and part of
    nothing."""

    kind: dict[int, str]
    parent: dict[int, int]
    number: dict[int, int]
    unread: set[int]
    near_apart: dict[str, float]

    @classmethod
    def of(cls, rows: list[Row], rules: model.TraceRules) -> Places:
        """Of several rows for one place the first kind in order holds, the lowest whole and
        number; it is not read if any of them says so."""
        named = [row for row in rows if row["kind"] in rules.kinds]
        falling = [row for row in rows if row["parent"] is not None]
        numbered = [row for row in rows if row["number"] is not None]
        return cls(
            {row["place"]: row["kind"] for row in sorted(named, key=lambda r: r["kind"])[::-1]},
            {row["place"]: row["parent"] for row in sorted(falling, key=lambda r: -r["parent"])},
            {row["place"]: row["number"] for row in sorted(numbered, key=lambda r: -r["number"])},
            {row["place"] for row in rows if row["kind"] in rules.not_read},
            dict(rules.near_apart),
        )

    def wholes(self, place: int) -> Iterator[int]:
        while place in self.parent:
            place = self.parent[place]
            yield place

    def near(self, one: int, other: int) -> bool:
        if one == other or one in self.wholes(other) or other in self.wholes(one):
            return True
        whole, kind = self.parent.get(one), self.kind.get(one)
        if whole is None or self.parent.get(other) != whole or self.kind.get(other) != kind:
            return False
        apart = 0.0 if kind is None else self.near_apart.get(kind, 0.0)
        if math.isinf(apart):
            return True
        if one not in self.number or other not in self.number:
            return False
        return abs(self.number[one] - self.number[other]) <= apart


def seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def read(visits: Iterable[Row], places: Places, same: dict[int, int]) -> list[Row]:
    """The scans that the question reads, by canonical pseudonym (`same`: of the merged ones)."""
    return [
        visit | {"person": same.get(visit["person"], visit["person"])}
        for visit in visits
        if visit["place"] not in places.unread
    ]


def stays_of(
    visits: Iterable[Row],
    kind_of: dict[int, str],
    rules: model.TraceRules,
    *,
    begin: int,
    until: int,
) -> list[Stay]:
    """Scans recorded by `until` as stays: duplicates merged, missing ends estimated."""
    ends: dict[tuple[int, int, int], int | None] = {}
    for visit in visits:
        person, place, time_in = visit["person"], visit["place"], visit["time_in"]
        if person is None or place is None or seconds(visit["recorded_at"]) > until:
            continue
        if not begin <= seconds(time_in) <= until:
            continue
        end = None if visit["time_out"] is None else seconds(visit["time_out"])
        if end is not None and end <= seconds(time_in):
            end = None
        key = (person, place, seconds(time_in))
        known = [moment for moment in (ends.get(key), end) if moment is not None]
        ends[key] = max(known, default=None)

    pieces: dict[tuple[int, int], list[Stay]] = defaultdict(list)
    for (person, place, t0), recorded_end in ends.items():
        rule = rules.for_kind(kind_of.get(place))
        longest = t0 + round(rule.max_stay_min * 60)
        if recorded_end is not None:
            cut = recorded_end > longest
            stay = Stay(person, place, t0, min(recorded_end, longest), t0 if cut else recorded_end)
        else:
            elsewhere = [at for who, where, at in ends if who == person and where != place]
            next_scan = min((at for at in elsewhere if at > t0), default=longest)
            guessed = t0 + round(rule.imputed_stay_min * 60)
            stay = Stay(person, place, t0, min(guessed, next_scan, longest), t0)
        if stay.t1 > stay.t0:
            pieces[person, place].append(stay)
    return [stay for group in pieces.values() for stay in _joined(group)]


def presences(stays: list[Stay], places: Places, place: int) -> list[Stay]:
    """Who was near the place, and when: each person's stays at near places that overlap or touch
    are one."""
    pieces: dict[int, list[Stay]] = defaultdict(list)
    for stay in stays:
        if places.near(stay.place, place):
            pieces[stay.person].append(dataclasses.replace(stay, place=place))
    return [stay for group in pieces.values() for stay in _joined(group)]


def _joined(group: list[Stay]) -> Iterator[Stay]:
    """One person's stays at one place, those that overlap or touch made one."""
    group = sorted(group, key=lambda stay: stay.t0)
    open_stay = group[0]
    for stay in group[1:]:
        if stay.t0 <= open_stay.t1:
            open_stay = dataclasses.replace(
                open_stay,
                t1=max(open_stay.t1, stay.t1),
                sure=max(open_stay.sure, stay.sure),
            )
        else:
            yield open_stay
            open_stay = stay
    yield open_stay
