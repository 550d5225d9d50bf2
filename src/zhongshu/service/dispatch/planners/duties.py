"""Where people of teams are needed, from when until when: what rosters are made for."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from zhongshu.kernel import tables
from zhongshu.kernel.divisions import Level
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import start_of_day
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.dispatch import areas, people
from zhongshu.service.dispatch.planners.shapes import Ask, Row
from zhongshu.service.people import facade as vault

SAMPLER, TRACING, GRID, VOLUNTEER = "sampler", "tracing", "grid", "volunteer"
OWN = "@"  # nurse@H1: a nurse of that hospital's own staff
_DAY = "day"  # the shift of whoever is sent to a hospital or looks after an area
_MINUTE = dt.timedelta(minutes=1)
_NOTIFIED = ("proposed", "confirmed")  # contacts nobody has fetched yet


@dataclasses.dataclass(frozen=True)
class Wanted:
    """places: by code, with name, lon and lat.  needs: rows of `engines.teams.model.NEEDS`."""

    places: Mapping[str, Row]
    needs: Sequence[Row]


def wanted(ask: Ask) -> Wanted:
    """Of everything the question names.  Refuses (BadInput) one for which nobody is needed."""
    sources: tuple[Callable[[Ask], Iterator[tuple[Row, Row]]], ...] = (
        _at_points,
        _at_hospitals,
        _own_staff,
        _tracing,
        _in_closed_areas,
    )
    places: dict[str, Row] = {}
    needs: list[Row] = []
    for source in sources:
        for place, need in source(ask):
            places[need["place"]] = place
            needs.append(need)
    if not needs:
        raise BadInput(
            "dispatch.nobody_needed",
            "Name a plan of testing with points, or one of beds with patients, or ask for cases "
            "that wait to be traced or closed areas where there are any.",
        )
    return Wanted(places, needs)


def skill_of(code: str) -> str:
    """The skill, whoever's staff it is."""
    return code.partition(OWN)[0]


def _need(
    place: str,
    spot: Row,
    skill: str,
    span: tuple[dt.datetime, dt.datetime],
    persons: int,
    **more: Any,
) -> tuple[Row, Row]:
    starts, ends = span
    return spot, {
        "need": f"{place}#{skill}",
        "place": place,
        "lon": spot["lon"],
        "lat": spot["lat"],
        "skill": skill,
        "starts_at": starts,
        "ends_at": ends,
        "persons": persons,
        "rank": 1,
    } | more  # fmt: skip


def _pieces(
    starts: dt.datetime, ends: dt.datetime, piece_h: float
) -> Iterator[tuple[int, tuple[dt.datetime, dt.datetime]]]:
    """The span in equal pieces of at most `piece_h`, by the minute; numbered from 1."""
    pieces = max(1, math.ceil((ends - starts) / dt.timedelta(hours=piece_h)))
    for number in range(pieces):
        begins = starts + (ends - starts) * number / pieces
        until = starts + (ends - starts) * (number + 1) / pieces
        yield number + 1, (begins.replace(second=0, microsecond=0), _whole(until))


def _whole(at: dt.datetime) -> dt.datetime:
    """The minute it is over by."""
    down = at.replace(second=0, microsecond=0)
    return down if down == at else down + _MINUTE


def _shift(care: Pack, midnight: dt.datetime, name: str) -> tuple[dt.datetime, dt.datetime]:
    starts = midnight + dt.timedelta(hours=float(care.group("teams.pattern_from_h")[name]))
    return starts, starts + dt.timedelta(hours=float(care.group("teams.pattern_length_h")[name]))


def _days(ask: Ask) -> list[dt.datetime]:
    """Midnights of the days that rosters of days are made for, from tomorrow on."""
    first = start_of_day(ask.ground.today)
    days = int(ask.ground.other("dispatch").number("teams.ahead_days"))
    return [first + dt.timedelta(days=ahead) for ahead in range(1, days + 1)]


def _at_points(ask: Ask) -> Iterator[tuple[Row, Row]]:
    """Samplers at each desk of a round's points, while these are open."""
    care = ask.ground.other("dispatch")
    piece_h, each = care.number("teams.piece_h"), care.number("teams.samplers_per_desk")
    for one in ask.plans.get("testing_plan", {}).get("points", ()):
        opens, closes = (dt.datetime.fromisoformat(one[key]) for key in ("opens", "closes"))
        for number, span in _pieces(opens, max(closes, opens + _MINUTE), piece_h):
            name = f"{one['point']}#{number}"
            yield _need(one["point"], one, SAMPLER, span, round(each * one["desks"]), need=name)


def _at_hospitals(ask: Ask) -> Iterator[tuple[Row, Row]]:
    """Whoever is sent reports for the day shift of the next day; who works which shift after that
    is the hospital's own roster."""
    care = ask.ground.other("dispatch")
    tomorrow = start_of_day(ask.ground.today) + dt.timedelta(days=1)
    for one in ask.plans.get("beds_plan", {}).get("staff_short", ()):
        span = _shift(care, tomorrow, _DAY)
        yield _need(one["hospital"], one, one["skill"], span, one["persons"])


