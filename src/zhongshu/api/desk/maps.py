"""The map: boundaries that never change within a release, and layers that do."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from ninja import Query, Router, Schema

from zhongshu.api.door import here, needs
from zhongshu.api.shapes import Asked
from zhongshu.kernel.errors import NotFound
from zhongshu.reference import read
from zhongshu.rules.permissions import Permission
from zhongshu.service.situation import layers

router = Router(tags=["desk"])
BOUNDARIES = ("shanxi_counties", "shanxi_cities", "nanchang_districts")


class FeatureCollection(Schema):
    type: str = "FeatureCollection"
    features: list[dict[str, Any]]


class Boundary(FeatureCollection):
    source: str
    caution: str


class MapLayer(Schema):
    """A feature without geometry stands for the unit its property `code` names."""

    key: str
    count: int
    age_of_data: dt.datetime | None
    suppressed: bool
    features: FeatureCollection


class MapLayers(Schema):
    as_of: dt.datetime
    source: str
    layers: list[MapLayer]


@router.get("/map/boundaries/{layer}", response=Boundary)
@needs(Permission.UNIT_READ)
def boundaries(request: HttpRequest, layer: str) -> object:
    """GeoJSON with its source; may be kept by the browser and asked for again by its ETag."""
    if layer not in BOUNDARIES:
        raise NotFound("boundaries.unknown", f"There is no boundary layer {layer}.", layer=layer)
    text = json.dumps(read.boundary(layer), ensure_ascii=False, separators=(",", ":")).encode()
    mark = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    response = (
        HttpResponseNotModified()
        if request.headers.get("If-None-Match") == mark
        else HttpResponse(text, content_type="application/geo+json")
    )
    response["ETag"] = mark
    response["Cache-Control"] = "private, max-age=86400"
    return response


@router.get("/map/layers", response=MapLayers)
@needs(Permission.MAP_READ)
def map_layers(request: HttpRequest, asked: Query[Asked]) -> object:
    """Twelve layers; outside one's scope only public facts and numbers of five or more."""
    view = here(request).view(asked)
    found = layers.read(scope=view.scope, as_of=view.as_of)
    return {
        "as_of": view.as_of,
        "source": read.boundary("shanxi_counties")["source"],
        "layers": [
            {
                "key": one.key,
                "count": one.count,
                "age_of_data": one.age_of_data,
                "suppressed": one.suppressed,
                "features": {"type": "FeatureCollection", "features": one.features},
            }
            for one in found
        ],
    }
