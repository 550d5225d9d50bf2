"""The page of the validation ladder names tests and benchmarks that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "explanation" / "whatif-ladder.md").read_text(encoding="utf-8")


def test_every_test_of_the_ladder_is_there() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 25
    gone = [
        name
        for path, name in named
        if f"def {name}(" not in (ROOT / "tests" / path).read_text(encoding="utf-8")
    ]
    assert gone == []


def test_every_benchmark_of_the_ladder_is_there() -> None:
    parts = (ROOT / "benchmarks" / "whatif.py").read_text(encoding="utf-8")
    named = {part for row in re.findall(r"benchmarks? ([^|]+)", PAGE) for part in
             re.findall(r"`(\w+)`", row)}  # fmt: skip
    assert "matched" in named
    assert [part for part in sorted(named) if f'"{part}":' not in parts] == []
