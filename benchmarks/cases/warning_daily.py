"""The daily run as it is shipped, over a simulated year of a made province (warning_province.py).

117 counties x 4 streams with weekdays, the Spring Festival on its real dates, shocks that all
counties share, sources that fall silent, and 24 outbreaks a year.  Each evening of 2022 is answered
by `whole.prepare(...).day(...)` with the figures of the packs and what the evenings before left,
from the first one on, which has three years of counts behind it.  One `prepare` serves 46
evenings: what is tested of a day looks at no later counts, and models are fitted weekly on the
same days as for an evening alone; what teaches shocks moves on with it instead of daily, for which
p of an evening alone differs by 4 % in the median.
An outbreak is confirmed 35 days after its beginning and known from the next `prepare` on.

An alert is true where an outbreak is on in that county on that day, its own or one carried there;
an outbreak is found where its county alerts within 28 days of its beginning.  Many alerts find many
outbreaks by luck: `28 days without an outbreak` says how often.  The peer is EARS C2 on any of the
four streams: the strongest, about as many alerts in the same year as ours and the same quiet days,
its threshold taken from that very year.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from benchmarks.cases.warning_province import (
    DAYS,
    FIRST,
    FOUND_WITHIN,
    LASTS,
    STREAMS,
    YEAR,
    Bools,
    Floats,
    Made,
    Outbreak,
    codes,
    make,
    neighbours,
)
from zhongshu.engines.warning import model, whole
from zhongshu.engines.warning.model import EarsParams, Method
from zhongshu.engines.warning.published import ears
from zhongshu.engines.warning.whole import Known, Prepared, Rules, State
from zhongshu.rules import reader
from zhongshu.service.periods.cycle import rulebook

SIZE, MANY = 3.0, 24  # as in warning_streams.py
BUDGETS = (20.0, 7.0)  # alerts a week
TOGETHER = 46  # evenings answered from one `prepare`
Setting = tuple[float, bool]  # alerts a week; whether there is a least probability
SETTINGS: tuple[Setting, ...] = tuple((each, least) for each in BUDGETS for least in (True, False))


@dataclasses.dataclass(frozen=True)
class Alert:
    """day: from FIRST on.  true: an outbreak is on there."""

    unit: str
    day: int
    probability: float
    true: bool


@dataclasses.dataclass
class Spent:
    """What one setting did in the year, and the alerts it told to be expected by chance."""

    alerts: list[Alert] = dataclasses.field(default_factory=list)
    by_chance: float = 0.0


@dataclasses.dataclass(frozen=True)
class Year:
    """p [county, day of the year]: calibrated, nan where not tested; by setting what was raised."""

    made: Made
    p: Floats
    spent: dict[Setting, Spent]


def packs_rules() -> Rules:
    return rulebook.warning(reader.load("cn-covid-9"), reader.load("multi-source-warning"))


def set_to(rules: Rules, setting: Setting) -> Rules:
    a_week, least = setting
    told = rules.daily.budget.least if least else 0.0
    budget = dataclasses.replace(rules.daily.budget, alerts_a_week=a_week, least=told)
    return dataclasses.replace(rules, daily=dataclasses.replace(rules.daily, budget=budget))


def reported(counts: Floats) -> pa.Table:
    """The province's counts as the daily run reads them."""
    at = np.argwhere(~np.isnan(counts))
    days = np.datetime64(FIRST) + np.arange(DAYS)
    return pa.table(
        {
            "unit": pa.array(codes()).take(pa.array(at[:, 0])),
            "stream": pa.array(STREAMS).take(pa.array(at[:, 1])),
            "date": pa.array(days[at[:, 2]]).cast(pa.date32()),
            "count": pa.array(counts[tuple(at.T)].astype(np.int64)),
        },
        schema=model.SERIES,
    )


def known(made: Made, day: int, seed: int) -> Known:
    """What is known on the evening of `day`: outbreaks are confirmed when they are over."""
    borders = {
        code: frozenset(codes()[k] for k in np.flatnonzero(neighbours()[n]))
        for n, code in enumerate(codes())
    }
    onsets = np.argwhere(np.diff(made.touched.astype(np.int8), axis=1) > 0)
    events = [
        (codes()[unit], FIRST + dt.timedelta(days=int(begins) + 1))
        for unit, begins in onsets
        if begins + 1 + LASTS <= day
    ]
    return Known(borders=borders, events=events, seed=seed)


