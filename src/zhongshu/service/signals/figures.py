"""Figures of the pack that rules signals."""

from __future__ import annotations

import datetime as dt

from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.service.incidents import facade as incidents


def number(key: str, *, now: dt.datetime) -> float:
    """The figure `key` of the pack in force for signals where the incident is."""
    path = incidents.current().scope_unit.path
    pack = reader.applicable(disease=reader.ANY, topic="signals", on=beijing_day(now), path=path)
    return pack.number(key)
