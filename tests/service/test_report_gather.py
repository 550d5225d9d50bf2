"""The situation report, gathered from the registers as known at a moment."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.service import builders as b
from tests.service import scenes
from zhongshu.connectors.reports import port
from zhongshu.connectors.reports.gather import gather
from zhongshu.connectors.reports.render import render
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.service.periods import facade as periods
from zhongshu.service.zones import facade as zones

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:8000"


def test_the_report_says_what_the_registers_say() -> None:
    inside, outside = scenes.two_cities()
    facts = gather(as_of=b.NOW)
    assert {proposal.id for proposal in facts.proposals} == {
        inside.proposal.pk,
        outside.proposal.pk,
    }
    assert {zone.id for zone in facts.zones} == {inside.zone_id, outside.zone_id}
    assert {zone.state for zone in facts.zones} == {"proposed"}
    assert {signal.id for signal in facts.signals} == {inside.signal.pk, outside.signal.pk}
    assert facts.run is not None
    assert facts.synthetic
    figures = {figure.key: figure.value for figure in facts.figures}
    assert figures["proposals_waiting"] == len(facts.proposals)
    assert figures["zones_high"] == len(facts.zones)
    assert figures["signals_open"] == len(facts.signals)


def test_a_decision_counts_the_units_it_went_to() -> None:
    """With several recipients one more directive gathers the receipts; it is not counted."""
    b.headquarters()
    run = b.run()
    draft = dataclasses.replace(b.draft("zone", b.COUNTY), recipients=(b.COUNTY, b.OTHER_COUNTY))
    proposal = periods.propose(run=run, draft=draft, now=b.NOW)
    periods.decide(
        proposal_id=proposal.pk,
        verdict=periods.Verdict("approve"),
        scope=b.scope(),
        actor=b.actor(),
        by_name="总指挥",
        now=b.NOW + b.HOUR,
    )
    (decision,) = gather(as_of=b.NOW + 2 * b.HOUR).decisions
    assert (decision.proposal_id, decision.directives) == (proposal.pk, 2)
    assert gather(as_of=b.NOW).decisions == ()


def test_a_report_of_an_earlier_moment_shows_what_was_known_then() -> None:
    scenes.two_cities()
    before = gather(as_of=b.NOW - b.DAY)
    assert before.proposals == before.zones == before.signals == ()
    assert before.run is None


def test_an_area_the_rules_no_longer_draw_is_not_listed() -> None:
    inside, _ = scenes.two_cities()
    later = b.run(as_of=b.NOW + b.HOUR)
    zones.upsert(
        drafts=[scenes.zone_draft(b.VILLAGE, inside.case, level="none")],
        run_id=later.pk,
        as_of=later.as_of,
    )
    periods.finish_run(run=later, now=later.as_of)
    shown = {zone.id for zone in gather(as_of=later.as_of).zones}
    assert inside.zone_id not in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_registers_render_in_both_formats(lang: str) -> None:
    scenes.two_cities()
    facts = gather(as_of=b.NOW)
    for form in ("html", "docx"):
        assert render(facts, lang=lang, format=form, base_url=URL)  # type: ignore[arg-type]


def test_kept_reports_are_listed_and_read_back(tmp_path: Path) -> None:
    scenes.two_cities()
    written = port.write(
        tmp_path, langs=["zh", "en"], formats=["html", "docx"], base_url=URL, now=b.NOW + b.HOUR
    )
    assert len(written) == 4
    (item,) = port.listed(tmp_path)
    assert item == {
        "period": "2022-11-08",
        "as_of": b.NOW + b.HOUR,
        "langs": ["zh", "en"],
        "formats": ["html", "docx"],
    }
    for path in written:
        lang, form = path.name.split(".")
        found = port.content(tmp_path, period="2022-11-08", lang=lang, format=form)
        assert found == path.read_bytes()


def test_the_day_after_the_report_is_still_of_its_period(tmp_path: Path) -> None:
    scenes.two_cities()
    port.write(tmp_path, langs=["zh"], formats=["html"], base_url=URL, now=b.NOW + 3 * b.DAY)
    (item,) = port.listed(tmp_path)
    assert item["as_of"].isoformat() == "2022-11-08T23:59:59+08:00"


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    b.headquarters()
    with pytest.raises(NotFound):
        port.write(tmp_path, langs=["zh"], formats=["html"], base_url=URL)
    with pytest.raises(NotFound):
        port.content(tmp_path, period="2022-11-08", lang="zh", format="html")
    for period, lang, form in (
        ("../../secret", "zh", "html"),
        ("2022-11-08", "../zh", "html"),
        ("2022-11-08", "zh", "txt"),
    ):
        with pytest.raises(BadInput):
            port.content(tmp_path, period=period, lang=lang, format=form)
    assert port.listed(tmp_path) == []
