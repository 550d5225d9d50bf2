"""Planning zones on towns small enough to see the answer."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from zhongshu.engines.zoning import model as zoning
from zhongshu.engines.zoning.planning import check, figures, model, prepare, solve, statement
from zhongshu.kernel.errors import BadInput

EFFORT = model.Effort(seed=3, restarts=2, moves=4000, steps=40, nodes=40)
AIMS = model.Aims(share=0.9, zones=2, zone_cost=10.0)
ON = dt.date(2022, 11, 8)


def street(risk: list[float], **columns: Any) -> pa.Table:
    """Cells c0, c1 ... in a row, ten residents each, one day each."""
    n = len(risk)
    base: dict[str, Any] = {
        "cell_id": [f"c{k}" for k in range(n)],
        "risk": risk,
        "strictness": [1.0] * n,
        "days": [1.0] * n,
        "named": ["block"] * n,
        "largest": [None] * n,
        "present": [False] * n,
        "people": [10] * n,
    }
    base |= {name: list(range(n)) for name in model.COUNTS[1:]}
    base |= columns
    return pa.table([pa.array(base[f.name], f.type) for f in model.CELLS], schema=model.CELLS)


def sides(n: int) -> pa.Table:
    rows = [{"a": f"c{k}", "b": f"c{k + 1}", "length_m": 10.0} for k in range(n - 1)]
    return pa.Table.from_pylist(rows, schema=model.ADJACENT)


def plan(cells: pa.Table, aims: model.Aims = AIMS, **more: Any) -> model.Plan:
    return solve.plan(cells=cells, adjacent=sides(cells.num_rows), aims=aims, effort=EFFORT, **more)


def test_two_hearths_are_two_zones_or_one_where_only_one_is_allowed() -> None:
    cells = street([5, 0, 0, 0, 4])
    two = plan(cells)
    assert set(two.best.zones) == {("c0",), ("c4",)}
    assert two.best.cost.total == pytest.approx(2 * 10 + 2 * 10)
    assert two.gap == pytest.approx(0.0, abs=1e-6)
    one = plan(cells, dataclasses.replace(AIMS, zones=1))
    assert one.best.zones == (("c0", "c1", "c2", "c3", "c4"),)


def test_a_zone_stays_within_the_largest_unit() -> None:
    cells = street([5, 4, 4, 5], largest=["u", "u", "v", "v"])
    found = plan(cells, dataclasses.replace(AIMS, share=1.0))
    assert set(found.best.zones) == {("c0", "c1"), ("c2", "c3")}
    far = plan(cells, dataclasses.replace(AIMS, share=1.0, zones=1))
    assert far.reach is not None
    assert far.reach.found == pytest.approx(0.5)
    assert far.reach.at_most == pytest.approx(0.5)
    assert far.reach.binding == ("zones",)


def test_a_building_is_closed_whole() -> None:
    cells = street([5, 0, 0, 0, 4])
    together = pa.Table.from_pylist(
        [{"cell_id": "c0", "key": "tower"}, {"cell_id": "c1", "key": "tower"}],
        schema=model.TOGETHER,
    )
    found = plan(cells, together=together)
    assert set(found.best.zones) == {("c0", "c1"), ("c4",)}
    ground = prepare.read(cells, sides(5), together)
    drawn = figures.price(ground, AIMS, ["c0", "c4"])
    assert drawn.zones == found.best.zones
    assert [one.name for one in drawn.passed] == ["cut_apart"]


def test_a_named_border_is_preferred() -> None:
    cells = street([5, 1, 1, 0.1, 0], named=["a", "a", "a", "b", "b"])
    aims = model.Aims(share=0.8, zones=1, zone_cost=0.0, inside_per_m=5.0, named_per_m=0.0)
    assert plan(cells, aims).best.zones == (("c0", "c1", "c2"),)
    assert plan(cells, dataclasses.replace(aims, inside_per_m=0.0)).best.zones == (("c0", "c1"),)


def test_the_maximum_that_binds_is_told() -> None:
    aims = dataclasses.replace(AIMS, people_total=20.0, person_days=1000.0)
    found = plan(street([3, 3, 3, 3]), aims)
    assert found.reach is not None
    assert found.reach.found == pytest.approx(0.5)
    assert found.reach.binding == ("people_total",)
    assert found.best.share == pytest.approx(0.5)


def test_what_is_drawn_by_hand_tells_every_maximum_passed() -> None:
    aims = dataclasses.replace(AIMS, zones=1, people_per_zone=15.0, person_days=25.0)
    ground = prepare.read(street([1, 1, 1, 1]), sides(4))
    drawn = figures.price(ground, aims, ["c0", "c1", "c3"])
    assert {one.name for one in drawn.passed} == {"zones", "people_per_zone", "person_days"}
    assert drawn.share == pytest.approx(0.75)
    assert drawn.inside[0]["shops"] == 1
    cells, adjacent = street([1, 1, 1, 1]), sides(4)
    assert check.check(drawn, cells=cells, adjacent=adjacent, aims=aims, asked=False) == []
    assert len(check.check(drawn, cells=cells, adjacent=adjacent, aims=aims)) == 4


def test_the_validator_finds_what_is_wrong() -> None:
    cells, adjacent = street([5, 0, 0, 0, 4]), sides(5)
    told = plan(cells).best
    spoilt = [
        dataclasses.replace(told, zones=(("c0", "c4"),), inside=(told.inside[0],)),
        dataclasses.replace(told, zones=(("c0",), ("c1",))),
        dataclasses.replace(told, cost=dataclasses.replace(told.cost, border=7.0)),
    ]
    for wrong in spoilt:
        assert check.check(wrong, cells=cells, adjacent=adjacent, aims=AIMS)


def test_the_same_seed_gives_the_same_answer_and_a_clock_ends_it() -> None:
    rng = np.random.default_rng(1)
    cells = street(list(rng.exponential(1.0, 30)))
    first, again = plan(cells), plan(cells)
    assert first == again
    assert first.seconds is None
    ticks = iter(range(10**6))
    effort = dataclasses.replace(EFFORT, seconds=3.0, clock=lambda: float(next(ticks)))
    hurried = solve.plan(cells=cells, adjacent=sides(30), aims=AIMS, effort=effort)
    assert hurried.seconds is not None
    assert hurried.best.share >= AIMS.share - 1e-6


def test_the_model_is_asked_for_the_days() -> None:
    """The model finds that closing c0 takes long; covering the same risk elsewhere is cheaper."""

    def days_of(closed: tuple[str, ...]) -> np.ndarray:
        return np.array([50.0, 1.0, 1.0, 1.0])

    aims = dataclasses.replace(AIMS, share=0.5)
    found = plan(street([5, 0, 0, 5]), aims, days_of=days_of)
    assert found.best.zones == (("c3",),)
    assert found.best.cost.person_days == pytest.approx(10.0)


def test_other_candidates_are_unlike_the_best_and_cost_no_less() -> None:
    found = plan(street([3, 0, 0, 3, 0, 0, 3]), dataclasses.replace(AIMS, share=0.3))
    costs = [one.figures.cost.total for one in found.candidates]
    assert 2 <= len(costs) <= 5
    assert costs == sorted(costs)
    assert all(one.overlap <= solve.DIFFERENT for one in found.candidates[1:])


RULES = zoning.ZoneRules(
    high=zoning.LevelRule("Z9-1", "village", 7, "medium", 1.0),
    medium=None,
    place_high=zoning.PlaceRule(minutes=240, persons=50, cases=3),
    place_medium=None,
    colour=zoning.ColourRule("COLOUR", days=14, high_cases=10, medium_cases=3),
    local_case_rule_id="Z9-5",
    lookback_days=10,
    first_day=0,
    quarantined_restart=True,
    shape_buffer_m=50.0,
)


def test_each_zone_states_why_who_what_and_until_when() -> None:
    at = dt.datetime(2022, 11, 6, 8, tzinfo=dt.UTC)
    home = {"cell_id": "c0", "case_id": 7, "confirmed_on": ON, "in_quarantine": False}
    stay = {"cell_id": "c4", "case_id": 7, "place": 12, "time_from": at, "time_to": at}
    outside = {"cell_id": "c2", "case_id": 9, "confirmed_on": ON, "in_quarantine": False}
    evidence = pa.Table.from_pylist([home, stay, outside], schema=model.EVIDENCE)
    told = statement.state(
        plan(street([5, 0, 0, 0, 4])).best,
        evidence=evidence,
        rules=RULES,
        on=ON,
        per_person_daily={"meals": 3.0},
        per_special_daily={"visits": 1.0},
    )
    first, second = told
    assert (first.cases, first.places, second.cases, second.places) == ((7,), (), (), (12,))
    assert second.stays[0].time_from == at
    assert second.inside["special_needs"] == 4
    assert second.daily == {"meals": 30.0, "visits": 4.0}
    assert first.releases_on == ON + dt.timedelta(days=7)
    assert {row["code"] for row in first.conditions} == {"clean_days", "all_negative"}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"risk": [0.0, 0.0]}, "zoning.no_risk"),
        ({"risk": [1.0, -1.0]}, "input.negative"),
        ({"days": [1.0, float("nan")]}, "zoning.missing_figure"),
        ({"cell_id": ["c0", "c0"]}, "zoning.cell_twice"),
        ({"cell_id": ["c0", "x"]}, "zoning.unknown_cell"),
    ],
)
def test_bad_cells_are_refused(spoil: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        prepare.read(street(**{"risk": [1.0, 1.0], **spoil}), sides(2))
    assert refused.value.code == code


def test_bad_aims_and_parted_buildings_are_refused() -> None:
    for wrong in ({"share": 1.2}, {"zones": 0}, {"closing": 1.5}, {"people_total": -1.0}):
        with pytest.raises(BadInput, match=r"."):
            prepare.check_aims(dataclasses.replace(AIMS, **wrong))
    together = pa.Table.from_pylist(
        [{"cell_id": "c0", "key": "t"}, {"cell_id": "c1", "key": "t"}], schema=model.TOGETHER
    )
    with pytest.raises(BadInput, match="two of the largest units"):
        prepare.read(street([1.0, 1.0], largest=["u", "v"]), sides(2), together)
    with pytest.raises(BadInput, match="needs a clock"):
        solve.plan(
            cells=street([1.0]),
            adjacent=sides(1),
            aims=AIMS,
            effort=dataclasses.replace(EFFORT, seconds=1.0),
        )
