"""`zhongshu warn backtest`: what a method would have raised day by day, and what that was worth."""

from __future__ import annotations

import dataclasses
import datetime as dt
import statistics
from typing import Any

import numpy as np
import numpy.typing as npt

from zhongshu.cli.output import out, table
from zhongshu.cli.warn import methods, run
from zhongshu.cli.warn.data import Data
from zhongshu.cli.warn.methods import Found
from zhongshu.engines.warning.inputs import Grid, Key
from zhongshu.engines.warning.methods import Step
from zhongshu.kernel.errors import BadInput

Bools = npt.NDArray[np.bool_]
_WEEK = 7
_SHOWN = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Replay:
    """Of each series and step replayed, [series, steps]: tested, raised; ends of the steps."""

    keys: list[Key]
    ends: list[dt.date]
    tested: Bools
    raised: Bools

    @property
    def weeks(self) -> float:
        step = (self.ends[1] - self.ends[0]).days if len(self.ends) > 1 else 1
        return len(self.ends) * step / _WEEK


@dataclasses.dataclass(frozen=True, slots=True)
class Worth:
    """Against known outbreaks: how many, of how many steps; found; steps from their first to the
    first alarm; alarms, those inside one; tests and alarms outside of them."""

    outbreaks: int
    found: int
    delays: tuple[int, ...]
    alarms: int
    true_alarms: int
    quiet_tests: int
    quiet_alarms: int

    @property
    def ppv(self) -> float | None:
        return self.true_alarms / self.alarms if self.alarms else None

    @property
    def false_alarms(self) -> float | None:
        return self.quiet_alarms / self.quiet_tests if self.quiet_tests else None


def replay(
    data: Data, first: dt.date, last: dt.date, *, name: str, alpha: float, a_week: float | None,
    known: bool,
) -> Replay:  # fmt: skip
    """Every step from `first` to `last` tested with what came before it; `known`: with what was
    known by its end, refused where the source does not say when what was known."""
    if known and data.known is None:
        raise BadInput(
            "warn.not_known",
            f"{data.title} does not say when what was known: give it a column known_at, or leave "
            "out --known; the final counts are taken then.",
        )
    whole = data.grid(last)
    columns = [k for k, end in enumerate(whole.calendar.ends()) if end >= first]
    if not columns or first > last:
        raise BadInput("warn.span", f"There is no {data.step} from {first} to {last}.")
    found = (
        _known(data, whole, columns, name, alpha)
        if known
        else _final(data, whole, columns, name, alpha, a_week is not None)
    )
    if not found.tested[:, -len(columns) :].any():
        raise BadInput(
            "warn.no_tests",
            f"{data.title} has {len(columns)} {data.step}s from {first} to {last} and none could "
            f"be tested: {name} needs {_least(name, data.step)} reports of a series; give an "
            "earlier past.",
        )
    tested, raised = found.tested[:, -len(columns):], found.alarm[:, -len(columns):]  # fmt: skip
    if a_week is not None:
        before = found.tested.shape[1] - len(columns)
        raised = run.spend(found, before, a_week=a_week, step=data.step).alert
    ends = whole.calendar.ends()
    return Replay(whole.keys, [ends[k] for k in columns], tested, raised)


def _final(
    data: Data, grid: Grid, columns: list[int], name: str, alpha: float, budget: bool
) -> Found:
    """All at once: a test never looks at what comes after it.  Steps before the method's needs are
    met have no test; with a budget, steps before the first settle its level."""
    begin = int(run.settled(columns[0], data.step)[0]) if budget else columns[0]
    at = np.arange(begin, columns[-1] + 1)
    return methods.run(name, grid, at, step=data.step, alpha=alpha)


def _known(data: Data, whole: Grid, columns: list[int], name: str, alpha: float) -> Found:
    """Step by step, each with its own counts."""
    place = {key: n for n, key in enumerate(whole.keys)}
    shape = (len(whole.keys), len(columns))
    parts = {name_: np.full(shape, np.nan) for name_ in _NUMBERS}
    alarm, tested = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    ends = whole.calendar.ends()
    for step, column in enumerate(columns):
        grid = data.grid(ends[column], known=True)
        at = np.array([grid.calendar.periods - 1])
        if at[0] + 1 < _least(name, data.step):
            continue
        found = methods.run(name, grid, at, step=data.step, alpha=alpha)
        rows = [place[key] for key in grid.keys]
        for name_ in _NUMBERS:
            parts[name_][rows, step] = getattr(found, name_)[:, 0]
        alarm[rows, step], tested[rows, step] = found.alarm[:, 0], found.tested[:, 0]
    return Found([name] * len(whole.keys), alarm=alarm, tested=tested, **parts)


