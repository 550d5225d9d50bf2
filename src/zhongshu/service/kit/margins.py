"""What synthetic worlds are made from: the margins of the real province."""

from __future__ import annotations

from zhongshu.engines.world.margins import Margins
from zhongshu.reference import read


def margins() -> Margins:
    """What is true of the real province."""
    changes = read.table("changes")
    return Margins.from_tables(
        divisions=read.table("divisions"),
        census=read.table("census"),
        adjacency=read.table("adjacency"),
        areas=read.table("areas"),
        boundaries=read.boundary("shanxi_counties"),
        pairs=read.table("transmission_pairs"),
        zone_hosts=read.table("zone_hosts"),
        retired_codes=sorted(
            {code for code in changes["old_code"].to_pylist() if code and code.startswith("14")}
        ),
    )
