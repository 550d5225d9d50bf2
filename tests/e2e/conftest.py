"""A demonstration headquarters, built once by the product's own command."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.machine import Machine, free_port

PEOPLE = "20000"
# Other tests run beside these, on every core: a page may take its time, as long as it comes.
expect.set_options(timeout=20_000)
CHROMIUM = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


@pytest.fixture(scope="session")
def demonstration() -> Iterator[Machine]:
    """`zhongshu demo --once` on a small synthetic province; what it printed is in demo.txt."""
    var = Path(tempfile.mkdtemp(prefix="zhongshu-e2e-"))
    machine = Machine(var, free_port())
    (var / "demo.txt").write_text(machine.run("demo", "--once", "--people", PEOPLE))
    machine.add("commander", "140000000000:commander")
    yield machine
    shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="session")
def served(demonstration: Machine) -> Iterator[Machine]:
    with demonstration.up():
        yield demonstration


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Chromium is missing: run `make test`, which installs it, or apt install chromium"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=CHROMIUM)
        yield started
        started.close()
