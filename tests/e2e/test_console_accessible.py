"""Every desk in a real Chromium, searched by axe for what keeps people out: names, order, contrast.

axe's rules for WCAG 2.1 A and AA and its best practices; what a rule finds is told by element.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.machine import CONSOLE, Client, Machine
from tests.e2e.test_console import signed_in

AXE = CONSOLE.parent / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => (await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    resultTypes: ["violations"],
})).violations.map(rule => rule.id + ": " + rule.nodes.slice(0, 3).map(
    node => node.target.join(" ") + " " + node.html.slice(0, 200)).join(" | "))"""
LOADING = ".z-skeleton, .ant-skeleton, .ant-spin-spinning"

LISTS = [
    "/situation",
    "/clocks",
    "/findings",
    "/codes",
    "/directives",
    "/contacts",
    "/tracing",
    "/letters",
    "/persons",
    "/signal-quality",
    "/signal-breaks",
    "/sources",
    "/resources",
    "/readiness",
    "/rounds",
    "/tubes",
    "/dispatch",
    "/dispatch/jobs",
    "/whatif",
    "/whatif/new",
    "/drills",
    "/drills/new",
    "/admin",
    "/admin/packs/cn-covid-9",
    "/account",
]
# Pages of one thing: the desk's address and the list that names its things.
THINGS = {
    "/decisions": "/proposals",
    "/cases": "/cases",
    "/signals": "/signals",
    "/zones": "/zones",
    "/registry": "/resources/things",
    "/tubes": "/tubes",
    "/dispatch": "/dispatch/plans",
}


def found(page: Page) -> list[str]:
    """What axe finds on the page as it stands."""
    expect(page.locator(LOADING)).to_have_count(0)
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    return list(page.evaluate(RUN))


@pytest.fixture(scope="module")
def commander(served: Machine) -> Client:
    return Client(served.url, served.secret("commander"))


@pytest.fixture(scope="module")
def desk(browser: Browser, served: Machine) -> Iterator[Page]:
    with signed_in(browser, served, served.secret("commander")) as page:
        yield page


@pytest.mark.parametrize("path", LISTS)
def test_a_desk_keeps_nobody_out(served: Machine, desk: Page, path: str) -> None:
    desk.goto(f"{served.url}{path}")
    expect(desk.locator("h1").first).to_be_visible()
    assert found(desk) == []


@pytest.mark.parametrize("path", THINGS)
def test_the_page_of_one_thing_keeps_nobody_out(
    served: Machine, desk: Page, commander: Client, path: str
) -> None:
    first = commander.get(f"{THINGS[path]}?limit=1")["items"][0]
    desk.goto(f"{served.url}{path}/{first['id']}")
    expect(desk.locator("h1").first).to_be_visible()
    assert found(desk) == []


def test_a_dialog_keeps_nobody_out(served: Machine, desk: Page) -> None:
    desk.goto(f"{served.url}/dispatch")
    expect(desk.locator("h1").first).to_be_visible()
    desk.keyboard.press("n")
    expect(desk.get_by_role("dialog")).to_be_visible()
    assert found(desk) == []


@pytest.mark.parametrize("path", ["/signin", "/public/points"])
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desk"])
def test_public_pages_keep_nobody_out(
    browser: Browser, served: Machine, path: str, size: tuple[int, int]
) -> None:
    view: Any = {"width": size[0], "height": size[1]}
    page = browser.new_page(viewport=view, locale="zh-CN")
    page.goto(f"{served.url}{path}")
    expect(page.locator("h1").first).to_be_visible()
    assert found(page) == []
    page.close()
