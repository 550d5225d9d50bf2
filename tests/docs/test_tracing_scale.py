"""The page about 1.9 billion visits holds the figures that were measured last."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.cases import tracing_scale


def test_the_page_holds_the_figures_measured_last(tmp_path: Path) -> None:
    copy = tmp_path / "page.md"
    shutil.copy(tracing_scale.PAGE, copy)
    tracing_scale.write(copy)
    same = copy.read_text("utf-8") == tracing_scale.PAGE.read_text("utf-8")
    assert same, "run python -m benchmarks.cases.tracing_scale"


def test_what_is_extrapolated_lies_on_the_line_through_what_was_measured() -> None:
    rows = [
        {"name": f"{name}, {what}", "value": value}
        for name, per_m in ((tracing_scale.ONE_M, 54.5), (tracing_scale.OTHER_M, 108.9))
        for what, value in (
            ("both orders, bytes a visit", 16.0),
            ("ingest", 2.0),
            (tracing_scale.SEALED, 100 + 10 * per_m),
            (tracing_scale.ASKED, 500 - per_m),
            *((f"{what}, degree 1 overlaps, warm, against X", 5.0) for what in tracing_scale.TIMES),
        )
    ]
    found = {row["name"].split(", ", 1)[1]: row["value"] for row in tracing_scale.lines(rows)}
    assert found["hot index on disk, extrapolated"] == 30.4  # GB
    assert found["sealing a day, extrapolated"] == round(1900 / 14 / 2, 4)
    assert found[f"{tracing_scale.SEALED}, extrapolated"] == 19.1  # 100 + 10 x 1900 MB
    assert found[f"{tracing_scale.ASKED}, extrapolated"] == 0.3911, "never below what was measured"
    assert found["one case, extrapolated"] == 5.0
    assert tracing_scale.lines(rows[:3]) == []
