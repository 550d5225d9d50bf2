"""Chapter 4.  Risk areas (Z9-*, Z20-*, Z10-*)."""

import pytest

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.rules import zones


@pytest.mark.parametrize(
    ("name", "levels"),
    [("9th", ("high", "medium", "low")), ("20", ("high", "low")), ("10", ("high", "low"))],
)
def test_the_levels_of_each_edition(edition, name, levels):
    assert zones.levels(edition(name)) == levels


# conditions that must all hold: days without a new infection, whether all inside must be negative
@pytest.mark.parametrize(
    ("name", "level", "was_high", "clean_days", "all_negative", "becomes"),
    [
        ("9th", "high", False, 7, True, "medium"),
        ("9th", "medium", True, 3, False, "low"),
        ("9th", "medium", False, 7, True, "low"),
        ("20", "high", False, 5, False, "low"),
        ("10", "high", False, 5, False, "low"),
    ],
)
def test_what_releases_an_area(edition, name, level, was_high, clean_days, all_negative, becomes):
    step = zones.next_step(edition(name), level, after_high=was_high)
    kinds = {condition.kind: condition for condition in step.conditions}
    assert kinds["clean_days"].days == clean_days
    assert ("all_negative" in kinds) is all_negative
    assert step.to == becomes
    assert all(condition.verified for condition in step.conditions)


@pytest.mark.parametrize("name", ["9th", "20", "10"])
def test_the_low_risk_rest_of_a_county_ends_when_its_other_areas_end(edition, name):
    step = zones.next_step(edition(name), "low")
    assert step.to is None
    assert [condition.kind for condition in step.conditions] == ["zones_ended"]


@pytest.mark.parametrize(
    ("name", "level", "unit", "wide_spread", "allowed"),
    [
        ("9th", "high", "building", False, True),
        ("9th", "high", "village", False, True),
        ("9th", "high", "township", False, False),
        ("9th", "high", "township", True, False),
        ("9th", "medium", "township", False, True),
        ("9th", "low", "county", False, True),
        ("20", "high", "building", False, True),
        ("20", "high", "village", False, False),  # 不得随意扩大
        ("20", "high", "village", True, True),
        ("20", "medium", "building", False, False),  # the class is abolished
        ("10", "high", "household", False, True),
        ("10", "high", "building", False, True),
        ("10", "high", "village", True, False),
    ],
)
def test_the_largest_unit_an_area_may_have(edition, name, level, unit, wide_spread, allowed):
    pack = edition(name)
    assert zones.may_draw(pack, level=level, unit=unit, wide_spread=wide_spread) is allowed
    if not allowed:
        with pytest.raises(BadInput):
            zones.check_may_draw(pack, level=level, unit=unit, wide_spread=wide_spread)


@pytest.mark.parametrize(
    ("name", "closure_allowed", "isolated_restart"),
    [("9th", True, True), ("20", True, True), ("10", False, False)],
)
def test_closures_and_cases_among_the_isolated(edition, name, closure_allowed, isolated_restart):
    pack = edition(name)
    assert pack.value("zone.temporary_closure_allowed") is closure_allowed
    assert pack.value("zone.isolated_household_restarts_clock") is isolated_restart


@pytest.mark.parametrize("name", ["9th", "20", "10"])
def test_an_area_open_past_its_release_is_never_tolerated(edition, name):
    assert edition(name).value("zone.max_days_past_release") == 0


def test_medium_risk_has_no_rule_left_after_11_november(edition):
    assert edition("20").group("zone.medium") == {}
    with pytest.raises(NotFound):
        zones.next_step(edition("20"), "medium")
