"""The COVID-19 plans in days and hours: schedules, clocks, clusters, and the edition of a day."""

import dataclasses
import datetime as dt

import pyarrow as pa
import pytest

from zhongshu.kernel.time import BEIJING
from zhongshu.rules import clocks, reader, schedules, thresholds

BASE, TWENTY, TEN, B = "cn-covid-9", "cn-covid-9+20", "cn-covid-9+20+10", "cn-covid-b"
OLD, ZONES = "cn-covid-8", "cn-covid-8+zones"
GUIDE2 = "cn-covid-8+zones+guide2"
CHAIN = "chain-of-command"


def at(day, hour=12):
    return dt.datetime(2022, 11, day, hour, tzinfo=BEIJING)


def on(day):
    return dt.date(2022, 11, day)


# pack, schedule, ends after days, days with a test after the anchor, where, sample
PLANS = [
    (
        OLD,
        "close-contact",
        21,
        [1, 4, 7, 14, 16, 21],
        ["central", "home"],
        "nasopharyngeal",
    ),
    (OLD, "second-contact", 7, [1, 4, 7], ["central"], "nasopharyngeal"),
    (OLD, "arrival", 21, [1, 4, 7, 14, 16, 21], ["central", "home"], "nasopharyngeal"),
    (OLD, "high-risk-area", 14, [1, 4, 7, 14], ["central"], "nasopharyngeal"),
    (OLD, "medium-risk-area", 14, [1, 4, 7, 14], ["home"], "nasopharyngeal"),
    (OLD, "closed-loop-worker", 14, [1, 4, 7, 14], ["home"], "nasopharyngeal"),
    (BASE, "close-contact", 10, [1, 2, 3, 5, 7, 10], ["central", "home"], "oropharyngeal"),
    (BASE, "second-contact", 7, [1, 4, 7], ["home"], "oropharyngeal"),
    (BASE, "arrival", 10, [1, 2, 3, 5, 7, 10], ["central", "home"], "oropharyngeal"),
    (BASE, "high-risk-area", 7, [1, 2, 3, 5, 7], ["central"], "oropharyngeal"),
    (BASE, "medium-risk-area", 7, [1, 4, 7], ["home"], "oropharyngeal"),
    (BASE, "closed-loop-worker", 7, [1, 4, 7], ["home"], "oropharyngeal"),
    (TWENTY, "close-contact", 8, [1, 2, 3, 5, 6, 8], ["central", "home"], "oropharyngeal"),
    (TWENTY, "arrival", 8, [1, 2, 3, 5, 6, 8], ["central", "home"], "oropharyngeal"),
    (TWENTY, "high-risk-area", 7, [1, 3, 5, 7], ["home"], "oropharyngeal"),
    (TWENTY, "closed-loop-worker", 5, [1, 3, 5], ["home"], "oropharyngeal"),
    (TEN, "close-contact", 5, [5], ["home"], "oropharyngeal"),
]


@pytest.mark.parametrize(("version", "schedule", "days", "tested", "places", "sample"), PLANS)
def test_the_days_of_a_measure(version, schedule, days, tested, places, sample):
    plan = schedules.plan(reader.load(version), schedule, anchor=on(1))
    assert (plan.ends_on - on(1)).days == days
    assert [(test.on - on(1)).days for test in plan.tests] == tested
    assert [stay.place for stay in plan.stays] == places
    assert {test.sample for test in plan.tests} == {sample}
    assert not any(test.pooled for test in plan.tests)  # T-15


def test_only_the_8th_edition_doubles_and_only_on_the_last_central_day():
    for version, schedule, *_ in PLANS:
        plan = schedules.plan(reader.load(version), schedule, anchor=on(1))
        doubled = [(test.on - on(1)).days for test in plan.tests if test.double]
        assert doubled == ([14] if (version, schedule) == (OLD, "close-contact") else []), version


