"""`zhongshu pack explain --decision`: years later, by the version that decided."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.service import builders as b
from zhongshu.cli.main import _app
from zhongshu.rules import judge, reader
from zhongshu.service.periods import facade as periods

pytestmark = pytest.mark.django_db
SMALL = Path(__file__).parents[1] / "data" / "small_packs"


class Here:
    def open(self) -> None:
        """The database of the tests is open."""


@pytest.fixture
def local(tmp_path):
    folder = tmp_path / "packs"
    shutil.copytree(SMALL, folder)
    for file in folder.glob("cold*"):
        text = file.read_text("utf-8").replace('sources: ["1"]', "sources: []")
        file.write_text(text.replace('mark: V, source: ["1"]', "mark: R"), encoding="utf-8")
    (folder / "sources.yaml").write_text("sources: {}\n")
    reader.use_local(folder)
    yield folder
    reader.use_local(None)


def decided() -> periods.Decision:
    """A decision that stands on one judgement."""
    facts = {"is_case": True, "last_exposure": b.NOW, "now": b.NOW}
    stored = judge.judge(reader.load("cold+one"), "C-2", facts).stored()
    words = {"zh": "红码", "en": "Red"}
    reason: dict[str, Any] = {"text": words, "rule_id": "C-2", "judgements": [stored]}
    proposal = b.proposal(reasons=[reason])
    decision, *_ = periods.decide(
        proposal_id=proposal.pk,
        verdict=periods.Verdict("approve"),
        scope=b.scope(),
        actor=b.actor(),
        by_name="总指挥",
        now=b.NOW,
    )
    return decision


def explained(number: int) -> str:
    done = CliRunner().invoke(_app, ["pack", "explain", "--decision", str(number)], obj=Here())
    assert done.exit_code == 0, done.exception
    return done.output


def test_a_decision_is_explained_by_the_version_that_decided_it(local):
    b.headquarters()
    told = explained(decided().pk)
    assert "C-2 of cold+one" in told
    assert "红码" in told
    assert "held then; the same now" in told
    assert told.rstrip().endswith("1 judgements")


def test_a_later_amendment_changes_nothing_of_it(local):
    b.headquarters()
    number = decided().pk
    before = explained(number)
    later = (
        "id: cold-2\namends: cold\nsuffix: two\nedition: {zh: 后, en: Later}\n"
        "effective_from: 2020-02-01\nsources: []\n"
        "figures: {cold.days: {value: 10, mark: D}}\ndrop: {rules: [C-2]}\n"
    )
    (local / "later.yaml").write_text(later)
    assert "cold+two+one" in [pack.version for pack in reader.versions("cold")]
    assert explained(number) == before


def test_a_file_that_was_changed_instead_of_amended_is_told(local):
    b.headquarters()
    number = decided().pk
    file = local / "cold.yaml"
    file.write_text(
        file.read_text("utf-8").replace("then: {colour: red,", "then: {colour: yellow,")
    )
    assert "cannot be done again: The pack cold+one has been changed" in explained(number)
