"""`zhongshu sources`, as an operator reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.service import builders as b
from tests.service import frames
from tests.service.test_lake_command import Here
from zhongshu.cli import sources as command
from zhongshu.kernel.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(tmp_path: Path) -> Here:
    b.headquarters()
    frames.daily(last=frames.TODAY - 3 * b.DAY)
    return Here(tmp_path)


def run(here: Here, *words: str) -> str:
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)
    asked = ["sources", "--as-of", f"{frames.TODAY}T21:00", *words]
    answer = CliRunner().invoke(app, asked, obj=here, env={"COLUMNS": "200"})
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_table_tells_every_source_of_the_incidents_unit(here: Here) -> None:
    told = run(here)
    assert told.count("fever_clinic") == 3  # two counties and a development zone
    (line,) = [line for line in told.splitlines() if "outage" in line and "小店区" in line]
    since = frames.TODAY - 2 * b.DAY
    assert (str(since) in line, "86%" in line, "18.0" in line) == (True, True, True)


def test_one_county_as_json_is_what_the_console_reads(here: Here) -> None:
    rows = json.loads(run(here, "--county", b.COUNTY, "--state", "outage", "--json"))
    (row,) = rows
    assert (row["id"], row["state"]) == (f"{b.COUNTY}:fever_clinic", "outage")
    assert row["delay_h"] == {"median": 18.0, "p90": 18.0}
    assert row["history"][-2]["count"] is None


def test_an_unknown_county_is_refused(here: Here) -> None:
    with pytest.raises(NotFound):
        run(here, "--county", "999999999999")
