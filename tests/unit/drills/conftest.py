"""One small county for all tests of the drills."""

from __future__ import annotations

import pytest

from zhongshu.cli import worldbuild
from zhongshu.engines.world.margins import Margins
from zhongshu.service.drills import loop
from zhongshu.service.drills.loop import Room
from zhongshu.service.drills.model import Scenario

SMALL = Scenario(people=6_000, days=28, imported=8)


@pytest.fixture(scope="session")
def margins() -> Margins:
    return worldbuild.margins()


@pytest.fixture(scope="session")
def room(margins: Margins) -> Room:
    return loop.prepare(SMALL, margins, seed=3)
