"""The roads this installation plans on, if it has any."""

from __future__ import annotations

import functools

from zhongshu.config.environment import read
from zhongshu.connectors import roadtables
from zhongshu.engines.transfer.trips.distances import Finder


def finder() -> Finder | None:
    """What ``ZHONGSHU_ROADS`` names; None: straight lines times the pack's detour factor.

    What the setting ``ZHONGSHU_ROAD_FINDER`` names.  Refuses what is neither a service nor a
    folder with a matrix.
    """
    return _finder(read().roads)


@functools.cache
def _finder(name: str | None) -> Finder | None:
    return None if name is None else roadtables.named(name)
