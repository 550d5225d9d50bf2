"""Test every series of the last days, register the signals, propose to verify them."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhongshu.engines.warning import model
from zhongshu.engines.warning.whole import State
from zhongshu.kernel.time import DAY
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.detect import drafts, registered
from zhongshu.service.periods.cycle.detect.judging import Judge
from zhongshu.service.periods.cycle.detect.series import DAYS, series_of
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.words import say
from zhongshu.service.signals import facade as signals

KIND = drafts.KIND


def run(frame: Frame) -> Outcome:
    """What is unusual today and yesterday, in the register and before the headquarters."""
    series = series_of(frame)
    results = _judged(frame, Judge(frame), series)
    rows = [
        registered.row(row, result, frame)
        for result in results.values()
        for row in result.signals.to_pylist()
    ]
    changed = signals.upsert(table=registered.table(rows), run_id=frame.run_id, as_of=frame.as_of)
    signals.log_tests(results, run_id=frame.run_id, as_of=frame.as_of)
    handled = _handled(frame)
    by_county: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for row in rows:
        if (row["unit"], row["stream"], row["date"]) not in handled:
            by_county[row["unit"]].append(row)
    proposed = tuple(
        drafts.draft(frame, county, found) for county, found in sorted(by_county.items())
    )
    summary = _summary(results, len(rows)) | {"changed": changed} | calendar(frame, frame.today)
    return Outcome(summary, proposed, (KIND,))


def _judged(frame: Frame, judge: Judge, series: Any) -> dict[dt.date, model.DetectResult]:
    """Today and yesterday, today first.  Yesterday is decided again with what came since; today
    follows from it, and all is fitted once - unless a break begins between the two days: what was
    counted before it still says what was usual on the day before."""
    prepared = judge.prepared(series, frame.today)
    budget = judge.rules.daily.budget
    found: dict[dt.date, model.DetectResult] = {}
    left: State | None = None
    for back in range(DAYS - 1, -1, -1):
        day = frame.today - back * DAY
        state = judge.state(day)
        if left is not None:
            since = {unit: days + 1 for unit, days in left.since.items()}
            state = dataclasses.replace(
                state, level=left.level, since={**since, **dict.fromkeys(left.raised, 1)}
            )
        apart = judge.begins(after=day, upto=frame.today)
        fitted = judge.prepared(series, day) if apart else prepared
        found[day] = result = fitted.day(day, state)
        if result.spent is not None:
            level = signals.keep_budget(
                result.spent, budget, day=day, run_id=frame.run_id, as_of=frame.as_of
            )
            left = State(level, state.since, result.spent.raised)
    return dict(reversed(found.items()))


def calendar(frame: Frame, on: dt.date) -> dict[str, Any]:
    """A sentence where the day `on` lies past the last day off that is entered; else nothing."""
    ends = rulebook.calendar_ends(frame.other("signals"))
    return {"calendar": say("signal.calendar", ends=ends, on=on)} if on > ends else {}


def _handled(frame: Frame) -> set[tuple[str, str, dt.date]]:
    """Signals somebody has taken, verified, snoozed or dismissed: they need no proposal."""
    scope = Scope((frame.tree.get(frame.scope_unit).path,))
    return signals.unproposed(scope=scope, as_of=frame.as_of)


def _summary(results: Mapping[dt.date, model.DetectResult], rows: int) -> dict[str, Any]:
    """methods: of today, which judged how many series, and why not a better one; the units too."""
    today = next(iter(results.values()))
    told: dict[str, Any] = {
        "series": today.judged.num_rows,
        "tested": sum(result.tested for result in results.values()),
        "signals": rows,
        "over_budget": sum(result.over_budget for result in results.values()),
        "untested": sum(result.untested.num_rows for result in results.values()),
        "methods": _methods(today),
        "card": today.card.as_json(),
    }
    if today.spent is None:
        return told
    spent = today.spent
    return told | {
        "budget": {
            "set_per_week": spent.set_per_week,
            "raised": len(spent.raised),
            "level": spent.level,
            "tested": spent.tested,
            "able": spent.able,
            "by_chance": spent.by_chance,
        },
        "all_units": {
            stream: {"z": z, "shock": shock} for stream, (z, shock) in spent.all_units.items()
        },
    }


def _methods(result: model.DetectResult) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = collections.defaultdict(list)
    for row in result.judged.to_pylist():
        groups[row["method"], row["stream"], row["why"]].append(row)
    return [
        {
            "method": method,
            "stream": stream,
            "why": why,
            "series": len(rows),
            "units": [row["unit"] for row in rows],
            "has": [min(row["has"] for row in rows), max(row["has"] for row in rows)],
            "needs": rows[0]["needs"],
        }
        for (method, stream, why), rows in sorted(groups.items())
    ]
