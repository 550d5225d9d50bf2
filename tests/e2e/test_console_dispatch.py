"""Dispatch in a real Chromium: plans asked, read, worded again, walked along time, and refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.machine import Client, Machine
from tests.e2e.test_console import signed_in

COMPUTED = 180_000  # the first plan of a machine compiles its engine
PROVINCE = "140000000000"
CHECKED = "已由独立程序复核"


@pytest.fixture(scope="module")
def dispatcher(served: Machine) -> Client:
    return Client(served.url, served.add("dispatcher", f"{PROVINCE}:commander"))


@pytest.fixture(scope="module")
def desk(browser: Browser, served: Machine, dispatcher: Client) -> Iterator[Page]:
    with signed_in(browser, served, served.secret("dispatcher")) as page:
        yield page


def number(page: Page) -> int:
    return int(re.findall(r"/dispatch/([0-9]+)", page.url)[0])


def asked(page: Page, served: Machine, planner: str, unit: str = PROVINCE) -> None:
    """The dialog of a new plan, opened by keyboard, with its planner chosen."""
    page.goto(f"{served.url}/dispatch?scope={unit}")
    expect(page.get_by_role("button", name=re.compile("新建计划"))).to_be_visible()
    page.keyboard.press("n")
    page.get_by_role("dialog").get_by_text(planner, exact=True).click()
    expect(page.get_by_label("标题")).to_have_value(re.compile(planner))


def computed(page: Page) -> int:
    page.get_by_role("dialog").get_by_role("button", name="开始计算").click()
    page.wait_for_url(re.compile(r"/dispatch/\d+"))
    expect(page.get_by_text(CHECKED)).to_be_visible(timeout=COMPUTED)
    return number(page)


@pytest.fixture(scope="module")
def rooms(served: Machine, desk: Page) -> int:
    """A plan of rooms, asked and answered."""
    asked(desk, served, "隔离房间")
    return computed(desk)


def test_a_plan_tells_how_good_it_is_and_what_it_leaves_out(
    served: Machine, desk: Page, rooms: int, dispatcher: Client
) -> None:
    desk.goto(f"{served.url}/dispatch/{rooms}")
    answer = dispatcher.get(f"/dispatch/plans/{rooms}")["answer"]
    headline = desk.get_by_role("region", name="结果")
    expect(headline).to_contain_text("已证明")
    if answer["unserved"]:
        expect(headline).to_contain_text(f"有 {answer['unserved']:,} 项未安排")
        desk.get_by_role("link", name="逐项查看").click()
        expect(desk.get_by_role("tab", name=re.compile("未安排"))).to_have_attribute(
            "aria-selected", "true"
        )
    else:
        expect(headline).to_contain_text("全部都安排上了")
    desk.get_by_role("tab", name="地图").click()
    expect(desk.locator("section.z-map[data-ready=true]")).to_be_visible()


def test_words_are_collected_and_the_plan_is_made_again(
    served: Machine, desk: Page, rooms: int, dispatcher: Client
) -> None:
    desk.goto(f"{served.url}/dispatch/{rooms}?tab=rooms")
    first = dispatcher.get(f"/dispatch/plans/{rooms}/rows/rooms?limit=1")["items"][0]["cells"]
    desk.get_by_role("checkbox").first.press("Space")
    desk.get_by_role("button", name=re.compile("排 ?除")).click()
    desk.get_by_role("dialog").get_by_role("button", name="加入意见").click()
    tray = desk.get_by_role("region", name="尚未提交的意见")
    said = f"密接 {first['contact']} 不得去 {first['site']} {first['site_id']}"
    expect(tray).to_contain_text(said)
    desk.reload()  # nothing collected is lost
    expect(tray).to_contain_text(said)
    tray.get_by_role("button", name="按 1 条意见重新求解").click()
    desk.wait_for_url(lambda url: f"/dispatch/{rooms}" not in url)
    expect(desk.get_by_role("link", name=f"接第 {rooms} 号计划")).to_be_visible()
    # A place that the new plan may not use is named while it stands on that plan's map.
    without_name = re.compile(rf"密接 {first['contact']} 不得去 .*{first['site_id']}")
    expect(desk.get_by_role("list", name="本计划所依的意见与变故")).to_contain_text(without_name)
    expect(desk.get_by_role("region", name="结果")).to_contain_text(
        f"第 {rooms} 号：", timeout=COMPUTED
    )
    rows = dispatcher.get(f"/dispatch/plans/{number(desk)}/rows/rooms?text={first['contact']}")
    assert all(
        one["cells"]["site_id"] != first["site_id"]
        for one in rows["items"]
        if one["cells"]["contact"] == first["contact"]
    )


def test_rows_that_are_not_loaded_are_found_by_typing(
    served: Machine, desk: Page, rooms: int, dispatcher: Client
) -> None:
    row = dispatcher.get(f"/dispatch/plans/{rooms}/rows/rooms?limit=200")["items"][-1]["cells"]
    desk.goto(f"{served.url}/dispatch/{rooms}?tab=rooms")
    desk.get_by_role("button", name=re.compile("排 ?除")).click()
    asking = desk.get_by_role("dialog")
    asking.get_by_label("哪几项").fill(row["contact"])
    desk.locator(".ant-select-item-option", has_text=row["contact"]).click()
    asking.get_by_label("不得去").fill(row["site_id"])
    desk.locator(".ant-select-item-option", has_text=row["site_id"]).last.click()
    asking.get_by_role("button", name="加入意见").click()
    tray = desk.get_by_role("region", name="尚未提交的意见")
    expect(tray).to_contain_text(f"密接 {row['contact']} 不得去 {row['site']} {row['site_id']}")
    tray.get_by_role("button", name="全部去掉").click()
    expect(tray).to_have_count(0)


def test_trips_stand_on_a_timeline_that_the_keyboard_walks(
    served: Machine, desk: Page, rooms: int, dispatcher: Client
) -> None:
    asked(desk, served, "转运派车")
    desk.get_by_label("按哪个房间计划").click()
    desk.locator(".ant-select-item-option").last.click()  # the first plan of all
    desk.get_by_label("求解秒数").fill("2")
    plan = computed(desk)
    bars = dispatcher.get(f"/dispatch/plans/{plan}")["bars"]
    assert bars, "nobody rides"
    desk.get_by_role("tab", name="时间表").click()
    lines = desk.get_by_role("region", name="时间表")
    on = lines.locator("g[role=button][tabindex='0']")
    expect(on).to_have_count(1)
    on.focus()
    desk.keyboard.press("End")
    expect(lines.locator("[aria-live]")).to_contain_text("消毒")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("thing="))


def test_a_plan_that_cannot_be_made_says_why(
    served: Machine, desk: Page, dispatcher: Client
) -> None:
    village = next(
        one["unit"]
        for one in dispatcher.get("/cases?limit=200")["items"]
        if one["unit"]["level"] == "village"
    )
    asked(desk, served, "物资调拨", village["code"])
    desk.get_by_role("dialog").get_by_role("button", name="开始计算").click()
    desk.wait_for_url(re.compile(r"/dispatch/\d+"))
    expect(desk.get_by_role("alert")).to_contain_text(
        re.compile("没有得到计划，什么都没有被占用"), timeout=COMPUTED
    )
