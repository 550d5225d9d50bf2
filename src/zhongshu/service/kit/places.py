"""Places of the lake, by key, for showing where somebody was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, TypedDict

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from zhongshu.kernel.errors import BadInput
from zhongshu.lake.lake import Lake


class Place(TypedDict):
    name: str
    kind: str
    village_code: str
    lon: float | None
    lat: float | None


def _lake() -> Lake:
    return Lake(Path(settings.ZHONGSHU_LAKE))


def by_key(keys: Collection[int]) -> Mapping[int, Place]:
    """Lake key to place; keys no place feed has described are left out."""
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    table = _lake().places()
    found = table.filter(pc.is_in(table["place"], pa.array(sorted(wanted), pa.int32())))
    return {row.pop("place"): _place(row) for row in found.to_pylist()}


def _place(row: dict[str, Any]) -> Place:
    return {
        "name": row["name"] or row["place_id"],
        "kind": row["kind"],
        "village_code": row["village_code"] or "",
        "lon": row["lon"],
        "lat": row["lat"],
    }


def visits(
    person: int, *, first: dt.date, last: dt.date, known_at: dt.datetime
) -> list[dict[str, Any]]:
    """One person's visits on these Beijing days as known then: time_in, time_out, place, source;
    in order of time.  A damaged lake gives none rather than an error on a page about a case."""
    try:
        found = _lake().person_visits([person], first, last, known_at)
    except BadInput:
        return []
    rows: list[dict[str, Any]] = found.select(
        ["time_in", "time_out", "place", "source"]
    ).to_pylist()
    return rows


def sentinel_counts(*, stream: str, as_of: dt.datetime, paths: Mapping[str, str]) -> pa.Table:
    """date, count of one stream over the counties in `paths` (code to path), as known then."""
    table = _lake().counts(as_of)
    keep = pc.and_(
        pc.equal(table["stream"], stream),
        pc.is_in(table["county_code"], pa.array(sorted(paths), pa.string())),
    )
    return table.filter(keep).group_by("date").aggregate([("count", "sum")]).sort_by("date")
