"""The tracing pages in a real Chromium: a case and its parts, the questions, letters, merging."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.machine import Machine
from tests.e2e.test_console import signed_in

WHY = "核实聚集性疫情"
SLOW = 60_000  # the first question of a process compiles its engine


class Team:
    """Somebody of the province's data team: a page, and the API with the same session."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self._url = page, f"{url}/api/v1"

    def get(self, path: str) -> Any:
        answer = self.page.request.get(self._url + path)
        assert answer.ok, (path, answer.text())
        return answer.json()

    def number(self, case: int) -> str:
        """The identity number of a case."""
        token = next(
            one["value"] for one in self.page.context.cookies() if one["name"] == "csrftoken"
        )
        answer = self.page.request.post(
            f"{self._url}/cases/{case}/identity",
            data={"purpose": "investigation", "note": WHY},
            headers={"X-CSRFToken": token},
        )
        assert answer.ok, answer.text()
        return str(answer.json()["id_no"])


@pytest.fixture(scope="module")
def team(browser: Browser, served: Machine) -> Iterator[Team]:
    with signed_in(browser, served, served.add("tracer", "140000000000:data_team")) as page:
        yield Team(page, served.url)


@pytest.fixture(scope="module")
def desk(team: Team) -> Page:
    return team.page


@pytest.fixture(scope="module")
def case(team: Team) -> dict[str, Any]:
    """A case with contacts of both degrees that went somewhere and was no letter's yet."""
    for one in team.get("/cases?limit=50")["items"]:
        found = team.get(f"/cases/{one['id']}")
        places = [item["place"] for item in found["timeline"] if item["place"]]
        asked = team.get(f"/letters?case={one['id']}")["items"]
        if found["contacts_close"] and found["contacts_second"] and places and not asked:
            return dict(found) | {"places": places}
    raise AssertionError("no case has contacts and places")


def part(page: Page, name: str) -> Any:
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    return page.get_by_role("tabpanel")


def test_the_keys_open_the_five_parts_of_a_case(
    served: Machine, desk: Page, case: dict[str, Any]
) -> None:
    desk.goto(f"{served.url}/cases/{case['id']}")
    expect(desk.get_by_role("heading", name=case["case_no"])).to_be_visible(timeout=15_000)
    expect(part(desk, "经过").locator("ol.z-timeline li")).to_have_count(len(case["timeline"]))
    desk.keyboard.press("2")
    rows = part(desk, "接触者").locator("tbody tr.ant-table-row")
    expect(rows.first).to_be_visible(timeout=15_000)
    desk.keyboard.press("f")
    expect(desk.get_by_text(re.compile(r"密接 \d+")).first).to_be_visible(timeout=SLOW)
    rows.first.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog")).to_contain_text(case["case_no"], timeout=15_000)
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    desk.keyboard.press("3")
    drawing = part(desk, "传播链").get_by_role("tree")
    drawing.get_by_role("treeitem").first.focus()
    desk.keyboard.press("ArrowRight")
    expect(desk.locator(".z-chain-evidence li").first).to_be_visible()
    desk.keyboard.press("4")
    expect(part(desk, "名单变动").locator("tbody tr.ant-table-row").first).to_be_visible()
    desk.keyboard.press("5")
    expect(part(desk, "协查函")).to_contain_text("发协查函")
    assert "tab=letters" in desk.url


