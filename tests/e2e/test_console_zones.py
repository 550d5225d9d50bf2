"""Planning zones in a real Chromium: draw, be warned, find zonings, propose one."""

from __future__ import annotations

import re
from collections import Counter

from playwright.sync_api import Browser, expect

from tests.e2e.machine import Machine
from tests.e2e.test_console import signed_in

SLOW = 90_000  # the first zoning of a process compiles its engine


def test_zones_are_drawn_found_and_proposed(browser: Browser, served: Machine) -> None:
    with signed_in(browser, served, served.secret("commander")) as page:
        zones = page.request.get(f"{served.url}/api/v1/zones?limit=200&kind=risk_area").json()
        county = Counter(one["unit"]["path"].split("/")[2] for one in zones["items"])
        ((code, _),) = county.most_common(1)
        page.goto(f"{served.url}/zones?draw={code}")
        page.get_by_role("spinbutton", name="最多区数").fill("1")
        page.get_by_role("spinbutton", name="最多区数").press("Enter")
        villages = page.get_by_role("region", name="村（社区）").get_by_role("checkbox")
        # By keyboard: the list does the same as drawing.
        villages.nth(0).press("Space")
        expect(page.get_by_role("alert")).to_have_count(0)
        villages.nth(1).press("Space")
        expect(page.get_by_role("alert")).to_contain_text("区数超出上限：2，上限 1")
        page.get_by_role("button", name="清空").click()
        page.get_by_text("矩形", exact=True).click()
        tool = page.get_by_role("img", name=re.compile("矩形"))
        box = tool.bounding_box()
        assert box
        page.mouse.move(box["x"] + 2, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=4)
        page.mouse.up()
        expect(villages.nth(0)).to_be_checked()
        page.get_by_role("spinbutton", name="最多区数").fill("20")
        page.get_by_role("spinbutton", name="最多区数").press("Enter")
        page.get_by_role("button", name="求解方案").click()
        expect(page.get_by_text("每多覆盖一个百分点的代价")).to_be_visible(timeout=SLOW)
        propose = page.get_by_role("button", name=re.compile("提出建议"))
        expect(propose).to_be_disabled()  # until the outbreak model has answered
        outcomes = page.get_by_role("region", name="传播模型推演")
        expect(outcomes.get_by_role("rowheader", name="不划区")).to_be_visible(timeout=SLOW)
        expect(outcomes.get_by_text(re.compile("示意|已校准"))).to_be_visible()
        propose.click()
        page.get_by_role("link", name="已提出，查看决策").click()
        expect(page.get_by_role("heading", name=re.compile("按最小代价划定"))).to_be_visible()
        expect(page.get_by_text(re.compile("传播模型（100 次"))).to_be_visible()
