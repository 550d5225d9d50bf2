"""Keeping the hot index of tracing ready, as a job."""

from __future__ import annotations

import datetime as dt

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.tracing import facade as tracing


def keep_ready() -> None:
    """Seal what changed; nothing while no incident is open or no edition traces."""
    incident = incidents.find_current()
    if incident is None:
        return
    now = incidents.headquarters_time(dt.datetime.now(dt.UTC))
    try:
        pack = reader.applicable(
            disease=incident.disease, on=beijing_day(now), path=incident.scope_unit.path
        )
    except NotFound:
        return
    if pack.get("trace.degrees") and pack.number("trace.degrees"):
        tracing.keep_ready(now, pack)
