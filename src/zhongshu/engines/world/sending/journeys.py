"""Tickets: who came into the province with whom, and some journeys inside it.

Nobody is infected aboard; the tickets only show who sat near whom.  They are drawn apart from
everything else, and only of people whom the day leaves time for.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa

from zhongshu.engines.world.arrays import F64, I64, Bools
from zhongshu.engines.world.days.epidemic import DAY_S, HOUR_S
from zhongshu.engines.world.model import DayResult
from zhongshu.engines.world.sending.tables import moments, table
from zhongshu.engines.world.state import World
from zhongshu.kernel import chance

PEOPLE_PER_SERVICE = 100_000  # so many people keep one vehicle of each service going a day
TRAIN, AIR, ROAD = range(3)  # of arrivals.MODES
JOINING = 4  # most people who join an arriving train inside the province
RECORDED_S = 600  # a ticket is checked, and known, so long after boarding


@dataclasses.dataclass(frozen=True)
class Service:
    """A kind of vehicle inside the province.

    start: of its number; class_, sealed: as on the ticket, "" where nothing is said.
    passengers: of one vehicle, the first being crew; hours: how long it runs.
    """

    vehicle: str
    start: str
    class_: str
    sealed: str
    passengers: int
    hours: float


SERVICES = (
    Service("train", "K", "hard_sleeper", "yes", 14, 5.0),
    Service("train", "Z", "soft_sleeper", "yes", 9, 4.0),
    Service("train", "", "hard_seat", "no", 16, 4.0),
    Service("coach", "晋A", "", "yes", 9, 2.0),
    Service("coach", "晋K", "", "no", 13, 2.5),
    Service("aircraft", "GS", "economy", "", 17, 1.0),
)
# Ways home, in the order of MODES: start of the number, and what the ticket says.
HOME = (
    Service("train", "G", "second", "yes", 0, 4.0),
    Service("aircraft", "MU", "economy", "", 0, 2.0),
    Service("coach", "晋A", "", "yes", 0, 3.0),
)
LETTERS = "ABCDF"


@dataclasses.dataclass(frozen=True)
class Tickets:
    """One row per ticket: person, service (index into HOME + SERVICES), number of the vehicle,
    seconds since 00:00 of the first day, whether crew."""

    person: I64
    service: I64
    number: I64
    board_s: I64
    alight_s: I64
    crew: Bools

    def take(self, keep: Bools) -> Tickets:
        columns = (getattr(self, field.name)[keep] for field in dataclasses.fields(self))
        return Tickets(*columns)


def journeys(world: World, day: DayResult) -> pa.Table:
    """Tickets of one day; all of them are known before it ends."""
    home = _home(world, day)
    rest = _Pool(world, day, home.person)
    sold = _joined([home, _joining(world, day, home, rest), _inside(world, day, rest)])
    static, start = world.statics, world.statics.params.start
    key = chance.key(static.params.seed, "seat", day.day)
    draws = np.stack([chance.uniform(key, sold.person, which) for which in range(3)], axis=1)
    texts = [_text(sold, row, draws[row]) for row in range(len(sold.person))]
    number, carriage, seat = (pa.array([one[n] for one in texts], pa.string()) for n in range(3))
    every = HOME + SERVICES

    def said(name: str) -> pa.Array:
        words = [getattr(every[s], name) or None for s in sold.service]
        return pa.array(words, pa.string())

    return table(
        "journeys",
        id_no=static.id_no.take(pa.array(sold.person)),
        vehicle=said("vehicle"),
        number=number,
        board_at=moments(start, sold.board_s),
        alight_at=moments(start, sold.alight_s),
        carriage=carriage,
        seat=seat,
        **{"class": said("class_")},
        sealed=said("sealed"),
        recorded_at=moments(start, np.minimum(sold.board_s + RECORDED_S, _end(day) - 1)),
    )


def _end(day: DayResult) -> int:
    return (day.day + 1) * DAY_S


def _home(world: World, day: DayResult) -> Tickets:
    """The way home of today's arrivals; none of those who were seen elsewhere meanwhile."""
    rows = day.arrivals
    who, mode = rows["person"].astype(np.int64), rows["mode"].astype(np.int64)
    draw = chance.uniform(chance.key(world.statics.params.seed, "ticket", day.day), who)
    hours = np.array([one.hours for one in HOME])[mode] * (0.4 + 0.6 * draw)
    alight = rows["arrived_s"].astype(np.int64)
    board = np.maximum(alight - (hours * HOUR_S).astype(np.int64), day.day * DAY_S)
    number = np.where(mode == ROAD, 10_000 + rows["number"], rows["number"]).astype(np.int64)
    free = ~_seen(day, who, board, alight)
    return Tickets(who, mode, number, board, alight, np.zeros(len(who), np.bool_)).take(free)


