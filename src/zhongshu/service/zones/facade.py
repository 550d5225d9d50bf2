"""What others may use of zones."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from zhongshu.service.incidents import facade as incidents
from zhongshu.service.zones import selectors
from zhongshu.service.zones.clockfacts import told_all as follow_clocks
from zhongshu.service.zones.models import Zone, ZoneEvaluation
from zhongshu.service.zones.selectors import CURRENT, ZoneThen, get, listed, standing_counts, then
from zhongshu.service.zones.services import ZoneDraft, move, upsert

__all__ = [
    "CURRENT",
    "Zone",
    "ZoneDraft",
    "ZoneEvaluation",
    "ZoneThen",
    "current",
    "follow_clocks",
    "get",
    "listed",
    "move",
    "standing_counts",
    "then",
    "upsert",
]


def current(as_of: dt.datetime) -> pa.Table:
    """Zones of the current incident proposed or active at `as_of`: schema `CURRENT`."""
    return selectors.current(incident_id=incidents.current().pk, as_of=as_of)
