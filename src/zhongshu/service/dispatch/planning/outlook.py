"""What the last daily run expects of the days to come."""

from __future__ import annotations

import datetime as dt

from zhongshu.service.dispatch.planners.shapes import Outlook
from zhongshu.service.incidents.facade import Incident

TREND = "cases_projected"


def known(incident: Incident, as_of: dt.datetime) -> Outlook | None:
    """None: no run of the incident has expected anything yet."""
    # Not above: periods reach dispatch from their proposals, so each would wait for the other.
    from zhongshu.service.periods import facade as periods  # noqa: PLC0415

    run = periods.latest_run(as_of)
    if run is None or run.incident_id != incident.pk:
        return None
    for step in run.steps.all():
        told = step.summary.get("trends", {}).get(TREND, {}).get(incident.scope_unit_id)
        if told:
            days = {dt.date.fromisoformat(row["date"]): float(row["value"]) for row in told}
            return Outlook(run.as_of, days)
    return None
