"""The truth, written apart from the feeds.  No other engine reads it; only a judge may.

``infections``  one row for each infection: who, by whom, where, when, and how it was found
``pairs``       one row for each true infector-infectee pair: do they share a household, or a
                visit that both had recorded while the infector was infectious?
``meetings``    each overlap of visits of such a pair on one floor, with both records if any
``visits``      every visit of everybody who was ever infected, recorded or not; the floor from 0
``households``  person -> household
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import I32, I64, Bools
from zhongshu.engines.world.days import records
from zhongshu.engines.world.days.epidemic import (
    DAY_S,
    FOUND_BY,
    SETTING_PLACE,
    SEVERITY,
)
from zhongshu.engines.world.people import floors, places
from zhongshu.engines.world.sending.tables import moments, option
from zhongshu.engines.world.state import World
from zhongshu.engines.world.statics import household_ids
from zhongshu.kernel.disease import course as infection

_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
SETTINGS = ("place", "household", "import")

TRUE_VISIT = np.dtype(
    [
        ("person", np.int32),
        ("place", np.int32),
        ("time_in", np.int32),
        ("time_out", np.int32),
        ("recorded_s", np.int32),  # when the record became known; NOT_RECORDED without a record
        ("out_known", np.bool_),
        ("floor", np.int8),  # 0 where the place has none
    ]
)
NOT_RECORDED = np.int32(-1)
TrueVisits = NDArray[np.void]


def tables(world: World) -> dict[str, pa.Table]:
    """All five tables; instants are UTC."""
    visits = visits_of_infected(world)
    pairs, meetings = _pairs(world, visits)
    return {
        "infections": infections(world),
        "pairs": pairs,
        "meetings": meetings,
        "visits": _visit_table(world, visits),
        "households": _households(world),
    }


def write(world: World, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables(world).items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def infections(world: World) -> pa.Table:
    static, course = world.statics, world.course
    start, end = static.params.start, world.day * DAY_S
    imported, place = course["source"] < 0, course["place"]
    elsewhere = course["setting"] != SETTING_PLACE
    confirmed = course["confirmed_s"] < end
    onset = np.datetime64(start) + (course["onset_s"] // DAY_S).astype("timedelta64[D]")
    who = course["person"]
    place_row = pa.array(np.maximum(place, 0), mask=elsewhere)
    return pa.table(
        {
            "infectee_id_no": static.id_no.take(pa.array(who)),
            "infector_id_no": static.id_no.take(
                pa.array(np.maximum(course["source"], 0), mask=imported)
            ),
            "infected_at": moments(start, course["infected_s"]),
            "setting": option(SETTINGS, course["setting"]),
            "place_id": static.place_id.take(place_row),
            "place_kind": pa.array(places.KINDS).take(
                pa.array(static.places.kind[np.maximum(place, 0)].astype(int), mask=elsewhere)
            ),
            "symptomatic": pa.array(course["symptomatic"]),
            "onset_date": pa.array(onset, pa.date32(), mask=~course["symptomatic"]),
            "onset_at": _moment(world, course["onset_s"], course["symptomatic"]),
            "sampled_at": _moment(world, course["sampled_s"], confirmed),
            "confirmed_at": _moment(world, course["confirmed_s"], confirmed),
            "confirmed": pa.array(confirmed),
            "found_by": pa.array(FOUND_BY).take(
                pa.array(course["found_by"].astype(np.int64), mask=~confirmed)
            ),
            "severity": option(SEVERITY, course["severity"]),
            "county_code": option(static.margins.county_codes, static.people.county[who]),
            "village_code": static.village_codes().take(pa.array(static.village_of_person[who])),
            "household_id": household_ids(static.people.households).take(
                pa.array(static.people.household[who])
            ),
        }
    )


def _moment(world: World, seconds: I64, known: Bools) -> pa.Array:
    """Instants, null where not known."""
    return moments(world.statics.params.start, np.where(known, seconds, 0), ~known)


def visits_of_infected(world: World) -> TrueVisits:
    """Made again from the draws, by person and time; what was recorded is marked."""
    who = np.sort(world.course["person"]).astype(np.int64)
    parts = [_day_of(world, day, who) for day in range(world.day)]
    rows = np.concatenate(parts)
    rows["floor"] = floors.of(world).of(rows["person"], rows["place"], rows["time_in"])
    return rows[np.lexsort((rows["time_in"], rows["person"]))]


def _day_of(world: World, day: int, who: I64) -> TrueVisits:
    params = world.statics.params
    made = world.visits_again(day, who)
    kept = records.make(params.seed, day, made, world.statics.places.kind, params.movement)
    scanned = records.recorded(params.seed, day, made, params.movement.scan_coverage)
    rows = np.zeros(len(made), dtype=TRUE_VISIT)
    rows["person"], rows["place"] = made.person, made.place
    rows["time_in"], rows["time_out"] = made.time_in + day * DAY_S, made.time_out + day * DAY_S
    rows["recorded_s"] = NOT_RECORDED
    rows["recorded_s"][scanned] = kept["recorded"]
    rows["out_known"][scanned] = kept["time_out"] != records.NO_TIME
    return rows


@dataclasses.dataclass(frozen=True)
class _Meetings:
    """Overlaps of the visits `a` of an infector and `b` of the one infected; `pair`: which pair.

    infectious: the infector was infectious on that day; infecting: it is how the infection passed.
    """

    pair: I64
    a: TrueVisits
    b: TrueVisits
    from_s: I64
    overlap_s: I64
    infectious: Bools
    infecting: Bools

    @property
    def recorded(self) -> Bools:
        recorded: Bools = (self.a["recorded_s"] != NOT_RECORDED) & (
            self.b["recorded_s"] != NOT_RECORDED
        )
        return recorded


def _pairs(world: World, visits: TrueVisits) -> tuple[pa.Table, pa.Table]:
    """(pairs, meetings)"""
    static, course = world.statics, world.course
    course = course[course["source"] >= 0]
    source, target = course["source"], course["person"]
    in_place = np.where(course["setting"] == SETTING_PLACE, course["infected_s"], -1)
    infectious = _infectious_days(world, source)
    met = _meetings(visits, (source, target), in_place, infectious)
    ids = {
        "infector_id_no": static.id_no.take(pa.array(source)),
        "infectee_id_no": static.id_no.take(pa.array(target)),
    }
    count, both = len(course), met.recorded & met.infectious
    longest = np.zeros(count)
    np.maximum.at(longest, met.pair[both], met.overlap_s[both] / 60)
    household = static.people.household
    at_recorded = np.bincount(met.pair[both & met.infecting], minlength=count) > 0
    pairs = pa.table(
        {
            **ids,
            "same_household": pa.array(household[source] == household[target]),
            "recorded_meetings": pa.array(np.bincount(met.pair[both], minlength=count)),
            "longest_recorded_min": pa.array(longest),
            "infected_at_recorded_meeting": pa.array(at_recorded),
        }
    )
    return pairs, _meeting_table(world, met, ids)


def _meeting_table(world: World, met: _Meetings, ids: dict[str, pa.Array]) -> pa.Table:
    static, rows, both = world.statics, pa.array(met.pair), met.recorded
    start = static.params.start
    known = np.maximum(met.a["recorded_s"], met.b["recorded_s"])
    return pa.table(
        {
            **{name: column.take(rows) for name, column in ids.items()},
            "place_id": static.place_id.take(pa.array(met.a["place"])),
            "time_from": moments(start, met.from_s),
            "time_to": moments(start, met.from_s + met.overlap_s),
            "overlap_min": pa.array(met.overlap_s / 60),
            "recorded": pa.array(both),
            "infectious": pa.array(met.infectious),
            "both_out_known": pa.array(met.a["out_known"] & met.b["out_known"]),
            "known_at": moments(start, known, ~both),
            "infecting": pa.array(met.infecting),
        }
    )


def _infectious_days(world: World, source: I32) -> tuple[I64, I64]:
    """First and last day on which each of `source` is infectious."""
    infector = world.course[world.record_of[source]]
    begin = infector["onset_s"] // DAY_S + infection.PROFILE_FROM_D
    last: I64 = begin + len(world.statics.params.disease.profile) - 1
    return np.maximum(begin, infector["infected_s"] // DAY_S + 1), last


def _meetings(
    visits: TrueVisits, who: tuple[I32, I32], infected_s: I64, infectious: tuple[I64, I64]
) -> _Meetings:
    """All overlaps of each pair (a loop over pairs, which are few).

    who: infectors and infected; infected_s: when the infection passed during a visit, -1 when it
    did not; infectious: first and last day of each infector.
    """
    ends = [
        np.searchsorted(visits["person"], people, side=side) for people in who for side in _SIDES
    ]
    which, in_a, in_b = [], [], []
    for pair, (a0, a1, b0, b1) in enumerate(zip(*ends, strict=True)):
        a, b = visits[a0:a1], visits[b0:b1]
        together = (
            (a["place"][:, None] == b["place"][None, :])
            & (a["floor"][:, None] == b["floor"][None, :])
            & (a["time_in"][:, None] < b["time_out"][None, :])
            & (b["time_in"][None, :] < a["time_out"][:, None])
        )
        first, second = np.nonzero(together)
        which.append(np.full(len(first), pair))
        in_a.append(a0 + first)
        in_b.append(b0 + second)
    pair_of = np.concatenate([np.empty(0, np.int64), *which])
    a = visits[np.concatenate([np.empty(0, np.int64), *in_a])]
    b = visits[np.concatenate([np.empty(0, np.int64), *in_b])]
    begin = np.maximum(a["time_in"], b["time_in"]).astype(np.int64)
    end = np.minimum(a["time_out"], b["time_out"]).astype(np.int64)
    moment, day = infected_s[pair_of], a["time_in"] // DAY_S
    return _Meetings(
        pair=pair_of,
        a=a,
        b=b,
        from_s=begin,
        overlap_s=end - begin,
        infectious=(infectious[0][pair_of] <= day) & (day <= infectious[1][pair_of]),
        infecting=(begin <= moment) & (moment <= end),
    )


def _visit_table(world: World, visits: TrueVisits) -> pa.Table:
    static = world.statics
    start, recorded = static.params.start, visits["recorded_s"] != NOT_RECORDED
    return pa.table(
        {
            "id_no": static.id_no.take(pa.array(visits["person"])),
            "place_id": static.place_id.take(pa.array(visits["place"])),
            "time_in": moments(start, visits["time_in"]),
            "time_out": moments(start, visits["time_out"]),
            "recorded": pa.array(recorded),
            "out_known": pa.array(visits["out_known"]),
            "floor": pa.array(visits["floor"]),
            "known_at": moments(start, visits["recorded_s"], ~recorded),
        }
    )


def _households(world: World) -> pa.Table:
    people = world.statics.people
    return pa.table(
        {
            "id_no": world.statics.id_no,
            "household_id": household_ids(people.households).take(pa.array(people.household)),
        }
    )


__all__ = ["infections", "tables", "visits_of_infected", "write"]
