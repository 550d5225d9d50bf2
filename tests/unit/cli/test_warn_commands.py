"""`zhongshu warn` on files: what is raised, why, and what a replay was worth."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.unit.cli import bad_tables as t

from zhongshu.cli.warn import backtest, data
from zhongshu.cli.warn import methods as named
from zhongshu.cli.warn.data import Data
from zhongshu.engines.warning import methods, solve
from zhongshu.engines.warning.model import EarsParams

WEEKS = 320
METHODS = ("default", "farrington", "ears_c1", "ears_c2", "bayes", "bayes_3", "rki", "cusum",
           "glr", "percentile")  # fmt: skip


def weekly(path: Path, *, weeks: int = WEEKS, burst: int = 90) -> Path:
    """Two synthetic units of weekly counts; A ends with a burst of three weeks."""
    chance = np.random.default_rng(7)
    last = dt.date(2022, 11, 6)
    rows: list[tuple[object, ...]] = []
    for unit in ("A", "B"):
        mean = 25 * np.exp(0.4 * np.cos(2 * np.pi * np.arange(weeks) / 52.2))
        counts = chance.poisson(mean)
        for n in range(weeks):
            out = int(unit == "A" and n >= weeks - 3)
            day = last - dt.timedelta(days=7 * (weeks - 1 - n))
            rows.append((day, unit, counts[n] + burst * out, out))
    return t.write(path, rows, "date,unit,count,outbreak")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return weekly(tmp_path_factory.mktemp("weekly") / "weeks.csv")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_raises_the_burst_and_what_knows_seasons_nothing_else(
    file: Path, method: str
) -> None:
    # the first week of the burst: methods that compare with last weeks take it for usual later
    done = t.said("warn", "run", file, "--method", method, "--as-of", "2022-10-24", "--json")
    told = json.loads(done)
    row = told["raised"][0]
    assert (row["unit"], told["tested"], told["step"]) == ("A", 2, "week")
    # a chart against the mean of all weeks takes the winter for an outbreak
    assert len(told["raised"]) == 1 + (method == "cusum")
    assert row["observed"] > (row["expected"] or 0)
    assert told["untested"] == []


def test_the_table_says_what_was_tested_and_the_strongest_first(file: Path) -> None:
    told = t.said("warn", "run", file)
    assert "weeks.csv: raised on 2022-11-06 (weeks, default)" in told
    assert "2 tested, 1 raised, 0 untested" in told


def test_a_correction_of_the_last_day_is_no_report_from_the_future(tmp_path: Path) -> None:
    rows = t.days([*t.QUIET[:-1], -3])
    told = t.said("warn", "run", t.write(tmp_path / "c.csv", rows))
    assert "row 29: negative, a correction of another report; left out." in told
    assert "2022-11-11" in told
    assert "future" not in told


def test_what_comes_after_the_day_asked_does_not_change_its_test(file: Path) -> None:
    counts = data.of_file(file, as_of="", step="", breaks=[], today=t.TODAY)
    for method in ("default", "farrington", "ears_c3", "bayes_2", "percentile"):
        whole = counts.grid(counts.last)
        then = counts.grid(dt.date(2022, 9, 4))
        column = then.calendar.periods - 1
        late, early = (
            named.run(method, grid, np.array([column]), step=counts.step, alpha=0.01)
            for grid in (whole, then)
        )
        # our model's years are counted from the middle of what it is given: the last digits move
        np.testing.assert_allclose(late.upper, early.upper, rtol=1e-3)
        np.testing.assert_allclose(late.p, early.p, rtol=1e-2)
        np.testing.assert_array_equal(late.alarm, early.alarm)


def test_a_replay_is_the_daily_runs_one_by_one(file: Path) -> None:
    counts = data.of_file(file, as_of="", step="", breaks=[], today=t.TODAY)
    told = backtest.replay(
        counts,
        dt.date(2022, 9, 1),
        counts.last,
        name="default",
        alpha=0.01,
        a_week=None,
        known=False,
    )
    for n, end in enumerate(told.ends):
        grid = counts.grid(end)
        at = np.array([grid.calendar.periods - 1])
        one = named.run("default", grid, at, step=counts.step, alpha=0.01)
        np.testing.assert_array_equal(told.raised[:, n], one.alarm[:, 0])


def test_a_replay_against_known_outbreaks_says_what_was_found_and_how_late(file: Path) -> None:
    told = t.said("warn", "backtest", file, "--from", "2022-01-02")
    assert "1 of 1 outbreaks found, 0 weeks after its start" in told
    assert "Alarms inside an outbreak: 3 of 3 (100%)" in told
    value = json.loads(t.said("warn", "backtest", file, "--from", "2022-01-02", "--json"))
    assert value["worth"]["quiet_tests"] == value["tests"] - 3
    assert value["alarms_per_week"] == pytest.approx(3 / 45)


def test_without_known_outbreaks_it_says_what_it_cannot_know(tmp_path: Path) -> None:
    told = t.said("warn", "backtest", t.write(tmp_path / "q.csv", t.days(t.QUIET)))
    assert "cannot be known: there is no column outbreak" in told
    assert "with the final counts" in told


def test_a_budget_comes_out_at_about_what_was_set(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)  # synthetic: twelve quiet units
    rows = [
        (day, f"u{unit:02}", count)
        for unit in range(12)
        for day, count in t.days(chance.poisson(20, 240).tolist())
    ]
    file = t.write(tmp_path / "b.csv", rows, "date,unit,count")
    asked = ("warn", "backtest", file, "--from", "2022-06-01", "--budget", "2", "--json")
    assert json.loads(t.said(*asked))["alarms_per_week"] == pytest.approx(2, rel=0.25)


def test_a_budget_needs_a_method_that_gives_a_chance(file: Path) -> None:
    told = t.refusal("warn", "run", file, "--budget", "2", "--method", "cusum")
    assert told.code == "warn.no_chance"


def test_with_known_at_a_replay_sees_only_what_had_come(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(day, n, day) for day, n in t.days(t.QUIET)]
    high = t.TODAY - dt.timedelta(days=3)
    rows[-4] = (high, 31, high)
    rows.append((high, 300, high + dt.timedelta(days=2)))  # the rest came two days late
    file = t.write(tmp_path / "k.csv", rows, "date,count,known_at")
    final = json.loads(t.said("warn", "backtest", file, "--json"))
    known = json.loads(t.said("warn", "backtest", file, "--known", "--json"))
    assert [one["date"] for one in final["alarms"]] == [str(high)]
    assert known["alarms"] == []


def test_known_is_refused_where_the_file_does_not_say_when(file: Path) -> None:
    assert t.refusal("warn", "backtest", file, "--known").code == "warn.not_known"


def test_a_gap_on_the_day_asked_is_no_test_and_in_the_past_no_zero(tmp_path: Path) -> None:
    counts = list(t.QUIET)
    counts[-5] = ""
    rows = [(day, "A", n) for day, n in t.days(counts)]
    rows += [(day, "B", n) for day, n in t.days(t.QUIET)[:-1]]
    told = t.said("warn", "run", t.write(tmp_path / "g.csv", rows, "date,unit,count"))
    assert "1 tested, 0 raised, 1 untested" in told
    assert "no report" in told
    assert "a gap is never a zero" in told


def test_an_all_zero_series_is_tested_where_it_can_be_and_otherwise_told(tmp_path: Path) -> None:
    file = t.write(tmp_path / "z.csv", t.days([0] * 40))
    assert "1 tested, 0 raised, 0 untested" in t.said("warn", "run", file)
    told = t.said("warn", "run", file, "--method", "cusum")
    assert "0 tested, 0 raised, 1 untested" in told
    assert "all zero" in told


def test_a_short_series_says_which_method_still_works(tmp_path: Path) -> None:
    file = t.write(tmp_path / "s.csv", t.days(t.QUIET[:7]))
    told = t.said("warn", "run", file)
    assert "The series has 7 days; the default needs 8 for the short test and 759" in told
    refused = t.refusal("warn", "run", file, "--method", "ears_c2")
    assert refused.message == (
        "The series has 7 days; EARS C2 needs 10; Bayes 1 works from 7 days."
    )
    assert t.refusal("warn", "run", file, "--method", "farrington").code == "warning.step"


def test_reports_before_a_marked_break_are_left_out(tmp_path: Path) -> None:
    counts = [5] * 20 + [50, 52, 49, 51, 53, 50, 48, 52, 51, 50, 49]
    file = t.write(tmp_path / "b.csv", t.days(counts))
    begin = t.days(counts)[20][0]
    assert "1 raised" in t.said("warn", "run", file, "--as-of", begin)
    told = t.said("warn", "run", file, "--break", begin)
    assert "20 rows left out: before break." in told
    assert "1 tested, 0 raised" in told
    said = t.said("warn", "explain", "all", "cases", t.TODAY, "--file", file,
                  "--break", f"*:*={begin}")  # fmt: skip
    assert "Left out as before break: 20" in said
    assert t.refusal("warn", "run", file, "--break", "Z:x=2022-11-01").code == (
        "warning.break_unknown"
    )
    assert t.refusal("warn", "run", file, "--break", "yesterday").code == "warn.break"


def test_days_are_summed_to_weeks_on_request(tmp_path: Path) -> None:
    file = t.write(tmp_path / "w.csv", t.days(t.QUIET * 3))
    told = json.loads(t.said("warn", "run", file, "--step", "week", "--method", "ears_c1",
                             "--json"))  # fmt: skip
    assert (told["step"], told["tested"]) == ("week", 1)
    counts = data.of_file(file, as_of="", step="week", breaks=[], today=t.TODAY)
    assert counts.grid(counts.last).counts.tolist() == [[218] * 12]


@pytest.mark.parametrize("method", [name for name in named.NAMES if name != "ears_c3"])
def test_every_method_explains_itself_in_sentences(file: Path, method: str) -> None:
    told = t.said("warn", "explain", "A", "cases", "2022-10-23", "--file", file,
                  "--method", method)  # fmt: skip
    assert "counted; it is" in told
    assert "It is held against" in told
    assert f"Of 1 other units tested in cases, {int(method == 'cusum')} are raised" in told


def test_the_reports_an_explanation_names_are_those_that_move_the_test(file: Path) -> None:
    from zhongshu.cli.warn import explain  # noqa: PLC0415 - only here

    counts: Data = data.of_file(file, as_of="", step="", breaks=[], today=t.TODAY)
    grid = counts.grid(counts.last)
    column = grid.calendar.periods - 1
    for method in ("ears_c1", "ears_c2", "bayes_1", "bayes_3", "rki_2", "percentile"):
        used = set(explain.compared(method, grid, column, counts.step).used.tolist())
        for k in range(column - 280, column):
            moved = grid.counts.copy()
            moved[:, k] += 1000
            changed = methods.ask(method, moved, np.array([column]), step=counts.step).expected
            same = methods.ask(method, grid.counts, np.array([column]), step=counts.step).expected
            if method == "percentile":  # a median need not move
                assert k in used or (changed == same).all()
            else:
                assert ((changed != same).all()) == (k in used), (method, k)


def test_unknown_series_days_methods_and_budgets_are_refused(file: Path) -> None:
    for words, code in (
        (("explain", "C", "cases", "2022-11-06", "--file", file), "warn.no_series"),
        (("explain", "A", "cases", "soon", "--file", file), "warn.date"),
        (("run", file, "--method", "magic"), "warn.method"),
        (("run", file, "--budget", "0"), "warn.budget"),
        (("run", file, "--alpha", "0.5"), "warn.alpha"),
        (("backtest",), "warn.which"),
        (("backtest", file, "--from", "2030-01-01"), "warn.span"),
        (("run", file, "--as-of", "2010-01-01"), "counts.nothing"),
    ):
        assert t.refusal("warn", *words).code == code


def test_a_short_history_is_judged_in_a_file_as_in_the_daily_run(tmp_path: Path) -> None:
    raised = 0
    for count in (3, 44, 47, 48, 49, 60):
        rows = t.days([*t.QUIET[:-1], count])
        series = pa.table(
            {"unit": ["all"] * len(rows), "stream": ["cases"] * len(rows),
             "date": [day for day, _ in rows], "count": [int(str(n)) for _, n in rows]}
        )  # fmt: skip
        params = EarsParams(grades=(("blue", named.SHORT_Z),))
        daily = solve.detect(series, on=t.TODAY, params=params).signals.to_pylist()
        told = json.loads(t.said("warn", "run", t.write(tmp_path / "s.csv", rows), "--json"))
        mine = [(one["method"], one["score"], one["p"]) for one in told["raised"]]
        assert mine == [(one["method"], one["z"], one["p_value"]) for one in daily]
        raised += len(mine)
    assert 0 < raised < 6


def test_what_cannot_be_replayed_or_explained_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = t.write(tmp_path / "s.csv", t.days(t.QUIET[:4]))
    told = t.refusal("warn", "backtest", file)
    assert told.message == (
        "s.csv has 4 days from 2022-11-09 to 2022-11-12 and none could be tested: default needs 8 "
        "reports of a series; give an earlier past."
    )
    told = t.refusal("warn", "explain", "all", "cases", "2021-01-01", "--file", file)
    assert told.message == (
        "s.csv has no report by 2021-01-01; ask a day from 2022-11-09 to 2022-11-12."
    )
    empty = tmp_path / "e.csv"
    empty.write_text("")
    assert "e.csv is empty" in t.refusal("warn", "run", empty).message
