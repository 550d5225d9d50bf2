"""The past of the sentinel counts: a background that hands over to the world without a step."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from zhongshu.engines.world import feeds, past, solve
from zhongshu.engines.world.days.sentinel import STREAMS
from zhongshu.engines.world.days.usual import silent, usual
from zhongshu.engines.world.model import History, Margins, WorldParams
from zhongshu.engines.world.state import World
from zhongshu.kernel.errors import BadInput

DAY = dt.timedelta(days=1)
FEAST = dt.date(2022, 2, 1)
HISTORY = History(
    days=300,
    off=(dt.date(2022, 10, 3),),
    made_up=(dt.date(2022, 10, 8),),
    festivals=(FEAST,),
)
PLAIN = WorldParams(people=8_000, days=4)
PARAMS = dataclasses.replace(PLAIN, history=HISTORY)


@pytest.fixture(scope="module")
def world(margins: Margins) -> World:
    return solve.build(PARAMS, margins)


@pytest.fixture(scope="module")
def counts(world: World) -> pl.DataFrame:
    """All that was reported before the first day: stream, site, day, count, reported_s."""
    return pl.concat([pl.DataFrame(rows) for _, rows in past.quarters(world)])


def test_a_world_without_a_past_is_told_as_before() -> None:
    assert "history" not in PLAIN.as_json()
    assert PARAMS.as_json()["history"]["festivals"] == ["2022-02-01"]
    for n in range(30):
        day = PLAIN.start + n * DAY
        told = usual(PLAIN.history, seed=PLAIN.seed, start=PLAIN.start, day=day)
        assert (told.weekday, told.factor, told.school) == (day.weekday(), (1.0, 1.0, 1.0), True)


def test_a_past_changes_no_infection_and_no_other_feed(margins: Margins, tmp_path: Path) -> None:
    plain = solve.run(PLAIN, margins, tmp_path / "plain")
    long = solve.run(PARAMS, margins, tmp_path / "long")
    assert plain.truth_hash == long.truth_hash
    assert plain.world_hash != long.world_hash
    for one in sorted((tmp_path / "plain/feeds").iterdir()):
        if not one.name.startswith(STREAMS):
            assert one.read_bytes() == (tmp_path / "long/feeds" / one.name).read_bytes()
    more = {path.name for path in (tmp_path / "long/feeds").iterdir()} - {
        path.name for path in (tmp_path / "plain/feeds").iterdir()
    }
    assert {name.split("-")[0] for name in more} == set(STREAMS)
    assert {name.split("-")[1][:6] for name in more} == {
        "2021Q4", "2022Q1", "2022Q2", "2022Q3", "2022Q4",
    }  # fmt: skip


def test_what_was_counted_before_was_known_the_morning_after_at_the_latest(
    world: World, counts: pl.DataFrame
) -> None:
    assert counts["day"].min() == -HISTORY.days
    assert counts["day"].max() == -1
    late = (counts["reported_s"] / 86_400 - counts["day"]).to_numpy()
    assert late.min() > 16 / 24
    assert late.max() < 1 + 12 / 24
    _, rows = next(past.quarters(world))
    table = feeds.counts(world, rows)["fever_clinic"]
    assert table["date"][0].as_py() == PARAMS.start - HISTORY.days * DAY


def test_the_last_weeks_before_and_the_first_weeks_after_have_one_level(margins: Margins) -> None:
    """Of sites' reports of the same weekdays; the ill would raise it, so nobody is seeded."""
    params = dataclasses.replace(PARAMS, people=20_000, days=14, imported_seeds=0)
    world = solve.build(params, margins)
    before = np.concatenate([rows for _, rows in past.quarters(world)])
    after = np.concatenate([world.step().counts for _ in range(params.days)])
    assert len(world.course) == 0
    for which in range(len(STREAMS)):
        old = before[
            (before["stream"] == which) & (before["day"] >= -9 * 7) & (before["day"] < -21)
        ]
        new = after[(after["stream"] == which) & (after["day"] < params.days)]
        factors = [
            usual(params.history, seed=params.seed, start=params.start, day=params.start + n * DAY)
            for n in (-42, 7)
        ]
        said = factors[1].factor[which] / factors[0].factor[which]
        noise = 3 * np.sqrt(1 / new["count"].sum() + 1 / old["count"].sum())
        assert abs(np.log(new["count"].mean() / old["count"].mean() / said)) < noise + 0.03


def test_winter_is_high_the_festival_low_and_the_calendar_is_followed() -> None:
    def of(day: dt.date) -> tuple[int, float, bool]:
        told = usual(HISTORY, seed=1, start=PARAMS.start, day=day)
        return told.weekday, told.factor[0], told.school

    assert of(PARAMS.start) == (2, 1.0, True)
    assert of(dt.date(2022, 1, 10))[1] > 1.1 > 1 > of(dt.date(2022, 7, 10))[1]
    eve, before = of(FEAST - DAY), of(FEAST - 4 * DAY)
    assert eve[0] == 6
    assert eve[1] == pytest.approx(0.75 * before[1], rel=0.02)
    assert of(dt.date(2022, 10, 3))[::2] == (6, False)
    assert of(dt.date(2022, 10, 8))[::2] == (2, True)
    assert not of(dt.date(2022, 10, 15))[2]
    assert not of(dt.date(2022, 8, 3))[2]
    assert not of(FEAST - 10 * DAY)[2]


def test_two_winters_differ_and_hand_over_in_july_without_a_step() -> None:
    history = dataclasses.replace(HISTORY, winter_sd=0.5)
    peaks = [
        usual(history, seed=1, start=PARAMS.start, day=dt.date(year, 1, 10)).factor[0]
        for year in (2020, 2021, 2022)
    ]
    assert len({round(peak, 3) for peak in peaks}) == 3
    last, first = (
        usual(history, seed=1, start=PARAMS.start, day=day).factor[0]
        for day in (dt.date(2021, 6, 30), dt.date(2021, 7, 1))
    )
    assert last == pytest.approx(first, rel=0.01)


def test_sites_are_silent_for_days_together(counts: pl.DataFrame) -> None:
    gaps = silent(HISTORY, seed=3, which=0, sites=400)
    assert gaps.shape == (400, HISTORY.days)
    assert gaps.mean() == pytest.approx(HISTORY.gap_share, rel=0.25)
    begins = gaps & ~np.roll(gaps, 1, axis=1)
    assert gaps.sum() / begins.sum() > 0.7 * HISTORY.gap_days
    clinics = counts.filter(pl.col("stream") == 0)
    asked = clinics["site"].n_unique() * HISTORY.days
    assert 0.003 < 1 - clinics.height / asked < 0.03


def test_a_past_of_less_than_no_days_is_refused() -> None:
    with pytest.raises(BadInput, match="0 or more days"):
        History(days=-1)
