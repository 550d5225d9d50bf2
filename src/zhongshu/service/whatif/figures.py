"""Figures of the pack that says what a what-if begins with."""

from __future__ import annotations

import datetime as dt

from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.incidents import facade as incidents

TOPIC = "whatif"


def pack(now: dt.datetime) -> Pack:
    """The defaults in force where the incident is."""
    path = incidents.current().scope_unit.path
    return reader.applicable(disease=reader.ANY, topic=TOPIC, on=beijing_day(now), path=path)


def control(now: dt.datetime) -> Pack:
    """The edition of the disease in force, for the days of isolation and its tests."""
    incident = incidents.current()
    path = incident.scope_unit.path
    return reader.applicable(disease=incident.disease, on=beijing_day(now), path=path)
