"""The whole day: every series by the best method its history allows, and what is raised.

Long series are judged together (`daily.py`) and raised within the budget of alerts a week; where
too few days are tested to calibrate that, each long series stands alone, by its model; short ones
are left to EARS (`solve.py`).  Which judged what, and why, is told for every series.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.warning import daily, inputs, model, solve
from zhongshu.engines.warning.alerts import ALONE, Day, alone, joint
from zhongshu.engines.warning.daily import Borders, Daily, Fitted, Together
from zhongshu.engines.warning.history import daystate
from zhongshu.engines.warning.history.baseline import Expected
from zhongshu.engines.warning.inputs import Key
from zhongshu.engines.warning.joint import budget
from zhongshu.engines.warning.joint.budget import Budget, Spent
from zhongshu.engines.warning.model import JOINT, DetectResult, EarsParams, SpentDay, Untested, Why
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash

Row = dict[str, Any]
_FIRST_WEEK = 7
_MOST_DAYS = 10 * 366  # older counts are not looked at: a mistyped year costs no memory


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """ears: also the least count, the grades by z and the signals a day of series that stand
    alone.  grades: (name, least probability), ascending, of what is judged together.
    off, made_up, festivals: the calendar, as in `daystate.states`; around: days about a festival.
    """

    ears: EarsParams
    daily: Daily
    grades: tuple[tuple[str, float], ...]
    off: frozenset[dt.date] = frozenset()
    made_up: frozenset[dt.date] = frozenset()
    festivals: frozenset[dt.date] = frozenset()
    around: tuple[int, int] = (2, 10)

    def __post_init__(self) -> None:
        least = [share for _, share in self.grades]
        if not least or least != sorted(least) or least[0] != 0 or not least[-1] < 1:
            raise BadInput(
                "warning.grades", "Grades by probability ascend from 0 and stay below 1."
            )

    def grade(self, probability: float) -> str:
        return [name for name, least in self.grades if probability >= least][-1]


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the counts.  events: (unit, first day) of confirmed outbreaks.
    share_in: of days whose reports are not all in; nan where too few are, or nobody believes them.
    """

    borders: Borders = dataclasses.field(default_factory=dict)
    events: Sequence[tuple[str, dt.date]] = ()
    share_in: Mapping[tuple[Key, dt.date], float] = dataclasses.field(default_factory=dict)
    seed: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """What earlier days leave.  level: log10 odds an alert needs; None: there is no yesterday.
    since: days since each unit's last alert.  raised: units that have an alert of this very day
    from before.  begun_days: since the first day of the budget; None: long ago."""

    level: float | None = None
    since: Mapping[str, int] = dataclasses.field(default_factory=dict)
    raised: Collection[str] = ()
    begun_days: int | None = None

    def room(self, params: Budget) -> int | None:
        """New alerts there may be today, in the first week of a budget; after it no such limit."""
        begun = 0 if self.level is None else self.begun_days
        if begun is None or begun >= _FIRST_WEEK:
            return None
        earlier = sum(days <= begun for days in self.since.values()) + len(set(self.raised))
        return max(params.in_first_week(begun) - earlier, 0)


@dataclasses.dataclass(frozen=True, slots=True)
class Prepared:
    """All series up to the last day asked, fitted once; `day` answers that day or the one before
    from it."""

    rules: Rules
    series_hash: str
    short: pa.Table
    has: Mapping[Key, int]
    found: Fitted
    joined: Together | None

    def day(self, on: dt.date, state: State | None = None) -> DetectResult:
        """Everything tested of the day `on`, and what is raised."""
        ears = solve.detect(self.short, on=on, params=self.rules.ears)
        if on not in self.found.days:
            return dataclasses.replace(ears, judged=self._judged(frozenset()))
        ask = Day(
            on, self.found.days.index(on), self.found, self.joined,
            self.rules.ears, self.rules.daily, self.has,
        )  # fmt: skip
        able = _calibrated(ask)
        rows, spent = _spent(ask, able, self.rules, state or State())
        alone, tests, untested = _alone(ask, able)
        own = [*alone, *ears.signals.to_pylist()]
        own.sort(key=lambda row: (-row["z"], row["unit"], row["stream"]))
        kept = own[: self.rules.ears.budget_per_day]
        together = [
            {"unit": unit, "stream": JOINT, "method": JOINT, "p_value": p}
            for unit, (_, p) in able.items()
        ]
        return DetectResult(
            signals=pa.Table.from_pylist([*rows, *kept], schema=model.SIGNALS),
            tested=ears.tested + len(tests) + len(together),
            over_budget=ears.over_budget + len(own) - len(kept),
            untested=_more(ears.untested, untested),
            card=self._card(on, spent),
            tests=_more(ears.tests, [*tests, *together]),
            judged=self._judged(able.keys()),
            spent=spent,
        )

    def _card(self, on: dt.date, spent: SpentDay | None) -> RunCard:
        asked = dataclasses.asdict(self.rules) | {"on": on.isoformat()}
        for name in ("off", "made_up", "festivals"):
            asked[name] = sorted(day.isoformat() for day in asked[name])
        level = {} if spent is None else {"level": spent.level}
        series = {"series": self.series_hash}
        return RunCard("warning.daily", model.VERSION, asked | level, series)

    def _judged(self, together: Collection[str]) -> pa.Table:
        long = set(self.found.keys)
        needs = self.rules.daily.needs
        calibrated = needs + 2 * self.rules.daily.learn_days
        rows = []
        for (unit, stream), has in sorted(self.has.items()):
            row = {"unit": unit, "stream": stream, "has": has}
            if (unit, stream) not in long:
                method, why, need = self.rules.ears.methods[0].value, str(Why.SHORT_HISTORY), needs
            elif unit in together:
                method, why, need = JOINT, "", needs
            else:
                method, why, need = ALONE, str(Why.NOT_CALIBRATED), calibrated
            rows.append(row | {"method": method, "why": why, "needs": need})
        return pa.Table.from_pylist(rows, schema=model.JUDGED)


