"""Whatever province, plan and luck: the county model is its slow twin, and loses nobody."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.whatif.counties import model, oracle, solve

SETTINGS = settings(max_examples=20, deadline=None)
SHARES = st.floats(0.0, 1.0, allow_subnormal=False)


@st.composite
def provinces(draw: st.DrawFn) -> model.Province:
    counties, ages = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    commuting = rng.random((counties, counties)) * (rng.random((counties, counties)) < 0.6)
    commuting += np.eye(counties)
    return model.Province(
        codes=tuple(f"C{n}" for n in range(counties)),
        people=rng.integers(1, 4000, (counties, ages)),
        contacts=rng.random((ages, ages)) + 0.1,
        commuting=commuting / commuting.sum(axis=1, keepdims=True),
        susceptibility=rng.random(ages) + 0.1,
        severe=rng.random(ages) * 0.3,
    )


@st.composite
def courses(draw: st.DrawFn) -> model.Course:
    return model.Course(
        latent_d=draw(st.floats(2.5, 5.0)),
        early_d=draw(st.floats(2.5, 4.0)),
        ill_d=draw(st.floats(4.0, 9.0)),
        early_weight=0.6,
        ill_weights=draw(st.sampled_from([(1.0,), (0.9, 0.3), (1.0, 0.5, 0.1)])),
        silent_share=draw(SHARES),
        silent_factor=0.3,
        isolated_d=6.0,
        isolated_weight=0.4,
        to_hospital_d=6.0,
        in_hospital_d=5.0,
        latent_stages=draw(st.integers(1, 2)),
        early_stages=draw(st.integers(1, 2)),
        dispersion=draw(st.sampled_from([float("inf"), 0.4])),
    )


@st.composite
def plans(draw: st.DrawFn, province: model.Province) -> model.Plan:
    days = draw(st.integers(1, 6))
    counties, ages = province.people.shape
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    some = draw(st.booleans())
    changed: dict[str, Any] = {
        "mixing": rng.random((days, counties)) + 0.4,
        "border": rng.random((days, counties)) if some else np.ones((days, counties)),
        "found": rng.random((days, counties, 3)) * some,
        "traced": rng.random((days, counties)) * some,
        "trace_delay_d": draw(st.integers(0, 3)),
        "rooms": rng.integers(0, 30, counties).astype(float),
        "home_leak": rng.random(counties),
        "room_leak": rng.random(counties) * 0.2,
        "imports": rng.random((days, counties)) * 5 * draw(st.booleans()),
    }
    if draw(st.booleans()):
        many = draw(st.integers(0, 3))
        changed["ending"] = model.Ending(
            mixing=rng.random((many, days, counties)),
            border=rng.random((many, days, counties)),
            where=rng.random((many, counties)) < 0.7,
            first=rng.integers(0, 4, many),
            clear=rng.integers(-1, 4, many),
            all_clear=draw(st.integers(-1, 3)),
        )
    if draw(st.booleans()):
        changed |= {"vaccinated": rng.random((days, counties)) * 0.1, "waning": 0.05}
        changed |= {"vaccine_ages": np.ones(ages), "vaccine_infection": 0.6, "vaccine_severe": 0.9}
    return model.calm(province, days, **changed)


@st.composite
def outbreaks(draw: st.DrawFn) -> dict[str, Any]:
    province, course = draw(provinces()), draw(courses())
    start = solve.empty_start(province, course)
    seeds = np.minimum(draw(st.integers(0, 60)), province.people[:, 0])
    start[:, 0, 0] -= seeds
    start[:, 0, 2] += seeds
    return {
        "province": province,
        "course": course,
        "plan": draw(plans(province)),
        "start": start,
        "run": model.Run(runs=2, seed=draw(st.integers(0, 99)), threads=1),
        "r0": draw(st.floats(0.5, 8.0)),
    }


def futures(outbreak: dict[str, Any], **changed: Any) -> model.Futures:
    return solve.simulate(**{**outbreak, **changed}, keep_last=True)


@settings(max_examples=12, deadline=None)
@given(outbreaks())
def test_the_stepper_is_its_slow_twin(outbreak: dict[str, Any]) -> None:
    fast = futures(outbreak)
    assert fast.last is not None
    for number in range(2):
        twin = oracle.Twin(**outbreak)
        counted, last = twin.play(number)
        assert (fast.counted[number] == counted).all()
        assert (fast.last[number] == last).all()
        assert fast.ended[number].tolist() == twin.ended


@SETTINGS
@given(outbreaks())
def test_people_are_conserved_and_nothing_is_negative(outbreak: dict[str, Any]) -> None:
    answer = futures(outbreak)
    assert answer.last is not None
    assert (answer.last >= 0).all()
    assert (answer.counted >= 0).all()
    assert (answer.last.sum(axis=3) == outbreak["province"].people).all()
    # Whoever was ever infected is infected still or removed.
    ever = answer.daily("infections").sum(axis=1) + outbreak["start"][:, :, 2:].sum()
    assert (answer.last[..., 2:].sum(axis=(1, 2, 3)) == ever).all()


@SETTINGS
@given(outbreaks())
def test_threads_and_company_change_no_bit(outbreak: dict[str, Any]) -> None:
    run = outbreak["run"]
    both = futures(outbreak, run=model.Run(runs=2, seed=run.seed, threads=2))
    second = futures(outbreak, run=model.Run(runs=1, seed=run.seed, threads=1, first_run=1))
    assert both.counted.tobytes() == futures(outbreak).counted.tobytes()
    assert both.counted[1:].tobytes() == second.counted.tobytes()
