"""`zhongshu rt` and `zhongshu forecast` on files."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
from tests.unit.cli import bad_tables as t

from zhongshu.engines.epidemic import scores, solve

SI = ("--si-mean", "5", "--si-sd", "3")
GROWING = [round(20 * 1.06**n) for n in range(40)]


def test_r_is_that_of_the_engine_with_its_interval(tmp_path: Path) -> None:
    file = t.write(tmp_path / "g.csv", t.days(GROWING))
    (told,) = json.loads(t.said("rt", file, *SI, "--json"))
    found = solve.estimate_rt(GROWING, si_mean=5, si_sd=3, min_cases=11)
    last = told["windows"][-1]
    assert last["median"] == pytest.approx(found.median[-1])
    assert (last["q025"], last["q975"]) == pytest.approx((found.q025[-1], found.q975[-1]))
    assert (last["date"], last["cases"]) == (str(t.TODAY), sum(GROWING[-7:]))
    shown = t.said("rt", file, *SI, "--days", "1")
    assert "Serial interval 5 d, sd 3 d (as given)." in shown
    assert f"{last['median']:.2f}" in shown


def test_no_serial_interval_is_taken_silently_and_a_packs_is_named(tmp_path: Path) -> None:
    file = t.write(tmp_path / "g.csv", t.days(GROWING))
    assert t.refusal("rt", file).code == "rt.interval"
    assert t.refusal("rt", file, "--si-mean", "5").code == "rt.interval"
    for slip in ("nan", "inf", "-5"):
        told_off = t.refusal("rt", file, "--si-mean", slip, "--si-sd", "2")
        assert told_off.code == "epidemic.serial_interval"
    told = t.said("rt", file, "--pack", "cn-covid-9")
    assert "Serial interval 5.1 d, sd 5.3 d (cn-covid-9 EST-1" in told


def test_a_day_without_r_says_why(tmp_path: Path) -> None:
    counts: list[object] = [*GROWING[:20], "", *GROWING[21:30], *[0] * 10]
    file = t.write(tmp_path / "g.csv", t.days(counts))
    (told,) = json.loads(t.said("rt", file, "--si-mean", "9", "--si-sd", "3", "--json"))
    reasons = {one["reason"] for one in told["windows"]}
    assert reasons == {"", "too_early", "gap", "few_cases"}
    assert told["gaps"] == 1
    shown = t.said("rt", file, *SI, "--days", "40")
    assert "1 days have no report" in shown
    assert "too few cases in the window" in shown


def test_an_uncertain_interval_widens_r(tmp_path: Path) -> None:
    file = t.write(tmp_path / "g.csv", t.days(GROWING))
    unsure = ("--uncertain", "1.5:3:8,0.5:2:4")
    (sure,), (wide,) = (
        json.loads(t.said("rt", file, *SI, *more, "--json")) for more in ((), unsure)
    )
    widths = [one["windows"][-1]["q975"] - one["windows"][-1]["q025"] for one in (sure, wide)]
    assert widths[1] > 1.5 * widths[0]
    for bad in ("1.5", "1:2,3:4", "1.5:3:8;0.5:2:4"):
        assert t.refusal("rt", file, *SI, "--uncertain", bad).code == "rt.uncertain"
    assert t.refusal("rt", file, *SI, "--uncertain", "1:6:8,1:2:4").code == "epidemic.uncertain_si"


def test_imported_cases_infect_but_were_not_infected_here(tmp_path: Path) -> None:
    rows = [(day, n, n // 2) for (day, _), n in zip(t.days(GROWING), GROWING, strict=True)]
    file = t.write(tmp_path / "i.csv", rows, "date,count,imported")
    local, apart = (
        json.loads(t.said("rt", file, *SI, *more, "--json"))[0]["windows"][-1]["median"]
        for more in ((), ("--imported",))
    )
    assert apart == pytest.approx(local / 2, rel=0.05)
    assert "imported cases count as local" in t.said("rt", file, *SI)
    plain = t.write(tmp_path / "g.csv", t.days(GROWING))
    assert t.refusal("rt", plain, *SI, "--imported").code == "rt.imported"


def dated(path: Path) -> tuple[Path, list[int]]:
    """Growing cases whose reports come up to ten days late, in versions; and their final counts."""
    chance = np.random.default_rng(4)  # synthetic
    days = 60
    first = t.TODAY - dt.timedelta(days=days - 1)
    rows, final = [], []
    for n in range(days):
        late = np.minimum(chance.negative_binomial(3, 0.5, round(30 * 1.03**n)), 10)
        final.append(len(late))
        for delay in range(11):
            if n + delay < days and (late == delay).any():
                day = first + dt.timedelta(days=n)
                so_far = int((late <= delay).sum())
                rows.append((day, so_far, day + dt.timedelta(days=delay)))
    return t.write(path, rows, "date,count,known_at"), final


def test_incomplete_last_days_are_nowcast_not_taken_for_a_fall(tmp_path: Path) -> None:
    file, final = dated(tmp_path / "v.csv")
    asked = ("rt", file, *SI, "--max-delay", "10", "--json")
    (told,) = json.loads(t.said(*asked))
    last = told["windows"][-1]
    true = solve.estimate_rt(final, si_mean=5, si_sd=3).median[-1]
    assert last["nowcast"]
    assert not told["windows"][-15]["nowcast"]
    assert last["q025"] < true < last["q975"]
    assert last["median"] == pytest.approx(true, rel=0.2)
    raw = [(day, n) for (day, _), n in zip(t.days(final), _seen(file, len(final)), strict=True)]
    (short,) = json.loads(t.said("rt", t.write(tmp_path / "r.csv", raw), *SI, "--json"))
    assert short["windows"][-1]["q975"] < true  # what the raw counts would have said
    assert t.refusal(*asked, "--uncertain", "1.5:3:8,0.5:2:4").code == "rt.nowcast"


def _seen(file: Path, days: int) -> list[int]:
    found: dict[str, int] = {}
    for line in file.read_text().splitlines()[1:]:
        day, count, _ = line.split(",")
        found[day] = int(count)
    return [found.get(day, 0) for day, _ in t.days([0] * days)]


def test_a_version_that_takes_cases_back_is_refused_with_its_row(tmp_path: Path) -> None:
    rows = [("2022-11-01", 9, "2022-11-01"), ("2022-11-01", 7, "2022-11-02")]
    told = t.refusal("rt", t.write(tmp_path / "v.csv", rows, "date,count,known_at"), *SI)
    assert told.code == "counts.taken_back"
    assert "Row 3" in told.message


def test_no_case_too_few_days_several_streams_and_unknown_units_are_refused(
    tmp_path: Path,
) -> None:
    none = t.write(tmp_path / "z.csv", t.days([0] * 40))
    few = t.write(tmp_path / "f.csv", t.days([3] * 5))
    rows = [("2022-11-01", "x", 3), ("2022-11-01", "y", 4)]
    many = t.write(tmp_path / "s.csv", rows, "date,stream,count")
    for command in (("rt", *SI), ("forecast",)):
        assert t.refusal(*command, none).code == "counts.no_cases"
        assert t.refusal(*command, many).code == "counts.streams"
        assert t.refusal(*command, few, "--unit", "Z").code == "counts.unit"
    assert t.refusal("rt", few, *SI).code == "epidemic.series_short"
    told = t.refusal("forecast", few)
    assert (told.code, "0 whole weeks" in told.message) == ("forecast.short", True)


WEEKLY = [60 + round(30 * np.cos(n / 8.3)) for n in range(80)]


def weeks(path: Path, *, gap: bool = False) -> Path:
    rows: list[tuple[object, ...]] = []
    for unit, factor in (("A", 1), ("B", 3)):
        for n, count in enumerate(WEEKLY):
            day = t.TODAY - dt.timedelta(days=7 * (len(WEEKLY) - 1 - n))
            if gap and unit == "B" and n == len(WEEKLY) - 1:
                continue
            rows.append((day, unit, count * factor))
    return t.write(path, rows, "date,unit,count")


def test_a_forecast_gives_23_quantiles_its_members_and_what_was_known(tmp_path: Path) -> None:
    file = weeks(tmp_path / "w.csv")
    told = json.loads(t.said("forecast", file, "--unit", "A", "--weeks", "3", "--json"))
    assert told["levels"] == list(scores.HUB_LEVELS)
    assert (told["weeks"], told["units"], told["known_by"]) == (80, 2, str(t.TODAY))
    assert [one["week_to"] for one in told["forecasts"]] == [
        "2022-11-19", "2022-11-26", "2022-12-03"
    ]  # fmt: skip
    for one in told["forecasts"]:
        assert len(one["quantiles"]) == 23
        assert one["quantiles"] == sorted(one["quantiles"])
        assert set(one["members"]) == {"renewal", "autoregressive", "baseline"}
    assert told["weights"]["autoregressive"] == 0.9
    shown = t.said("forecast", file, "--unit", "A")
    assert "Members: renewal 10%, autoregressive 90%." in shown
    assert f"forecast by what was known by {t.TODAY}" in shown


def test_a_forecast_made_on_a_day_knows_nothing_of_later_ones(tmp_path: Path) -> None:
    file = weeks(tmp_path / "w.csv")
    asked = ("forecast", "--as-of", "2022-09-10", "--json")
    early = json.loads(t.said(*asked, file))
    kept = [line for line in file.read_text().splitlines()[1:] if line[:10] <= "2022-09-10"]
    cut = t.write(tmp_path / "c.csv", [tuple(line.split(",")) for line in kept], "date,unit,count")
    again = json.loads(t.said("forecast", cut, "--json"))
    assert early["forecasts"] == again["forecasts"]


def test_a_unit_whose_last_week_is_not_whole_has_no_forecast(tmp_path: Path) -> None:
    told = t.said("forecast", weeks(tmp_path / "w.csv", gap=True))
    assert "B: no forecast, a day of its last week has no report." in told


def test_days_become_weeks_that_end_with_the_last(tmp_path: Path) -> None:
    file = t.write(tmp_path / "d.csv", t.days([*([7] * 7 * 14), 1, 2, 3]))
    told = json.loads(t.said("forecast", file, "--json"))
    assert told["weeks"] == 14
    assert told["forecasts"][0]["week_to"] == "2022-11-19"
