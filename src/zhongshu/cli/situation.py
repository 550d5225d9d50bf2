"""The situation and the proposals, as text."""

from __future__ import annotations

import datetime as dt

from zhongshu.cli.output import out, table
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.periods.models import Run

_FAR_FUTURE = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
_LINES = 30


def shown(moment: dt.datetime) -> str:
    return beijing(moment).isoformat(sep=" ", timespec="minutes")


def show(as_of: dt.datetime | None) -> None:
    """Print what the last run at or before `as_of` found, and what waits for a decision."""
    record = periods.latest_run(as_of or _FAR_FUTURE)
    if record is None:
        raise NotFound("runs.none", "No cycle has run by then; run one: zhongshu cycle run.")
    incident = incidents.current()
    label = "  [synthetic data]" if incident.synthetic else ""
    out.rule(f"{incident.name['zh']} · {shown(record.as_of)}{label}", align="left")
    _steps(record)
    _proposals(record)


def _steps(record: Run) -> None:
    rows = [
        (step.name, step.state, _seconds(step.started_at, step.finished_at), _said(step))
        for step in record.steps.all()
    ]
    table("What the run found", ("step", "state", "seconds", "result"), rows)


def _seconds(begin: dt.datetime, end: dt.datetime | None) -> float | str:
    return round((end - begin).total_seconds(), 1) if end else ""


def _said(step: object) -> str:
    error = str(getattr(step, "error", ""))
    if error:
        return error
    summary = getattr(step, "summary", {})
    parts = [
        f"{name.replace('_', ' ')} {value:,}" if isinstance(value, int | float) else ""
        for name, value in summary.items()
    ]
    return ", ".join(part for part in parts if part)


def _proposals(record: Run) -> None:
    scope = Scope((incidents.current().scope_unit.path,))
    waiting = periods.listed(scope=scope, as_of=_FAR_FUTURE, state="waiting")
    ordered = waiting.order_by("-priority", "-id")
    total = ordered.count()
    rows = [
        (proposal.pk, proposal.kind, proposal.title["zh"], proposal.title["en"])
        for proposal in ordered[:_LINES]
    ]
    table(
        f"Waiting for a decision: {total} proposals (pack {record.card['pack']})",
        ("no.", "kind", "提案", "proposal"),
        rows,
    )
    if total > _LINES:
        out.print(f"... and {total - _LINES} more: zhongshu decide list")