def _calibrated(ask: Day) -> dict[str, tuple[int, float]]:
    """Units with a calibrated p that day: their row and p."""
    if ask.joined is None:
        return {}
    p = ask.joined.p[:, ask.column]
    return {unit: (n, float(p[n])) for n, unit in enumerate(ask.joined.units) if not np.isnan(p[n])}


def _spent(
    ask: Day, able: Mapping[str, tuple[int, float]], rules: Rules, state: State
) -> tuple[list[Row], SpentDay | None]:
    """What the budget raises of the units judged together."""
    if ask.joined is None or not able:
        return [], None
    units, params = ask.joined.units, rules.daily.spending
    level = ask.joined.start(ask.column, rules.daily) if state.level is None else state.level
    rest = params.quiet_days + 1
    since = np.array([state.since.get(unit, rest) for unit in units], np.int64)
    p = ask.joined.p[:, ask.column : ask.column + 1]
    spent = budget.spend(p, params, level=level, since=since)
    rows = []
    for n in _raised(units, spent, params, state):
        chance = float(spent.posterior[n, 0])
        rows.append(joint(ask, n, probability=chance, grade=rules.grade(chance)))
    rows.sort(key=lambda row: (-row["probability"], row["unit"]))
    shared = {
        name: (
            float(ask.joined.all_units[n, ask.column]), float(ask.joined.shock[n, ask.column])
        )
        for n, name in enumerate(ask.joined.streams)
    }  # fmt: skip
    raised = {row["unit"] for row in rows} | set(state.raised)
    told = SpentDay(
        params.alerts_a_week,
        float(spent.level[0]), int(spent.tested[0]), int(spent.able[0]), float(spent.by_chance[0]),
        tuple(sorted(raised)), shared,
    )  # fmt: skip
    return rows, told


def _raised(units: Sequence[str], spent: Spent, params: Budget, state: State) -> list[int]:
    """Rows of the units that get an alert, the most probable first."""
    chance = spent.posterior[:, 0]
    passed = sorted(np.flatnonzero(spent.alert[:, 0]).tolist(), key=lambda n: -chance[n])
    room = state.room(params)
    if room is None:
        return passed
    again = [n for n in passed if units[n] in state.raised]
    return again + [n for n in passed if n not in again][:room]


def _alone(ask: Day, able: Collection[str]) -> tuple[list[Row], list[Row], list[Row]]:
    """(signals, tests, untested) of long series that could not be judged together."""
    rows: list[Row] = []
    tests: list[Row] = []
    untested: list[Row] = []
    for n, (unit, stream) in enumerate(ask.found.keys):
        z, count = float(ask.found.z[n, ask.column]), float(ask.found.counts[n, ask.column])
        if np.isnan(z):
            reason = Untested.NO_REPORT if np.isnan(count) else Untested.PARTIAL
            untested.append({"unit": unit, "stream": stream, "reason": reason})
        elif unit not in able:
            p = float(ask.found.p[n, ask.column])
            tests.append({"unit": unit, "stream": stream, "method": ALONE, "p_value": p})
            if z >= ask.ears.threshold_z and count >= ask.ears.min_observed:
                rows.append(alone(ask, n))
    return rows, tests, untested


def prepare(
    series: pa.Table, *, last: dt.date, rules: Rules, known: Known | None = None
) -> Prepared:
    """Read and fit the series (model.SERIES) up to the day `last`; later days are not looked at.

    Refuses what `inputs.grid` refuses.  Costs nothing more than reading where no series is long.
    """
    known = known or Known()
    series = series.select(model.SERIES.names)
    given = table_hash(series)
    shown = series.filter(pc.less_equal(series["date"], pa.scalar(last)))
    shown = shown.filter(pc.is_valid(shown["count"]))
    if not shown.num_rows:
        return Prepared(rules, given, series, {}, _nothing(), None)
    first = pc.min(shown["date"]).as_py()
    periods = min((last - first).days + 1, _MOST_DAYS)
    grid = inputs.grid(shown, inputs.Calendar(last, periods))
    has = {key: int(days) for key, days in zip(grid.keys, grid.lengths, strict=True)}
    long = daily.is_long(grid, rules.daily)
    if not long.any():
        return Prepared(rules, given, series, has, _nothing(), None)
    state = daystate.states(
        grid.calendar.ends(),
        off=rules.off,
        made_up=rules.made_up,
        festivals=rules.festivals,
        around=rules.around,
    )
    found = daily.fitted(grid, rules.daily, state=state, share_in=known.share_in, seed=known.seed)
    joined = daily.together(found, rules.daily, borders=known.borders, events=known.events)
    return Prepared(rules, given, _without(series, found.keys), has, found, joined)


def _nothing() -> Fitted:
    none = np.zeros((0, 0))
    blank = Expected(none, none, none, none, none)
    return Fitted([], [], none, none, none, none, none, blank)


def _without(series: pa.Table, keys: Sequence[Key]) -> pa.Table:
    """The rows of the other series."""
    names = pa.array([f"{unit} {stream}" for unit, stream in keys])
    joined = pc.binary_join_element_wise(series["unit"], series["stream"], " ")
    return series.filter(pc.invert(pc.is_in(joined, value_set=names)))


def _more(table: pa.Table, rows: Sequence[Row]) -> pa.Table:
    return pa.concat_tables([table, pa.Table.from_pylist(list(rows), schema=table.schema)])
