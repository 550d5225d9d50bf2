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