def _seen(day: DayResult, who: I64, begin_s: I64, end_s: I64) -> Bools:
    """Who truly was at some place between begin_s and end_s; who: (n,) sorted, each once."""
    visits, zero = day.visits, day.day * DAY_S
    theirs = np.isin(visits.person, who)
    row = np.searchsorted(who, visits.person[theirs])
    clash = (visits.time_in[theirs] + zero < end_s[row]) & (
        visits.time_out[theirs] + zero > begin_s[row]
    )
    seen = np.zeros(len(who), dtype=np.bool_)
    seen[row[clash]] = True
    return seen


class _Pool:
    """People with a free day, in an order of chance; each is taken once."""

    def __init__(self, world: World, day: DayResult, gone: I64) -> None:
        people = world.statics.people.people
        busy = np.bincount(day.visits.person, minlength=people) > 0
        stays = np.unpackbits(world.stayed[day.day], count=people).astype(np.bool_)
        free = np.setdiff1d(np.flatnonzero(~busy & ~stays), gone)
        draw = chance.uniform(chance.key(world.statics.params.seed, "traveller", day.day), free)
        self._free = free[np.argsort(draw, kind="stable")]

    def take(self, count: int) -> I64:
        """At most `count` of them."""
        taken, self._free = self._free[:count], self._free[count:]
        return taken.astype(np.int64)


def _joining(world: World, day: DayResult, home: Tickets, rest: _Pool) -> Tickets:
    """Who boards an arriving train on its last stretch, inside the province."""
    trains = np.flatnonzero(home.service == TRAIN)
    key = chance.key(world.statics.params.seed, "joining", day.day)
    wanted = (chance.uniform(key, trains, 0) * (JOINING + 1)).astype(np.int64)
    row = np.repeat(trains, wanted)
    person = rest.take(len(row))
    row = row[: len(person)]
    share = chance.uniform(key, person, 1)
    ride = home.alight_s[row] - home.board_s[row]
    return Tickets(
        person,
        home.service[row],
        home.number[row],
        home.board_s[row] + (0.8 * share * ride).astype(np.int64),
        home.alight_s[row],
        np.zeros(len(row), np.bool_),
    )


def _inside(world: World, day: DayResult, rest: _Pool) -> Tickets:
    """Vehicles that run inside the province."""
    params = world.statics.params
    runs = max(1, round(params.people / PEOPLE_PER_SERVICE))
    made = []
    for index, service in enumerate(SERVICES):
        for run in range(runs):
            key = chance.key(params.seed, f"service-{index}", day.day)
            leaves_h = 7 + 11 * float(chance.uniform(key, np.array([run]))[0])
            who = rest.take(service.passengers)
            board = day.day * DAY_S + round(leaves_h * HOUR_S)
            made.append(_ride(who, len(HOME) + index, run, board, service))
    return _joined(made)


def _ride(who: I64, service: int, run: int, board_s: int, of: Service) -> Tickets:
    count = len(who)
    number = _numbered(of, service, run)
    return Tickets(
        who,
        np.full(count, service),
        np.full(count, number),
        np.full(count, board_s),
        np.full(count, board_s + round(of.hours * HOUR_S)),
        np.arange(count) == 0,
    )


def _numbered(of: Service, service: int, run: int) -> int:
    """The same number every day: a line of the timetable."""
    base = {"train": 6000 if of.start == "" else 600, "coach": 20_000, "aircraft": 6600}
    return base[of.vehicle] + 20 * service + run


def _text(sold: Tickets, row: int, draw: F64) -> tuple[str, str | None, str | None]:
    """(number, carriage, seat) as printed; crew have neither carriage nor seat."""
    of = (HOME + SERVICES)[sold.service[row]]
    number = f"{of.start}{sold.number[row]}"
    return (number, None, None) if sold.crew[row] else (number, *_seat(of, *draw.tolist()))


def _seat(of: Service, car: float, seat: float, side: float) -> tuple[str | None, str]:
    """(carriage, seat) by three draws."""
    letter = LETTERS[int(5 * side)]
    match of.vehicle, of.class_:
        case "aircraft", _:
            return None, f"{1 + int(12 * seat)}{letter}"
        case "coach", _:
            return None, f"{1 + int(36 * seat)}"
        case _, "hard_sleeper":
            return f"{10 + int(2 * car)}", f"{1 + int(20 * seat)}号{'下中上'[int(3 * side)]}铺"
        case _, "soft_sleeper":
            return "09", f"{1 + int(12 * seat)}号{'下上'[int(2 * side)]}铺"
        case _, "hard_seat":
            return f"{3 + int(2 * car):02}", f"{1 + int(60 * seat)}"
    return f"{1 + int(4 * car):02}", f"{1 + int(18 * seat):02}{letter}"


def _joined(parts: list[Tickets]) -> Tickets:
    columns = [
        np.concatenate([getattr(part, field.name) for part in parts])
        for field in dataclasses.fields(Tickets)
    ]
    return Tickets(*columns)