def choose(page: Page, label: str, words: str) -> str:
    """Type into a picker, take the first find with Enter; what was chosen, as shown."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(words)
    option = page.locator(".ant-select-dropdown:visible .ant-select-item-option").first
    expect(option).to_contain_text(words, timeout=15_000)
    told = option.inner_text()
    page.keyboard.press("Enter")
    return told


def ask(page: Page) -> Any:
    """Say what for, ask with Enter, wait for the answer."""
    page.get_by_role("textbox", name="说明").fill(WHY)
    page.keyboard.press("Enter")
    answer = page.locator(".z-answer")
    expect(answer.locator(".ant-skeleton")).to_have_count(0, timeout=SLOW)
    expect(answer.get_by_role("alert")).to_have_count(0)
    return answer


def test_a_place_is_found_by_name_and_asked_about(
    served: Machine, desk: Page, case: dict[str, Any]
) -> None:
    place = case["places"][0]
    desk.goto(f"{served.url}/tracing")
    told = choose(desk, "场所", place["name"][:-1])
    assert place["name"] in told
    assert re.search(r"[区县市]", told.splitlines()[-1]), told
    answer = ask(desk)
    expect(answer.locator(".z-answer-head")).to_contain_text(place["name"], timeout=SLOW)
    expect(answer.locator("svg.z-hours")).to_be_visible()
    desk.get_by_role("combobox", name="场所", exact=True).fill("没有叫这个名字的地方")
    expect(desk.get_by_text("辖区内没有这样的场所")).to_be_visible(timeout=15_000)


def test_the_other_three_questions_are_answered_and_on_record(
    served: Machine, desk: Page, team: Team, case: dict[str, Any]
) -> None:
    desk.goto(f"{served.url}/tracing?ask=timeline&case={case['id']}")
    expect(desk.locator(".z-question .ant-select")).to_contain_text(case["case_no"])
    expect(ask(desk).locator("ol.z-timeline li").first).to_be_visible(timeout=SLOW)
    desk.goto(f"{served.url}/tracing?ask=common")
    others = [one["case_no"] for one in team.get("/cases?limit=6")["items"]]
    for number in others[:4]:
        choose(desk, "病例（至少两例）", number)
    expect(ask(desk).locator(".z-answer-head")).to_contain_text("4", timeout=SLOW)
    desk.goto(f"{served.url}/tracing?ask=companions")
    choose(desk, "病例", case["case_no"])
    expect(ask(desk)).to_contain_text(re.compile("时空伴随"), timeout=SLOW)
    record = desk.locator(".z-inquiries tbody tr.ant-table-row")
    for n, question in enumerate(("时空伴随", "共同暴露", "个人行程")):
        expect(record.nth(n)).to_contain_text(question)
        expect(record.nth(n)).to_contain_text(WHY)


def test_letters_are_made_and_received(
    browser: Browser, served: Machine, desk: Page, team: Team, case: dict[str, Any]
) -> None:
    desk.goto(f"{served.url}/cases/{case['id']}?tab=letters")
    desk.get_by_role("button", name="发协查函").click()
    desk.get_by_role("dialog").get_by_role("button", name="发协查函").click()
    rows = part(desk, "协查函").locator("tbody tr.ant-table-row")
    expect(rows.first).to_be_visible(timeout=15_000)
    made = team.get(f"/letters?case={case['id']}")["items"]
    expect(rows).to_have_count(len(made))
    letter = next(one for one in made if one["to"]["level"] == "county")
    desk.get_by_role("link", name=letter["no"]).click()
    expect(desk.get_by_role("heading", name=letter["no"])).to_be_visible(timeout=15_000)
    assert desk.get_by_role("button", name=re.compile("签.?收")).count() == 0  # the county's alone
    secret = served.add("receiver", f"{letter['to']['code']}:local_staff")
    with signed_in(browser, served, secret) as page:
        page.goto(f"{served.url}/letters")
        row = page.locator("tbody tr.ant-table-row", has_text=letter["no"])
        expect(row).to_contain_text(case["case_no"], timeout=15_000)
        row.focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name=re.compile("签.?收")).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name=re.compile("签.?收")).click()
        detail = page.locator("article.z-directive")
        expect(detail.locator(".z-tag").first).to_have_text(re.compile("已签收"), timeout=15_000)
        expect(detail.locator("ol.z-events li")).to_have_count(1)


def test_two_numbers_are_counted_as_one_person_and_apart_again(
    served: Machine, desk: Page, team: Team
) -> None:
    numbers = [team.number(one["id"]) for one in team.get("/cases?limit=2")["items"]]
    desk.goto(f"{served.url}/tracing")
    desk.get_by_role("link", name="身份合并").click()
    desk.get_by_label("保留的证件号码").fill(numbers[0])
    desk.get_by_label("并入的证件号码").fill(numbers[1])
    desk.keyboard.press("Enter")
    pair = desk.locator(".z-pair")
    expect(pair).to_contain_text(numbers[0][-4:], timeout=15_000)
    assert not any(number in pair.inner_text() for number in numbers)
    desk.get_by_role("button", name=re.compile("^合.?并$")).click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("重新追踪")
    dialog.get_by_label("理由").fill("换发证件")
    dialog.get_by_role("button", name=re.compile("合.?并")).click()
    expect(pair).to_have_count(0, timeout=15_000)
    newest = desk.locator(".z-inquiries tbody tr.ant-table-row").first
    expect(newest).to_contain_text("换发证件", timeout=15_000)
    newest.get_by_role("button").click()
    dialog.get_by_label("理由").fill("查明是两人")
    dialog.get_by_role("button", name=re.compile("分.?开")).click()
    expect(newest).to_contain_text("查明是两人", timeout=15_000)
    expect(newest.get_by_role("button")).to_have_count(0)
