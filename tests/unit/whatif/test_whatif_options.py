"""Options are read from data or refused; answers pair the runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from outbreak_made import town

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.answers import ANSWERS, Answer, measures
from zhongshu.engines.whatif.outbreak import population
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard


def test_an_option_is_read_from_a_form() -> None:
    made = options.from_dict(
        {
            "name": "streets",
            "areas": [{"units": ["a"], "to_hour": 72}],
            "capacities": {"rooms": {"hotel": 30, "school": 10}},
            "isolation": {"contacts": "central", "days": 7, "tests_d": [1, 3]},
            "costs": {"tests": 3},
        }
    )
    assert made.areas == (options.Area(("a",), to_hour=72),)
    assert made.room_tiers == ("hotel", "school")
    assert made.isolation.tests_d == (1, 3)
    assert made.costs == (("tests", 3.0),)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"name": "x", "arias": []}, "option has no 'arias'"),
        ({"name": "x", "capacities": {"rooms": {"hotel": -1}}}, "hotel is -1; it cannot be below"),
        ({"name": "x", "areas": [{"kind": "lockdown"}]}, "lacks a value"),
        ({"name": "x", "areas": [{"units": ["a"], "kind": "siege"}]}, "it can be lockdown"),
        ({"name": "x", "areas": [{"units": ["a"], "from_hour": 9, "to_hour": 9}]}, "later than"),
        ({"name": "x", "isolation": {"contacts": "home"}}, "gives no days"),
        ({"name": "x", "masks": {"share": 1.2}}, "masks.share = 1.2 is out of range"),
        ({"name": "x", "tracing": {"delay_h": 1.5}}, "must be a whole number"),
        ({"name": "x", "closures": [{"kind": "casino"}]}, "closures[0].kind is 'casino'"),
        ({"name": " "}, "needs a name"),
    ],
)
def test_what_makes_no_sense_is_refused(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput) as refused:
        options.from_dict(raw)
    assert says in refused.value.message


def two_runs() -> Answer:
    both = [options.BASELINE, options.Option("less")]
    names = measures(both)
    runs = np.zeros((2, 3, 2, len(names)), dtype=np.float32)
    runs[0, :, :, 0] = [[1, 2], [5, 5], [10, 0]]
    runs[1, :, :, 0] = [[1, 0], [5, 5], [0, 0]]
    runs[1, :, 0, names.index("person_days_locked")] = 100
    return Answer(("baseline", "less"), names, runs, RunCard("whatif", "1", {}, {}))


def test_differences_are_taken_run_by_run() -> None:
    rows = two_runs().compare("baseline").to_pylist()
    row = next(row for row in rows if row["measure"] == "infections")
    assert (row["option"], row["against"]) == ("less", "baseline")
    assert row["mean"] == pytest.approx(-4.0)
    assert row["p_less"] == pytest.approx(2 / 3)


def test_the_table_has_a_row_for_each_option_day_and_measure() -> None:
    answer = two_runs()
    table = answer.table()
    assert table.schema == ANSWERS
    assert table.num_rows == 2 * 2 * len(answer.measures)
    first = table.slice(0, 1).to_pylist()[0]
    assert (first["option"], first["day"], first["measure"]) == ("baseline", 0, "infections")
    assert first["q50"] == 5.0


def test_an_option_beaten_in_both_is_not_on_the_front() -> None:
    rows = two_runs().pareto().to_pylist()
    assert [row["best"] for row in rows] == [True, True]
    assert [row["person_days"] for row in rows] == [0.0, 300.0 / 3]


def test_person_days_of_all_kinds_are_added_up_run_by_run() -> None:
    answer = two_runs()
    for name, days in (("person_days_home", [0, 4, 9]), ("person_days_central", [1, 0, 0])):
        answer.runs[1, :, 1, answer.measures.index(name)] = days
    expected = {"mean": 314 / 3, "q50": 104.0, "q10": 101 + 0.2 * 3, "q90": 104 + 0.8 * 5}
    for rows in (answer.totals().to_pylist(), answer.compare("baseline").to_pylist()):
        row = next(r for r in rows if (r["option"], r["measure"]) == ("less", "person_days"))
        assert {name: row[name] for name in expected} == pytest.approx(expected)


PERSONS = {
    "person": ["p1", "p2", "p3", "p4"],
    "household": ["h1", "h1", "h2", "h2"],
    "unit_code": ["u1", "u1", "u2", "u2"],
    "age": [30, 8, 70, 71],
}
GROUPS = {"person": ["p1", "p3"], "group": ["w", "w"], "kind": ["workplace", "workplace"]}
VISITS = {
    "person": ["p1", "p4", "p4"],
    "place": ["m", "m", "s"],
    "kind": ["market", "market", "shop"],
    "unit_code": ["u1", "u1", "u9"],
    "per_day": [0.5, 0.25, 1.0],
}


def known(**changed: dict[str, list[Any]]) -> population.Population:
    parts = {"persons": PERSONS, "groups": GROUPS, "visits": VISITS}
    tables = {name: pa.table(part | changed.get(name, {})) for name, part in parts.items()}
    return population.from_tables(**tables)


def test_people_of_the_headquarters_become_arrays() -> None:
    made = known()
    people = made.people
    assert len(made) == 4
    assert people.home_start.tolist() == [0, 2, 4]
    assert people.group_member.tolist() == made.positions(["p1", "p3"]).tolist()
    market = people.place_member[people.place_start[0] : people.place_start[1]]
    assert market.tolist() == made.positions(["p1", "p4"]).tolist()
    assert people.place_cell.tolist() == [0, -1]  # the shop lies outside


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"persons": {"person": ["p1", "p1", "p3", "p4"]}}, "has people twice"),
        ({"persons": {"household": ["h1", "h2", "h1", "h2"]}}, "household lies in two units"),
        ({"persons": {"age": [30, -1, 70, 71]}}, "age is below zero"),
        ({"groups": {"person": ["p1", "nobody"]}}, "people it does not have"),
        ({"groups": {"person": ["p1", "p1"]}}, "two groups"),
        ({"visits": {"kind": ["market", "market", "casino"]}}, "no kind of place 'casino'"),
        ({"visits": {"per_day": [0.5, -0.1, 1.0]}}, "below zero"),
    ],
)
def test_a_population_that_does_not_add_up_is_refused(changed: Any, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        known(**changed)


def test_a_synthetic_town_keeps_its_margins() -> None:
    made = town(3000)
    ages = made.people.age
    assert np.histogram(ages, [0, 18, 60, 96])[0].tolist() == [600, 1500, 900]
    sizes = np.diff(made.people.home_start)
    assert sizes.sum() == 3000
    assert len(sizes) == 1200
    first = ages[made.people.home_start[:-1]]
    assert (first >= 18).all()
