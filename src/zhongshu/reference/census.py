"""The 2020 census by county, with or without the development zones' people in their hosts."""

from __future__ import annotations

import functools

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.reference import read
from zhongshu.reference.tables import COUNTED, SCHEMAS


@functools.cache
def counties(*, attach_zones: bool = True) -> pa.Table:
    """County rows of the census (schema ``SCHEMAS["census"]``), sorted by code.

    attach_zones: add each zone's counts to its host (rule and evidence: table `zone_hosts`) and
        leave the zone's row out, so that every row has a polygon; otherwise zones are rows of
        their own.  Either way Shanxi adds to 34,915,616.
    """
    table = read.table("census")
    lowest = table.filter(pc.is_in(table["row_kind"], pa.array(["county", "zone"])))
    if not attach_zones:
        return lowest.sort_by("code")
    hosts = read.zone_hosts()
    rows = {row["code"]: row for row in lowest.to_pylist()}
    for zone, host in hosts.items():
        gone = rows.pop(zone)
        for column in COUNTED:
            rows[host][column] += gone[column]
        rows[host]["origin"] += f"+{zone}"
    for host in hosts.values():
        row = rows[host]
        row["hh_size"] = round(row["household_pop"] / row["households"], 2)
    ordered = [rows[code] for code in sorted(rows)]
    return pa.Table.from_pylist(ordered, schema=SCHEMAS["census"])


@functools.cache
def populations() -> dict[str, int]:
    """{code: residents on 2020-11-01} of the provinces, cities, counties and zones that have a
    census row; a zone is counted for itself here and is not in its host."""
    table = read.table("census")
    return dict(zip(table["code"].to_pylist(), table["pop"].to_pylist(), strict=True))
