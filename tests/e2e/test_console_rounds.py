"""A round of testing in a real Chromium: opened, counted, published, closed."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.machine import Machine
from tests.e2e.test_console import signed_in

PHONE: ViewportSize = {"width": 390, "height": 844}
TITLE = "演练第一轮"


def test_a_round_is_opened_counted_published_and_closed(browser: Browser, served: Machine) -> None:
    secret = served.add("rounds", "140000000000:testing_team")
    with signed_in(browser, served, secret) as page:
        county = _county_with_points(page, served)
        _open(page, served, county["name"])
        expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
        number = int(page.url.split("/rounds/")[1].split("?")[0])
        point = _points(page, served, number)[0]
        _count(page, point["code"], at=_now(page, served))
        expect(page.get_by_text("新收 2 条")).to_be_visible()
        sampled = page.locator("dl.z-facts dt", has_text="已采样").locator("xpath=following::dd[1]")
        expect(sampled).to_have_text("120")
        page.get_by_role("button", name="向公众公布").click()
        expect(page.get_by_text("已向公众公布")).to_be_visible()
        _tell_queue(page, served, number, point["name"])
        _seen_by_everybody(browser, served, point["name"])
        page.goto(f"{served.url}/rounds/{number}")
        page.get_by_role("button", name="停止公布").click()
        expect(page.get_by_role("button", name="向公众公布")).to_be_visible()
        page.get_by_role("button", name="关闭这一轮").click()
        expect(page.get_by_role("button", name="向公众公布")).to_have_count(0)
        assert page.request.get(f"{served.url}/api/v1/rounds/{number}").json()["closed_at"]


def _county_with_points(page: Page, served: Machine) -> dict[str, Any]:
    found = page.request.get(f"{served.url}/api/v1/resources/things?kind=point&limit=200").json()
    path = next(one["unit"]["path"] for one in found["items"] if one["unit"]["level"] == "village")
    code = path.split("/")[2]
    return dict(page.request.get(f"{served.url}/api/v1/units/{code}").json())


def _open(page: Page, served: Machine, county: str) -> None:
    page.goto(f"{served.url}/rounds")
    page.get_by_role("button", name="开始一轮").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="开始一轮").click()
    expect(dialog.get_by_text("请填写").first).to_be_visible()
    dialog.get_by_role("textbox", name="名称").fill(TITLE)
    dialog.get_by_role("combobox").fill(county)
    page.locator(".ant-select-item-option", has_text=county).first.click()
    dialog.get_by_role("button", name="开始一轮").click()
    page.wait_for_url(re.compile(r"/rounds/\d+"))


def _points(page: Page, served: Machine, number: int) -> list[dict[str, Any]]:
    told = page.request.get(f"{served.url}/api/v1/rounds/{number}/points").json()
    return list(told["items"])


def _now(page: Page, served: Machine) -> str:
    return str(page.request.get(f"{served.url}/api/v1/session").json()["clock"]["now"])


def _count(page: Page, point: str, *, at: str) -> None:
    """Two lines from a point, as a table of its own."""
    lines = ["key,what,point,laboratory,n,at"]
    lines += [f"e2e-{what},{what},{point},,{n},{at}" for what, n in (("registered", 130),
                                                                    ("sampled", 120))]  # fmt: skip
    page.locator("input[type=file]").set_input_files(
        {"name": "counts.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )


def _tell_queue(page: Page, served: Machine, number: int, name: str) -> None:
    page.goto(f"{served.url}/rounds/{number}/points")
    card = page.locator("li", has_text=name).first
    card.get_by_role("button", name="上报排队").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("此刻排队人数").fill("37")
    dialog.get_by_role("button", name="上报排队").click()
    expect(card.get_by_text("37")).to_be_visible()


def _seen_by_everybody(browser: Browser, served: Machine, name: str) -> None:
    """On a phone of somebody who never signed in."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{served.url}/public/points")
    expect(page.locator("li", has_text=name).get_by_text("排队 37 人")).to_be_visible()
    expect(page.get_by_text("合成数据，仅供演练")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert "sessionid" not in {one["name"] for one in context.cookies()}
    context.close()
