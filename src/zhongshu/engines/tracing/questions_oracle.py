"""The readable twin of `questions`: plain loops over plain records, for small tables.

It reads a table of visits and the stays that `oracle_stays.stays_of` makes of them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from zhongshu.engines.tracing import model, oracle_stays
from zhongshu.engines.tracing.oracle_stays import Places, Row, Stay
from zhongshu.engines.tracing.questions import GAPS, PRESENT, STAYS, WENT, Timeline, Venue


@dataclasses.dataclass(frozen=True)
class World:
    """Everything a question reads.  visits, places, aliases as for the engine."""

    visits: pa.Table
    places: pa.Table
    aliases: pa.Table
    rules: model.TraceRules
    until: dt.datetime

    @property
    def ground(self) -> Places:
        return Places.of(self.places.to_pylist(), self.rules)

    @property
    def rows(self) -> list[Row]:
        """What was recorded by `until`, by canonical persons, at places that are read."""
        same = {row["person"]: row["canonical"] for row in self.aliases.to_pylist()}
        known = [row for row in self.visits.to_pylist() if row["recorded_at"] <= self.until]
        return oracle_stays.read(known, self.ground, same)


def _stays(world: World, begin_s: int, end_s: int) -> list[Stay]:
    """Of everybody, clipped to the time asked about."""
    rows = [row for row in world.rows if int(row["time_in"].timestamp()) < end_s]
    look = begin_s - world.rules.look_back_s()
    until = int(world.until.timestamp())
    found = oracle_stays.stays_of(rows, world.ground.kind, world.rules, begin=look, until=until)
    clipped = [
        dataclasses.replace(stay, t0=max(stay.t0, begin_s), t1=min(stay.t1, end_s, until + 1))
        for stay in found
    ]
    return [stay for stay in clipped if stay.t0 < stay.t1]


def venue(world: World, places: Sequence[int], *, begin_s: int, end_s: int) -> Venue:
    """As `questions.venue`."""
    ground = world.ground

    def counts(at: int) -> bool:
        """The places, what is part of them, and what they are part of."""
        own = {at, *ground.wholes(at)} & set(places)
        return bool(own) or any(at in ground.wholes(place) for place in places)

    there = [stay for stay in _stays(world, begin_s, end_s) if counts(stay.place)]
    persons = []
    for person in sorted({stay.person for stay in there}):
        own = [stay for stay in there if stay.person == person]
        seconds = {second for stay in own for second in range(stay.t0, stay.t1)}
        persons.append(
            {
                "person": person,
                "first": min(stay.t0 for stay in own),
                "last": max(stay.t1 for stay in own),
                "minutes": len(seconds) / 60,
                "imputed": all(stay.t1 > stay.sure for stay in own),
            }
        )
    rows = [
        {
            "person": stay.person,
            "place": stay.place,
            "time_from": stay.t0,
            "time_to": stay.t1,
            "imputed": stay.t1 > stay.sure,
        }
        for stay in sorted(there, key=lambda stay: (stay.person, stay.t0, stay.place))
    ]
    return Venue(
        pa.Table.from_pylist(persons, schema=PRESENT), pa.Table.from_pylist(rows, schema=STAYS)
    )


def timeline(world: World, person: int, *, begin_s: int, end_s: int) -> Timeline:
    """As `questions.timeline`; it does not name sources."""
    stays = [stay for stay in _stays(world, begin_s, end_s) if stay.person == person]
    stays.sort(key=lambda stay: (stay.t0, stay.place))
    ground = world.ground
    rows = [
        {
            "place": stay.place,
            "time_from": stay.t0,
            "time_to": stay.t1,
            "imputed": stay.t1 > stay.sure,
            "doubted": any(
                stay.t0 < other.t1 and other.t0 < stay.t1
                for other in stays
                if not ground.near(stay.place, other.place)
            ),
            "source": "",
        }
        for stay in stays
    ]
    gaps, free = [], begin_s
    end = min(end_s, int(world.until.timestamp()) + 1)
    for stay in stays:
        if stay.t0 > free:
            gaps.append({"time_from": free, "time_to": stay.t0})
        free = max(free, stay.t1)
    if free < end:
        gaps.append({"time_from": free, "time_to": end})
    return Timeline(
        pa.Table.from_pylist(rows, schema=WENT), pa.Table.from_pylist(gaps, schema=GAPS)
    )
