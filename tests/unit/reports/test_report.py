"""The situation report: the same facts in two languages and two formats."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import report_builders as b

from zhongshu.connectors.reports import catalogue, sections, wordtemplate
from zhongshu.connectors.reports.catalogue import LANGS
from zhongshu.connectors.reports.charts import bar, sparkline
from zhongshu.connectors.reports.columns import COLUMNS
from zhongshu.connectors.reports.facts import Figure, ListRef, Text
from zhongshu.connectors.reports.links import Links
from zhongshu.connectors.reports.render import FORMATS, render
from zhongshu.connectors.reports.sections import MAX_ROWS
from zhongshu.kernel.feeds import FEEDS
from zhongshu.rules import states

BASE = "https://hq.example"


def html(lang: catalogue.Lang = "en", **changes: object) -> str:
    return render(b.facts(**changes), lang=lang, format="html", base_url=BASE).decode()


def parts(document: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


def word_parts(lang: catalogue.Lang) -> dict[str, str]:
    return parts(render(b.facts(), lang=lang, format="docx", base_url=BASE))


def words(markup: str) -> str:
    """What a reader sees of a page or a Word part."""
    body = re.sub(r"(?s)<(style|svg)\b.*?</\1>", " ", markup)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", body)))


def links(markup: str) -> list[tuple[str, dict[str, list[str]]]]:
    found = [urlsplit(href.replace("&amp;", "&")) for href in re.findall(r'href="([^"]+)"', markup)]
    return [(f"{u.scheme}://{u.netloc}{u.path}", parse_qs(u.query)) for u in found]


def test_both_languages_have_the_same_messages_and_fields() -> None:
    zh, en = (catalogue.load(lang).messages for lang in LANGS)
    assert sorted(zh) == sorted(en)
    for key in zh:
        fields = [set(re.findall(r"\{(\w+)\}", side[key])) for side in (zh, en)]
        assert fields[0] == fields[1], key


def test_every_feed_and_state_the_registers_can_hold_has_a_word() -> None:
    words_known = catalogue.load("zh").messages
    for feed in FEEDS:
        assert {f"feeds.{feed}", f"senders.{feed}"} <= set(words_known)
        assert words_known[f"feeds.{feed}"] == FEEDS[feed].zh
        assert words_known[f"senders.{feed}"] == FEEDS[feed].sender
    for state in states.TABLES["signal"]:
        assert f"signal_states.{state}" in words_known
    for state in ("proposed", "active", "released"):
        assert state in states.TABLES["zone"]
        assert f"zone_states.{state}" in words_known


def test_a_chinese_report_has_no_english_in_it() -> None:
    """Codes and the names of methods stay: the pack, the hash, Rt, the response level."""
    allowed = re.compile(r"cn-covid-9|8f1c9f6f2f0b6d1d1f2c|Rt|II")
    for shown in (
        words(html("zh")),
        words(
            parts(render(b.facts(), lang="zh", format="docx", base_url=BASE))["word/document.xml"]
        ),
    ):
        assert "态势报告" in shown
        assert re.findall(r"[A-Za-z]{2,}", allowed.sub("", shown)) == []


def test_every_figure_opens_its_list_at_the_reports_scope_and_moment() -> None:
    facts = b.facts()
    opened = links(html())
    for figure in facts.figures:
        desk = {
            "proposals": "decisions",
            "sites": "resources/sites",
            "hospitals": "resources/hospitals",
        }.get(figure.list.route, figure.list.route)
        expected = {
            "scope": ["140000000000"],
            "as_of": ["2022-11-08T20:00:00+08:00"],
            **{name: [str(value).lower()] for name, value in figure.list.filters},
        }
        assert (f"{BASE}/{desk}", expected) in opened, figure.key


def test_the_word_document_has_the_links_of_the_page() -> None:
    relations = word_parts("en")["word/_rels/document.xml.rels"]
    targets = {t.replace("&amp;", "&") for t in re.findall(r'Target="(https://[^"]+)"', relations)}
    hrefs = {h.replace("&amp;", "&") for h in re.findall(r'href="(https://[^"]+)"', html())}
    assert targets == hrefs


@pytest.mark.parametrize("lang", LANGS)
def test_word_and_page_say_the_same(lang: catalogue.Lang) -> None:
    """Every cell and sentence of the view is in both, but the charts, which Word has as rows."""
    say = catalogue.load(lang)
    shown = sections.view(b.facts(), say=say, to=Links.of(b.facts(), BASE))
    page = words(html(lang))
    word = words(word_parts(lang)["word/document.xml"])
    for section in shown.sections:
        cells = [c.text for row in (*section.rows, *section.lines) for c in row]
        for text in (" ".join(cell.split()) for cell in cells):
            assert text in word, (section.key, text)
            assert section.charts or text in page, (section.key, text)


@pytest.mark.parametrize("form", FORMATS)
def test_synthetic_facts_are_labelled_and_real_ones_are_not(form: str) -> None:
    for synthetic in (True, False):
        made = render(b.facts(synthetic=synthetic), lang="zh", format=form, base_url=BASE)  # type: ignore[arg-type]
        text = made.decode() if form == "html" else "".join(parts(made).values())
        assert ("合成数据 · 演示用 · 非真实疫情" in text) is synthetic


def test_the_word_documents_label_is_in_the_header_of_every_page() -> None:
    made = word_parts("zh")
    headers = [text for name, text in made.items() if name.startswith("word/header")]
    assert any("合成数据" in text for text in headers)


def test_an_unreported_figure_says_why_and_is_never_zero() -> None:
    page = words(html("zh"))
    assert "空余床位（张）——" in page.replace(" ", "")
    assert "空余床位（张）：医院床位未报送" in page
    assert sparkline([None, 0, None, 4]) == "·▁·█"


def test_a_failed_step_a_late_feed_and_a_refused_file_are_named() -> None:
    page = words(html("en"))
    assert "Step 3 of the cycle (test) did not finish" in page
    assert "School absences: due and not received" in page
    assert "Hospital beds: never received" in page


def test_a_headquarters_without_anything_gets_a_report_that_says_so() -> None:
    bare = b.facts(
        figures=(), trends=(), proposals=(), decisions=(), zones=(), signals=(), feeds=(), run=None
    )
    for lang in LANGS:
        say = catalogue.load(lang)
        page = words(render(bare, lang=lang, format="html", base_url=BASE).decode())
        document = render(bare, lang=lang, format="docx", base_url=BASE)
        word = words(parts(document)["word/document.xml"])
        for key in ("figures", "proposals", "decisions", "zones", "signals", "trends", "feeds"):
            assert say(f"sections.{key}.empty") in page
            assert say(f"sections.{key}.empty") in word
        assert say("missing.run") in page


def test_a_long_list_is_cut_and_leads_to_the_whole() -> None:
    page = html("zh", zones=b.zones(MAX_ROWS + 12))
    assert f"共{MAX_ROWS + 12}条，此处列前{MAX_ROWS}条" in page
    assert len(re.findall(r"/zones/1\d\d\?", page)) == MAX_ROWS


def test_the_same_facts_give_the_same_bytes() -> None:
    for form in FORMATS:
        once, twice = (render(b.facts(), lang="zh", format=form, base_url=BASE) for _ in range(2))
        assert once == twice


def test_text_from_the_registers_cannot_become_markup() -> None:
    sly = Figure("cases_new", 1.0, None, ListRef("cases"))
    hostile = Text("<script>alert(1)</script>", "<b>&</b>")
    page = html("zh", figures=(sly,), incident=hostile)
    assert "<script>" not in page
    document = render(b.facts(incident=hostile), lang="en", format="docx", base_url=BASE)
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in parts(document)["word/document.xml"]


def test_the_page_loads_nothing_from_elsewhere() -> None:
    page = html("zh")
    assert not re.search(r"<(script|link|img|iframe)\b", page)
    assert "url(" not in page
    assert "@page { size: A4" in page


def test_the_committed_word_template_is_the_one_the_script_makes() -> None:
    assert wordtemplate.PATH.read_bytes() == wordtemplate.build(), (
        "run python -m zhongshu.connectors.reports.wordtemplate"
    )


def test_every_table_is_as_wide_as_the_page() -> None:
    for key, columns in COLUMNS.items():
        assert sum(column.width_mm for column in columns) == pytest.approx(170), key


def test_bars_are_in_proportion_and_never_hide_a_case() -> None:
    assert len(bar(50, 100, width=20)) == 10
    assert len(bar(1, 1_000, width=20)) == 1
    assert bar(0, 10) == bar(None, 10) == ""


def test_dates_are_beijing_dates() -> None:
    late = dt.datetime(2022, 11, 8, 23, 30, tzinfo=dt.UTC)
    assert catalogue.load("zh").moment(late) == "2022-11-09 07:30"
