"""What if in a real Chromium: the list, the form and its refusals, an answer, a proposal."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.machine import Client, Machine
from tests.e2e.test_console import signed_in

COMPILED = 180_000  # the first comparison of a machine compiles the model
COMPUTE = "开始计算"


@pytest.fixture(scope="module")
def planner(served: Machine) -> Client:
    return Client(served.url, served.add("planner", "140000000000:commander"))


@pytest.fixture(scope="module")
def desk(browser: Browser, served: Machine, planner: Client) -> Iterator[Page]:
    with signed_in(browser, served, served.secret("planner")) as page:
        yield page


@pytest.fixture(scope="module")
def county(planner: Client) -> dict[str, Any]:
    """Where most cases are."""
    paths = [one["unit"]["path"].split("/") for one in planner.get("/cases?limit=200")["items"]]
    (code, _), *_ = Counter(path[2] for path in paths if len(path) > 3).most_common()
    return dict(planner.get(f"/units/{code}"))


def form(served: Machine, desk: Page, county: dict[str, Any]) -> None:
    desk.goto(f"{served.url}/whatif/new?scope={county['code']}")
    expect(desk.locator(".z-whatif-card-main").nth(2)).to_be_visible()
    anew = desk.get_by_role("button", name="放弃草稿，重新开始")  # what the test before left
    if anew.is_visible():
        anew.click()
        expect(anew).to_be_hidden()


def test_an_empty_list_leads_to_the_first_question(served: Machine, desk: Page) -> None:
    desk.goto(f"{served.url}/whatif")
    expect(desk.get_by_text("还没有推演过方案")).to_be_visible()
    desk.get_by_role("button", name="提出推演问题").click()
    desk.wait_for_url(re.compile("/whatif/new"))


def test_the_form_tells_what_is_wrong_where_it_is(
    served: Machine, desk: Page, county: dict[str, Any]
) -> None:
    form(served, desk, county)
    cards = desk.locator(".z-whatif-card-main")
    cards.nth(1).click()
    name = desk.get_by_label("方案名称")
    name.fill("不再加措施")
    expect(desk.get_by_text("另一个方案也叫这个名字，请改一个。")).to_be_visible()
    desk.get_by_role("button", name=COMPUTE).click()
    expect(desk.get_by_role("status")).to_have_count(0)
    assert "/whatif/new" in desk.url
    name.fill("我的方案")
    expect(cards.nth(1)).to_contain_text("我的方案")
    expect(desk.get_by_text("另一个方案也叫这个名字，请改一个。")).to_have_count(0)


def test_areas_are_chosen_by_keyboard_and_on_the_map(
    served: Machine, desk: Page, county: dict[str, Any]
) -> None:
    form(served, desk, county)
    desk.locator(".z-whatif-card-main").last.click()
    units = desk.locator('[data-path="areas.0.units"]')
    people = units.get_by_text(re.compile("共 [0-9,]+ 人"))
    whole = people.inner_text()
    units.get_by_role("combobox").press("Backspace")  # the county, which was all of it
    expect(people).to_have_count(0)
    units.get_by_role("button", name="在地图上选").click()
    drawn = units.locator(".z-plan-map")
    expect(drawn.locator("canvas").first).to_be_visible()
    expect(drawn).to_contain_text("圆点为各村（社区）住户的中心")
    drawn.get_by_text("矩形", exact=True).click()
    box = drawn.locator("svg.z-drawtool").bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + 20, box["y"] + 50)
    desk.mouse.down()
    desk.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] - 70, steps=5)
    desk.mouse.up()
    expect(people).to_have_text(whole)  # all of its villages with people
    units.get_by_role("combobox").press("Backspace")
    expect(people).not_to_have_text(whole)


def test_a_refusal_is_told_and_nothing_is_lost(
    served: Machine, desk: Page, planner: Client, county: dict[str, Any]
) -> None:
    bad = {"name": "我的方案", "capacities": {"lab_hours": -1}}
    asked = {"unit": county["code"], "title": "?", "days": 3, "runs": 20, "against": "我的方案"}
    status, refusal = planner.call("POST", "/whatif", {**asked, "options": [bad]}, key="bad")
    assert status == 400, refusal
    assert refusal["facts"]["option"] == "我的方案"

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        return route.fulfill(status=status, json=refusal)

    form(served, desk, county)
    desk.locator(".z-whatif-card-main").nth(1).click()
    desk.get_by_label("方案名称").fill("我的方案")
    desk.locator(".z-whatif-card-main").first.click()
    desk.route("**/api/v1/whatif", refuse)
    desk.get_by_role("button", name=COMPUTE).click()
    expect(desk.get_by_role("alert")).to_contain_text(refusal["message"]["zh"])
    desk.unroute("**/api/v1/whatif")
    expect(desk.get_by_label("方案名称")).to_have_value("我的方案")  # the one it names is open


def test_an_answer_is_shown_with_its_doubts_and_becomes_a_proposal(
    served: Machine, desk: Page, planner: Client, county: dict[str, Any]
) -> None:
    form(served, desk, county)
    desk.get_by_label("推演天数").fill("3")
    desk.get_by_label("随机次数").fill("20")
    desk.get_by_role("button", name=COMPUTE).click()
    desk.wait_for_url(re.compile(r"/whatif/\d+"))
    expect(desk.get_by_text("与对照之差")).to_be_visible(timeout=COMPILED)
    stored = planner.get(f"/whatif/{re.findall(r'/whatif/([0-9]+)', desk.url)[0]}")
    assert (stored["days"], stored["runs"], stored["state"]) == (3, 20, "done")
    names = [one["name"] for one in stored["options"]]
    label = {"illustrative": "示意", "calibrated": "已校准"}[stored["label"]]
    expect(desk.get_by_text(label, exact=True).first).to_be_visible()
    expect(desk.get_by_role("heading", name="按本次疫情校准")).to_be_visible()
    expect(desk.locator(".z-whatif-binds tbody tr")).to_have_count(len(names))
    expect(desk.locator("figure.z-whatif-multiple").first.locator("svg")).to_be_visible()
    row = desk.locator(".z-whatif-differences tbody tr").first
    expect(row).to_contain_text(re.compile("新增感染.*的次数里更少", re.S))
    desk.get_by_role("button", name="写成建议").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("radio").nth(1).check()
    dialog.get_by_label("理由").fill("会商一致")
    dialog.get_by_role("button", name="提交建议").click()
    desk.wait_for_url(re.compile(r"/decisions/\d+"))
    proposal = planner.get(f"/proposals/{re.findall(r'/decisions/([0-9]+)', desk.url)[0]}")
    assert names[1] in json.dumps(proposal["title"], ensure_ascii=False)
