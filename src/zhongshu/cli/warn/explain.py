"""`zhongshu warn explain`: the test of one county, stream and day, in sentences."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
from scipy import stats

from zhongshu.cli.output import out
from zhongshu.cli.warn import methods
from zhongshu.cli.warn.data import Data
from zhongshu.cli.warn.methods import DAILY, DEFAULT, Found
from zhongshu.cli.warn.run import number
from zhongshu.engines.warning import methods as published
from zhongshu.engines.warning.history import baseline
from zhongshu.engines.warning.inputs import Grid, Reason
from zhongshu.engines.warning.methods import Step
from zhongshu.engines.warning.model import Method
from zhongshu.engines.warning.published.ears_plain import Plain
from zhongshu.engines.warning.published.farrington import Flexible
from zhongshu.engines.warning.published.percentile import Percentile
from zhongshu.engines.warning.tested import Columns
from zhongshu.kernel.errors import NotFound

_LISTED = 14  # reference values written out
_MODEL = {Step.DAY: baseline.DAILY, Step.WEEK: baseline.WEEKLY}


@dataclasses.dataclass(frozen=True, slots=True)
class Compared:
    """Columns of the grid a count is held against, ascending; and what was left out, in words."""

    used: Columns
    left_out: str


def compared(name: str, grid: Grid, column: int, step: Step) -> Compared:
    """What `name` looks at to test `column`, reported or not."""
    if name == DEFAULT:
        options = _MODEL[step]
        used = np.arange(0, max(column - options.left_out, 0))
        return Compared(used, f"the last {options.left_out} {step}s, which might hold an outbreak")
    if name == DAILY:
        return _before(column, 7, 2, step)
    if name in methods.CHARTS:
        first = methods.chart_start(name, column, step)
        return Compared(np.arange(first), f"the {column - first + 1} {step}s the chart adds up")
    return _published(published.way(name, step).usual[step], column, step)


def _published(options: published.Options, column: int, step: Step) -> Compared:
    if isinstance(options, Plain):
        lag = 0 if options.method is Method.C1 else options.lag
        return _before(column, options.baseline, lag, step)
    if isinstance(options, Flexible):
        first = max(column - options.weeks_needed, 0)
        used = np.arange(first, max(column - options.left_out, 0))
        return Compared(used, f"the last {options.left_out} weeks, which might hold an outbreak")
    if isinstance(options, Percentile):
        ends = column - np.array(options.lags)
        used = np.unique((ends[:, None] - np.arange(options.period)).ravel())
        return Compared(used[used >= 0], "everything but the same time of past years")
    used = np.sort(column - np.array(options.around.lags))
    return Compared(used[used >= 0], "everything but the reports around the same time")


def _before(column: int, length: int, lag: int, step: Step) -> Compared:
    used = np.arange(max(column - lag - length, 0), max(column - lag, 0))
    said = f"the {lag} {step}s before, so that a slow rise does not hide itself" if lag else ""
    return Compared(used, said)


def explain(
    data: Data, unit: str, stream: str, day: dt.date, *, name: str, alpha: float
) -> dict[str, Any]:
    """The test and its sentences.  Refuses a series that is not there."""
    if day < data.first:
        raise NotFound(
            "warn.span",
            f"{data.title} has no report by {day}; ask a {data.step} from {data.first} to "
            f"{data.last}.",
        )
    grid = data.grid(day)
    if (unit, stream) not in grid.keys:
        there = ", ".join(f"{one} {other}" for one, other in grid.keys[:5])
        raise NotFound(
            "warn.no_series",
            f"There is no series {unit} {stream} by {day}; there are {there}"
            f"{' and more' if len(grid.keys) > 5 else ''}.",
        )
    n, last = grid.keys.index((unit, stream)), grid.calendar.periods - 1
    found = methods.run(name, grid, np.array([last]), step=data.step, alpha=alpha)
    if not found.tested[n, 0]:
        why, sentence = methods.why(name, grid, n, last, step=data.step)
        said = [f"Not tested: {why.value}. {sentence}"]
        return _facts(data, grid, found, n) | {"sentences": said}
    used = found.method[n]
    said = [
        _observed(data, grid, found, n),
        *_reference(grid, n, compared(used, grid, last, data.step), data.step),
        *_judged(found, n, used, alpha, data.step),
        *_others(data, grid, found, n),
    ]
    return _facts(data, grid, found, n) | {"sentences": said}


def _facts(data: Data, grid: Grid, found: Found, n: int) -> dict[str, Any]:
    unit, stream = grid.keys[n]
    observed = number(grid.counts[n, -1])
    facts = ("expected", "upper", "phi", "score", "p")
    return {
        "unit": unit,
        "name": data.name(unit),
        "stream": stream,
        "date": grid.calendar.last.isoformat(),
        "method": found.method[n],
        "tested": bool(found.tested[n, 0]),
        "raised": bool(found.alarm[n, 0]),
        "observed": None if observed is None else int(observed),
    } | {name: number(getattr(found, name)[n, 0]) for name in facts}


def _observed(data: Data, grid: Grid, found: Found, n: int) -> str:
    unit, stream = grid.keys[n]
    verb = "is raised" if found.alarm[n, 0] else "is not raised"
    return (
        f"{data.name(unit)}, {stream}, {grid.calendar.last}: {grid.counts[n, -1]:.0f} counted; "
        f"it {verb} by {called(found.method[n])}."
    )


def called(name: str) -> str:
    if name == DEFAULT:
        return "our model of a long history"
    if name == DAILY:
        return "EARS C2 with a variance of at least Poisson's (too short for the long history)"
    return f"{published.WAYS[name].name} ({published.WAYS[name].source})"


def _reference(grid: Grid, n: int, held: Compared, step: Step) -> list[str]:
    ends, counts = grid.calendar.ends(), grid.counts[n]
    known = [int(k) for k in held.used if not np.isnan(counts[k])]
    missing = len(held.used) - len(known)
    said = []
    if known:
        values = ", ".join(f"{counts[k]:.0f}" for k in known[-_LISTED:])
        shown = f": {values}" if len(known) <= _LISTED else ""
        said.append(
            f"It is held against {len(known)} reports from {ends[known[0]]} to "
            f"{ends[known[-1]]}{shown}."
        )
    if missing:
        said.append(f"{missing} {step}s among them have no report and count for nothing.")
    if held.left_out:
        said.append(f"Left out: {held.left_out}.")
    unit, stream = grid.keys[n]
    dropped = [row for row in grid.dropped.to_pylist() if (row["unit"], row["stream"])
               == (unit, stream)]  # fmt: skip
    # what lies after the day asked is not left out of its test: it was not there
    for reason in sorted({row["reason"] for row in dropped} - {Reason.FUTURE.value}):
        days = [row["date"] for row in dropped if row["reason"] == reason]
        words = reason.replace("_", " ")
        said.append(f"Left out as {words}: {len(days)}, {min(days)} to {max(days)}.")
    return said


def _judged(found: Found, n: int, used: str, alpha: float, step: Step) -> list[str]:
    expected, upper, phi, score, p = (
        number(getattr(found, name)[n, 0]) for name in ("expected", "upper", "phi", "score", "p")
    )
    said = []
    if expected is not None:
        spread = "" if phi is None else f", with {phi:.2f} times the variance of Poisson counts"
        said.append(f"Expected are {expected:.1f}{spread}.")
    if upper is not None:
        said.append(f"The bound of the {step} alone is {upper:.1f}.")
    if used == DEFAULT and score is not None:
        limit = float(stats.norm.isf(alpha))
        said.append(
            f"With the {step}s before it the evidence is z = {score:.2f}; a share of {alpha:g} of "
            f"quiet {step}s passes {limit:.2f}."
        )
    elif p is not None and score is not None and used in {DAILY, "ears_c1", "ears_c2"}:
        limit_ = f"; it is raised from {methods.SHORT_Z:g} on" if used == DAILY else ""
        said.append(f"It lies {score:.2f} standard deviations above (z){limit_}.")
    if p is not None:
        said.append(f"Chance of as much or more without an outbreak: p = {p:.2g}.")
    else:
        said.append("The method gives no chance (p).")
    return said


def _others(data: Data, grid: Grid, found: Found, n: int) -> list[str]:
    """What the other streams of the county and its neighbours said of the same day."""
    unit, stream = grid.keys[n]
    own = [k for k, key in enumerate(grid.keys) if key[0] == unit and key[1] != stream]
    said = [
        f"Its other streams: {_list(grid, found, own, 1)}."
        if own
        else "The unit has no other stream."
    ]
    if data.touching is None:
        far = [k for k, key in enumerate(grid.keys) if key[0] != unit and key[1] == stream]
        tested = [k for k in far if found.tested[k, 0]]
        raised = sum(bool(found.alarm[k, 0]) for k in tested)
        said.append(
            f"Of {len(tested)} other units tested in {stream}, {raised} are raised; which of them "
            "are neighbours the file does not say."
        )
        return said
    beside = data.touching.get(unit, frozenset())
    near = [k for k, key in enumerate(grid.keys) if key[0] in beside and key[1] == stream]
    told = _list(grid, found, near, 0, data) if near else "none reports"
    return [*said, f"Its neighbours in {stream}: {told}."]


def _list(grid: Grid, found: Found, which: list[int], part: int, data: Data | None = None) -> str:
    told = []
    for k in which:
        label = grid.keys[k][part]
        label = data.name(label) if data is not None else label
        if not found.tested[k, 0]:
            told.append(f"{label} not tested")
            continue
        raised = ", raised" if found.alarm[k, 0] else ""
        expected = number(found.expected[k, 0])
        held = "" if expected is None else f" for {expected:.1f} expected"
        told.append(f"{label} {grid.counts[k, -1]:.0f}{held}{raised}")
    return "; ".join(told)


def show(told: dict[str, Any]) -> None:
    for sentence in told["sentences"]:
        out.print(sentence)
