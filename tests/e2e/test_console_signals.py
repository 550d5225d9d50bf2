"""The desk of early warning in a real Chromium: triage by keys, what is said, past and sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.machine import Machine
from tests.e2e.test_console import signed_in

SOON = 15_000
STREAM = re.compile("发热门诊|药店监测|学校缺课")


class Asked:
    """The API, with the session of a page."""

    def __init__(self, page: Page, url: str) -> None:
        self._page, self._url = page, f"{url}/api/v1"

    def get(self, path: str) -> Any:
        answer = self._page.request.get(self._url + path)
        assert answer.ok, (path, answer.text())
        return answer.json()


@pytest.fixture(scope="module")
def desk(browser: Browser, served: Machine) -> Iterator[Page]:
    """Of somebody who works at the province's signals."""
    secret = served.add("watcher", "140000000000:epidemiologist")
    with signed_in(browser, served, secret) as page:
        yield page


@pytest.fixture(scope="module")
def asked(desk: Page, served: Machine) -> Asked:
    return Asked(desk, served.url)


def rows(page: Page) -> Locator:
    found = page.locator(".z-list tbody tr.ant-table-row")
    expect(found.first).to_be_visible(timeout=SOON)
    return found


def counted(asked: Asked) -> dict[str, Any]:
    """An open signal that statistics raised: it has a curve."""
    found = asked.get("/signals?state=open&limit=200")["items"]
    return dict(next(one for one in found if one["evidence"]["history"] and one["z"]))


def confirm(page: Page, name: str) -> None:
    """The button of the dialog that does it; antd sets a space between two signs."""
    spaced = re.compile("^" + r"\s?".join(name) + "$")
    page.get_by_role("dialog").get_by_role("button", name=spaced).click()


def test_one_outbreak_is_a_row_and_keys_open_it(served: Machine, desk: Page) -> None:
    desk.goto(f"{served.url}/signals")
    first = rows(desk).first
    expect(first).to_contain_text(re.compile("[红橙黄蓝]色"))
    expect(first).to_contain_text(STREAM)
    assert first.locator("svg.z-spark-band").count() > 0
    expect(first).to_contain_text(re.compile("属实可能性|概率未知"))
    desk.keyboard.press("j")
    expect(first).to_be_focused()
    desk.keyboard.press("Space")
    detail = desk.locator("article.z-directive")
    expect(detail.get_by_role("heading", level=2)).to_be_visible(timeout=SOON)
    assert re.search(r"/signals/\d+$", desk.url)
    expect(first).to_have_class(re.compile("z-chosen"))
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_contain_text("下一组")
    desk.keyboard.press("Escape")


def test_many_are_taken_with_the_reach_told_before(
    served: Machine, desk: Page, asked: Asked
) -> None:
    desk.goto(f"{served.url}/signals")
    rows(desk)
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.get_by_role("toolbar")).to_contain_text("已选 1 组")
    desk.keyboard.press("t")
    dialog = desk.get_by_role("dialog")
    group = asked.get("/signals/groups?state=open")["items"][0]
    told = dialog.get_by_text(re.compile(r"条信号，涉及 \d+ 个县"))
    expect(told).to_contain_text(f"{group['open']} 条信号", timeout=SOON)
    confirm(desk, "接手核实")
    expect(desk.locator(".z-outcome")).to_contain_text(f"已办 {group['open']} 条", timeout=SOON)
    expect(rows(desk).first).to_contain_text("核实中")
    open_now = asked.get(f"/signals?group={group['id']}&limit=200")["items"]
    assert {one["state"] for one in open_now} == {"taken"}


def test_a_signal_is_silenced_and_heard_again(served: Machine, desk: Page, asked: Asked) -> None:
    signal = counted(asked)
    desk.goto(f"{served.url}/signals/{signal['id']}")
    desk.locator("footer.z-actions").get_by_role("button", name=re.compile("静.?默")).click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text(signal["unit"]["name"])
    expect(dialog).to_contain_text("规则允许的最长", timeout=SOON)
    dialog.get_by_label("理由").fill("已知学校流感")
    confirm(desk, "静默")
    expect(dialog).to_have_count(0, timeout=SOON)
    desk.get_by_text("已静默", exact=True).click()
    expect(rows(desk)).to_have_count(1)
    expect(rows(desk)).to_contain_text(signal["unit"]["name"])
    expect(desk.locator("article.z-directive ol.z-events")).to_contain_text("已知学校流感")
    desk.locator(".z-list").get_by_role("button", name="恢复提示").click()
    expect(desk.get_by_text("没有静默中的来源")).to_be_visible(timeout=SOON)


