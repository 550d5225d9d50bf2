"""The console in a real Chromium: the commander's morning, and the clerk who sees his village."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.machine import Client, Machine

DESK = {"width": 1440, "height": 900}


@contextmanager
def signed_in(browser: Browser, machine: Machine, secret: str, **size: Any) -> Iterator[Page]:
    """A page after the one-time link; an error in the console fails the test.

    Without motion: a click made while a dialog still grows lands where its button is not yet.
    """
    context = browser.new_context(viewport=size or DESK, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{machine.url}/?secret={secret}")
    page.wait_for_url(re.compile("account"))
    yield page
    assert not troubles, troubles
    context.close()


def _village_of_a_case(machine: Machine) -> dict[str, Any]:
    client = Client(machine.url, machine.secret("commander"))
    for case in client.get("/cases?limit=50")["items"]:
        if case["unit"]["level"] == "village":
            return dict(case["unit"])
    raise AssertionError("no case has a known village")


def test_the_commander_sees_the_province_and_decides(browser: Browser, served: Machine) -> None:
    with signed_in(browser, served, served.secret("commander")) as page:
        page.goto(f"{served.url}/situation")
        expect(page.get_by_text("合成数据").first).to_be_visible()
        expect(page.get_by_text("累计确诊").first).to_be_visible()
        expect(page.locator("section.z-map[data-ready=true]")).to_be_visible(timeout=20_000)
        page.goto(f"{served.url}/decisions")
        page.locator("article.z-proposal").wait_for(timeout=15_000)
        title = page.locator("article.z-proposal h1, article.z-proposal h2").first.inner_text()
        expect(page.get_by_text("为什么").first).to_be_visible()
        page.keyboard.press("a")
        page.get_by_role("dialog").get_by_role("button", name=re.compile("批准|确")).last.click()
        expect(page.get_by_text(re.compile("已批准")).first).to_be_visible(timeout=15_000)
        page.goto(f"{served.url}/directives")
        expect(page.get_by_text(title).first).to_be_visible(timeout=15_000)


def test_the_console_speaks_english_too(browser: Browser, served: Machine) -> None:
    with signed_in(browser, served, served.secret("commander")) as page:
        page.goto(f"{served.url}/situation")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_text("Situation").first).to_be_visible()
        expect(page.get_by_text("Synthetic data").first).to_be_visible()
        rail = page.locator("nav.z-rail").inner_text()
        assert not re.search(r"[\u4e00-\u9fff]", rail), rail


def test_the_village_clerk_sees_only_his_village(browser: Browser, served: Machine) -> None:
    village = _village_of_a_case(served)
    secret = served.add("clerk", f"{village['code']}:village_clerk")
    client = Client(served.url, secret)
    session = client.get("/session")
    assert session["scope"]["code"] == village["code"]
    for path in ("/cases", "/zones", "/directives"):
        for record in client.get(f"{path}?limit=200")["items"]:
            unit = record.get("unit") or record["to_unit"]
            assert unit["path"].startswith(village["path"]), (path, record)
    assert client.call("GET", "/proposals")[0] in (403, 404)
    own = {case["id"] for case in client.get("/cases?limit=200")["items"]}
    layers = {one["key"]: one for one in client.get("/map/layers")["layers"]}
    points = [one["properties"] for one in layers["cases"]["features"]["features"]]
    assert {point["case_id"] for point in points if "case_id" in point} <= own
    with signed_in(browser, served, served.secret("clerk")) as page:
        page.goto(f"{served.url}/cases")
        expect(page.get_by_role("heading", name="病例")).to_be_visible()
        rows = page.locator("tbody tr.ant-table-row")
        expect(rows.first).to_be_visible(timeout=15_000)
        for row in rows.all():
            assert village["name"] in row.inner_text()
        assert page.get_by_role("link", name=re.compile("决策")).count() == 0


def test_a_phone_can_sign_for_a_directive(browser: Browser, served: Machine) -> None:
    with signed_in(browser, served, served.secret("commander"), width=390, height=844) as page:
        page.goto(f"{served.url}/directives")
        expect(page.get_by_role("heading").first).to_be_visible(timeout=15_000)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"the page is {wide} px wide on a phone"
