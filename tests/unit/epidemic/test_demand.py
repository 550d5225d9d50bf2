"""Projected rooms and beds."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pytest

from zhongshu.engines.epidemic import demand, model, serial, solve
from zhongshu.kernel.errors import BadInput

TODAY = dt.date(2022, 11, 8)
SI = serial.weights(mean=5.1, sd=4.0, days=30)
NOBODY = model.Held(rooms=np.zeros(7), beds=np.zeros(7))


def params(**changes: Any) -> model.DemandParams:
    plain: dict[str, Any] = {
        "dispersion_k": 0.3,
        "contacts_per_case": np.array([0, 2, 4, 20]),
        "isolation_days": 7,
        "stay_days": np.array([5, 8, 14]),
    }
    return model.DemandParams(**(plain | changes))


def outlook(counts: list[float], *, rt: float = 1.0, gap: int = 0) -> demand.Outlook:
    """A posterior so narrow that Rt is known."""
    return demand.Outlook(
        incidence=np.array(counts),
        last_day=TODAY,
        complete_until=TODAY - dt.timedelta(days=gap),
        rt_shape=1e8,
        rt_scale=rt / 1e8,
        si=SI,
    )


def rows(found: model.DemandResult, measure: str) -> list[dict[str, Any]]:
    return [row for row in found.table.to_pylist() if row["measure"] == measure]


def test_each_day_of_the_horizon_has_cases_rooms_and_beds_with_intervals() -> None:
    found = solve.project_demand(outlook([20.0] * 40), params=params(), held=NOBODY, seed=1)
    assert found.table.schema == model.DEMAND_TABLE
    for measure in ("cases", "rooms", "beds"):
        days = rows(found, measure)
        assert [row["date"] for row in days] == [TODAY + dt.timedelta(days=n) for n in range(1, 8)]
        for row in days:
            assert row["q025"] <= row["q10"] <= row["median"] <= row["q90"] <= row["q975"]


def test_the_same_seed_gives_the_same_answer_and_another_does_not() -> None:
    one, same, other = (
        solve.project_demand(outlook([20.0] * 40), params=params(), held=NOBODY, seed=seed)
        for seed in (1, 1, 2)
    )
    assert one.table.equals(same.table)
    assert not one.table.equals(other.table)


def test_rooms_already_in_use_are_counted() -> None:
    held = model.Held(rooms=np.arange(70.0, 0, -10), beds=np.full(7, 5.0))
    nothing = solve.project_demand(outlook([0.0] * 40), params=params(), held=held, seed=1)
    assert [row["mean"] for row in rows(nothing, "rooms")] == [70, 60, 50, 40, 30, 20, 10]
    assert [row["mean"] for row in rows(nothing, "beds")] == [5] * 7


def test_incomplete_days_are_projected_and_their_missing_cases_still_come() -> None:
    counts = [30.0] * 36 + [22.0, 12.0, 6.0, 1.0]
    believed = solve.project_demand(outlook(counts), params=params(), held=NOBODY, seed=1)
    cautious = solve.project_demand(outlook(counts, gap=4), params=params(), held=NOBODY, seed=1)
    assert rows(believed, "cases")[0]["mean"] < 20
    assert rows(cautious, "cases")[0]["mean"] == pytest.approx(30, rel=0.15)
    assert rows(cautious, "rooms")[0]["mean"] > 2 * rows(believed, "rooms")[0]["mean"]


def test_an_uncertain_rt_widens_the_interval() -> None:
    sure = outlook([20.0] * 40)
    unsure = dataclasses.replace(sure, rt_shape=10.0, rt_scale=0.1)
    widths = []
    for view in (sure, unsure):
        last = rows(solve.project_demand(view, params=params(), held=NOBODY, seed=1), "cases")[-1]
        widths.append(last["q975"] - last["q025"])
    assert widths[1] > 1.3 * widths[0]


def test_places_known_only_by_number_empty_at_the_pace_of_the_stay() -> None:
    left = solve.still_held(70, stay_days=[7] * 10, horizon_days=7)
    np.testing.assert_allclose(left, [60, 50, 40, 30, 20, 10, 0])


def test_what_cannot_be_projected_is_refused() -> None:
    question: dict[str, Any] = {"params": params(), "held": NOBODY, "seed": 1}
    with pytest.raises(BadInput, match="no estimate"):
        solve.project_demand(dataclasses.replace(outlook([1.0] * 9), rt_shape=np.nan), **question)
    with pytest.raises(BadInput, match="without gaps"):
        solve.project_demand(outlook([np.nan] * 9), **question)
    with pytest.raises(BadInput, match="complete_until"):
        solve.project_demand(outlook([1.0] * 9, gap=9), **question)
    short = model.Held(rooms=np.zeros(3), beds=np.zeros(7))
    with pytest.raises(BadInput, match="horizon"):
        solve.project_demand(outlook([1.0] * 9), **(question | {"held": short}))
    with pytest.raises(BadInput, match="stay_days"):
        params(stay_days=np.array([0]))
