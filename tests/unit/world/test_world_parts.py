"""Floors, tickets, phones and dormitories say what the world's days already were."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from world_builders import Ran

from zhongshu.engines.world import feeds, truth
from zhongshu.engines.world.days.epidemic import DAY_S, SETTING_PLACE
from zhongshu.engines.world.people import floors, places
from zhongshu.engines.world.sending import journeys as tickets
from zhongshu.kernel import geo, tables


@pytest.fixture(scope="module")
def sold(ran: Ran) -> pl.DataFrame:
    """All tickets of all days."""
    return tables.frame(pa.concat_tables([feeds.journeys(ran.world, day) for day in ran.days]))


def test_whoever_was_infected_at_a_visit_was_on_the_floor_of_his_infector(ran: Ran) -> None:
    known, course = floors.of(ran.world), ran.world.course
    seen = truth.visits_of_infected(ran.world)
    passed = course[course["setting"] == SETTING_PLACE]
    passed = passed[known.count[passed["place"]] > 1]
    assert len(passed) >= 10
    assert len({int(floor) for floor in seen["floor"]}) > 3
    for one in passed:
        here = seen[(seen["place"] == one["place"]) & (seen["time_in"] <= one["infected_s"])]
        here = here[here["time_out"] >= one["infected_s"]]
        both = [set(here["floor"][here["person"] == one[who]]) for who in ("person", "source")]
        assert both[0] == both[1] != set()


def test_only_scans_of_markets_and_shops_name_a_floor_and_some_leave_it_out(ran: Ran) -> None:
    day = ran.days[9]
    kind = ran.world.statics.places.kind[day.records["place"]]
    told = feeds.visits(ran.world, day)["spot"].is_valid().to_numpy()
    assert set(kind[told]) == {places.MARKET, places.SHOP}
    with_floors = floors.of(ran.world).count[day.records["place"]] > 1
    assert told[with_floors].mean() == pytest.approx(floors.TOLD, abs=0.03)


def test_what_was_sent_on_a_day_says_the_same_when_more_is_known(ran: Ran) -> None:
    """A floor follows an infector's only from the day of the infection on."""
    world, day = ran.world, ran.days[12]
    then = world.fork()
    then.course = world.course[world.course["infected_s"] < (day.day + 1) * DAY_S]
    then.record_of[then.record_of >= len(then.course)] = -1
    assert 0 < len(then.course) < len(world.course)
    asked = [day.records[name] for name in ("person", "place", "time_in")]
    assert np.array_equal(floors.of(then).told(*asked), floors.of(world).told(*asked))
    before = world.fork()
    before.course, before.record_of = world.course[:0], np.full_like(world.record_of, -1)
    seen = truth.visits_of_infected(world)
    asked = [seen[name] for name in ("person", "place", "time_in")]
    assert not np.array_equal(floors.of(before).of(*asked), floors.of(world).of(*asked))


def test_nobody_is_seen_at_a_place_while_he_travels(ran: Ran) -> None:
    day = ran.days[9]
    mine = feeds.journeys(ran.world, day)
    visits = day.visits
    who = ran.world.statics.id_no.take(pa.array(visits.person)).to_pylist()
    zero = dt.datetime.combine(day.date, dt.time(), dt.timezone(dt.timedelta(hours=8)))
    clock = zip(visits.time_in.tolist(), visits.time_out.tolist(), strict=True)
    seen: dict[str, list[tuple[int, int]]] = {}
    for number, stay in zip(who, clock, strict=True):
        seen.setdefault(number, []).append(stay)
    travelled = 0
    for row in mine.to_pylist():
        board, alight = ((row[name] - zero).total_seconds() for name in ("board_at", "alight_at"))
        assert 0 <= board < alight < DAY_S
        for begin, end in seen.get(row["id_no"], ()):
            assert end <= board or begin >= alight
            travelled += 1
    assert travelled > 0  # some who came home by a ticket were seen elsewhere that day


def test_a_ticket_home_is_that_of_the_arrival(ran: Ran, sold: pl.DataFrame) -> None:
    came = tables.frame(pa.concat_tables([feeds.arrivals(ran.world, day) for day in ran.days]))
    home = sold.filter(pl.col("number").str.contains("^(G|MU)[0-9]"))
    both = home.join(came, on="id_no", suffix="_told").filter(
        pl.col("alight_at") == pl.col("arrived_at")
    )
    assert both.height > 100
    assert (both["number"] == both["number_told"]).all()
    assert both["recorded_at"].dt.date().n_unique() > 10


def test_people_travel_together_and_crew_have_no_seat(ran: Ran, sold: pl.DataFrame) -> None:
    days = pl.col("board_at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    together = sold.group_by("number", days).len()
    assert (together["len"] > 1).sum() > len(ran.days)
    crew = sold.filter(pl.col("seat").is_null())
    assert crew.height == len(ran.days) * len(tickets.SERVICES)
    assert crew["carriage"].null_count() == crew.height
    assert set(sold["vehicle"]) == {"train", "coach", "aircraft"}
    assert {"no", "yes"} <= set(sold["sealed"].drop_nulls())


def test_a_phone_was_where_its_owner_was(ran: Ran) -> None:
    static, day = ran.world.statics, ran.days[9]
    sent = tables.frame(feeds.cells(ran.world, day))
    index = {number: n for n, number in enumerate(static.id_no.to_pylist())}
    assert sent.height > 1000
    assert sent["time_out"].null_count() > 0
    for row in sent.head(400).to_dicts():
        person = index[row["id_no"]]
        home = static.settlement.household_point[static.people.household[person]]
        there = static.places.point[day.visits.place[day.visits.person == person]]
        spots = np.vstack([home[None, :], there])
        away_km = geo.haversine_km(row["lon"], row["lat"], spots[:, 0], spots[:, 1])
        assert away_km.min() < 0.001


def test_room_mates_work_or_study_at_one_place_and_are_few(ran: Ran) -> None:
    static = ran.world.statics
    table = feeds.registers(ran.world)["dormitories"]
    index = {number: n for n, number in enumerate(static.id_no.to_pylist())}
    rooms: dict[str, list[int]] = {}
    for row in table.to_pylist():
        rooms.setdefault(row["dormitory_id"], []).append(index[row["id_no"]])
    sizes = Counter(len(mates) for mates in rooms.values())
    assert max(sizes) in (4, 5, 6)
    assert sum(count for size, count in sizes.items() if size > 1) > 10
    for name, mates in rooms.items():
        (base,) = set(static.routines.base[mates].tolist())
        assert name.startswith(static.place_id[base].as_py())
        assert static.people.age[mates].min() >= 18