def test_the_8th_editions_contact_moves_with_the_central_days_of_the_pack():
    """An amendment that sets the days and their tests is all it takes: nothing repeats them."""
    pack = reader.load(OLD)
    key = "isolation.close_contact"
    figures = dict(pack.figures())
    for name, value in (("central_days", 10), ("test_days", (1, 4, 10))):
        figures[f"{key}.{name}"] = dataclasses.replace(figures[f"{key}.{name}"], value=value)
    shorter = dataclasses.replace(pack, _figures=figures)
    plan = schedules.plan(shorter, "close-contact", anchor=on(1))
    assert plan.central_until == on(11)
    assert plan.ends_on == on(18)
    assert [test.on for test in plan.tests if test.double] == [on(11)]


def test_a_case_at_home_is_tested_on_days_6_and_7_counted_from_the_first():
    plan = schedules.plan(reader.load(TEN), "case-at-home", anchor=on(1))
    assert [test.on for test in plan.tests] == [on(6), on(7)]
    assert plan.ends_on == on(7)


# pack, clock, facts, due; all started on 8 November, 12:00
CLOCKS = [
    (BASE, "case-report", {}, at(8, 14)),
    (B, "case-report", {}, at(9, 12)),
    (BASE, "cluster-report", {}, at(8, 14)),
    (BASE, "investigation", {}, at(9, 12)),
    (BASE, "core-facts", {}, at(8, 16)),
    (BASE, "contact-isolated", {}, at(8, 20)),
    (BASE, "case-to-hospital", {}, at(8, 14)),
    (BASE, "contacts-spread", {}, at(9, 12)),
    (BASE, "help-request", {}, at(9, 12)),
    (BASE, "help-answer", {}, at(9, 12)),
    (BASE, "contact-central-end", {}, at(16, 0)),  # the end of day 7, the 15th
    (TWENTY, "contact-central-end", {}, at(14, 0)),
    (OLD, "contact-central-end", {}, at(23, 0)),
    (TEN, "contact-home-end", {}, at(14, 0)),
    (BASE, "isolation-end", {}, at(9, 0)),
    (BASE, "isolation-test", {}, at(9, 0)),
    (BASE, "zone-release", {}, at(9, 0)),
    (BASE, "mass-round", {}, at(9, 12)),
    (OLD, "mass-round", {}, at(10, 12)),
    (OLD, "mass-round-large", {}, at(13, 12)),
    (GUIDE2, "mass-round-large", {}, at(11, 12)),
    (ZONES, "zone-first-test-sealed", {}, at(9, 12)),
    (ZONES, "zone-first-test-controlled", {}, at(10, 12)),
    (BASE, "result-fever-clinic", {}, at(8, 18)),
    (BASE, "result-ward", {}, at(9, 0)),
    (BASE, "result-voluntary", {}, at(9, 12)),
    (BASE, "sample-handover", {}, at(8, 16)),
    (BASE, "sample-test", {}, at(9, 12)),
    (BASE, "tube-recollect", {}, at(8, 16)),
    (BASE, "tube-result", {}, at(8, 18)),
    (BASE, "code-appeal", {}, at(9, 12)),
    (CHAIN, "directive-sign", {"sign_due_at": at(8, 13)}, at(8, 13)),
    (CHAIN, "directive-done", {"due_at": at(9, 8)}, at(9, 8)),
]


@pytest.mark.parametrize(("version", "clock", "facts", "due"), CLOCKS)
def test_when_a_clock_started_on_8_november_at_noon_is_due(version, clock, facts, due):
    pack = reader.load(version)
    assert clocks.due(pack.clocks[clock], at(8), pack=pack, facts=facts) == due


def test_every_clock_of_every_edition_stands_in_the_table():
    told = {clock for _, clock, *_ in CLOCKS}
    for version in (OLD, ZONES, GUIDE2, BASE, TWENTY, TEN, B, CHAIN):
        assert set(reader.load(version).clocks) <= told, version


