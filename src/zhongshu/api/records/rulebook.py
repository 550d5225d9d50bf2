"""The pack a page explains its facts by."""

from __future__ import annotations

import datetime as dt

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.incidents import facade as incidents


def pack_on(moment: dt.datetime) -> Pack:
    """The incident's pack as in force then; outside its dates the base edition, because a page
    about old facts has to be readable after the rules have gone."""
    pack_id = incidents.current().pack
    try:
        return reader.in_force(pack_id, beijing_day(moment))
    except NotFound:
        return reader.load(pack_id)
