"""`zhongshu plan beds` on files of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.unit.cli import bad_tables as t

TEXTS = {
    "groups": "group,persons,severity,lon,lat,needs\nA,2,mild,112.5,37.8,\n"
    "B,1,critical,112.5,37.8,\n",
    "hospitals": "hospital_id,tier,lon,lat\nD,designated,112.6,37.8\nF,fangcang,112.7,37.8\n",
    "pools": "hospital_id,pool,beds\nD,ward,5\nF,ward,50\n",
}
RULES = """\
days: 2
severities: [critical, mild]
tiers: {critical: [designated], mild: [fangcang]}
pools: {critical: icu, mild: ward}
worth: {critical: 9000, mild: 900}
course: {mild: {critical: 0.01, home: 0.1}}
offered_needs: [child]
"""


def asked(folder: Path, *more: object) -> tuple[object, ...]:
    for name, text in TEXTS.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    tables = [folder / f"{name}.csv" for name in TEXTS]
    return ("plan", "beds", *tables, "--rules", folder / "rules.yaml", *more)


def test_beds_from_files_are_written_with_their_answer(tmp_path: Path) -> None:
    made = asked(tmp_path, "--on", "2022-11-08", "--to", tmp_path / "made")
    assert "2 of 3 people have a bed" in t.said(*made)
    with (tmp_path / "made" / "assignments.csv").open(encoding="utf-8") as file:
        assert [(r["group"], r["hospital_id"]) for r in csv.DictReader(file)] == [("A", "F")]
    told = json.loads((tmp_path / "made" / "answer.json").read_text(encoding="utf-8"))
    assert told["binding"] == {"no_hospital_of_tier": 1.0}


def test_what_is_no_day_is_refused(tmp_path: Path) -> None:
    assert t.refusal(*asked(tmp_path, "--on", "8 November")).code == "plan.bad_date"
