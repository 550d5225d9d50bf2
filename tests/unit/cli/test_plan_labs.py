"""`zhongshu plan labs` on files of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.unit.cli import bad_tables as t

TEXTS = {
    "loads": "load,lon,lat,tubes,ready_at\nA,112.5,37.8,40,2022-11-08T10:00+08:00\n"
    "B,,,7,2022-11-08T10:00+08:00\n",
    "labs": "lab_id,lon,lat,machines,batch,run_h,opens_h,closes_h\nL,112.5,37.8,1,94,2,8,20\n",
}
RULES = """\
due_h: 24
late_weight: 4
horizon_h: 48
report_h: 1
carry_max_h: 4
courier_kmh: 40
detour_factor: 1.3
"""


def asked(folder: Path, *more: object) -> tuple[object, ...]:
    for name, text in TEXTS.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    tables = [folder / f"{name}.csv" for name in TEXTS]
    return ("plan", "labs", *tables, "--rules", folder / "rules.yaml", *more)


def test_runs_from_files_are_written_with_their_answer(tmp_path: Path) -> None:
    begins = ("--start", "2022-11-08T08:00+08:00", "--moves", 100, "--steps", 10)
    said = t.said(*asked(tmp_path, *begins, "--to", tmp_path / "made"))
    assert "40 of 47 tubes are run, on average 3.00 h" in said
    assert "the last at 2022-11-08T13:00:00+08:00" in said.replace("\n", " ")
    with (tmp_path / "made" / "runs.csv").open(encoding="utf-8") as file:
        assert [(r["lab_id"], r["tubes"]) for r in csv.DictReader(file)] == [("L", "40")]
    told = json.loads((tmp_path / "made" / "answer.json").read_text(encoding="utf-8"))
    assert told["binding"] == {"no_coordinates": 7.0}


def test_what_is_no_moment_is_refused(tmp_path: Path) -> None:
    assert t.refusal(*asked(tmp_path, "--start", "tomorrow")).code == "time.unreadable"
