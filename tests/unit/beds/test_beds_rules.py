"""Bed plans in small tables: who lies where, who is left out why, what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.beds import model, solve, validate
from zhongshu.kernel.errors import BadInput

ON = dt.date(2022, 11, 8)
RULES = model.BedRules(
    days=3,
    severities=("critical", "severe", "mild"),
    tiers={
        "critical": ("designated",),
        "severe": ("designated",),
        "mild": ("fangcang", "designated"),
    },
    pools={"critical": "icu", "severe": "ward", "mild": "ward"},
    worth={"critical": 9000, "severe": 3000, "mild": 900},
    course={},
    offered_needs=frozenset({"child"}),
    concentrated=frozenset({"critical", "severe"}),
    tier_km=5.0,
    move_km=20.0,
)
SCHEMAS: dict[str, list[pa.Field]] = {
    "groups": [*model.GROUPS, *model.GROUP_EXTRAS],
    "hospitals": [*model.HOSPITALS, *model.HOSPITAL_EXTRAS],
    "pools": [*model.POOLS, *model.POOL_EXTRAS],
    "forecast": list(model.FORECAST),
    "words": list(model.WORDS),
    "staff": list(model.STAFF),
}
Rows = list[dict[str, Any]]


def group(name: str = "G", severity: str = "mild", **more: Any) -> dict[str, Any]:
    return {"group": name, "persons": 1, "severity": severity, "lon": 112.5, "lat": 37.8, **more}


def hospital(name: str, tier: str = "designated", lon: float = 112.5) -> dict[str, Any]:
    return {"hospital_id": name, "tier": tier, "lon": lon, "lat": 37.8, "offers": None}


def pool(name: str, beds: int, kind: str = "ward", day: int = 0) -> dict[str, Any]:
    opens = ON + dt.timedelta(days=day)
    return {"hospital_id": name, "pool": kind, "beds": beds, "from_on": opens}


def plan(*, rules: model.BedRules = RULES, **rows: Rows) -> model.BedPlan:
    tables = {
        name: pa.Table.from_pylist(given, schema=pa.schema(SCHEMAS[name]))
        for name, given in rows.items()
    }
    made = solve.plan(**tables, rules=rules, on=ON)
    tables.pop("staff", None)
    assert validate.check(made, **tables, rules=rules, on=ON) == []
    return made


def where(made: model.BedPlan) -> dict[str, str]:
    return {row["group"]: row["hospital_id"] for row in made.assignments.to_pylist()}


def test_the_mild_go_to_the_fangcang_and_the_gravest_to_intensive_care() -> None:
    made = plan(
        groups=[group("A"), group("B", "critical")],
        hospitals=[hospital("D"), hospital("F", "fangcang")],
        pools=[pool("D", 5), pool("D", 1, "icu"), pool("F", 50)],
    )
    assert where(made) == {"A": "F", "B": "D"}
    assert made.answer.gap == 0
    assert made.served == made.persons == 2


def test_a_household_stays_together_and_a_batch_may_be_divided() -> None:
    rooms = [pool("F", 3), pool("K", 3)]
    places = [hospital("F", "fangcang"), hospital("K", "fangcang", lon=112.6)]
    together = plan(groups=[group(persons=4)], hospitals=places, pools=rooms)
    assert together.answer.unserved.to_pylist()[0]["constraint"] == "too_large"
    batch = plan(groups=[group(persons=4, divisible=True)], hospitals=places, pools=rooms)
    assert sorted(batch.assignments["persons"].to_pylist()) == [1, 3]


@pytest.mark.parametrize(
    ("asked", "beds", "constraint"),
    [
        (group(severity="critical"), [pool("D", 5)], "no_hospital_of_tier"),
        (group(needs="child"), [pool("D", 5)], "no_hospital_for_need"),
        (group(lon=130.0), [pool("D", 5)], "too_far"),
        (group("G", persons=1), [pool("D", 0), pool("D", 1, day=2)], "no_ward_bed"),
    ],
)
def test_whoever_has_no_bed_is_told_why(asked: dict[str, Any], beds: Rows, constraint: str) -> None:
    rules = dataclasses.replace(RULES, max_km=200.0)
    made = plan(rules=rules, groups=[asked], hospitals=[hospital("D")], pools=beds)
    assert dict(made.answer.binding) == {constraint: 1.0}


def test_the_reserve_is_not_given_out_and_puts_nobody_out() -> None:
    rules = dataclasses.replace(RULES, reserve_share=0.5)
    inside = [group(f"I{n}", at_hospital="D") for n in range(3)]
    made = plan(
        rules=rules, groups=[*inside, group("N")], hospitals=[hospital("D")], pools=[pool("D", 4)]
    )
    assert set(where(made)) == {"I0", "I1", "I2"}
    assert dict(made.answer.binding) == {"reserve_kept": 1.0}


def test_who_gets_worse_is_moved_up_and_who_gets_better_makes_room() -> None:
    made = plan(
        rules=dataclasses.replace(RULES, tier_km=0.0),
        groups=[
            group("UP", "severe", at_hospital="F"),
            group("DOWN", "mild", at_hospital="D"),
        ],
        hospitals=[hospital("D"), hospital("F", "fangcang")],
        pools=[pool("D", 1), pool("F", 1)],
    )
    moves = {row["group"]: (row["move"], row["why"]) for row in made.assignments.to_pylist()}
    assert moves == {"UP": ("transfer", "step_up"), "DOWN": ("transfer", "step_down")}


def test_whoever_cannot_be_moved_waits_where_he_lies_and_is_told() -> None:
    made = plan(
        groups=[group("UP", "severe", at_hospital="F")],
        hospitals=[hospital("D"), hospital("F", "fangcang")],
        pools=[pool("D", 0), pool("D", 0, "icu"), pool("F", 1)],
    )
    assert [row["move"] for row in made.assignments.to_pylist()] == ["waits"]
    assert dict(made.answer.binding) == {"no_hospital_of_tier": 1.0}
    assert made.short["what"].to_pylist() == ["unsuited"] * RULES.days


def test_the_gravest_are_brought_to_one_hospital_where_that_is_worth_the_way() -> None:
    tables: dict[str, Rows] = {
        "groups": [group("A", "severe"), group("B", "severe", lon=112.6)],
        "hospitals": [hospital("D"), hospital("E", lon=112.6)],
        "pools": [pool("D", 5), pool("E", 5)],
    }
    assert set(where(plan(**tables)).values()) == {"D", "E"}
    made = plan(rules=dataclasses.replace(RULES, centre_km=50.0), **tables)
    assert len(set(where(made).values())) == 1


def test_who_is_expected_keeps_a_bed_from_whoever_is_worth_less() -> None:
    forecast = [
        {"date": ON + dt.timedelta(days=1), "severity": "severe", "lon": 112.5, "lat": 37.8,
         "persons": 1.0}
    ]  # fmt: skip
    tables: dict[str, Rows] = {
        "groups": [group("A")], "hospitals": [hospital("D")], "pools": [pool("D", 1)]
    }  # fmt: skip
    assert where(plan(**tables)) == {"A": "D"}
    made = plan(**tables, forecast=forecast)
    assert where(made) == {}
    assert made.expected["persons"].to_pylist() == pytest.approx([1.0])
    assert dict(made.answer.binding) == {"beds_of_later_days": 1.0}


def test_a_refused_request_goes_to_another_hospital_and_a_pin_is_kept() -> None:
    tables: dict[str, Rows] = {
        "groups": [group("A"), group("B")],
        "hospitals": [hospital("F", "fangcang"), hospital("K", "fangcang", lon=112.7)],
        "pools": [pool("F", 5), pool("K", 5)],
    }
    words = [
        {"group": "A", "hospital_id": "F", "word": "declined"},
        {"group": "B", "hospital_id": "K", "word": "pinned"},
    ]
    assert where(plan(**tables)) == {"A": "F", "B": "F"}
    assert where(plan(**tables, words=words)) == {"A": "K", "B": "K"}


def test_the_teams_a_hospital_lacks_are_told_by_day() -> None:
    rules = dataclasses.replace(RULES, staff_per_bed={"icu": {"icu_nurse": 2.5}})
    made = plan(
        rules=rules,
        groups=[group("A", "critical")],
        hospitals=[hospital("D")],
        pools=[pool("D", 1, "icu")],
        staff=[{"hospital_id": "D", "skill": "icu_nurse", "persons": 1}],
    )
    rows = [(r["wanted"], r["present"], r["lacks"]) for r in made.staff_needs.to_pylist()]
    assert rows == [(3, 1, 2)] * RULES.days


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"groups": [group(severity="odd")]}, "beds.unknown_severity"),
        ({"groups": [group(), group()]}, "beds.twice"),
        ({"groups": [group(persons=0)]}, "beds.group_of_nobody"),
        ({"groups": [group(arrives_on=ON + dt.timedelta(days=9))]}, "beds.outside"),
        ({"hospitals": [hospital("D"), hospital("E")]}, "beds.hospital_without_beds"),
        ({"hospitals": [{**hospital("D"), "lat": None}]}, "beds.hospital_without_point"),
        ({"pools": [pool("D", 1), pool("E", 1)]}, "beds.unknown_hospital"),
        ({"words": [{"group": "G", "hospital_id": "D", "word": "odd"}]}, "beds.unknown_word"),
    ],
)
def test_what_cannot_be_planned_with_is_refused(changes: dict[str, Rows], code: str) -> None:
    tables: dict[str, Rows] = {
        "groups": [group()], "hospitals": [hospital("D")], "pools": [pool("D", 1)], **changes
    }  # fmt: skip
    with pytest.raises(BadInput) as refused:
        plan(**tables)
    assert refused.value.code == code


def test_rules_and_pins_that_cannot_be_are_refused() -> None:
    tables: dict[str, Rows] = {
        "groups": [group("G", "critical")], "hospitals": [hospital("D")], "pools": [pool("D", 1)]
    }  # fmt: skip
    with pytest.raises(BadInput, match="course"):
        plan(rules=dataclasses.replace(RULES, course={"mild": {"home": 1.2}}), **tables)
    with pytest.raises(BadInput) as refused:
        plan(**tables, words=[{"group": "G", "hospital_id": "D", "word": "pinned"}])
    assert refused.value.code == "beds.pin_not_allowed"


def test_a_home_without_coordinates_has_a_bed_and_is_told() -> None:
    made = plan(groups=[group(lon=None)], hospitals=[hospital("D")], pools=[pool("D", 1)])
    assert made.answer.notes == ("no_coordinates:1",)
    assert made.assignments["km"].to_pylist() == [None]


def test_the_validator_finds_what_is_wrong() -> None:
    rows: dict[str, Rows] = {
        "groups": [group(persons=2), group("N", "severe")],
        "hospitals": [hospital("D"), hospital("F", "fangcang")],
        "pools": [pool("D", 2), pool("F", 2)],
    }
    made = plan(**rows)
    tables = {
        name: pa.Table.from_pylist(given, schema=pa.schema(SCHEMAS[name]))
        for name, given in rows.items()
    }
    listed = made.assignments.to_pylist()

    def faults(**change: Any) -> str:
        wrong = [{**listed[0], **change}, *listed[1:]]
        other = dataclasses.replace(
            made, assignments=pa.Table.from_pylist(wrong, schema=model.ASSIGNMENTS)
        )
        return "; ".join(validate.check(other, **tables, rules=RULES, on=ON))

    assert "is divided" in faults(persons=1)
    assert "of 2 on day 0" in faults(hospital_id="D")
    assert "is no tier for group" in faults(severity="critical")
    assert "km" in faults(km=7.0)
