"""`zhongshu plan testing` on files of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.unit.cli import bad_tables as t

TEXTS = {
    "villages": "unit_code,people,lon,lat\nA,700,112.5,37.8\nB,300,112.501,37.8\nC,9,,\n",
    "candidates": "point_id,lon,lat,desks_max,township\nP1,112.5,37.8,4,T\nP2,112.6,37.8,4,T\n",
    "labs": "lab_id,lon,lat,tubes_per_day\nL,112.5,37.8,24000\n",
}
RULES = """\
round_h: 24
people_per_point_max: 3000
per_desk_h: 75
setup_h: 5
sampling_h: 8
pool_size: 10
pool_max: 20
walk_max_km: 1.5
detour_factor: 1.3
courier_every_h: 4
courier_kmh: 40
lab_turnaround_h: 4
point_cost_km: 300
"""


def asked(folder: Path, *more: object, rules: str = RULES) -> tuple[object, ...]:
    for name, text in TEXTS.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    tables = [folder / f"{name}.csv" for name in TEXTS]
    given = ("--rules", folder / "rules.yaml", "--start", "2022-11-08T08:00+08:00")
    return ("plan", "testing", *tables, *given, *more)


def test_a_round_from_files_is_written_with_its_answer(tmp_path: Path) -> None:
    said = t.said(*asked(tmp_path, "--to", tmp_path / "made"))
    assert "1000 of 1009 people have a point, 1 points" in said.replace("\n", " ")
    with (tmp_path / "made" / "points.csv").open(encoding="utf-8") as file:
        assert [(r["point_id"], r["people"]) for r in csv.DictReader(file)] == [("P1", "1000")]
    told = json.loads((tmp_path / "made" / "answer.json").read_text(encoding="utf-8"))
    assert told["binding"] == {"no_coordinates": 9.0}
    assert told["gap"] == 0  # one point is needed, and the nearest is taken


def test_a_township_that_is_owed_two_points_gets_them(tmp_path: Path) -> None:
    floor = RULES + "points_per_township: 2\n"
    assert "2 points" in t.said(*asked(tmp_path, rules=floor)).replace("\n", " ")


def test_the_last_result_is_told_with_an_interval(tmp_path: Path) -> None:
    told = t.said(*asked(tmp_path, "--varies", 0.3, 0.2, 0.1)).replace("\n", " ")
    assert "(eight of ten times between 2022-11-08T" in told


TOURS = """\
start: 2022-11-08T12:00+08:00
shift_h: 14
handover_h: 4
speed_kmh: 40
detour_factor: 1.3
stop_min: 5
unload_min: 10
vehicle_km: 50
every_h: 2
home_min: 4
person_min: 2
"""
LAB_RULES = """\
due_h: 24
late_weight: 2
horizon_h: 72
report_h: 1
carry_max_h: 4
courier_kmh: 40
detour_factor: 1.3
"""
MORE = {
    "cars.csv": "vehicle_id,lon,lat\nC1,112.5,37.8\n",
    "visits.csv": "visit,lon,lat,persons,homes\nH1,112.51,37.8,2,1\nCELL,112.52,37.81,30,20\n",
    "teams.csv": "vehicle_id,lon,lat,tubes_max\nT1,112.5,37.8,100\n",
    "places.csv": "lab_id,lon,lat\nL,112.5,37.8\n",
    "halls.csv": "lab_id,lon,lat,machines,batch,run_h\nL,112.5,37.8,2,94,2\n",
    "points.csv": "point_id,lon,lat,tubes,opens_at,closes_at\n"
    "P1,112.5,37.8,100,2022-11-08T13:00+08:00,2022-11-08T18:00+08:00\n",
    "members.csv": "person,tube,home,lon,lat,reported_at\n"
    "A,T,H,112.5,37.8,2022-11-08T11:00+08:00\nB,T,G,112.9,38.4,2022-11-08T11:00+08:00\n",
    "open.csv": "point_id,lon,lat,opens_at,places\nM,112.91,38.4,2022-11-09T07:00+08:00,5\n",
    "tours.yaml": TOURS,
    "labs.yaml": LAB_RULES,
    "again.yaml": "recollect_h: 2\nresult_h: 6\nwalk_max_km: 3\n",
}


def given(folder: Path, *names: str) -> list[Path]:
    for name, text in MORE.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in names]


def one_line(*asked_for: object) -> str:
    return t.said(*asked_for).replace("\n", " ")


def test_couriers_and_teams_are_planned_with_the_round(tmp_path: Path) -> None:
    cars, visits, teams, tours = given(tmp_path, "cars.csv", "visits.csv", "teams.csv",
                                       "tours.yaml")  # fmt: skip
    more = ("--couriers", cars, "--visits", visits, "--teams", teams, "--tours", tours)
    told = one_line(*asked(tmp_path, *more, "--to", tmp_path / "made"))
    assert "100 of 100 tubes reach their laboratory by 1 vehicles" in told
    assert "32 of 32 people are sampled at home by 1 vehicles" in told
    with (tmp_path / "made" / "couriers" / "stops.csv").open(encoding="utf-8") as file:
        assert sum(int(row["tubes"]) for row in csv.DictReader(file)) == 100


def test_half_of_what_tours_need_is_refused(tmp_path: Path) -> None:
    (cars,) = given(tmp_path, "cars.csv")
    assert "--tours" in str(t.refusal(*asked(tmp_path, "--couriers", cars)))


def test_a_round_with_machines_and_the_days_of_its_series(tmp_path: Path) -> None:
    halls, rules = given(tmp_path, "halls.csv", "labs.yaml")
    more = ("--machines", rules, "--series", 3, 3, 1, "--to", tmp_path / "made")
    command = [halls if str(one).endswith("labs.csv") else one for one in asked(tmp_path, *more)]
    told = one_line(*command)
    assert "rounds on 2022-11-08, 2022-11-09, 2022-11-10, 2022-11-14" in told
    with (tmp_path / "made" / "runs.csv").open(encoding="utf-8") as file:
        assert sum(int(row["tubes"]) for row in csv.DictReader(file)) == 100


def test_couriers_and_visits_alone(tmp_path: Path) -> None:
    points, places, cars, visits, teams, tours = given(
        tmp_path, "points.csv", "places.csv", "cars.csv", "visits.csv", "teams.csv", "tours.yaml"
    )
    rules = ("--rules", tours, "--changes", 50)
    assert "100 of 100 tubes" in one_line("plan", "couriers", points, places, cars, *rules)
    assert "32 of 32 people" in one_line("plan", "visits", visits, teams, places, *rules)


def test_members_of_positive_tubes_at_home_or_at_a_point(tmp_path: Path) -> None:
    members, teams, places, points, rules, tours = given(
        tmp_path, "members.csv", "teams.csv", "places.csv", "open.csv", "again.yaml", "tours.yaml"
    )
    told = one_line(
        "plan", "again", members, teams, places, points, "--rules", rules, "--tours", tours
    )
    assert "1 of 2 people are sampled again at home, 1 at a point, 1 later than 2 h" in told
