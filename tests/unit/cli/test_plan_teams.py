"""`zhongshu plan teams` on files of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.unit.cli import bad_tables as t

TEXTS = {
    "staff": "staff,skills,lon,lat\nP,sampler;driver,112.5,37.8\n",
    "needs": "need,place,lon,lat,skill,starts_at,ends_at,persons\n"
    "A,K,112.5,37.8,sampler,2022-11-07T09:00+08:00,2022-11-07T12:00+08:00,2\n",
}
RULES = """\
start: "2022-11-07T00:00+08:00"
days: 1
patterns: {day: [8, 10], night: [20, 12]}
nights: [night]
rest_h: 11
hours_most: 40
days_in_row: 5
nights_most: 2
speed_kmh: 30
detour_factor: 1.3
worth_km: [500]
"""


def test_a_roster_from_files_is_written_with_its_answer(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    asked = [tmp_path / "staff.csv", tmp_path / "needs.csv", "--rules", tmp_path / "rules.yaml"]
    shown = t.said("plan", "teams", *asked, "--work", "1", "--to", tmp_path / "made")
    assert "1 of 2 places are filled" in shown
    with (tmp_path / "made" / "duties.csv").open(encoding="utf-8") as file:
        assert [(r["staff"], r["pattern"]) for r in csv.DictReader(file)] == [("P", "day")]
    told = json.loads((tmp_path / "made" / "answer.json").read_text(encoding="utf-8"))
    assert (told["planner"], told["binding"]) == ("teams", {"too_few": 1.0})
