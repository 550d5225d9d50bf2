"""Chapter 5.  Mass testing (T-*), reports (RPT-*) and the clocks of directives."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.errors import BadInput
from zhongshu.rules import clocks, reader

PACK = reader.load("cn-covid-9")
NOON = dt.datetime(2022, 11, 8, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("key", "value", "rule_id", "verified"),
    [
        ("test.round_hours", 24, "T-1", True),
        ("test.pool_size", 10, "T-4", True),
        ("test.pool_size_max", 20, "T-11", True),
        ("test.pool_size_key_groups", 1, "T-15", True),
        ("test.pool_prevalence_max", 0.001, "T-12", True),
        ("test.people_per_point", 2500, "T-6", False),
        ("test.setup_h", 6, "T-6b", True),
        ("test.per_desk_hour", 75, "T-19", False),
        ("test.per_desk_shift", 700, "T-19", False),
        ("test.rounds.first", 3, "T-7", True),
        ("test.rounds.pause_days", 3, "T-7", True),
        ("test.rounds.after_pause", 1, "T-7", True),
        ("test.max_per_day", 1, "T-10", True),
        ("test.result_h.fever_clinic", 6, "T-14", True),
        ("test.result_h.ward", 12, "T-14", True),
        ("test.result_h.voluntary", 24, "T-14", True),
        ("test.certificate_h.transport", 48, "T-16", True),
        ("test.exempt_below_age", 3, "T-16", True),
        ("report.case_h", 2, "RPT-1", True),
        ("report.cluster.cases", 2, "WHO-9", True),
        ("report.cluster.days", 7, "WHO-9", True),
        ("report.cluster.report_h", 2, "WHO-9", True),
        ("report.investigation_h", 24, "RPT-2", False),
        ("report.core_facts_h", 4, "RPT-3", False),
        ("report.contact_isolated_h", 8, "RPT-3", False),
        ("report.case_to_hospital_h", 2, "RPT-3", False),
        ("site.rooms_per_10000", 20, "SITE-1", True),
        ("supply.days_of_cover.n95", 30, "SUP-1", False),
    ],
)
def test_the_figures_of_the_9th_edition(key, value, rule_id, verified):
    figure = PACK.figure(key)
    assert (figure.value, figure.rule_id, figure.verified) == (value, rule_id, verified)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("test.pool_size", 30),  # 30:1 is not allowed (T-11)
        ("test.people_per_point", 5000),
        ("test.per_desk_hour", 200),
        ("test.round_hours", 48),
        ("site.rooms_per_10000", 10),
    ],
)
def test_what_nobody_may_set(key, value):
    with pytest.raises(BadInput, match=PACK.figure(key).rule_id):
        PACK.check_within(key, value)


@pytest.mark.parametrize(
    ("name", "region_wide", "certificates"),
    [("9th", True, True), ("20", True, True), ("10", False, False)],
)
def test_region_wide_testing_and_certificates(edition, name, region_wide, certificates):
    assert edition(name).value("test.region_wide_allowed") is region_wide
    assert edition(name).value("test.certificate_required") is certificates


# a directive with 10 hours, issued at noon
@pytest.mark.parametrize(
    ("hours_later", "stage"),
    [
        (0, None),
        (4.9, None),
        (5, "remind"),  # 50 %
        (8, "warn"),  # 80 %
        (10, "escalate"),  # 100 %
        (14.9, "escalate"),
        (15, "escalate_two"),  # 150 %
        (100, "escalate_two"),
    ],
)
def test_when_a_directive_is_reminded_of_and_escalated(hours_later, stage):
    due = NOON + dt.timedelta(hours=10)
    now = NOON + dt.timedelta(hours=hours_later)
    assert clocks.stage(PACK, since=NOON, due=due, now=now) == stage


@pytest.mark.parametrize(
    ("done_h", "now_h", "state"),
    [
        (None, 1, "running"),
        (None, 2, "running"),
        (None, 2.1, "overdue"),
        (2, 5, "met"),
        (3, 5, "late"),
    ],
)
def test_the_two_hours_of_a_case_report(done_h, now_h, state):
    due = clocks.due_at(PACK, "report.case_h", since=NOON)
    assert due == NOON + dt.timedelta(hours=2)
    done = None if done_h is None else NOON + dt.timedelta(hours=done_h)
    assert clocks.state(due=due, done=done, now=NOON + dt.timedelta(hours=now_h)) == state


@given(minutes=st.integers(1, 10_000))
def test_the_stages_come_in_order_for_every_length_of_time(minutes):
    found = clocks.stages(PACK, since=NOON, due=NOON + dt.timedelta(minutes=minutes))
    assert [stage.name for stage in found] == ["remind", "warn", "escalate", "escalate_two"]
    assert [stage.at for stage in found] == sorted(stage.at for stage in found)
    assert found[2].at == NOON + dt.timedelta(minutes=minutes)


def test_every_kind_of_proposal_has_a_time_for_its_directives():
    kinds = [
        "signal",
        "isolate",
        "zone",
        "colour",
        "transfer",
        "test_round",
        "supply",
        "notice",
        "demand",
    ]
    assert set(PACK.group("directive.due_h")) == set(kinds)
