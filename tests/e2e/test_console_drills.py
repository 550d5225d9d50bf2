"""A drill in a real Chromium: begun, decided by keyboard and mouse, its truth opened at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.machine import Client, Machine, wait_until
from tests.e2e.test_console import signed_in

COMPILED = 240_000  # the first county of a machine compiles the engines
PLAYED = 30_000
DAYS = 10


@pytest.fixture(scope="module")
def player(served: Machine) -> Client:
    return Client(served.url, served.add("player", "140000000000:commander"))


@pytest.fixture(scope="module")
def desk(browser: Browser, served: Machine, player: Client) -> Iterator[Page]:
    with signed_in(browser, served, served.secret("player")) as page:
        yield page


def settled(player: Client, path: str, step: int) -> dict[str, Any]:
    """The drill once its worker has answered the decision before `step`."""

    def there() -> bool:
        told = player.get(path)
        return bool(told["state"] == "done" or (told["step"], told["state"]) == (step, "waiting"))

    wait_until(there, seconds=90, what=f"the evening of decision {step}")
    return dict(player.get(path))


def test_a_drill_is_played_day_by_day_and_its_truth_opened_at_the_end(
    served: Machine, desk: Page, player: Client
) -> None:
    desk.goto(f"{served.url}/drills")
    expect(desk.get_by_text("还没有演练")).to_be_visible()
    desk.get_by_role("button", name="开始演练").click()
    expect(desk.get_by_text("全部为合成数据")).to_be_visible()
    desk.get_by_label("人口").fill("5000")
    desk.get_by_label("输入感染者").fill("15")
    desk.get_by_label("最多天数").fill(str(DAYS))
    desk.get_by_label("种子").fill("7")
    desk.get_by_role("button", name="开始", exact=True).click()
    desk.wait_for_url(re.compile(r"/drills/\d+"))
    path = re.findall(r"/drills/[0-9]+", desk.url)[0]
    form = desk.get_by_role("form", name="今晚的决定")
    expect(form).to_be_visible(timeout=COMPILED)
    first = player.get(path)
    assert first["result"] is None
    expect(form.get_by_text("与系统建议相同")).to_be_visible()

    # Another window decides the same evening first: this one is told, and shown the next.
    other = first["evening"]["proposed"]
    lock = form.get_by_role("checkbox", name=re.compile("全县居家"))
    lock.uncheck()
    expect(form.get_by_text("与系统建议不同")).to_be_visible()
    status, _ = player.call("POST", f"{path}/decide", {"step": 0, **other}, key="first")
    assert status == 202
    form.get_by_role("button", name="下一天").click()
    expect(desk.get_by_text("这一晚已有决定")).to_be_visible()

    # By keyboard, as proposed, to the end.
    for step in range(1, DAYS + 1):
        if (told := settled(player, path, step))["state"] == "done":
            break
        day = told["evening"]["day"] + 1
        head = desk.get_by_role("heading", name=re.compile(f"第 {day} 日"))
        expect(head).to_be_visible(timeout=PLAYED)
        expect(desk.locator(".z-drill-table[aria-busy=false]")).to_be_visible()
        desk.get_by_role("heading", level=1).click()
        desk.keyboard.press("n")
    expect(desk.get_by_text("真实疫情揭晓")).to_be_visible(timeout=PLAYED)
    rows = desk.locator(".z-drill-scores tbody tr")
    expect(rows).to_have_count(6)
    told = player.get(path)
    assert told["state"] == "done"
    expect(rows.first).to_contain_text("演练者")
    expect(rows.first).to_contain_text(str(told["result"]["rows"][0]["infections"]))
    expect(desk.locator(".z-drill-panels svg").first).to_be_visible()
    assert len(told["decisions"]) == told["step"]
