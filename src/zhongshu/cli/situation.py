"""The situation and the proposals, as text."""

from __future__ import annotations

import datetime as dt

from zhongshu.cli.output import out, table
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.periods.models import Run, RunStep
from zhongshu.service.situation import figures

_FAR_FUTURE = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
_LINES = 30


def shown(moment: dt.datetime) -> str:
    return beijing(moment).isoformat(sep=" ", timespec="minutes")


def show(as_of: dt.datetime | None, *, now: dt.datetime) -> None:
    """Print what the last run at or before `as_of` found, the figures as of `now`, and what waits
    for a decision."""
    record = periods.latest_run(as_of or _FAR_FUTURE)
    if record is None:
        raise NotFound("runs.none", "No cycle has run by then; run one: zhongshu cycle run.")
    incident = incidents.current()
    label = "  [synthetic data]" if incident.synthetic else ""
    out.rule(f"{incident.name['zh']} · {shown(record.as_of)}{label}", align="left")
    _figures(incident.scope_unit.path, now)
    _steps(record)
    _proposals(record)


def _figures(path: str, now: dt.datetime) -> None:
    rows = [
        (
            figure.spec.key.replace("_", " "),
            f"{figure.value:,.0f}" if figure.value is not None else "-",
            f"{figure.change:+,.0f}" if figure.change else "",
            figure.spec.unit,
        )
        for figure in figures.read(scope=Scope((path,)), as_of=now)
    ]
    table("Situation", ("figure", "now", "on yesterday", "unit"), rows)


def _steps(record: Run) -> None:
    rows = [
        (step.name, step.state, _seconds(step.started_at, step.finished_at), _said(step))
        for step in record.steps.all()
    ]
    table("What the run found", ("step", "state", "seconds", "result"), rows)


def _seconds(begin: dt.datetime, end: dt.datetime | None) -> float | str:
    return round((end - begin).total_seconds(), 1) if end else ""


def _said(step: RunStep) -> str:
    if step.error:
        return str(step.error["en"])
    parts = [
        f"{name.replace('_', ' ')} {value:,}" if isinstance(value, int | float) else ""
        for name, value in step.summary.items()
    ]
    return ", ".join(part for part in parts if part)


def _proposals(record: Run) -> None:
    scope = Scope((incidents.current().scope_unit.path,))
    waiting = periods.listed(scope=scope, as_of=_FAR_FUTURE, state="waiting")
    ordered = waiting.order_by("-priority", "-id")
    total = ordered.count()
    rows = [(proposal.pk, proposal.kind, proposal.title["zh"]) for proposal in ordered[:_LINES]]
    table(
        f"Waiting for a decision: {total} proposals (pack {record.card['pack']})",
        ("no.", "kind", "提案 proposal"),
        rows,
    )
    if total > _LINES:
        out.print(f"... and {total - _LINES} more: zhongshu decide list")
