"""What is fitted before options are compared: which days, which cases, and what is said of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.service import builders as b
from tests.service import scenes
from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.calibrate import model
from zhongshu.engines.whatif.outbreak import turned
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import calibration, compute, inforce
from zhongshu.service.whatif.place import place

pytestmark = pytest.mark.django_db
TODAY = beijing_day(b.NOW)
PACK = reader.load("what-if")


@dataclasses.dataclass(frozen=True)
class Level:
    """Ten cases a day times the transmission, by Poisson."""

    days: int

    def simulate(self, parameters: model.F64, *, seeds: model.I64) -> model.F64:
        rows = zip(parameters[:, 0], seeds, strict=True)
        made = [np.random.default_rng(int(s)).poisson(10 * x, self.days) for x, s in rows]
        return np.array(made, dtype=np.float64)


def past(seen: list[float]) -> calibration.Recent:
    first = TODAY - dt.timedelta(days=len(seen))
    return calibration.Recent(first, np.array(seen), ({"person": 1},) * 3, options.BASELINE)


def fitted(recent: calibration.Recent, days: int = 7, **given: Any) -> calibration.Fitted:
    asked = given.pop("asked", [options.BASELINE])
    made = given.pop("made", lambda one: Level(one.days))
    return calibration.fit(
        made, recent, PACK, names=turned.PARAMETERS, asked=asked, days=days, seed=3
    )


def test_the_days_fitted_begin_after_the_first_cases_and_end_before_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenes.two_cities()
    where = place(units.get(b.COUNTY))
    ago = [40, *[18] * 6, 12, 12, 9, 9, 3, 1, 0]
    rows = [
        {
            "person": n,
            "unit_path": where.unit["path"] + "x/",
            "confirmed_at": b.NOW - dt.timedelta(days=days),
            "reported_at": None,
        }
        for n, days in enumerate(ago)
    ]
    elsewhere = {**rows[9], "unit_path": "elsewhere/"}
    monkeypatch.setattr(
        calibration.cases, "open_cases", lambda _: pa.Table.from_pylist([*rows, elsewhere])
    )
    recent = calibration.recent(where, b.NOW, PACK)
    # The eighth case was found twelve days ago; that of 40 days ago is too old to count.
    assert recent.first_day == TODAY - dt.timedelta(days=11)
    assert recent.days == 11
    assert recent.seen.tolist() == [0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 1]
    assert {row["person"] for row in recent.start} == set(range(1, 9))
    assert beijing_day(recent.eve) == recent.first_day - dt.timedelta(days=1)


def test_a_fit_that_predicts_what_was_seen_is_calibrated_and_tells_how() -> None:
    made = fitted(past([9, 11, 12, 8, 10, 13, 9, 10, 11, 12, 9, 8]))
    told = made.told()
    assert (made.calibrated, told["reason"], made.notes) == (True, None, [])
    factor = next(one for one in told["parameters"] if one["name"] == "transmission")
    assert 0.8 < factor["q10"] < factor["q50"] < factor["q90"] < 1.3
    assert len(told["days"]) == len(told["seen"]) == len(told["predicted"]["q50"]) == 12
    drawn = made.drawn(50, seed=1)
    assert drawn is not None
    np.testing.assert_array_equal(drawn, made.drawn(50, seed=1))
    assert drawn.shape == (50, 2)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ([10.0] * 5, "few_days"),
        ([1.0] * 12, "few_cases"),
        ([0.0, 0.0, 90.0, 0.0, 0.0, 0.0, 0.0, 0.0, 90.0, 0.0, 0.0, 0.0], "outside"),
    ],
)
def test_what_cannot_be_called_calibrated_says_why_and_draws_nothing(
    seen: list[float], reason: str
) -> None:
    made = fitted(past(seen))
    assert (made.calibrated, made.reason) == (False, reason)
    assert made.notes == [f"not_calibrated_{reason}"]
    assert made.drawn(20, seed=1) is None


def test_a_start_that_cannot_be_made_leaves_the_answer_illustrative() -> None:
    def refuse(_: calibration.Recent) -> Any:
        raise BadInput("whatif.start", "Nobody to begin with.")

    assert fitted(past([10.0] * 12), made=refuse).notes == ["not_calibrated_no_start"]


def test_questions_beyond_the_fit_are_told() -> None:
    seen = past([10.0] * 12)
    locked = dataclasses.replace(
        options.BASELINE, name="locked", areas=(options.Area(units=("A",)),)
    )
    assert fitted(seen, days=30, asked=[options.BASELINE, locked]).notes == [
        "beyond_days",
        "beyond_measures",
    ]
    assert fitted(past([27.0] * 12)).notes == ["beyond_prior"]
    assert not inforce.unseen(locked, locked)
    assert inforce.unseen(options.Option(name="r", rounds=(options.Round(units=()),)), locked)


@pytest.mark.parametrize(
    ("unit", "engine", "names"),
    [
        (b.COUNTY, "outbreak", {"transmission", "seeking"}),
        (b.CITY, "counties", {"r0", "unfound"}),
    ],
)
def test_an_answer_bears_the_fit_of_the_model_that_gave_it(
    monkeypatch: pytest.MonkeyPatch, unit: str, engine: str, names: set[str]
) -> None:
    scenes.two_cities()
    path = units.get(b.COUNTY).path
    rows = [
        {
            "case_id": n,
            "person": 10_000 + n,
            "unit": b.COUNTY,
            "unit_path": path,
            "onset_date": None,
            "confirmed_at": b.NOW - dt.timedelta(days=days),
            "reported_at": b.NOW - dt.timedelta(days=days),
        }
        for n, days in enumerate([15] * 8 + list(range(1, 15)) * 2)
    ]
    monkeypatch.setattr(calibration.cases, "open_cases", lambda _: pa.Table.from_pylist(rows))
    monkeypatch.setattr(calibration, "EFFORT", model.Effort(particles=20, rounds=2, simulations=60))
    monkeypatch.setattr(calibration, "FUTURES", 20)
    # The few people of the scene are too few for so many cases: the census counts instead.
    monkeypatch.setattr(compute.place.people, "villages", lambda: pa.table({"village_code": []}))
    asked = compute.Asked(unit, b.NOW, 5, 20, "baseline", (options.BASELINE,))
    told = compute.answer(asked, lake=None, seed=4)  # type: ignore[arg-type]
    fit = told["calibration"]
    assert (told["engine"], sum(fit["seen"]), fit["start_cases"]) == (engine, 28, 8)
    assert {one["name"] for one in fit["parameters"]} == names
    assert told["label"] == ("calibrated" if fit["calibrated"] else "illustrative")
    assert len(fit["predicted"]["q50"]) == len(fit["days"]) == 14
    assert (fit["reason"] is None) == fit["calibrated"]
