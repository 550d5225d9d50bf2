"""The whole day on a made-up province: who judges which series, shocks, outages, the budget."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import math

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pytest

from zhongshu.engines.warning import daily, inputs, model, solve, whole
from zhongshu.engines.warning.daily import Daily
from zhongshu.engines.warning.history import baseline_oracle, daystate
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.whole import Known, Rules, State
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

# A short model of half a year, so that 13 months of made-up counts are a long history.
DAILY = Daily(
    budget=Budget(2.0),
    model=dataclasses.replace(daily.MODEL, needed=60, harmonics=1, trend=False),
    history_days=120,
)
RULES = Rules(
    ears=model.EarsParams(grades=(("blue", 3.0), ("red", 6.0)), budget_per_day=10),
    daily=DAILY,
    grades=(("blue", 0.0), ("yellow", 0.3), ("red", 0.9)),
)
LAST = dt.date(2022, 11, 8)
DAYS = 420
STREAMS = ("fever_clinic", "pharmacy_sales", "school_absences")
UNITS = tuple(f"1401{n:02d}000000" for n in range(1, 13))
RING = {
    unit: frozenset({UNITS[(n - 1) % len(UNITS)], UNITS[(n + 1) % len(UNITS)]})
    for n, unit in enumerate(UNITS)
}
KNOWN = Known(borders=RING, seed=5)
Counts = npt.NDArray[np.float64]


def made(seed: int = 1) -> Counts:
    """Synthetic counts [unit, stream, day] up to LAST: clustered, with weekdays."""
    rng = stream(seed, "whole")
    level = rng.lognormal(3, 0.4, (len(UNITS), len(STREAMS), 1))
    week = np.array([1.2, 1.0, 1.0, 1.0, 1.0, 0.9, 0.7])[(np.arange(DAYS) + 2) % 7]
    return np.asarray(rng.poisson(rng.gamma(15.0, level * week / 15.0)), np.float64)


def table(counts: Counts) -> pa.Table:
    """Rows of what was reported."""
    at = np.argwhere(~np.isnan(counts))
    days = np.array([LAST - dt.timedelta(days=DAYS - 1 - n) for n in range(DAYS)])
    return pa.table(
        {
            "unit": [UNITS[n] for n in at[:, 0]],
            "stream": [STREAMS[n] for n in at[:, 1]],
            "date": pa.array(days[at[:, 2]].tolist(), pa.date32()),
            "count": counts[tuple(at.T)].astype(np.int64),
        }
    )


def day(counts: Counts, state: State | None = None, known: Known = KNOWN) -> model.DetectResult:
    return whole.prepare(table(counts), last=LAST, rules=RULES, known=known).day(LAST, state)


@functools.cache
def calm() -> model.DetectResult:
    return day(made())


def outbreak(counts: Counts, unit: int = 3) -> Counts:
    """Nine days of three standard deviations in every stream of one unit."""
    out = counts.copy()
    for n in range(len(STREAMS)):
        out[unit, n, -9:] += np.round(3 * out[unit, n].std())
    return out


def test_an_outbreak_is_one_signal_with_every_stream_and_what_neighbours_showed() -> None:
    found = day(outbreak(made()), State(level=-1.0)).signals.to_pylist()
    assert [(row["unit"], row["stream"], row["method"]) for row in found] == [
        (UNITS[3], "joint", "joint")
    ]
    (row,) = found
    assert [part["stream"] for part in row["streams"]] == list(STREAMS)
    assert all(part["z"] > 0 and part["observed"] > part["expected"] for part in row["streams"])
    lead = next(part for part in row["streams"] if part["stream"] == row["lead"])
    assert lead["z"] == max(part["z"] for part in row["streams"])
    assert (row["observed"], row["expected"], row["sd"]) == tuple(
        lead[name] for name in ("observed", "expected", "sd")
    )
    assert len(lead["history"]) == RULES.ears.history_days
    assert lead["history"][-1]["count"] == lead["observed"]
    assert lead["upper"] == lead["history"][-1]["upper"] > lead["expected"]
    assert {one["unit"] for one in row["neighbours"]} == RING[UNITS[3]]
    assert 0 < row["probability"] <= 1
    assert row["grade"] == RULES.grade(row["probability"])
    assert math.isclose(0.5 * math.erfc(row["z"] / math.sqrt(2)), row["p_value"], rel_tol=1e-9)


@pytest.mark.parametrize(
    ("length", "method", "why", "needs"),
    [
        (17, "C2", "short_history", DAILY.needs),
        (DAILY.needs - 1, "C2", "short_history", DAILY.needs),
        (DAILY.needs, "baseline", "not_calibrated", DAILY.needs + 180),
        (DAILY.needs + 178, "baseline", "not_calibrated", DAILY.needs + 180),
        (DAYS, "joint", "", DAILY.needs),
    ],
)
def test_which_method_judges_follows_from_the_history(
    length: int, method: str, why: str, needs: int
) -> None:
    counts = outbreak(made())
    counts[3, 0, -1] += 200
    counts[:, :, : DAYS - length] = np.nan
    result = day(counts, State(level=-1.0))
    told = {(row["method"], row["why"], row["has"], row["needs"]) for row in
            result.judged.to_pylist()}  # fmt: skip
    assert told == {(method, why, length, needs)}
    assert set(result.tests["method"].to_pylist()) == {method}
    assert UNITS[3] in result.signals["unit"].to_pylist()
    assert set(result.signals["method"].to_pylist()) == {method}


def test_short_histories_are_left_to_ears_as_it_is() -> None:
    counts = made()
    counts[:, :, :-24] = np.nan
    counts[3, 0, -1] += 200
    rows = table(counts)
    found = whole.prepare(rows, last=LAST, rules=RULES, known=KNOWN)
    for back in range(2):
        on = LAST - dt.timedelta(days=back)
        plain = solve.detect(rows, on=on, params=RULES.ears)
        told = found.day(on)
        assert told.signals.equals(plain.signals)
        assert told.tests.equals(plain.tests)
        assert (told.tested, told.over_budget) == (plain.tested, plain.over_budget)
        assert (told.card, told.spent) == (plain.card, None)


def test_a_young_stream_beside_old_ones_is_judged_by_ears_and_told() -> None:
    counts = made()
    counts[:, 2, :-30] = np.nan
    counts[5, 2, -1] += 80
    result = day(counts)
    by = {(row["stream"], row["method"]) for row in result.judged.to_pylist()}
    assert by == {
        ("fever_clinic", "joint"), ("pharmacy_sales", "joint"), ("school_absences", "C2"),
    }  # fmt: skip
    rows = [row for row in result.signals.to_pylist() if row["method"] == "C2"]
    assert (UNITS[5], "school_absences") in {(row["unit"], row["stream"]) for row in rows}


def test_what_all_counties_feel_at_once_does_not_raise_them_all() -> None:
    counts = made()
    counts[:, :2, -4:] = np.round(counts[:, :2, -4:] * 1.9)
    result = day(counts, State(level=-1.0))
    assert result.spent is not None
    assert len(result.spent.raised) <= 2
    z, shock = result.spent.all_units["fever_clinic"]
    assert z > 4
    assert shock > 0.9
    alone = whole.prepare(
        table(counts), last=LAST, known=KNOWN,
        rules=dataclasses.replace(RULES, daily=dataclasses.replace(DAILY, learn_days=400)),
    ).day(LAST)  # fmt: skip
    assert alone.signals.num_rows > 2 * len(result.spent.raised)


def test_a_source_that_fell_silent_is_untested_and_never_a_zero() -> None:
    counts = made()
    counts[:, 0, -6:] = np.nan
    counts[7, :, -1] = np.nan
    result = day(counts)
    silent = {(row["unit"], row["stream"]) for row in result.untested.to_pylist()}
    assert silent == {(unit, "fever_clinic") for unit in UNITS} | {
        (UNITS[7], stream) for stream in STREAMS
    }
    assert set(result.untested["reason"].to_pylist()) == {"no_report"}
    assert UNITS[7] not in result.tests["unit"].to_pylist()
    assert set(result.signals["unit"].to_pylist()) <= set(calm().signals["unit"].to_pylist())


def test_a_day_half_reported_is_held_against_half_and_less_is_not_tested() -> None:
    counts = made()
    counts[4, 0, -1] = np.floor(counts[4, 0, -1] / 2)
    key = (UNITS[4], "fever_clinic")
    fit = {
        share: whole.prepare(
            table(counts), last=LAST, rules=RULES,
            known=dataclasses.replace(KNOWN, share_in={(key, LAST): share}),
        )
        for share in (0.5, 1.0, math.nan)
    }  # fmt: skip
    n = fit[0.5].found.keys.index(key)
    half, full = (fit[share].found for share in (0.5, 1.0))
    np.testing.assert_allclose(half.expected[n, -1] * 2, full.expected[n, -1])
    np.testing.assert_array_equal(half.expected[:, :-1], full.expected[:, :-1])
    untested = fit[math.nan].day(LAST).untested.to_pylist()
    assert untested == [{"unit": key[0], "stream": key[1], "reason": "partial"}]


def test_a_county_under_follow_up_raises_no_other_alert_and_the_level_is_asked() -> None:
    sick = outbreak(made())
    under = State(level=-1.0, since={UNITS[3]: RULES.daily.budget.quiet_days})
    over = State(level=-1.0, since={UNITS[3]: RULES.daily.budget.quiet_days + 1})
    prepared = whole.prepare(table(sick), last=LAST, rules=RULES, known=KNOWN)
    assert UNITS[3] not in prepared.day(LAST, under).signals["unit"].to_pylist()
    assert UNITS[3] in prepared.day(LAST, over).signals["unit"].to_pylist()
    strict = prepared.day(LAST, State(level=9.0, raised=(UNITS[1],)))
    assert strict.spent is not None
    assert (strict.spent.raised, strict.signals.num_rows) == ((UNITS[1],), 0)


def test_what_stood_out_before_the_first_run_does_not_come_all_at_once() -> None:
    sick = outbreak(outbreak(outbreak(made()), 7), 10)
    prepared = whole.prepare(table(sick), last=LAST, rules=RULES, known=KNOWN)
    later = prepared.day(LAST, State(level=-1.0)).signals.to_pylist()
    assert {row["unit"] for row in later} >= {UNITS[3], UNITS[7], UNITS[10]}
    first = prepared.day(LAST).signals.to_pylist()
    assert [row["unit"] for row in first] == [later[0]["unit"]], "two a week: one on the first day"
    second = prepared.day(LAST, State(-1.0, {first[0]["unit"]: 1}, begun_days=1))
    assert second.signals.num_rows == 0
    third = prepared.day(LAST, State(-1.0, {first[0]["unit"]: 3}, begun_days=3))
    assert third.signals["unit"].to_pylist() == [later[1]["unit"]]
    assert third.spent is not None
    assert third.spent.raised == (later[1]["unit"],)


def test_a_signal_too_improbable_is_not_raised_and_the_level_told_is_that_of_the_floor() -> None:
    prepared = whole.prepare(table(outbreak(made())), last=LAST, rules=RULES, known=KNOWN)
    budget = dataclasses.replace(DAILY.budget, least=0.02)
    strict = dataclasses.replace(
        prepared, rules=dataclasses.replace(RULES, daily=dataclasses.replace(DAILY, budget=budget))
    )
    loose = prepared.day(LAST, State(level=-3.0))
    told = strict.day(LAST, State(level=-3.0))
    assert [row["unit"] for row in told.signals.to_pylist()] == [
        row["unit"] for row in loose.signals.to_pylist() if row["probability"] >= 0.02
    ]
    assert 0 < told.signals.num_rows < loose.signals.num_rows
    assert told.spent is not None
    assert loose.spent is not None
    assert told.spent.level == budget.floor
    assert told.spent.by_chance < loose.spent.by_chance


def test_the_same_counts_in_any_order_and_with_later_days_say_the_same() -> None:
    counts = outbreak(made())
    rows = pl.DataFrame(pl.from_arrow(table(counts)))
    later = rows.filter(pl.col("date") == LAST).with_columns(
        date=pl.lit(LAST + dt.timedelta(days=1)), count=pl.lit(10_000, pl.Int64)
    )
    mixed = pl.concat([rows.sample(fraction=1.0, shuffle=True, seed=3), later]).to_arrow()
    one = whole.prepare(table(counts), last=LAST, rules=RULES, known=KNOWN).day(LAST)
    other = whole.prepare(
        mixed.cast(model.SERIES), last=LAST, rules=RULES, known=KNOWN
    ).day(LAST)  # fmt: skip
    assert one.signals.equals(other.signals)
    assert one.tests.equals(other.tests)
    assert one.spent == other.spent


def test_yesterday_is_answered_from_the_same_fit_as_it_would_be_alone() -> None:
    counts = outbreak(made())
    yesterday = LAST - dt.timedelta(days=1)
    both = whole.prepare(table(counts), last=LAST, rules=RULES, known=KNOWN).day(yesterday)
    alone = whole.prepare(table(counts), last=yesterday, rules=RULES, known=KNOWN).day(yesterday)
    p = [dict(zip(one.tests["unit"].to_pylist(), one.tests["p_value"].to_pylist(), strict=True))
         for one in (both, alone)]  # fmt: skip
    assert p[0].keys() == p[1].keys()
    assert both.signals["unit"].to_pylist() == alone.signals["unit"].to_pylist()


def test_what_is_expected_is_what_the_readable_twin_says_of_the_last_fit() -> None:
    counts = made()
    grid = inputs.grid(table(counts), inputs.Calendar(LAST, DAYS))
    found = daily.fitted(grid, DAILY, state=daystate.states(grid.calendar.ends()), seed=5)
    fresh = [n for n, at in enumerate(found.days) if at.toordinal() % DAILY.refit_days == 0]
    state = daystate.states(grid.calendar.ends())
    first = DAYS - len(found.days)
    for column in (fresh[1], fresh[1] + 3, len(found.days) - 1):
        at = max(n for n in fresh if n <= column)
        told = baseline_oracle.one(
            grid.counts[7], first + column, DAILY.model, state=state, fitted_at=first + at
        )
        assert told is not None
        mean, error, phi, _ = told
        np.testing.assert_allclose(found.expected[7, column], mean, rtol=2e-3)
        sd = math.sqrt(mean * (phi + mean * error**2))
        np.testing.assert_allclose(found.sd[7, column], sd, rtol=2e-3)


def test_known_outbreaks_are_no_reference_for_chance() -> None:
    counts = made()
    counts[2, :, -120:-95] *= 3
    counts[2] = np.round(counts[2])
    begun = LAST - dt.timedelta(days=119)
    p = [
        whole.prepare(
            table(counts), last=LAST, rules=RULES,
            known=dataclasses.replace(KNOWN, events=events),
        ).day(LAST).tests["p_value"].to_pylist()
        for events in ((), ((UNITS[2], begun),))
    ]  # fmt: skip
    assert len(p[0]) == len(p[1]) == len(UNITS)
    assert sum(p[1]) <= sum(p[0])


@pytest.mark.parametrize(
    ("day_", "state"),
    [
        (dt.date(2022, 1, 28), 4),
        (dt.date(2022, 1, 29), 8),
        (dt.date(2022, 1, 30), 9),
        (dt.date(2022, 2, 11), 9),
        (dt.date(2022, 2, 12), 5),
        (dt.date(2022, 10, 1), 7),
        (dt.date(2022, 10, 10), 0),
    ],
)
def test_the_state_of_a_day(day_: dt.date, state: int) -> None:
    told = daystate.states(
        [day_],
        off={dt.date(2022, 10, 1)},
        made_up={dt.date(2022, 1, 29), dt.date(2022, 1, 30)},
        festivals={dt.date(2022, 2, 1)},
    )
    assert told.tolist() == [state]


def test_rules_that_do_not_fit_are_refused() -> None:
    for grades in ((), (("blue", 0.1),), (("blue", 0.0), ("red", 1.0))):
        with pytest.raises(BadInput):
            dataclasses.replace(RULES, grades=grades)
    with pytest.raises(BadInput):
        dataclasses.replace(DAILY, learn_days=0)
    assert whole.prepare(
        table(made()).slice(0, 0), last=LAST, rules=RULES
    ).day(LAST).tested == 0  # fmt: skip
