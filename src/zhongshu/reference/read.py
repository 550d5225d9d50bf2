"""Reference data that ships inside the package, read once per process and never written.

What each file is, where it comes from and under which licence: `cards()`.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
import io
import json
from importlib.resources.abc import Traversable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.kernel.divisions import DivisionTree
from zhongshu.kernel.errors import NotFound
from zhongshu.reference.tables import BOUNDARIES, SCHEMAS


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """Provenance of one shipped file; `sha256` is of the file as shipped, `changes` what was
    done to the source, `date` the day the data speak for."""

    name: str
    file: str
    rows: int
    sha256: str
    title: str
    source: str
    licence: str
    date: str
    changes: str
    note: str


def _data() -> Traversable:
    return importlib.resources.files("zhongshu.reference") / "data"


def content(file: str) -> bytes:
    """The bytes of a shipped file, by the path its card gives."""
    return (_data() / file).read_bytes()


@functools.cache
def table(name: str) -> pa.Table:
    """The table `name` with the columns of `tables.SCHEMAS`; refuses (NotFound) other names."""
    if name not in SCHEMAS:
        known = ", ".join(SCHEMAS)
        raise NotFound(
            "reference.no_table", f"There is no table '{name}'; there are {known}.", name=name
        )
    return pq.read_table(io.BytesIO(content(f"{name}.parquet")), schema=SCHEMAS[name])


@functools.cache
def boundary(layer: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection (longitude, latitude, WGS-84 within a metre).

    Its members `source` and `caution` are to be shown with every map.  The value is shared by
    all callers: do not change it.  Refuses (NotFound) an unknown layer.
    """
    if layer not in BOUNDARIES:
        known = ", ".join(BOUNDARIES)
        raise NotFound(
            "reference.no_layer", f"There is no layer '{layer}'; there are {known}.", layer=layer
        )
    loaded: dict[str, Any] = json.loads(content(f"boundaries/{layer}.geojson"))
    return loaded


@functools.cache
def cards() -> tuple[Card, ...]:
    """All provenance cards, by name."""
    files = [item for item in (_data() / "cards").iterdir() if item.name.endswith(".json")]
    loaded = [Card(**json.loads(item.read_text(encoding="utf-8"))) for item in files]
    return tuple(sorted(loaded, key=lambda card: card.name))


@functools.cache
def divisions(*provinces: str) -> DivisionTree:
    """The tree of divisions, of all the country or of some provinces (12-digit codes).

    Shanxi and Nanchang have all five levels, the rest of the country ends at counties.
    Refuses (NotFound) a code that is not a province.
    """
    rows = table("divisions").select(["code", "name", "level", "parent", "zone", "path"])
    roots = {row["code"] for row in rows.to_pylist() if row["level"] == 1}
    for code in provinces:
        if code not in roots:
            raise NotFound("divisions.unknown", f"No province has the code {code}.", code=code)
    wanted = tuple(f"{code}/" for code in provinces)
    return DivisionTree(
        (row["code"], row["name"], row["level"], row["parent"], row["zone"])
        for row in rows.to_pylist()
        if not wanted or row["path"].startswith(wanted)
    )


@functools.cache
def zone_hosts() -> dict[str, str]:
    """{development zone: the county its people are attached to}; see the table's evidence."""
    hosts = table("zone_hosts")
    return dict(zip(hosts["zone_code"].to_pylist(), hosts["host_code"].to_pylist(), strict=True))
