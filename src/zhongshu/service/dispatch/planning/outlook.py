"""What options of what-ifs and the last daily run expect of the days to come."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.service.dispatch.planners.outlooks import Level, Option, Outlook
from zhongshu.service.incidents.facade import Incident
from zhongshu.service.kit.scope import Scope

TREND = "cases_projected"


def known(incident: Incident, as_of: dt.datetime, *, run_id: int | None = None) -> Outlook | None:
    """None: nothing of the incident has expected anything yet.  run_id: the run that asks, whose
    own estimate counts; None: the last that is over."""
    options, run = _options(incident, as_of), _run(incident, as_of, run_id)
    if run is None:
        return Outlook(options) if options else None
    return dataclasses.replace(run, options=options)


def _options(incident: Incident, as_of: dt.datetime) -> tuple[Option, ...]:
    # Not above: what-ifs reach dispatch through periods, see below.
    from zhongshu.service.whatif import facade as whatif  # noqa: PLC0415

    found = whatif.chosen(scope=Scope((incident.scope_unit.path,)), as_of=as_of)
    return tuple(
        Option(
            comparison=one.comparison,
            name=one.option,
            unit_path=one.unit_path,
            as_of=one.as_of,
            computed_at=one.computed_at,
            decided=one.decided,
            calibrated=one.calibrated,
            synthetic=one.synthetic,
            beds={
                tier: {day: Level(*both) for day, both in days.items()}
                for tier, days in one.beds.items()
            },
            found=one.found,
            ran_out=one.ran_out,
        )
        for one in found
    )


def _run(incident: Incident, as_of: dt.datetime, run_id: int | None) -> Outlook | None:
    # Not above: periods reach dispatch from their proposals, so each would wait for the other.
    from zhongshu.service.periods import facade as periods  # noqa: PLC0415

    run = periods.latest_run(as_of) if run_id is None else periods.get_run(run_id)
    if run is None or run.incident_id != incident.pk:
        return None
    for step in run.steps.all():
        told = step.summary.get("trends", {}).get(TREND, {}).get(incident.scope_unit_id)
        if told:
            days = {
                dt.date.fromisoformat(row["date"]): Level(float(row["value"]), float(row["high"]))
                for row in told
            }
            return Outlook(as_of=run.as_of, cases=days)
    return None