def year(seed: int, many: int, settings: Sequence[Setting] = SETTINGS) -> Year:
    """All evenings of the year, each with what those before left."""
    rules = packs_rules()
    made = make(seed, shocks=True, outbreaks=many, size=SIZE)
    series = reported(made.counts)
    states = {setting: State() for setting in settings}
    spent = {setting: Spent() for setting in settings}
    p = np.full((len(codes()), DAYS - YEAR.start), np.nan)
    for begin in range(YEAR.start, DAYS, TOGETHER):
        end = min(begin + TOGETHER, DAYS)
        last = FIRST + dt.timedelta(days=end - 1)
        prepared = whole.prepare(series, last=last, rules=rules, known=known(made, begin, seed))
        for setting in settings:
            asked = dataclasses.replace(prepared, rules=set_to(rules, setting))
            for day in range(begin, end):
                found, states[setting] = evening(asked, day, states[setting])
                _keep(found, day, made, spent[setting], p)
    return Year(made, p, spent)


def evening(asked: Prepared, day: int, state: State) -> tuple[model.DetectResult, State]:
    """One evening, and what it leaves, as `service.signals` keeps it."""
    found = asked.day(FIRST + dt.timedelta(days=day), state)
    assert found.spent is not None
    budget = asked.rules.daily.budget
    since = {unit: days + 1 for unit, days in state.since.items()}
    since |= dict.fromkeys(found.spent.raised, 1)
    level = budget.after(found.spent.level, len(found.spent.raised))
    return found, State(level, since, begun_days=day + 1 - YEAR.start)


def _keep(found: model.DetectResult, day: int, made: Made, spent: Spent, p: Floats) -> None:
    assert found.spent is not None
    row = {code: n for n, code in enumerate(codes())}
    for one in found.tests.select(["unit", "p_value"]).to_pylist():
        p[row[one["unit"]], day - YEAR.start] = one["p_value"]
    spent.by_chance += found.spent.by_chance
    for one in found.signals.to_pylist():
        here = bool(made.touched[row[one["unit"]], day])
        spent.alerts.append(Alert(one["unit"], day, one["probability"], here))


# the peer --------------------------------------------------------------------------------------


def peer(made: Made, many: int, quiet_days: int) -> Bools:
    """Alerts [county, day] of EARS C2, any of four, about so many in the year."""
    params = EarsParams(grades=(("blue", 3.0),))
    flat = made.counts.reshape(-1, DAYS)
    z = ears.statistic(flat, Method.C2, params).z.reshape(made.counts.shape)
    strongest = np.nan_to_num(z, nan=-np.inf).max(axis=1)
    low, high = 0.0, 200.0
    for _ in range(40):
        middle = (low + high) / 2
        more = _quietly(strongest > middle, quiet_days).sum() > many
        low, high = (middle, high) if more else (low, middle)
    return _quietly(strongest > high, quiet_days)


def _quietly(above: Bools, quiet_days: int) -> Bools:
    """In the year, the first alert of a county and none for the quiet days after it."""
    out = np.zeros_like(above)
    rest = np.full(len(above), quiet_days + 1)
    for day in range(YEAR.start, DAYS):
        out[:, day] = above[:, day] & (rest > quiet_days)
        rest = np.where(out[:, day], 1, rest + 1)
    return out


def found(alarm: Bools, outbreaks: Sequence[Outbreak]) -> list[tuple[bool, int]]:
    """(found, days until then)."""
    cuts = [alarm[one.county, one.begins :][:FOUND_WITHIN] for one in outbreaks]
    return [(bool(cut.any()), int(cut.argmax())) for cut in cuts]


def alarms(spent: Spent) -> Bools:
    row = {code: n for n, code in enumerate(codes())}
    out = np.zeros((len(codes()), DAYS), np.bool_)
    for one in spent.alerts:
        out[row[one.unit], one.day] = True
    return out
