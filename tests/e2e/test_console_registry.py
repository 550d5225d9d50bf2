"""The registry in a real Chromium: a van breaks down, a bed is taken and given back."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.e2e.machine import Machine
from tests.e2e.test_console import signed_in

TAKE = re.compile("占 ?用")  # a button of two characters has a space between them


def test_a_van_breaks_down_and_a_bed_is_taken_and_given_back(
    browser: Browser, served: Machine
) -> None:
    secret = served.add("keeper", "140000000000:supply_team")
    with signed_in(browser, served, secret) as page:
        things = f"{served.url}/api/v1/resources/things?limit=200&kind="
        van = page.request.get(f"{things}vehicle&state=ready").json()["items"][0]
        page.goto(f"{served.url}/registry/{van['id']}?kind=vehicle")
        page.get_by_role("button", name="变更状态").click()
        page.get_by_role("radio", name="故障").check()
        page.get_by_role("textbox", name="理由").fill("爆胎")
        page.get_by_role("dialog").get_by_role("button", name="变更状态").click()
        expect(page.get_by_text("爆胎")).to_be_visible()
        beds = page.request.get(f"{things}hospital").json()["items"]
        free = {one["id"]: pool for one in beds for pool in one["pools"] if pool["free"]}
        hospital, pool = next(iter(free.items()))
        page.goto(f"{served.url}/registry/{hospital}")
        page.get_by_role("button", name="占 用").or_(
            page.get_by_role("button", name="占用")
        ).click()
        dialog = page.get_by_role("dialog")
        words = {"beds": "张床位", "icu": "张重症床"}[pool["pool"]]
        dialog.get_by_role("radio", name=words).check()
        dialog.get_by_role("button", name=TAKE).click()
        release = page.get_by_role("button", name="释放")
        expect(release).to_have_count(1)
        release.click()
        expect(page.get_by_text("已释放")).to_be_visible()
        page.goto(f"{served.url}/readiness")
        expect(page.get_by_text("没有转换记录")).to_be_visible()


def test_a_hall_no_feed_reports_is_entered_by_hand(browser: Browser, served: Machine) -> None:
    secret = served.add("enterer", "140000000000:supply_team")
    with signed_in(browser, served, secret) as page:
        page.goto(f"{served.url}/registry?kind=site")
        page.get_by_role("button", name="登记资源").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("平时容量").fill("0")
        dialog.get_by_role("button", name="登记资源").click()
        expect(dialog.get_by_text("至少一项大于零")).to_be_visible()
        dialog.get_by_role("textbox", name="名称").fill("市体育馆")
        dialog.get_by_role("textbox", name="编号").fill("H-e2e")
        dialog.get_by_label("应急容量").fill("200")
        dialog.get_by_role("combobox", name="输入单位名称或代码").fill("太原市")
        page.locator(".ant-select-item-option", has_text="太原市").first.click()
        dialog.get_by_role("button", name="登记资源").click()
        expect(page.get_by_role("heading", name="市体育馆")).to_be_visible()
        expect(page.get_by_text("人工登记")).to_be_visible()
