"""Rooms: who shares, who is kept apart, and what is said when there is no room."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.transfer import model, solve, validate
from zhongshu.kernel.errors import BadInput

RULES = model.RoomRules(
    reserve_share=0.0, low_floor_needs=frozenset({"wheelchair"}), low_floor_max=2, detour_factor=1.0
)


def person(number: int, household: int, degree: int = 1, **more: Any) -> dict[str, Any]:
    base = {"person": number, "household": household, "degree": degree}
    return {**base, "lon": 112.5, "lat": 37.8, "special_need": None, **more}


def room(number: str, *, site: str = "S1", lon: float = 112.5, **more: Any) -> dict[str, Any]:
    base = {"site_id": site, "room_no": number, "floor": int(number[0]), "capacity": 2}
    return {**base, "state": "free", "lon": lon, "lat": 37.8, "degree": None, **more}


def plan(people: list[Any], rooms: list[Any], rules: model.RoomRules = RULES) -> model.RoomPlan:
    persons = pa.Table.from_pylist(people, schema=model.PEOPLE)
    places = table(rooms)
    made = solve.rooms(persons, places, rules)
    assert validate.check_rooms(made, people=persons, rooms=places, rules=rules) == []
    return made


def where(made: model.RoomPlan) -> dict[int, tuple[str, str]]:
    return {r["person"]: (r["site_id"], r["room_no"]) for r in made.assignments.to_pylist()}


def test_a_couple_shares_a_room_at_the_nearest_site() -> None:
    made = plan([person(1, 7), person(2, 7)], [room("101"), room("102", site="S2", lon=112.9)])
    assert set(where(made).values()) == {("S1", "101")}
    assert made.assignments["site_rank"].to_pylist() == [1, 1]


def test_a_family_of_five_gets_neighbouring_rooms_of_one_floor() -> None:
    rooms = [room(n) for n in ("101", "103", "201", "202", "203")]
    rooms[1]["state"] = "occupied"
    made = plan([person(n, 7) for n in range(1, 6)], rooms)
    assert {number for _, number in where(made).values()} == {"201", "202", "203"}
    assert all(f == ["several_rooms"] for f in made.assignments["flags"].to_pylist())


def test_degree_one_and_two_live_on_different_floors() -> None:
    made = plan([person(1, 7, 1), person(2, 8, 2)], [room("101"), room("102"), room("201")])
    floors = dict(zip(*[made.assignments[c].to_pylist() for c in ("degree", "floor")], strict=True))
    assert floors[1] != floors[2]
    assert made.assignments["flags"].to_pylist() == [[], []]


def test_a_floor_is_mixed_only_when_nothing_else_is_left_and_it_is_said() -> None:
    made = plan([person(1, 7, 1), person(2, 8, 2)], [room("101"), room("102")])
    assert made.assignments["flags"].to_pylist() == [["mixed_floor"], ["mixed_floor"]]


def test_the_floor_of_those_already_there_is_respected() -> None:
    taken = room("101", state="occupied", degree=2)
    made = plan([person(1, 7, 1)], [taken, room("102"), room("201")])
    assert where(made)[1] == ("S1", "201")


def test_a_wheelchair_user_is_given_a_low_floor() -> None:
    made = plan([person(1, 7, special_need="wheelchair")], [room("301"), room("201")])
    assert where(made)[1] == ("S1", "201")


def test_the_reserve_is_kept_and_named_as_the_reason() -> None:
    rules = model.RoomRules(
        reserve_share=0.5, low_floor_needs=frozenset(), low_floor_max=2, detour_factor=1.0
    )
    made = plan([person(1, 7), person(2, 8)], [room("101"), room("102")], rules)
    assert made.served == 1
    assert made.binding == {"reserve_kept": 1}


def test_the_unserved_are_listed_with_what_binds() -> None:
    made = plan(
        [person(1, 7, 2), person(2, 8, 1), *[person(n, 9) for n in range(3, 8)]], [room("1")]
    )
    assert where(made) == {2: ("S1", "1")}
    reasons = dict(zip(*[made.unserved[c].to_pylist() for c in ("person", "reason")], strict=True))
    assert reasons[1] == "no_free_room"
    assert reasons[3] == "too_large"


def test_nobody_gets_the_last_room_because_it_is_not_known_where_he_lives() -> None:
    far = room("101", lon=112.9)
    made = plan([person(1, 7, lon=None, lat=None), person(2, 8)], [far, room("201", lon=112.8)])
    assert set(where(made)) == {1, 2}
    made = plan([person(1, 7, lon=None, lat=None), person(2, 8)], [far])
    assert set(where(made)) == {2}


def test_a_home_without_coordinates_gets_a_room_and_a_flag() -> None:
    made = plan([person(1, 7, lon=None, lat=None)], [room("101")])
    row = made.assignments.to_pylist()[0]
    assert row["flags"] == ["no_coordinates"]
    assert row["distance_km"] is None


def test_a_site_beyond_the_limit_is_not_used() -> None:
    rules = model.RoomRules(
        reserve_share=0, low_floor_needs=frozenset(), low_floor_max=2, detour_factor=1, max_km=5.0
    )
    made = plan([person(1, 7)], [room("101", lon=112.9)], rules)
    assert made.binding == {"too_far": 1}


@pytest.mark.parametrize(
    ("rooms", "code"),
    [
        ([], "transfer.no_rooms"),
        ([room("101", capacity=0)], "transfer.room_without_beds"),
        ([room("101", lon=None)], "transfer.site_without_point"),
    ],
)
def test_rooms_that_make_no_sense_are_refused(rooms: list[Any], code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        plan([person(1, 7)], rooms)
    assert refusal.value.code == code


def test_a_person_listed_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="twice"):
        plan([person(1, 7), person(1, 8)], [room("101")])


def test_a_table_without_a_needed_column_is_refused_by_name() -> None:
    people = pa.table({"person": [1]})
    rooms = pa.Table.from_pylist([room("101")], schema=model.ROOMS)
    with pytest.raises(BadInput, match="household"):
        solve.rooms(people, rooms, RULES)


def test_the_validator_sees_two_households_in_one_room() -> None:
    persons = pa.Table.from_pylist([person(1, 7), person(2, 8)], schema=model.PEOPLE)
    rooms = pa.Table.from_pylist([room("101"), room("102")], schema=model.ROOMS)
    made = solve.rooms(persons, rooms, RULES)
    column = made.assignments.schema.get_field_index("room_no")
    crowded = made.assignments.set_column(column, "room_no", pa.array(["101", "101"]))
    wrong = dataclasses.replace(made, assignments=crowded)
    faults = validate.check_rooms(wrong, people=persons, rooms=rooms, rules=RULES)
    assert any("mixes households" in fault for fault in faults)


def test_a_day_without_contacts_is_an_empty_plan() -> None:
    made = plan([], [room("101")])
    assert (made.served, made.served_bound, made.person_km) == (0, 0, 0.0)


def test_a_plan_can_be_written_down_as_json() -> None:
    assert json.dumps(plan([person(1, 7)], [room("101")]).card.as_json())


def rules(**more: Any) -> model.RoomRules:
    return dataclasses.replace(RULES, **more)


def table(rows: list[Any]) -> pa.Table:
    schema = model.ROOMS
    for field in model.ROOM_EXTRAS:
        schema = schema.append(field)
    return pa.Table.from_pylist(rows, schema=schema)


def test_somebody_with_a_dog_is_given_a_room_where_dogs_may_live() -> None:
    pets = rules(need_tags={"pet": frozenset({"pets"})})
    far = room("101", site="S2", lon=112.9, tags="accessible;pets")
    made = plan([person(1, 7, special_need="elderly;pet")], [room("101"), far], pets)
    assert where(made)[1] == ("S2", "101")


def test_without_a_room_for_a_need_the_need_is_the_reason() -> None:
    ward = rules(need_tags={"psychiatric": frozenset({"hospital"})})
    made = plan([person(1, 7, special_need="psychiatric")], [room("101", kind="hotel")], ward)
    assert made.binding == {"no_room_for_need": 1}


def test_a_site_kind_kept_for_close_contacts_takes_them_only() -> None:
    kinds = rules(degree_tags={1: frozenset({"hotel"}), 2: frozenset({"camp"})})
    rooms = [room("101", kind="camp"), room("101", site="S2", kind="hotel")]
    made = plan([person(1, 7, 1), person(2, 8, 2)], rooms, kinds)
    assert {p: site for p, (site, _) in where(made).items()} == {1: "S2", 2: "S1"}


def test_nobody_lives_in_the_clean_zone() -> None:
    zones = rules(zones=frozenset({"contaminated"}))
    rooms = [room("101", zone="clean"), room("201", zone="contaminated")]
    assert where(plan([person(1, 7)], rooms, zones))[1] == ("S1", "201")


def test_an_infant_stays_with_its_mother_whatever_their_degrees() -> None:
    company = rules(companion_needs=frozenset({"infant"}))
    people = [person(1, 7, 2), person(2, 7, 1, special_need="infant")]
    made = plan(people, [room("101"), room("201")], company)
    assert len(set(where(made).values())) == 1
    assert made.assignments["degree"].to_pylist() == [1, 1]
    assert made.assignments["flags"].to_pylist() == [["kept_together"], ["kept_together"]]


def test_an_infant_alone_is_flagged() -> None:
    company = rules(companion_needs=frozenset({"infant"}))
    made = plan([person(1, 7, special_need="infant")], [room("101")], company)
    assert made.assignments["flags"].to_pylist() == [["no_companion"]]


def test_a_room_being_disinfected_counts_when_it_is_ready_in_time() -> None:
    soon = dt.datetime(2022, 11, 8, 20, tzinfo=dt.UTC)
    dirty = room("101", state="disinfecting", ready_at=soon)
    assert plan([person(1, 7)], [dirty]).binding == {"no_free_room": 1}
    made = plan([person(1, 7)], [dirty], rules(ready_by=soon))
    assert made.assignments["flags"].to_pylist() == [["room_ready_later"]]


def test_a_site_without_rooms_is_named() -> None:
    empty = {**room("101", site="S9"), "room_no": None, "capacity": None}
    assert plan([person(1, 7)], [room("101"), empty]).answer.notes == ("site_without_rooms:S9",)


def test_the_answer_says_value_bound_and_what_binds() -> None:
    made = plan([person(1, 7), person(2, 8)], [room("101")])
    assert made.answer.gap == 0
    assert made.answer.binding == {"no_free_room": 1}
    assert made.answer.as_json()["unit"] == "person-km"
