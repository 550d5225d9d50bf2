"""The planners of dispatch: one module each, all of the shape `shapes.Planner`."""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.kernel.errors import BadInput
from zhongshu.service.dispatch.planners import (
    beds,
    parcels,
    procurement,
    recollect,
    rooms,
    supplies,
    teams,
    testing,
    transfer,
)
from zhongshu.service.dispatch.planners.shapes import Planner

PLANNERS: Mapping[str, Planner] = {
    one.NAME: one
    for one in (rooms, transfer, testing, recollect, beds, supplies, procurement, parcels, teams)
}


def planner(name: str) -> Planner:
    if name not in PLANNERS:
        raise BadInput(
            "dispatch.planner",
            f"There is no planner '{name}'; there are {', '.join(PLANNERS)}.",
            planner=name,
        )
    return PLANNERS[name]
