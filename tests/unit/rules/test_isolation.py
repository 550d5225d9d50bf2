"""Days of isolation: what counts, what does not, and what a correction changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests import packs_made

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import BEIJING, DAY
from zhongshu.rules import isolation, judge, reader

NINTH, TWENTY, TEN = (
    reader.load(name) for name in ("cn-covid-9", "cn-covid-9+20", "cn-covid-9+20+10")
)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2022-{text}")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2022-{text}+08:00")


def close(last: dt.datetime, **given: Any) -> dict[str, Any]:
    return {"degree": 1, "last_exposure": last, **given}


@pytest.mark.parametrize("pack", [NINTH, TWENTY, TEN])
def test_the_schedule_gives_the_days_of_the_figures(pack: Any) -> None:
    for degree, group in isolation.BY_DEGREE.items():
        found = isolation.of_subject(pack, "contact", close(at("11-01T12:00")) | {"degree": degree})
        if pack.get(f"isolation.{group}.central_days") is None:
            assert found is None
            continue
        central, home = (
            int(pack.number(f"isolation.{group}.{name}_days")) for name in ("central", "home")
        )
        numbers = [*pack.numbers(f"isolation.{group}.test_days")]
        # Home test days count from the first day at home.
        numbers += [central + n for n in pack.numbers(f"isolation.{group}.home_test_days")]
        assert found is not None
        assert found.ends_on == day("11-01") + (central + home) * DAY
        assert found.central_until == (day("11-01") + central * DAY if central else None)
        assert [test.on for test in found.tests] == [day("11-01") + n * DAY for n in numbers]


@pytest.mark.parametrize(
    ("moment", "anchor"),
    [
        ("2022-11-01T23:59:59+08:00", "11-01"),
        ("2022-11-02T00:00:00+08:00", "11-02"),
        ("2022-11-01T16:00:00+00:00", "11-02"),  # midnight in Beijing
        ("2022-11-01T15:59:59+00:00", "11-01"),
        ("2022-11-01T17:30:00+09:00", "11-01"),
    ],
)
def test_the_day_of_an_exposure_is_that_of_the_beijing_clock(moment: str, anchor: str) -> None:
    found = isolation.of_subject(NINTH, "contact", close(dt.datetime.fromisoformat(moment)))
    assert found is not None
    assert found.anchor == day(anchor)


def test_a_leap_day_is_a_day() -> None:
    leap = isolation.plan(NINTH, "close-contact", anchor=dt.date(2024, 2, 25))
    plain = isolation.plan(NINTH, "close-contact", anchor=dt.date(2023, 2, 25))
    assert leap.ends_on == dt.date(2024, 3, 6)
    assert plain.ends_on == dt.date(2023, 3, 7)
    assert dt.date(2024, 2, 29) in {stay.first for stay in leap.stays} | {
        leap.day_one + n * dt.timedelta(days=1) for n in range(10)
    }


def test_a_late_start_does_not_move_the_end() -> None:
    """Counted from the last contact: days before the door closed count too."""
    found = isolation.of_subject(
        NINTH, "contact", close(at("11-01T12:00"), isolated_at=at("11-04T09:00"))
    )
    assert found is not None
    assert found.ends_on == day("11-11")


# periods served elsewhere before he came here on 6 November; last contact on 1 November
@pytest.mark.parametrize(
    ("served", "credit", "ends"),
    [
        ([], 0, "11-15"),
        ([("11-03", "11-05")], 3, "11-12"),
        ([("11-02", "11-03"), ("11-05", "11-05")], 3, "11-12"),  # two places, a day between
        ([("11-02", "11-04"), ("11-03", "11-05")], 4, "11-11"),  # overlapping: once
        ([("10-20", "11-01")], 0, "11-15"),  # before the last contact: does not count
        ([("10-28", "11-03")], 2, "11-13"),
        ([("11-04", "11-09")], 2, "11-13"),  # what lies after he came is served here
        ([("11-05", "11-04")], 0, "11-15"),  # a period that ends before it begins is none
    ],
)
def test_a_transferred_persons_days_count_once_and_from_the_last_contact_on(
    served: list[tuple[str, str]], credit: int, ends: str
) -> None:
    found = isolation.plan(
        NINTH,
        "close-contact",
        anchor=day("11-01"),
        begins=day("11-06"),
        served=[(day(first), day(last)) for first, last in served],
    )
    assert (found.served, found.ends_on) == (credit, day(ends))
    assert sum((stay.last - stay.first).days + 1 for stay in found.stays) == 10 - credit
    assert found.stays[0].first == day("11-06")


def test_somebody_who_has_served_all_elsewhere_serves_nothing_here() -> None:
    found = isolation.plan(
        NINTH, "close-contact", anchor=day("11-01"), begins=day("11-20"),
        served=[(day("11-02"), day("11-19"))],
    )  # fmt: skip
    assert found.stays == ()
    assert found.ends_on == day("11-19")
    assert found.central_until is None


def test_a_schedule_without_top_up_begins_anew() -> None:
    found = isolation.plan(
        packs_made.pack(), "anew", anchor=day("11-01"), begins=day("11-06"),
        served=[(day("11-02"), day("11-05"))],
    )  # fmt: skip
    assert (found.served, found.ends_on) == (0, day("11-10"))


def test_under_the_day_one_convention_the_anchors_own_day_counts() -> None:
    found = isolation.plan(packs_made.pack(), "second", anchor=day("11-01"))
    assert (found.day_one, found.ends_on) == (day("11-01"), day("11-03"))
    assert [test.on for test in found.tests] == [day("11-01"), day("11-03")]


def test_of_two_cases_the_latest_last_exposure_counts() -> None:
    found = isolation.of_person(
        NINTH, "contact", [close(at("11-01T12:00")), close(at("11-04T12:00"))]
    )
    assert found is not None
    assert (found.anchor, found.ends_on) == (day("11-04"), day("11-14"))


def test_of_two_degrees_the_closer_rules_the_place_and_each_is_served_in_full() -> None:
    """Close contact of one case on the 1st, secondary contact through another until the 6th."""
    found = isolation.of_person(
        NINTH,
        "contact",
        [{"degree": 2, "last_exposure": at("11-06T12:00")}, close(at("11-01T12:00"))],
    )
    assert found is not None
    assert (found.schedule_id, found.central_until) == ("close-contact", day("11-08"))
    assert found.ends_on == day("11-13")  # 7 days from the 6th, at home
    assert [stay.place for stay in found.stays] == ["central", "home", "home"]
    days = [
        stay.first + n * dt.timedelta(days=1)
        for stay in found.stays
        for n in range((stay.last - stay.first).days + 1)
    ]
    assert len(days) == len(set(days)) == 12, "no day twice, none missing"


def test_a_person_nobody_isolates_any_more_has_no_plan() -> None:
    second = {"degree": 2, "last_exposure": at("11-06T12:00")}
    assert isolation.of_subject(TWENTY, "contact", second) is None
    assert isolation.of_person(TWENTY, "contact", [second]) is None
    assert isolation.of_subject(NINTH, "contact", {"degree": 1}) is None


# An onset that moves changes the window, and with it the last exposure that counts.
@pytest.mark.parametrize(
    ("before", "after", "on", "action"),
    [
        ("11-01T12:00", "11-01T08:00", "11-05", "unchanged"),  # another hour of the same day
        ("11-01T12:00", "11-03T12:00", "11-05", "prolonged"),
        ("11-03T12:00", "11-01T12:00", "11-05", "shortened"),
        ("11-01T12:00", None, "11-05", "release"),  # the exposure lies outside the window now
        ("11-03T12:00", "10-20T12:00", "11-05", "release"),  # its days are over already
        ("10-20T12:00", "11-01T12:00", "11-05", "resume"),  # released on 30 October, too early
        (None, "11-01T12:00", "11-05", "resume"),  # nobody had found him
        ("10-20T12:00", None, "11-05", "past"),  # released, and rightly so either way
        (None, "10-20T12:00", "11-05", "past"),
    ],
)
def test_a_correction_that_moves_the_onset(
    before: str | None, after: str | None, on: str, action: str
) -> None:
    plans = [
        isolation.of_subject(NINTH, "contact", close(at(told))) if told else None
        for told in (before, after)
    ]
    assert isolation.revised(plans[0], plans[1], on=day(on)).action == action


def test_somebody_is_free_when_the_days_are_over_and_every_condition_holds() -> None:
    pack = packs_made.pack()
    facts = close(at("11-01T12:00"), state="positive")
    ends = isolation.plan(pack, "first", anchor=day("11-01")).ends_on
    last = isolation.release(pack, "contact", facts, on=ends)
    assert last is not None
    assert not last.days_over
    over = isolation.release(pack, "contact", facts, on=ends + dt.timedelta(days=1))
    assert over is not None
    assert (over.days_over, over.released) == (True, False)
    assert [one.id for one in over.conditions if not one.held] == ["negative"]
    free = isolation.release(pack, "contact", facts | {"state": "isolating"}, on=day("11-20"))
    assert free is not None
    assert free.released


def test_the_days_are_a_judgement_that_can_be_done_again() -> None:
    facts = close(
        at("11-01T12:00"), begins=day("11-06"), served=[{"from": day("11-02"), "to": day("11-04")}]
    )
    found = isolation.judge_days(NINTH, "contact", facts, on=day("11-12"))
    assert found is not None
    again = judge.replay(found.stored())
    assert judge.same(found.stored(), again)
    assert again.outcome["served"] == 3
    assert found.held == (day("11-12") > day(found.outcome["ends_on"][5:]))


def test_an_unknown_schedule_is_refused() -> None:
    with pytest.raises(NotFound, match="close-contact"):
        isolation.plan(NINTH, "nobody", anchor=day("11-01"))


def test_moments_without_a_zone_are_not_guessed() -> None:
    assert isolation.as_day("2022-11-01T16:00:00+00:00") == day("11-02")
    assert isolation.as_day(None) is None
    assert isolation.as_day(dt.datetime(2022, 11, 1, tzinfo=BEIJING)) == day("11-01")
