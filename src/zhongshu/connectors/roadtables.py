"""Distances of a plan from a road service (the table of OSRM, the matrix of Valhalla) or files.

OSRM: GET {url}/table/v1/driving/{lon,lat;...}?annotations=distance,duration
(project-osrm.org, HTTP API); Valhalla: POST {url}/sources_to_targets (valhalla.github.io, matrix).
Asked in blocks, since both bound the size of a question.  A pair without a way is refused by the
engine, naming it.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.connectors import tablefiles
from zhongshu.engines.transfer.trips import distances
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float64]
Block = Callable[[Floats, Floats], tuple[Floats, Floats]]  # (sources, targets) of (lon, lat) rows
BLOCK = 50  # points a side: half of what osrm-routed takes by default (100 together)
TIMEOUT_S = 30


def service(name: str) -> distances.Finder:
    """A finder that asks `osrm+http://...` or `valhalla+http://...`."""
    kind, _, url = name.partition("+")
    blocks: dict[str, Callable[[str], Block]] = {"osrm": _osrm, "valhalla": _valhalla}
    if kind not in blocks or not url.startswith(("http://", "https://")):
        raise BadInput(
            "roads.unknown_service",
            f"The road service '{name}' is not osrm+http://... or valhalla+http://...",
        )
    ask = blocks[kind](url.rstrip("/"))

    def find(
        names: Sequence[str], lon: Floats, lat: Floats
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        points = np.stack([lon, lat], axis=1)
        metres, seconds = np.full((2, len(points), len(points)), np.nan)
        for a in range(0, len(points), BLOCK):
            for b in range(0, len(points), BLOCK):
                cut = np.s_[a : a + BLOCK, b : b + BLOCK]
                metres[cut], seconds[cut] = ask(points[a : a + BLOCK], points[b : b + BLOCK])
        return distances.complete(names, metres, seconds)

    return find


def matrix(points: Path, legs: Path) -> distances.Finder:
    """A finder that looks into two files, of `distances.POINTS` and `distances.LEGS`."""
    none = pa.schema([])
    return distances.from_file(
        tablefiles.read(points, distances.POINTS, none),
        tablefiles.read(legs, distances.LEGS, none),
    )


def named(name: str) -> distances.Finder:
    """What an installation names: a service as `service` takes it, or a folder that holds
    points.csv and legs.csv."""
    if "+" in name.partition("://")[0]:
        return service(name)
    folder = Path(name)
    return matrix(folder / "points.csv", folder / "legs.csv")


def _osrm(url: str) -> Block:
    def ask(sources: Floats, targets: Floats) -> tuple[Floats, Floats]:
        places = ";".join(f"{x:.6f},{y:.6f}" for x, y in [*sources, *targets])
        n = len(sources)
        told = _answer(
            f"{url}/table/v1/driving/{places}?annotations=distance,duration"
            f"&sources={_numbers(0, n)}&destinations={_numbers(n, n + len(targets))}"
        )
        if told.get("code") != "Ok":
            raise BadInput("roads.refused", f"The road service answered {told.get('code')}.")
        return _floats(told["distances"]), _floats(told["durations"])

    return ask


def _numbers(first: int, end: int) -> str:
    return ";".join(str(n) for n in range(first, end))


def _valhalla(url: str) -> Block:
    def ask(sources: Floats, targets: Floats) -> tuple[Floats, Floats]:
        body = {
            "sources": [{"lon": x, "lat": y} for x, y in sources.tolist()],
            "targets": [{"lon": x, "lat": y} for x, y in targets.tolist()],
            "costing": "auto",
            "units": "kilometers",
        }
        rows = _answer(f"{url}/sources_to_targets", body)["sources_to_targets"]
        km = _floats([[cell.get("distance") for cell in row] for row in rows])
        return km * 1000, _floats([[cell.get("time") for cell in row] for row in rows])

    return ask


def _floats(rows: list[list[float | None]]) -> Floats:
    return np.array([[np.nan if v is None else v for v in row] for row in rows], np.float64)


def _answer(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:  # noqa: S310
            told: dict[str, Any] = json.load(reply)
    except (urllib.error.URLError, TimeoutError, json.JSONDecodeError) as fault:
        raise BadInput(
            "roads.unreachable",
            f"The road service did not answer ({fault}); check its address or plan without it.",
        ) from None
    return told
