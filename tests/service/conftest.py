"""Settings that every test of the service shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service import ports


@pytest.fixture(autouse=True)
def _own_folders(settings: object, tmp_path: Path) -> None:
    """An empty lake, raw folder and console, and doubles of the ports the API reaches by name."""
    settings.ZHONGSHU_LAKE = tmp_path / "lake"  # type: ignore[attr-defined]
    settings.ZHONGSHU_RAW = tmp_path / "raw"  # type: ignore[attr-defined]
    settings.ZHONGSHU_CONSOLE = tmp_path / "console"  # type: ignore[attr-defined]
    settings.ZHONGSHU_REPORT_PORT = "tests.service.ports"  # type: ignore[attr-defined]
    settings.ZHONGSHU_QUEUE_RUN = "tests.service.ports.queue"  # type: ignore[attr-defined]
    settings.ZHONGSHU_QUEUE_SELFTEST = "tests.service.ports.queue_selftest"  # type: ignore[attr-defined]
    settings.ZHONGSHU_QUEUE_DISPATCH = "tests.service.ports.queue_dispatch"  # type: ignore[attr-defined]
    settings.ZHONGSHU_QUEUE_WHATIF = "tests.service.ports.queue_whatif"  # type: ignore[attr-defined]
    settings.ZHONGSHU_QUEUE_DRILL = "tests.service.ports.queue_drill"  # type: ignore[attr-defined]
    ports.queued.clear()
    ports.compared.clear()
    ports.played.clear()
    ports.selftests.clear()