def test_it_is_dismissed_for_a_reason_of_the_list_and_stays_on_record(
    served: Machine, desk: Page, asked: Asked
) -> None:
    signal = counted(asked)
    desk.goto(f"{served.url}/signals/{signal['id']}")
    actions = desk.locator("footer.z-actions")
    actions.get_by_role("button", name=re.compile("排.?除")).click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    confirm(desk, "排除")
    expect(dialog).to_contain_text("请填写")
    dialog.get_by_role("radio").first.focus()
    desk.keyboard.press("ArrowUp")  # from the first to the last
    expect(dialog.get_by_role("radio", name="其他（请说明）")).to_be_checked()
    desk.keyboard.press("Tab")
    desk.keyboard.type("演练")
    confirm(desk, "排除")
    course = desk.locator("article.z-directive ol.z-events")
    expect(course).to_contain_text("其他（请说明） · 演练", timeout=SOON)
    assert asked.get(f"/signals/{signal['id']}")["state"] == "false_alarm"
    expect(actions.get_by_role("button", name="重新打开")).to_be_visible()


def test_small_multiples_are_walked_with_arrows(served: Machine, desk: Page) -> None:
    desk.goto(f"{served.url}/signals?shown=matrix&state=all")
    grid = desk.get_by_role("table", name="县（市、区）与监测来源小图")
    cell = grid.locator("button.z-multiple:not(.z-multiple-quiet)").first
    expect(cell).to_be_visible(timeout=SOON)
    grid.locator("button").first.focus()
    desk.keyboard.press("ArrowRight")
    expect(grid.locator('[data-at="0-1"]')).to_be_focused()
    cell.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("article.z-directive h2")).to_be_visible(timeout=SOON)
    assert "shown=matrix" in desk.url


def test_the_past_is_shown_and_nothing_can_be_done_there(
    served: Machine, desk: Page, asked: Asked
) -> None:
    signal = counted(asked)
    moment = signal["known_at"]
    desk.goto(f"{served.url}/signals/{signal['id']}?as_of={moment}")
    actions = desk.locator("footer.z-actions")
    expect(actions).to_contain_text("正在回看过去", timeout=SOON)
    for button in actions.get_by_role("button").all():
        expect(button).to_be_disabled()
    expect(desk.locator("article.z-directive .z-tag").first).to_have_text("待核")
    expect(desk.get_by_text("还没有人处置。")).to_be_visible(timeout=SOON)


def test_the_quality_page_says_what_is_known_and_why_the_rest_is_not(
    served: Machine, desk: Page, asked: Asked
) -> None:
    quality = asked.get("/signals/quality")
    assert quality["days_gained"]["median"] is None
    desk.goto(f"{served.url}/signal-quality")
    measures = desk.locator("dl.z-measures")
    expect(measures).to_contain_text(f"发出信号{quality['signals']}", timeout=SOON)
    expect(measures).to_contain_text("尚不可知：还没有事件")
    expect(desk.get_by_text(f"{quality['tests_done']} 个县日")).to_be_visible()
    expect(desk.get_by_text("每周自检：合成暴发")).to_be_visible()


def test_a_break_is_marked_and_removed(served: Machine, desk: Page) -> None:
    desk.goto(f"{served.url}/signal-breaks")
    desk.get_by_role("button", name="标记口径变更").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("combobox").first.fill("1401")
    desk.get_by_text(re.compile("^太原市 1401")).click()
    dialog.get_by_label("理由").fill("新增哨点")
    confirm(desk, "标记口径变更")
    row = rows(desk).filter(has_text="新增哨点")
    expect(row).to_contain_text("太原市", timeout=SOON)
    row.get_by_role("button", name=re.compile("撤.?销")).click()
    dialog.get_by_role("textbox").fill("查明口径未变")
    confirm(desk, "撤销")
    expect(desk.get_by_text("没有标记过口径变更")).to_be_visible(timeout=SOON)


def test_sources_are_walked_by_keys_and_told_one_by_one(
    served: Machine, desk: Page, asked: Asked
) -> None:
    desk.goto(f"{served.url}/sources")
    grid = desk.get_by_role("table", name="数据来源")
    first = grid.locator('[data-at="0-0"]')
    expect(first).to_be_visible(timeout=SOON)
    first.focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    drawer = desk.get_by_role("dialog")
    source = asked.get("/sources?limit=200")["items"][3]
    expect(drawer).to_contain_text(source["unit"]["name"], timeout=SOON)
    expect(drawer).to_contain_text("中断不是零")
    assert drawer.locator("table.z-sourcedays tbody tr").count() == len(source["history"])
    desk.keyboard.press("Escape")
    desk.get_by_text("列表", exact=True).click()
    expect(rows(desk).first).to_contain_text(STREAM)
