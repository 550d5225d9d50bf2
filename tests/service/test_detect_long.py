"""The daily run over long synthetic histories: one alert for all streams, kept between runs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.service import builders as b
from tests.service import frames, scenes
from zhongshu.engines.warning.whole import Rules
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.lake import schema
from zhongshu.lake.lake import Lake
from zhongshu.rules.model import Pack
from zhongshu.service.periods.cycle import detect, rulebook
from zhongshu.service.periods.cycle.detect.series import share_in
from zhongshu.service.periods.cycle.frame import Outcome
from zhongshu.service.signals import facade as signals
from zhongshu.service.signals.models import BudgetDay, Signal

pytestmark = pytest.mark.django_db
COUNTIES = (b.COUNTY, b.ZONE, b.OTHER_COUNTY)
STREAMS = ("fever_clinic", "pharmacy_sales", "school_absences")
TODAY = b.NOW.date()
DAYS = 1_250  # 759 teach the models, half of the rest learns, the other half calibrates
REPORTED = dt.timedelta(hours=19)


def reports(
    lake: Lake, *, days: int = DAYS, last: dt.date = TODAY, sick: str = "", sites: str = "AB"
) -> None:
    """Synthetic counts of every site up to `last`; in the county `sick` an outbreak over the ten
    days up to TODAY."""
    rows: list[dict[str, Any]] = []
    for county in COUNTIES:
        for name in STREAMS:
            rng = stream(7, county, name)
            drawn = rng.poisson(rng.gamma(15.0, 1.0, (len(sites), DAYS + 10)) * 20 / 15)
            for n in range(DAYS + (last - TODAY).days):
                day = TODAY - b.DAY * (DAYS - 1 - n)
                if day < TODAY - b.DAY * (days - 1):
                    continue
                more = 25 if county == sick and TODAY - 9 * b.DAY <= day <= TODAY else 0
                rows += [
                    {"stream": name, "site_id": f"{county}{site}", "county_code": county,
                     "date": day, "count": int(drawn[k, n]) + more, "denominator": None,
                     "known_at": start_of_day(day) + REPORTED}
                    for k, site in enumerate(sites)
                ]  # fmt: skip
    lake.write_counts(pa.Table.from_pylist(rows, schema=schema.COUNTS))


def run(folder: Path, day: int = 0, number: int = 1) -> Outcome:
    return detect.run(frames.frame(folder, as_of=b.NOW + day * b.DAY, run_id=number))


def kept() -> list[tuple[Any, ...]]:
    """All that the registers hold of what was decided, but who wrote it."""
    names = ("unit_id", "stream", "date", "method", "z", "p_value", "probability", "grade",
             "evidence", "known_at", "withdrawn_as_of", "state")  # fmt: skip
    budget = ("date", "level", "left", "raised", "able", "tested", "by_chance")
    rows: Iterator[tuple[Any, ...]] = iter(
        Signal.objects.order_by("unit", "stream", "date", "method").values_list(*names)
    )
    return [*rows, *BudgetDay.objects.order_by("date").values_list(*budget)]


A_WEEK = 0.5  # of three counties


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    whole = rulebook.warning

    def few(pack: Pack, signals_pack: Pack) -> Rules:
        rules = whole(pack, signals_pack)
        budget = dataclasses.replace(rules.daily.budget, alerts_a_week=A_WEEK)
        return dataclasses.replace(rules, daily=dataclasses.replace(rules.daily, budget=budget))

    monkeypatch.setattr(rulebook, "warning", few)
    b.headquarters()
    return frames.frame(tmp_path).lake


def test_an_outbreak_in_a_long_history_is_one_signal_of_all_streams(
    lake: Lake, tmp_path: Path
) -> None:
    reports(lake, sick=b.COUNTY)
    outcome = run(tmp_path)
    assert {(one["method"], one["why"]) for one in outcome.summary["methods"]} == {("joint", "")}
    signal = Signal.objects.get(date=TODAY - b.DAY)
    assert (signal.unit_id, signal.stream, signal.method) == (b.COUNTY, "joint", "joint")
    assert not Signal.objects.filter(date=TODAY, unit=b.COUNTY).exists(), "it is followed up"
    assert signal.probability is not None
    assert [part["stream"] for part in signal.evidence["streams"]] == list(STREAMS)
    spent = outcome.summary["budget"]
    assert (spent["set_per_week"], spent["tested"]) == (A_WEEK, 3)
    assert signal.evidence["budget"]["set_per_week"] == A_WEEK
    (draft,) = [one for one in outcome.drafts if one.unit == b.COUNTY]
    assert draft.reasons[0]["rule_id"] == "SIGB-D"
    assert "20" in draft.reasons[0]["text"]["en"]

    scenes.clock_at(b.NOW + b.HOUR)
    client = scenes.signed_in((b.PROVINCE, "epidemiologist"))
    told = scenes.get(client, f"/signals/{signal.pk}").json()
    assert told["probability"] == pytest.approx(signal.probability)
    assert told["rule"] is None
    assert told["evidence"]["as_of"] == "2022-11-08T20:00:00+08:00"
    parts = told["evidence"]["streams"]
    assert [part["stream"] for part in parts] == list(STREAMS)
    assert all(part["z"] > 0 and part["history"][-1]["expected"] > 0 for part in parts)
    assert [one["unit"]["code"] for one in told["neighbours"]] == [b.ZONE]
    county = scenes.signed_in((b.COUNTY, "epidemiologist"), name="county")
    assert scenes.get(county, f"/signals/{signal.pk}").json()["neighbours"] == []


@pytest.mark.parametrize("runs", [(0, 0, 1, 2), (0, 1, 1, 2), (0, 1, 2, 2, 2)])
def test_a_run_done_again_decides_the_same(
    runs: tuple[int, ...], lake: Lake, tmp_path: Path
) -> None:
    reports(lake, sick=b.COUNTY, last=TODAY + 2 * b.DAY)
    for number, day in enumerate((0, 1, 2)):
        run(tmp_path, day, number)
    plain = kept()
    assert len(plain) >= 5
    Signal.objects.all().delete()
    BudgetDay.objects.all().delete()
    for number, day in enumerate(runs):
        run(tmp_path, day, number)
    assert kept() == plain


def test_the_level_rises_with_every_alert_and_falls_without(lake: Lake, tmp_path: Path) -> None:
    reports(lake, sick=b.COUNTY)
    run(tmp_path)
    first, second = BudgetDay.objects.order_by("date")
    assert second.level == first.left
    assert first.date == TODAY - b.DAY
    for one in (first, second):
        assert (one.left > one.level) == (one.raised > A_WEEK / 7)


def test_a_new_budget_begins_at_its_own_level(lake: Lake, tmp_path: Path) -> None:
    reports(lake, sick=b.COUNTY)
    run(tmp_path)
    later = b.NOW + b.DAY
    same = signals.budget_before(later.date(), as_of=later, a_week=A_WEEK)
    other = signals.budget_before(later.date(), as_of=later, a_week=7)
    assert same.level is not None
    assert other.level is None
    assert (same.begun_days, other.begun_days) == (2, 0)
    assert (
        same.since
        == other.since
        == {b.COUNTY: 2} | {unit: same.since[unit] for unit in same.since if unit != b.COUNTY}
    )


@pytest.mark.parametrize(("days", "method"), [(20, "C2"), (800, "baseline")])
def test_a_shorter_history_is_judged_by_what_it_allows(
    days: int, method: str, lake: Lake, tmp_path: Path
) -> None:
    reports(lake, days=days)
    lake.write_counts(
        pa.Table.from_pylist(
            [{"stream": "fever_clinic", "site_id": f"{b.COUNTY}A", "county_code": b.COUNTY,
              "date": TODAY, "count": 400, "denominator": None, "known_at": b.NOW}],
            schema=schema.COUNTS,
        )
    )  # fmt: skip
    summary = run(tmp_path).summary
    assert {one["method"] for one in summary["methods"]} == {method}
    why = {one["why"] for one in summary["methods"]}
    assert why == {"short_history" if method == "C2" else "not_calibrated"}
    assert sum(one["series"] for one in summary["methods"]) == summary["series"] == 9
    assert "budget" not in summary
    signal = Signal.objects.get(unit=b.COUNTY, date=TODAY)
    assert (signal.stream, signal.method, signal.probability) == ("fever_clinic", method, None)
    (part,) = signal.evidence["streams"]
    assert (part["has"], part["observed"]) == (days, signal.observed)
    assert part["needs"] > days


def test_an_outage_is_not_tested_and_a_late_site_is_allowed_for(lake: Lake, tmp_path: Path) -> None:
    reports(lake, last=TODAY - b.DAY, sites="ABC")
    rows = [
        {"stream": "fever_clinic", "site_id": f"{county}A", "county_code": county, "date": TODAY,
         "count": count, "denominator": None, "known_at": b.NOW - b.HOUR}
        for county, count in ((b.COUNTY, 20), (b.ZONE, 0))
    ]  # fmt: skip
    rows += [rows[0] | {"site_id": f"{b.COUNTY}B"}]
    rows += [rows[1] | {"site_id": f"{b.ZONE}{site}"} for site in "BC"]
    lake.write_counts(pa.Table.from_pylist(rows, schema=schema.COUNTS))
    frame = frames.frame(tmp_path)
    shares = dict(share_in(frame))
    assert 0.6 < shares.pop(((b.COUNTY, "fever_clinic"), TODAY)) < 0.75
    doubted = shares.pop(((b.ZONE, "fever_clinic"), TODAY))
    assert doubted != doubted, "all say zero where there are sixty: nobody believes it"
    assert shares == {}
    result = detect.detector(frame)(detect.series_of(frame), beijing_day(b.NOW))
    untested = {(row["unit"], row["stream"]): row["reason"] for row in result.untested.to_pylist()}
    assert untested.pop((b.ZONE, "fever_clinic")) == "partial"
    assert (b.OTHER_COUNTY, "fever_clinic") in untested
    assert set(untested.values()) == {"no_report"}