def _own_staff(ask: Ask) -> Iterator[tuple[Row, Row]]:
    """Those of a hospital's own staff whom its patients need, shift by shift around the clock."""
    care = ask.ground.other("dispatch")
    shares = care.group("teams.hospital_share")
    for one in ask.plans.get("beds_plan", {}).get("staff_own", ()):
        midnight = start_of_day(dt.date.fromisoformat(one["date"]))
        skill = f"{one['skill']}{OWN}{one['hospital']}"
        for name, persons in _shared(one["persons"], shares).items():
            need = f"{one['hospital']}#{one['skill']}#{one['date']}#{name}"
            span = _shift(care, midnight, name)
            yield _need(one["hospital"], one, skill, span, persons, need=need)


def _shared(persons: int, shares: Mapping[str, float]) -> dict[str, int]:
    """People on each shift; at least one on the first."""
    found = {name: round(persons * share) for name, share in shares.items()}
    if persons and not any(found.values()):
        found[next(iter(shares))] = 1
    return {name: number for name, number in found.items() if number}


def _tracing(ask: Ask) -> Iterator[tuple[Row, Row]]:
    """Tracers for the next shift, township by township: for cases of the last days without any
    contact on the register, and for contacts who have not been fetched."""
    if not ask.form.get("tracing"):
        return
    care, moment = ask.ground.other("dispatch"), ask.ground.as_of
    piece_h = care.number("teams.piece_h")
    per_case, each = care.number("teams.tracing_case"), care.number("teams.tracing_contacts")
    untraced, unfetched = _untraced(ask), _unfetched(ask)
    starts = _next_shift(care, moment)
    spots = _spots(ask, {*untraced, *unfetched})
    for town, spot in sorted(spots.items()):
        persons = math.ceil(per_case * untraced[town] + unfetched[town] / each)
        for number, span in _pieces(starts[0], starts[1], piece_h):
            need = f"{town}#{TRACING}#{number}"
            yield _need(town, spot, TRACING, span, persons, need=need)


def _next_shift(care: Pack, moment: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The first shift that begins after the moment."""
    midnight = start_of_day(moment)
    return min(
        span
        for ahead in (0, 1)
        for name in care.group("teams.pattern_from_h")
        if (span := _shift(care, midnight + dt.timedelta(days=ahead), name))[0] > moment
    )


def _untraced(ask: Ask) -> collections.Counter[str]:
    """Cases by township."""
    hours = ask.ground.other("dispatch").number("teams.tracing_window_h")
    since = ask.ground.as_of - dt.timedelta(hours=hours)
    traced = set(contacts.known(ask.ground.as_of)["case_id"].to_pylist())
    return collections.Counter(
        _town(ask, row["unit"])
        for row in cases.open_cases(ask.ground.as_of).to_pylist()
        if ask.inside(row["unit_path"])
        and row["case_id"] not in traced
        and (row["confirmed_at"] or row["reported_at"]) >= since
    )


def _unfetched(ask: Ask) -> collections.Counter[str]:
    """Contacts by township."""
    rows = people.to_isolate(ask.ground).filter(pl.col("state").is_in(_NOTIFIED))
    inside = {unit: _inside(ask, unit) for unit in rows["unit"].unique()}
    return collections.Counter(_town(ask, unit) for unit in rows["unit"] if inside[unit])


def _inside(ask: Ask, unit: str) -> bool:
    return unit in ask.ground.tree and ask.inside(ask.ground.tree.get(unit).path)


def _town(ask: Ask, unit: str) -> str:
    """The township of a unit, or the unit itself where it lies in none."""
    found = ask.ground.tree.ancestor(unit, Level.TOWNSHIP) if unit in ask.ground.tree else None
    return found.code if found else unit


def _spots(ask: Ask, towns: Iterable[str]) -> dict[str, Row]:
    """Name and middle of townships, by where their people live."""
    within: dict[str, list[Row]] = {town: [] for town in towns}
    for row in vault.villages().to_pylist() if within else ():
        if (town := _town(ask, row["village_code"])) in within:
            within[town].append(row)
    return {town: _spot(ask, town, rows) for town, rows in within.items()}


def _spot(ask: Ask, code: str, rows: Sequence[Row]) -> Row:
    tree = ask.ground.tree
    known = [row for row in rows if row["lon"] is not None and row["lat"] is not None]
    middle = {
        axis: sum(row[axis] for row in known) / len(known) if known else None
        for axis in ("lon", "lat")
    }
    return {"name": tree.get(code).name if code in tree else code, **middle}


def _in_closed_areas(ask: Ask) -> Iterator[tuple[Row, Row]]:
    """Grid staff and volunteers who look after closed households, village by village and day by
    day."""
    if not ask.form.get("areas"):
        return
    care = ask.ground.other("dispatch")
    piece_h = care.number("teams.piece_h")
    each = {
        GRID: care.number("teams.grid_households"),
        VOLUNTEER: care.number("teams.volunteer_households"),
    }
    closed = tables.frame(vault.villages()).filter(
        pl.col("village_code").is_in(
            areas.villages_at(ask.ground, areas.CLOSED)["village_code"].implode()
        )
    )
    rows = [row for row in closed.to_dicts() if _inside(ask, row["village_code"])]
    for row in rows:
        code, spot = row["village_code"], _spot(ask, row["village_code"], [row])
        for midnight in _days(ask):
            for number, span in _pieces(*_shift(care, midnight, _DAY), piece_h):
                for rank, skill in ((2, GRID), (3, VOLUNTEER)):
                    persons = math.ceil(row["households"] / each[skill])
                    need = f"{code}#{skill}#{midnight:%m%d}-{number}"
                    yield _need(code, spot, skill, span, persons, need=need, rank=rank)
