"""What the tests of the world engine share."""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from zhongshu.engines.world.model import DayResult, Margins, WorldParams
from zhongshu.engines.world.state import World
from zhongshu.reference import read

SMALL = WorldParams(people=40_000)


@dataclasses.dataclass(frozen=True)
class Ran:
    """A world that was stepped to its last day, and its days."""

    world: World
    days: tuple[DayResult, ...]


def real_margins(
    zone_hosts: pa.Table | None = read.table("zone_hosts"),  # noqa: B008 - a constant table
) -> Margins:
    return Margins.from_tables(
        divisions=read.table("divisions"),
        census=read.table("census"),
        adjacency=read.table("adjacency"),
        areas=read.table("areas"),
        boundaries=read.boundary("shanxi_counties"),
        pairs=read.table("transmission_pairs"),
        zone_hosts=zone_hosts,
        retired_codes=read.table("changes")["old_code"].drop_null().to_pylist(),
    )
