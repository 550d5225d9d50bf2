"""`zhongshu warn run`: what one day's tests say, and what had none."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zhongshu.cli.output import out, table
from zhongshu.cli.warn import methods
from zhongshu.cli.warn.data import Data
from zhongshu.cli.warn.methods import Found
from zhongshu.engines.warning.inputs import Grid
from zhongshu.engines.warning.joint import budget
from zhongshu.engines.warning.methods import Step
from zhongshu.engines.warning.tested import Columns, Floats
from zhongshu.kernel.errors import BadInput

# The level of a budget is found on so many steps before: about what it settles in, four times.
_SETTLED = {Step.DAY: 56, Step.WEEK: 52}
_STEP_DAYS = {Step.DAY: 1, Step.WEEK: 7}


@dataclasses.dataclass(frozen=True, slots=True)
class Spending:
    """alert, posterior: [series, steps].  by_chance [steps]: alerts to be expected of chance."""

    a_week: float
    alert: npt.NDArray[np.bool_]
    posterior: Floats
    by_chance: Floats


def spend(found: Found, first: int, *, a_week: float, step: Step) -> Spending:
    """Raise the most probable series so that alerts come out at `a_week`.

    first: step of `found` from which alerts are wanted; those before settle the level.
    Refuses a method that gives no chance.
    """
    if not found.has_p:
        raise BadInput(
            "warn.no_chance",
            "A budget is spent by chance, and this method gives none; ask default, farrington, "
            "ears_c1 or ears_c2.",
        )
    days = _STEP_DAYS[step]
    quiet = budget.Budget(a_week).quiet_days // days
    params = budget.Budget(a_week * days, quiet_days=quiet)  # `days` steps are its week
    p = np.where(found.tested, np.clip(found.p, 1e-300, 1.0), np.nan)
    odds = budget.log_odds(p, params)
    level = budget.start_level(odds[:, :first], params)
    before = budget.spend_odds(odds[:, :first], params, level)
    spent = budget.spend_odds(odds[:, first:], params, before.last_level, before.since)
    return Spending(a_week, spent.alert, spent.posterior, spent.by_chance)


def settled(last: int, step: Step) -> Columns:
    """The columns asked where there is a budget: those that settle the level, and the last."""
    return np.arange(max(last - _SETTLED[step], 0), last + 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """Of one day: rows raised, the strongest first; rows untested; how many were tested."""

    on: dt.date
    raised: list[dict[str, Any]]
    untested: list[dict[str, Any]]
    tested: int
    by_chance: float | None


def one(data: Data, grid: Grid, name: str, *, alpha: float, a_week: float | None) -> Day:
    """The tests of the grid's last step."""
    last = grid.calendar.periods - 1
    at = np.array([last]) if a_week is None else settled(last, data.step)
    found = methods.run(name, grid, at, step=data.step, alpha=alpha)
    spent = None if a_week is None else spend(found, len(at) - 1, a_week=a_week, step=data.step)
    alert = found.alarm[:, -1] if spent is None else spent.alert[:, -1]
    rows = [_row(data, grid, found, spent, int(n)) for n in np.flatnonzero(alert)]
    rows.sort(key=_strength)
    untested = []
    for n in np.flatnonzero(~found.tested[:, -1]):
        why, sentence = methods.why(name, grid, int(n), last, step=data.step)
        unit, stream = grid.keys[n]
        untested.append(
            {"unit": unit, "name": data.name(unit), "stream": stream, "reason": why.value,
             "sentence": sentence}
        )  # fmt: skip
    by_chance = None if spent is None else float(spent.by_chance[-1])
    return Day(grid.calendar.last, rows, untested, int(found.tested[:, -1].sum()), by_chance)


def _strength(row: dict[str, Any]) -> tuple[float, str, str]:
    """By chance where the method gives one, otherwise by how far the bound is passed."""
    if row["p"] is not None:
        return row["p"], row["unit"], row["stream"]
    reach = max(row["upper"] - (row["expected"] or 0), 1e-9)
    return (row["expected"] or 0) / reach - row["observed"] / reach, row["unit"], row["stream"]


def _row(data: Data, grid: Grid, found: Found, spent: Spending | None, n: int) -> dict[str, Any]:
    unit, stream = grid.keys[n]
    return {
        "unit": unit,
        "name": data.name(unit),
        "stream": stream,
        "date": grid.calendar.last.isoformat(),
        "observed": int(grid.counts[n, -1]),
        "expected": number(found.expected[n, -1]),
        "upper": number(found.upper[n, -1]),
        "score": number(found.score[n, -1]),
        "p": number(found.p[n, -1]),
        "probability": None if spent is None else number(spent.posterior[n, -1]),
        "method": found.method[n],
    }


def number(value: Any) -> float | None:
    """A plain number, None for none."""
    return float(value) if np.isfinite(value) else None


def left_out(grid: Grid) -> list[dict[str, Any]]:
    """Rows the grid left out, and why, as (reason, rows)."""
    counted = grid.dropped.group_by("reason").aggregate([("reason", "count")]).to_pylist()
    return [{"reason": one["reason"], "rows": one["reason_count"]} for one in counted]


def told(data: Data, grid: Grid, day: Day, name: str) -> dict[str, Any]:
    """As JSON."""
    return {
        "source": data.title,
        "on": day.on.isoformat(),
        "step": data.step.value,
        "method": name,
        "tested": day.tested,
        "expected_by_chance": day.by_chance,
        "raised": day.raised,
        "untested": day.untested,
        "left_out": left_out(grid),
        "remarks": list(data.remarks),
    }


def show(data: Data, grid: Grid, day: Day, name: str) -> None:
    for remark in data.remarks:
        out.print(remark)
    for one_ in left_out(grid):
        out.print(f"{one_['rows']} rows left out: {one_['reason'].replace('_', ' ')}.")
    if day.raised:
        raised_table(f"{data.title}: raised on {day.on} ({data.step}s, {name})", day.raised)
    else:
        out.print(f"{data.title}: nothing is raised on {day.on} ({data.step}s, {name}).")
    expected = "" if day.by_chance is None else f", {day.by_chance:.2g} of them expected by chance"
    out.print(
        f"{day.tested} tested, {len(day.raised)} raised{expected}, {len(day.untested)} untested"
    )
    untested_table(day.untested)


def untested_table(rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        told_ = [(row["name"], row["stream"], row["reason"], row["sentence"]) for row in rows]
        table("Untested", ("unit", "stream", "why", "what works"), told_)


def raised_table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Columns that hold nothing are left out."""
    columns = {
        "unit": [row["name"] for row in rows],
        "stream": [row["stream"] for row in rows],
        "observed": [row["observed"] for row in rows],
        "expected": [plain(row["expected"]) for row in rows],
        "upper": [plain(row["upper"]) for row in rows],
        "p": [chance(row["p"]) for row in rows],
        "probability": [chance(row["probability"]) for row in rows],
        "method": [row["method"] for row in rows],
    }
    shown = {head: cells for head, cells in columns.items() if any(cell != "" for cell in cells)}
    table(title, tuple(shown), list(zip(*shown.values(), strict=True)))


def plain(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def chance(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}"
