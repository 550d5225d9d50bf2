"""The sweep of the clocks as a job."""

from __future__ import annotations

import datetime as dt

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.incidents import facade as incidents


def sweep() -> clocks.Swept | None:
    """Do what has come by the headquarters' clock; nothing while no incident is open."""
    if incidents.find_current() is None:
        return None
    return clocks.sweep(now=incidents.headquarters_time(dt.datetime.now(dt.UTC)))
