"""Sheets are opened again in the form they are handed out in, and read."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sheet_builders as b
from docx import Document

from zhongshu.connectors.sheets import jobs, word, words
from zhongshu.connectors.sheets.jobs import Opened
from zhongshu.connectors.sheets.model import LANGS, Lang, Section
from zhongshu.service.dispatch import facade as dispatch


def read(opened: Opened, lang: Lang = "zh") -> Any:
    return Document(io.BytesIO(word.draw(jobs.of(opened, lang=lang, made_at=b.NINE))))


def tables(document: Any) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables]


def texts(document: Any) -> list[str]:
    return [one.text for one in document.paragraphs if one.text]


def test_a_drivers_sheet_has_a_table_for_each_trip_with_its_stops_in_order() -> None:
    document = read(b.drive())
    _, first, second = tables(document)
    assert [one for one in texts(document) if one.startswith("第")] == ["第 1 趟", "第 2 趟"]
    assert [row[0] for row in first] == ["序号", "1", "2", "3"]
    assert [row[0] for row in second] == ["序号", "4"]
    stop = dict(zip(first[0], first[1], strict=True))
    assert stop["时间"] == "11-08 09:00\n– 09:10"
    assert stop["地点"] == b.WANG.address  # of both who live there, once
    assert stop["数量"] == "2"
    assert stop["姓名、证件号码"].splitlines() == [
        f"王秀英 {b.WANG.id_no}",
        f"李明 {b.LI.id_no}",
    ]
    assert stop["电话"].splitlines() == ["13800000001", "________"]
    assert stop["特殊需要"] == "轮椅位\n随车医生"
    assert stop["勾选"].splitlines() == ["☑ 已上车", "☐ 不在家", "☐ 拒绝"]


def test_somebody_no_register_knows_has_a_line_to_fill_in() -> None:
    _, first, _ = tables(read(b.drive()))
    assert dict(zip(first[0], first[2], strict=True))["姓名、证件号码"] == "________"


def test_a_home_without_an_address_is_found_by_its_place() -> None:
    _, _, second = tables(read(b.drive()))
    assert dict(zip(second[0], second[1], strict=True))["地点"] == "112.56789, 37.80000"


def test_the_head_says_whose_job_it_is_and_until_when() -> None:
    head = [cell for row in tables(read(b.drive()))[0] for cell in row]
    said = dict(zip(head[::2], head[1::2], strict=True))
    assert said["单位"] == "杏花岭区"
    assert said["任务"] == "负压救护车 07：转运 4 人"
    assert said["完成时限"] == "11-08 17:00"
    assert said["制表时间"] == "2022-11-08 09:00"
    assert b.drive().job.due_at == b.NINE + b.EIGHT_HOURS


def test_a_sheet_of_made_up_data_says_so_on_every_page() -> None:
    assert read(b.drive()).sections[0].header.paragraphs[0].text == "合成数据，仅供演练"
    real = Opened(b.drive().job, "杏花岭区", synthetic=False)
    assert not read(real).sections[0].header.paragraphs[0].text


def test_only_a_sheet_that_names_somebody_warns_of_personal_data() -> None:
    assert words.PERSONAL[0] in texts(read(b.drive()))
    store = Opened(b.job("store", b.step(1, "goods", "装车", "Load")), "太原市", synthetic=True)
    assert words.PERSONAL[0] not in texts(read(store))


OTHERS = {
    "site": b.step(
        1, "room", "301 室 2 人", "Room 301: 2 persons", count=2, persons=[1, 2],
        place="南站酒店", facts={"room": "301", "floor": 3, "degree": 1},
    ),
    "point": b.step(
        1, "point", "广场采样点", "Square point", count=1800,
        facts={"desks": 4, "opens": "07:00", "closes": "12:00", "tubes": 95, "people": 1800},
    ),
    "store": b.step(
        1, "goods", "发往清徐县库", "To the store of Qingxu", count=1200, place="清徐县库",
        facts={"good": "n95", "lot": "L-2210", "expires_on": "2022-12-31", "cold": False},
    ),
    "hospital": b.step(
        1, "group", "转入 3 人", "3 persons to receive", count=3,
        facts={"severity": "severe", "pool": "icu", "needs": "dialysis"},
    ),
    "team": b.step(
        1, "duty", "早班", "Morning duty", count=10, place="杏花岭区",
        facts={"staff": ["S1", "S2"]},
    ),
    "supplier": b.step(
        1, "goods", "送省级储备库", "To the province's store", count=5000,
        facts={"item": "n95", "yuan": 12500},
    ),
    "courier": b.step(
        1, "tubes", "送太原一院", "To the First Hospital", count=320, facts={"km": 8.0}
    ),
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", OTHERS)
def test_every_kind_of_job_has_its_sheet_in_both_languages(kind: str, lang: Lang) -> None:
    one = OTHERS[kind]
    document = read(Opened(b.job(kind, one), "太原市", True, persons={1: b.WANG, 2: b.LI}), lang)
    assert texts(document)[0] == words.say(words.TITLES[kind], lang)
    _, table = tables(document)
    cells = dict(zip(*table, strict=True))
    assert one["label"][lang] in cells.values()
    for key in one["facts"]:
        assert words.say(words.FACTS[key], lang) in cells
    boxes = cells[words.say(words.COLUMNS["told"], lang)].splitlines()
    told = [what for what in dispatch.WHAT[one["kind"]] if what not in words.NOT_PRINTED]
    assert boxes == [f"☐ {words.say(words.TOLD[what], lang)}" for what in told]
    signed = [words.say(who, lang) for who in words.SIGNATURES[kind]]
    assert [one for one in signed if any(text.startswith(one) for text in texts(document))] == (
        signed
    )


def test_whatever_may_be_told_of_a_step_has_words_and_every_kind_a_heading() -> None:
    told = {what for whats in dispatch.WHAT.values() for what in whats} - words.NOT_PRINTED
    assert told == set(words.TOLD)
    assert set(dispatch.WHAT) == set(words.SECTIONS)


def test_equal_sheets_are_equal_bytes() -> None:
    made = [word.draw(jobs.of(b.drive(), lang="en", made_at=b.NINE)) for _ in range(2)]
    assert made[0] == made[1]


def test_a_job_without_steps_and_a_name_no_document_can_hold_still_make_a_sheet() -> None:
    assert len(tables(read(Opened(b.job("vehicle"), "太原市", synthetic=True)))) == 1
    odd = b.step(1, "stop", "一\x0b户\x00", "A home")
    _, table = tables(read(Opened(b.job("vehicle", odd), "太原市", synthetic=True)))
    assert "一 户 " in table[1]


def test_a_row_that_does_not_fit_its_columns_is_a_fault() -> None:
    with pytest.raises(ValueError, match="a row of 1 cells"):
        Section("房间", (), (("301",),))
