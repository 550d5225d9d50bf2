"""The published schemas are those of the code."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.unit.intake import feed_files as feeds

from zhongshu.connectors.feeds import schema
from zhongshu.kernel.feeds import FEEDS

COMMITTED = Path(__file__).parents[3] / "schemas" / "feeds"


def test_the_committed_schemas_are_current() -> None:
    assert schema.drift(COMMITTED) == [], "python -m zhongshu.connectors.feeds.schema --write"


def test_drift_is_noticed_and_written_away(tmp_path: Path) -> None:
    schema.write(tmp_path)
    (tmp_path / "persons.json").write_text("{}")
    (tmp_path / "gossip.json").write_text("{}")
    (tmp_path / "visits.json").unlink()
    assert schema.drift(tmp_path) == ["gossip.json", "persons.json", "visits.json"]
    assert schema.main(["--check", "--dir", str(tmp_path)]) == 1
    assert schema.main(["--write", "--dir", str(tmp_path)]) == 0
    assert schema.drift(tmp_path) == []


@pytest.mark.parametrize("name", FEEDS)
def test_every_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.text(FEEDS[name])))


def test_a_good_row_validates_and_a_bad_one_does_not() -> None:
    validator = jsonschema.Draft202012Validator(schema.schema(FEEDS["cases"]))
    assert validator.is_valid(feeds.case(1))
    assert not validator.is_valid(feeds.case(1, category="maybe"))
    assert not validator.is_valid(feeds.case(1, id_no=feeds.id_no(1).lower() + "0"))
