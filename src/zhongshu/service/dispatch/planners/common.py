"""What several planners of dispatch share."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.reference import read as reference
from zhongshu.service.dispatch.planners.shapes import Ask, Row
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources import facade as resources

GRID = 100  # homes on a map are told to a hundredth of a degree, about a kilometre


class UnsoundError(RuntimeError):
    """The validator found fault with a plan: a fault of ours, never shown as a plan."""


def sound(faults: Sequence[str]) -> None:
    if faults:
        raise UnsoundError("The validator found: " + "; ".join(faults[:5]))


def frozen(table: pa.Table) -> str:
    """The table as text for `Made.again`."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return base64.b64encode(sink.getvalue()).decode()


def thawed(text: str) -> pa.Table:
    with pa.ipc.open_stream(base64.b64decode(text)) as reader:
        return reader.read_all()


def next_hour(moment: dt.datetime) -> dt.datetime:
    """When what is decided now can begin."""
    return moment.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)


def start(ask: Ask) -> dt.datetime:
    """The beginning the form gives, or the next full hour."""
    given = ask.form.get("start")
    return dt.datetime.fromisoformat(given) if given else next_hour(ask.ground.as_of)


def things(ask: Ask, kind: str) -> list[resources.Thing]:
    """Those of the asked unit in the registry, by code; `state_then` as known."""
    found = resources.things(
        scope=Scope((ask.unit.path,)), as_of=ask.ground.as_of, kind=kind
    ).order_by("code")
    return list(found)


def usable(known: Iterable[resources.Thing]) -> list[resources.Thing]:
    """Those of them of which something can be taken at once."""
    return [one for one in known if one.state in resources.registry.LIVES[one.kind].usable]


def placed(
    ask: Ask, known: Iterable[resources.Thing]
) -> Iterator[tuple[resources.Thing, float, float]]:
    """Those with a place: their own, or the middle of their county."""
    middles = {
        row["code"]: (row["centroid_lon"], row["centroid_lat"])
        for row in reference.table("areas").to_pylist()
    }
    for one in known:
        near = middles.get(ask.ground.county(one.unit_id) or "", (None, None))
        lon, lat = (one.lon, one.lat) if one.lon is not None else near
        if lon is not None and lat is not None:
            yield one, lon, lat


def spot(lon: float | None, lat: float | None, **facts: Any) -> Row | None:
    """A point of the map; None without coordinates."""
    if lon is None or lat is None:
        return None
    return _feature({"type": "Point", "coordinates": [lon, lat]}, facts)


def line(points: Sequence[tuple[float, float]], **facts: Any) -> Row:
    return _feature({"type": "LineString", "coordinates": [list(one) for one in points]}, facts)


def coarse(lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
    """A home's point as a map may show it."""
    if lon is None or lat is None:
        return None, None
    return round(lon * GRID) / GRID, round(lat * GRID) / GRID


def _feature(geometry: Mapping[str, Any], facts: Mapping[str, Any]) -> Row:
    return {"type": "Feature", "geometry": dict(geometry), "properties": dict(facts)}
