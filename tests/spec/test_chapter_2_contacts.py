"""Chapter 2.  Who counts as a contact (WHO-*)."""

import pytest

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.feeds import PLACE_KINDS


@pytest.mark.parametrize(
    ("name", "window_days", "degrees"), [("9th", 2, 2), ("20", 2, 1), ("10", 2, 1)]
)
def test_how_far_back_and_how_deep_a_case_is_traced(edition, name, window_days, degrees):
    pack = edition(name)
    assert pack.value("trace.window_days_before") == window_days
    assert pack.value("trace.degrees") == degrees
    assert pack.figure("trace.degrees").verified


def test_two_to_four_days_may_be_set_and_no_more(edition):
    pack = edition("9th")
    pack.check_within("trace.window_days_before", 4)
    with pytest.raises(BadInput, match="WHO-1"):
        pack.check_within("trace.window_days_before", 5)
    with pytest.raises(BadInput, match="WHO-1"):
        pack.check_within("trace.window_days_before", 1)


@pytest.mark.parametrize("name", ["9th", "20", "10"])
@pytest.mark.parametrize(
    "group", ["trace.min_overlap_min", "trace.imputed_stay_min", "trace.max_stay_h"]
)
def test_every_kind_of_place_has_its_minutes(edition, name, group):
    assert set(edition(name).group(group)) == set(PLACE_KINDS)


def test_an_assumed_stay_can_make_a_contact_and_is_never_longer_than_a_credible_one(edition):
    pack = edition("9th")
    least = pack.group("trace.min_overlap_min")
    assumed = pack.group("trace.imputed_stay_min")
    longest = pack.group("trace.max_stay_h")
    for kind in PLACE_KINDS:
        assert least[kind] <= assumed[kind] <= longest[kind] * 60, kind


def test_minutes_are_our_own_and_say_so_because_the_plan_names_none(edition):
    for figure in edition("9th").figures().values():
        if figure.key.startswith("trace.min_overlap_min."):
            assert not figure.verified
            assert figure.note.startswith("design")


def test_secondary_contacts_are_sought_only_where_people_work_study_or_eat_together(edition):
    assert set(edition("9th").group("trace.second_min_overlap_min")) == {
        "school",
        "workplace",
        "restaurant",
    }


def test_since_11_november_there_is_no_figure_for_secondary_contacts_left(edition):
    pack = edition("20")
    assert pack.group("trace.second_min_overlap_min") == {}
    assert pack.get("isolation.second.home_days") is None
    with pytest.raises(NotFound, match=r"cn-covid-9\+20"):
        pack.value("isolation.second.home_days")


@pytest.mark.parametrize(
    ("key", "value", "unit"),
    [
        ("trace.aircraft_rows", 3, "rows"),
        ("trace.coach_rows", 3, "rows"),
        ("trace.vehicle_distance_m", 1, "m"),
        ("trace.time_space.cell_m", 800, "m"),
        ("trace.time_space.minutes", 10, "min"),
        ("trace.time_space.days", 14, "d"),
        ("trace.incubation_max_days", 14, "d"),
        ("trace.incubation_usual_days", (2, 4), "d"),
    ],
)
def test_vehicles_telecom_and_incubation(edition, key, value, unit):
    figure = edition("9th").figure(key)
    assert (figure.value, figure.unit, figure.verified) == (value, unit, True)
