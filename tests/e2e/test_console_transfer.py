"""A transfer in a real Chromium: approved at the desk, driven by phone, and planned again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.machine import Client, Machine
from tests.e2e.test_console import signed_in
from tests.e2e.test_console_dispatch import COMPUTED, PROVINCE, asked, computed, number

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def dispatcher(served: Machine) -> Client:
    return Client(served.url, served.add("trips", f"{PROVINCE}:commander"))


@pytest.fixture(scope="module")
def desk(browser: Browser, served: Machine, dispatcher: Client) -> Iterator[Page]:
    with signed_in(browser, served, served.secret("trips")) as page:
        yield page


@pytest.fixture(scope="module")
def chief(browser: Browser, served: Machine) -> Iterator[Page]:
    with signed_in(browser, served, served.secret("commander")) as page:
        yield page


def proposed(page: Page, served: Machine, plan: int) -> int:
    """The plan is put before the headquarters; the page turns to its proposal."""
    page.goto(f"{served.url}/dispatch/{plan}")
    page.get_by_role("button", name="提请决定").click()
    asking = page.get_by_role("dialog")
    asking.get_by_role("textbox").fill("今晚必须转运")
    asking.get_by_role("button", name=re.compile("提 ?请")).click()
    page.wait_for_url(re.compile(r"/decisions/\d+"))
    return int(re.findall(r"/decisions/([0-9]+)", page.url)[0])


def approve(page: Page, served: Machine, proposal: int) -> None:
    page.goto(f"{served.url}/decisions/{proposal}")
    page.get_by_role("button", name=re.compile("批准")).click()
    page.get_by_role("dialog").get_by_role("button", name="批准并下发").click()


@pytest.fixture(scope="module")
def rooms(served: Machine, desk: Page) -> int:
    asked(desk, served, "隔离房间")
    return computed(desk)


@pytest.fixture(scope="module")
def trips(served: Machine, desk: Page, rooms: int) -> int:
    """A plan of trips to the rooms of the plan before."""
    asked(desk, served, "转运派车")
    desk.get_by_label("按哪个房间计划").click()
    desk.locator(".ant-select-item-option").first.click()
    desk.get_by_label("求解秒数").fill("2")
    return computed(desk)


@pytest.fixture(scope="module")
def approved(served: Machine, desk: Page, chief: Page, rooms: int, trips: int) -> int:
    """Rooms first, then the trips to them; the number of the plan of trips."""
    before = proposed(desk, served, rooms)
    after = proposed(desk, served, trips)
    approve(chief, served, after)
    refused = chief.get_by_role("dialog").get_by_role("alert")
    expect(refused).to_contain_text(f"以第{rooms}号计划为前提")
    refused.get_by_role("link", name=f"第 {rooms} 号计划").click()
    chief.get_by_role("link", name=f"第 {before} 号建议").click()
    chief.wait_for_url(re.compile(rf"/decisions/{before}"))
    approve(chief, served, before)
    chief.wait_for_url(re.compile(r"/decisions(\?|$)"))
    approve(chief, served, after)
    chief.wait_for_url(re.compile(r"/decisions(\?|$)"))
    return trips


@pytest.fixture(scope="module")
def job(dispatcher: Client, approved: int) -> dict[str, Any]:
    """The vehicle with most to do."""
    jobs = dispatcher.get(f"/dispatch/jobs?plan={approved}&limit=200")["items"]
    longest = max(jobs, key=lambda one: one["steps_total"])
    return dict(dispatcher.get(f"/dispatch/jobs/{longest['id']}"))


@pytest.fixture(scope="module")
def phone(browser: Browser, served: Machine, job: dict[str, Any]) -> Iterator[Page]:
    """Whoever carries out the jobs of that county."""
    secret = served.add("driver", f"{job['unit']['code']}:local_staff")
    with signed_in(browser, served, secret, **PHONE) as page:
        yield page


def told(dispatcher: Client, job: dict[str, Any]) -> dict[int, str]:
    steps = dispatcher.get(f"/dispatch/jobs/{job['id']}")["steps"]
    return {one["no"]: one["receipt"]["what"] for one in steps if one["receipt"]}


def test_an_approved_plan_leads_to_its_proposal_and_back(
    served: Machine, chief: Page, approved: int
) -> None:
    chief.goto(f"{served.url}/dispatch/{approved}")
    expect(chief.get_by_text("已下发")).to_be_visible()
    chief.get_by_role("link", name=re.compile(r"第 \d+ 号建议")).click()
    rows = chief.locator(".z-proposal-rows")
    expect(rows).to_contain_text("密接")
    expect(rows).not_to_contain_text("degree-1")
    chief.get_by_role("link", name=re.compile(f"第 {approved} 号调度计划")).click()
    chief.wait_for_url(re.compile(rf"/dispatch/{approved}"))


def test_a_driver_tells_his_steps_with_one_thumb_and_without_a_network(
    served: Machine, phone: Page, job: dict[str, Any], dispatcher: Client
) -> None:
    first, *later = [one for one in job["steps"] if not one["receipt"]]
    away = next(one for one in later if one["kind"] == "stop")
    phone.goto(f"{served.url}/dispatch/jobs/{job['id']}")
    now = phone.get_by_role("region", name="下一步")
    big = now.locator(".z-job-main")
    box = big.bounding_box()
    assert box
    assert box["height"] >= 48
    assert box["width"] >= 300
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    big.click()
    expect(now).to_contain_text(f"第 {later[0]['no']} 步")
    assert first["no"] in told(dispatcher, job)

    phone.context.set_offline(True)
    if away != later[0]:  # a home out of its order
        phone.locator(".z-job-steps li").nth(away["no"] - 1).get_by_role("button").click()
    now.get_by_role("button", name="家中无人").click()
    phone.get_by_role("dialog").get_by_role("textbox").fill("敲门无人")
    phone.get_by_role("dialog").get_by_role("button", name="家中无人").click()
    expect(phone.get_by_role("status").filter(has_text="尚未发出")).to_be_visible()
    expect(now).not_to_contain_text(f"第 {away['no']} 步")
    assert away["no"] not in told(dispatcher, job)
    phone.context.set_offline(False)
    expect(phone.get_by_text("尚未发出")).to_have_count(0)
    assert told(dispatcher, job)[away["no"]] == "not_home"


def test_nobody_at_home_is_planned_again_and_what_was_told_stays(
    served: Machine, desk: Page, chief: Page, approved: int, job: dict[str, Any], dispatcher: Client
) -> None:
    desk.goto(f"{served.url}/dispatch")
    events = desk.get_by_role("region", name="待处理变故")
    expect(events).to_contain_text("敲门无人")
    events.get_by_role("button", name="重新调度").click()
    desk.get_by_role("dialog").get_by_role("button", name="重新调度").click()
    desk.wait_for_url(lambda url: f"/dispatch/{approved}" not in url and "/dispatch/" in url)
    expect(desk.get_by_role("link", name=f"接第 {approved} 号计划")).to_be_visible()
    expect(desk.get_by_role("region", name="结果")).to_contain_text(
        f"与第 {approved} 号计划相比", timeout=COMPUTED
    )
    again = number(desk)
    approve(chief, served, proposed(desk, served, again))
    chief.wait_for_url(re.compile(r"/decisions(\?|$)"))
    old = dispatcher.get(f"/dispatch/jobs/{job['id']}")
    assert old["state"] == "cancelled"
    heir = dispatcher.get(f"/dispatch/jobs/{old['instead']}")
    first = job["steps"][0]["thing"]
    assert first in {one["thing"] for one in heir["steps"] if one["receipt"]}
    desk.goto(f"{served.url}/dispatch")
    expect(desk.get_by_text("还没有调度计划")).to_have_count(0)
    expect(events).to_have_count(0)
