"""`zhongshu drill run`: scores and their summary, or one sentence of refusal."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from zhongshu.cli.main import _app
from zhongshu.kernel.errors import BadInput
from zhongshu.service.drills import facade

SMALL = ["--people", "6000", "--days", "12"]


def run(*args: str) -> str:
    found = CliRunner().invoke(_app, ["drill", "run", *args])
    if found.exception is not None:
        raise found.exception
    return found.output


def test_two_policies_over_two_seeds_are_told_as_json() -> None:
    told = json.loads(
        run("--policy", "trace-only", "--policy", "nothing", "--seeds", "3..4", *SMALL, "--json")
    )
    assert told["label"] == "synthetic"
    assert [(one["policy"], one["seed"]) for one in told["scores"]] == [
        (name, seed) for seed in (3, 4) for name in ("trace-only", "nothing")
    ]
    mine = [one["infections"] for one in told["scores"] if one["policy"] == "nothing"]
    assert told["summary"]["nothing"]["infections"]["mean"] == sum(mine) / 2
    assert told["summary"]["nothing"]["person_days"]["mean"] == 0


def test_a_drill_is_told_as_tables() -> None:
    shown = run("--policy", "county-lockdown", "--seeds", "3", *SMALL)
    assert "Synthetic drills" in shown
    assert "county-lockdown" in shown


def test_seeds_are_ranges_and_lists() -> None:
    assert facade.seeds_of("1..3,7,2") == (1, 2, 3, 7)
    for text in ("", "x", "3..1", "1..99999", "-4"):
        with pytest.raises(BadInput, match="names no seeds"):
            facade.seeds_of(text)
    with pytest.raises(BadInput, match="no policy"):
        run("--policy", "hope", *SMALL)