def ill(person, day, status="confirmed", site="school 1", kind="school"):
    return {
        "person": person,
        "day": on(day),
        "status": status,
        "site": site,
        "site_kind": kind,
        "village": f"village of {person}",
    }


# pack, rows, thresholds reached
CLUSTERS = [
    (BASE, [ill("a", 2), ill("b", 8)], ["cluster-site"]),
    (BASE, [ill("a", 1), ill("b", 8)], []),  # eight days
    (BASE, [ill("a", 2), ill("a", 8)], []),  # one person twice
    (BASE, [ill("a", 7), ill("b", 8, "asymptomatic")], ["cluster-site"]),
    (BASE, [ill("a", 7), ill("b", 8, "suspected")], []),
    (BASE, [ill("a", 7, kind="market"), ill("b", 8, kind="market")], []),
    (
        BASE,
        [ill("a", 7) | {"village": "v"}, ill("b", 8, site="s 2") | {"village": "v"}],
        ["cluster-village"],
    ),
    (OLD, [ill(person, 8) for person in "abcd"], []),
    (OLD, [ill(person, 8) for person in "abcde"], ["cluster-site"]),
]


@pytest.mark.parametrize(("version", "rows", "reached"), CLUSTERS)
def test_a_cluster_is_different_people_of_one_place_within_the_window(version, rows, reached):
    table = pa.Table.from_pylist(rows)
    found = thresholds.crossed(reader.load(version), table, of="illness", on=on(8))
    assert [one.threshold for one in found] == reached
    assert all(one.outcome["propose"] == "event" for one in found)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2021-05-11", OLD),
        ("2021-08-01", ZONES),
        ("2021-09-14", GUIDE2),
        ("2022-03-22", f"{GUIDE2}+guide3"),
        ("2022-06-27", f"{GUIDE2}+guide3"),
        ("2022-06-28", BASE),
        ("2022-11-11", TWENTY),
        ("2022-12-07", TEN),
        ("2023-01-08", B),
        ("2030-01-01", B),
    ],
)
def test_every_day_since_may_2021_has_its_edition(day, version):
    found = reader.applicable(disease="covid-19", on=dt.date.fromisoformat(day))
    assert found.version == version


@pytest.mark.parametrize(
    ("on_day", "since", "version"),
    [
        ("2022-11-12", "2022-11-08", TWENTY),  # already isolated: the shorter time holds
        ("2022-12-08", "2022-11-08", TEN),
        ("2021-08-02", "2021-07-30", OLD),  # the old rule is served to its end
        ("2022-03-23", "2022-03-21", GUIDE2),
    ],
)
def test_who_was_already_under_a_rule_goes_over_only_where_the_amendment_says_so(
    on_day, since, version
):
    found = reader.applicable(
        disease="covid-19",
        on=dt.date.fromisoformat(on_day),
        since=dt.date.fromisoformat(since),
    )
    assert found.version == version


def test_only_the_days_traced_back_may_be_tightened_below():
    for version in (OLD, ZONES, BASE, TWENTY, TEN):
        pack = reader.load(version)
        assert set(pack.may_tighten) == {
            "trace.window_days_before",
            "trace.window_days_before_sampling",
        }
        assert {f.key for f in pack.figures().values() if f.stricter} == set(pack.may_tighten)
    assert not reader.load(B).may_tighten


@pytest.mark.parametrize(
    ("day", "runs"), [("2020-01-20", True), ("2021-05-10", True), ("2021-05-11", False)]
)
def test_the_law_runs_the_clock_of_covid_until_a_plan_does(day, runs):
    """One duty, one clock: never none."""
    pack = reader.in_force("law-2004", dt.date.fromisoformat(day))
    assert "covid-19" in pack.value("law.managed_as_a")
    assert ("covid-19" not in pack.value("law.own_clock")) is runs
