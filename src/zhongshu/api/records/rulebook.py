"""The pack a page explains its facts by."""

from __future__ import annotations

import datetime as dt

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.incidents import facade as incidents


def pack_on(moment: dt.datetime) -> Pack:
    """The pack of the incident's disease as in force then; where none was, the incident's own
    base edition, because a page about old facts has to be readable after the rules have gone."""
    incident = incidents.current()
    day = beijing_day(moment)
    try:
        return reader.applicable(disease=incident.disease, on=day, path=incident.scope_unit.path)
    except NotFound:
        return reader.load(incident.pack)
