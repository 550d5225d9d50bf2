"""Which incident the headquarters is working on, and what its clock says."""

from __future__ import annotations

import datetime as dt

from zhongshu.kernel.errors import NotFound
from zhongshu.service.incidents.models import Incident


def find_current() -> Incident | None:
    """The open incident opened last, or None."""
    return Incident.objects.filter(closed_at=None).order_by("-opened_at", "-id").first()


def current() -> Incident:
    """The open incident opened last; refuses when there is none."""
    incident = find_current()
    if incident is None:
        raise NotFound(
            "incidents.none", "No incident is open; open one first: zhongshu incident open."
        )
    return incident


def headquarters_time(wall: dt.datetime) -> dt.datetime:
    """What the headquarters' clock says when the wall clock says `wall`."""
    incident = find_current()
    return wall + dt.timedelta(seconds=incident.clock_offset_s) if incident else wall
