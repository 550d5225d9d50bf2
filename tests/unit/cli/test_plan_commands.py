"""`zhongshu plan` on files of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.unit.cli import bad_tables as t

ROOM_RULES = """\
reserve_share: 0
low_floor_needs: [wheelchair]
low_floor_max: 2
detour_factor: 1.3
"""

TRIP_RULES = """
start: "2022-11-08T20:00+08:00"
shift_h: 8
speed_kmh: 30
detour_factor: 1.3
board_min_per_stop: 3
board_min_per_person: 1
handover_min: 5
disinfect_min: 15
seat_share: {van: 0.5}
cohort_kinds: {case: [ambulance]}
"""
PEOPLE = """\
person,household,degree,lon,lat,special_need
1,1,1,112.5,37.8,
2,1,1,112.5,37.8,pet
3,2,2,,,
"""
ROOMS = """\
site_id,room_no,floor,capacity,state,lon,lat,tags
S1,101,1,2,free,112.6,37.9,
S1,201,2,2,free,112.6,37.9,pets
"""
STOPS = """\
stop,lon,lat,site_id,cohort,persons,due_at
1,112.5,37.8,S1,degree-1,2,
2,112.52,37.8,S1,degree-1,2,2022-11-08T23:00+08:00
3,,,S1,case,1,
"""
CARS = """\
vehicle_id,kind,lon,lat,seats,state
V1,van,112.5,37.85,8,ready
"""
SITES = "site_id,lon,lat\nS1,112.6,37.9\n"


def write(folder: Path, **texts: str) -> dict[str, Path]:
    files = {}
    for name, text in texts.items():
        files[name] = folder / f"{name}.{'yaml' if name == 'rules' else 'csv'}"
        files[name].write_text(text, encoding="utf-8")
    return files


def test_rooms_from_files_are_written_with_their_answer(tmp_path: Path) -> None:
    rules = ROOM_RULES + "need_tags: {pet: [pets]}\n"
    f = write(tmp_path, people=PEOPLE, rooms=ROOMS, rules=rules)
    shown = t.said(
        "plan", "rooms", f["people"], f["rooms"], "--rules", f["rules"], "--to", tmp_path / "made"
    )
    assert "3 of 3 people have a room" in shown
    with (tmp_path / "made" / "assignments.csv").open(encoding="utf-8") as file:
        rows = {row["person"]: row for row in csv.DictReader(file)}
    assert (rows["1"]["room_no"], rows["3"]["room_no"]) == ("201", "101")
    told = json.loads((tmp_path / "made" / "answer.json").read_text(encoding="utf-8"))
    assert (told["planner"], told["gap"]) == ("rooms", 0.0)


def transfer(f: dict[str, Path], *more: object) -> tuple[object, ...]:
    return (
        "plan", "transfer", f["stops"], f["vehicles"], f["sites"], "--rules", f["rules"],
        "--iterations", "50", *more,
    )  # fmt: skip


def test_trips_from_files_say_who_is_left_out_and_why(tmp_path: Path) -> None:
    f = write(tmp_path, stops=STOPS, vehicles=CARS, sites=SITES, rules=TRIP_RULES)
    told = json.loads(t.said(*transfer(f, "--json")))
    assert told["binding"] == {"no_coordinates": 1.0}
    assert told["bound"] is None
    assert "4 of 5 people are fetched" in t.said(*transfer(f))


def test_a_matrix_from_files_is_used_and_half_of_one_refused(tmp_path: Path) -> None:
    places = {"home": "112.5,37.8", "two": "112.52,37.8", "car": "112.5,37.85", "S1": "112.6,37.9"}
    points = "point,lon,lat\n" + "".join(f"{name},{at}\n" for name, at in places.items())
    legs = "from,to,metres,seconds\n" + "".join(
        f"{a},{b},1000,60\n" for a in places for b in places if a != b
    )
    f = write(
        tmp_path,
        stops=STOPS,
        vehicles=CARS,
        sites=SITES,
        rules=TRIP_RULES,
        points=points,
        legs=legs,
    )
    told = json.loads(t.said(*transfer(f, "--points", f["points"], "--legs", f["legs"], "--json")))
    assert told["value"] == 4.0
    assert t.refusal(*transfer(f, "--legs", f["legs"])).code == "plan.half_a_matrix"


def test_tables_and_rules_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    f = write(tmp_path, stops=STOPS, vehicles="vehicle_id\nV1\n", sites=SITES, rules=TRIP_RULES)
    assert t.refusal(*transfer(f)).code == "input.missing_column"
    f = write(tmp_path, stops=STOPS, vehicles=CARS, sites=SITES, rules="shift: 8\n")
    assert t.refusal(*transfer(f)).code == "plan.bad_rules"
    assert t.refusal(*transfer(f | write(tmp_path, rules=TRIP_RULES), "--service", "x")).code == (
        "roads.unknown_service"
    )