_NUMBERS = ("expected", "upper", "phi", "score", "p")


def _least(name: str, step: Step) -> int:
    return methods.needs(methods.DAILY if name == methods.DEFAULT else name, step)


def worth(data: Data, told: Replay) -> Worth | None:
    """None where the source names no outbreaks."""
    if data.outbreaks is None:
        return None
    inside = np.zeros(told.tested.shape, np.bool_)
    row = {key: n for n, key in enumerate(told.keys)}
    column = {end: k for k, end in enumerate(told.ends)}
    for one in data.outbreaks.to_dicts():
        key = (one["unit"], one["stream"])
        if key in row and one["date"] in column:
            inside[row[key], column[one["date"]]] = True
    spans = [(n, *span) for n in range(len(inside)) for span in _spans(inside[n])]
    delays = []
    for n, begin, end in spans:
        hits = np.flatnonzero(told.raised[n, begin:end])
        if len(hits):
            delays.append(int(hits[0]))
    return Worth(
        outbreaks=len(spans),
        found=len(delays),
        delays=tuple(sorted(delays)),
        alarms=int(told.raised.sum()),
        true_alarms=int((told.raised & inside).sum()),
        quiet_tests=int((told.tested & ~inside).sum()),
        quiet_alarms=int((told.raised & ~inside).sum()),
    )


def _spans(row: Bools) -> list[tuple[int, int]]:
    """(first, after the last) of every run of steps in an outbreak."""
    edges = np.diff(np.concatenate([[0], row.astype(np.int64), [0]]))
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(a), int(b)) for a, b in zip(begins, ends, strict=True)]


def as_json(data: Data, told: Replay, known: bool) -> dict[str, Any]:
    value = worth(data, told)
    alarms = [
        {"unit": told.keys[n][0], "stream": told.keys[n][1], "date": told.ends[k].isoformat()}
        for n, k in zip(*np.nonzero(told.raised), strict=True)
    ]
    return {
        "source": data.title,
        "step": data.step.value,
        "from": told.ends[0].isoformat(),
        "to": told.ends[-1].isoformat(),
        "known": known,
        "series": len(told.keys),
        "tests": int(told.tested.sum()),
        "alarms": sorted(alarms, key=lambda one: one["date"]),
        "alarms_per_week": len(alarms) / told.weeks,
        "worth": None
        if value is None
        else dataclasses.asdict(value) | {"ppv": value.ppv, "false_alarms": value.false_alarms},
        "remarks": list(data.remarks),
    }


def show(data: Data, told: Replay, *, name: str, known: bool, a_week: float | None) -> None:
    for remark in data.remarks:
        out.print(remark)
    raised = np.argwhere(told.raised.T)
    rows = [(told.ends[k], data.name(told.keys[n][0]), told.keys[n][1]) for k, n in raised[:_SHOWN]]
    span = f"from {told.ends[0]} to {told.ends[-1]} ({data.step}s, {name})"
    if rows:
        table(f"{data.title}: raised {span}", ("date", "unit", "stream"), rows)
    else:
        out.print(f"{data.title}: nothing is raised {span}.")
    if len(raised) > _SHOWN:
        out.print(f"... and {len(raised) - _SHOWN} more (--json has all)")
    out.print(
        f"{len(told.keys)} series, {int(told.tested.sum())} tests, {len(raised)} alarms in "
        f"{told.weeks:.1f} weeks: {len(raised) / told.weeks:.2f} a week"
        + ("" if a_week is None else f", {a_week:g} were set")
    )
    if not known:
        out.print("Each day is tested with the final counts of the days before it: what was "
                  "corrected or came late is in them.")  # fmt: skip
    _show_worth(worth(data, told), data.step)


def _show_worth(value: Worth | None, step: Step) -> None:
    if value is None:
        out.print(
            "How many of them were true, and what was missed, cannot be known: there is no column "
            "outbreak (1 in a known outbreak, 0 outside)."
        )
        return
    delay = f", {statistics.median(value.delays):g} {step}s after its start" if value.delays else ""
    out.print(f"{value.found} of {value.outbreaks} outbreaks found{delay} (median)")
    ppv = "no alarm" if value.ppv is None else f"{value.ppv:.0%}"
    out.print(f"Alarms inside an outbreak: {value.true_alarms} of {value.alarms} ({ppv})")
    if value.false_alarms is not None:
        out.print(
            f"False alarms: {value.quiet_alarms} in {value.quiet_tests} tests without an outbreak "
            f"({value.false_alarms:.2%})"
        )
