"""One small world for all tests of the engine, run once to its last day."""

from __future__ import annotations

import pytest
from world_builders import SMALL, Ran, real_margins

from zhongshu.engines.world import solve
from zhongshu.engines.world.model import Margins, WorldParams
from zhongshu.engines.world.state import World


@pytest.fixture(scope="session")
def margins() -> Margins:
    return real_margins()


@pytest.fixture(scope="session")
def ran(margins: Margins) -> Ran:
    world = solve.build(SMALL, margins)
    return Ran(world, tuple(world.step() for _ in range(SMALL.days)))


@pytest.fixture
def fresh(margins: Margins) -> World:
    """A world of 10,000 people before its first day."""
    return solve.build(WorldParams(people=10_000, days=12), margins)
