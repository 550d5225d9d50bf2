"""The weekly self-test: what was put into the copy is found or told as missed, and stays there."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.service import builders as b
from tests.service import frames, ports, scenes
from zhongshu.engines.warning import model, solve
from zhongshu.jobs import selftest as job
from zhongshu.jobs import tasks
from zhongshu.kernel.errors import WrongState
from zhongshu.kernel.random import stream
from zhongshu.lake.lake import Lake
from zhongshu.service.audit import facade as audit
from zhongshu.service.findings import facade as findings
from zhongshu.service.periods.cycle import selftest as driver
from zhongshu.service.periods.cycle.watch import inspection
from zhongshu.service.signals import facade as signals
from zhongshu.service.signals.checks import selftest
from zhongshu.service.signals.checks.selftest import Outbreak, Terms

pytestmark = pytest.mark.django_db
TODAY = frames.TODAY
LAST = TODAY - b.DAY
HOW = Terms(a_week=2, peak_sd=5.0, rise_days=3, days=6, usual_days=14, usual_least=7)
KEYS = [(b.COUNTY, "fever_clinic"), (b.COUNTY, "pharmacy_sales"), (b.OTHER_COUNTY, "fever_clinic")]


def series(level: int = 9, days: int = 30, last: dt.date = TODAY) -> pa.Table:
    """Quiet counts that go up and down by one."""
    rows = [
        {"unit": unit, "stream": name, "date": last - n * b.DAY, "count": level + n % 2}
        for unit, name in KEYS
        for n in range(days)
    ]
    return pa.Table.from_pylist(rows, schema=model.SERIES)


def ears(series_: pa.Table, on: dt.date) -> model.DetectResult:
    params = model.EarsParams(grades=(("blue", 3.0), ("red", 6.0)), budget_per_day=10)
    return solve.detect(series_, on=on, params=params)


def deaf(series_: pa.Table, on: dt.date) -> model.DetectResult:
    """A detector that tests and never raises."""
    heard = ears(series_, on)
    return dataclasses.replace(heard, signals=heard.signals.slice(0, 0))


def seek(table: pa.Table, outbreak: Outbreak, *, days: int, detect: Any = ears) -> Any:
    def plain(on: dt.date) -> model.DetectResult:
        return ears(table, on)

    return selftest.seek(table, outbreak, detect=detect, plain=plain, days=days)


def reported(**given: Any) -> None:
    """What this installation's lake knows: three series, five weeks."""
    for county, name in KEYS:
        frames.daily(county=county, stream=name, **given)


def test_the_outbreak_rises_to_its_highest_day_and_fades() -> None:
    assert HOW.shape() == [1 / 3, 2 / 3, 1.0, 0.75, 0.5, 0.25]
    assert Terms(1, 5.0, 6, 6, 14, 7).shape()[-1] == 1.0
    drawn = selftest.draw(series(), HOW, last=LAST, chance=np.random.default_rng(4))
    assert drawn.start == LAST - 5 * b.DAY
    assert all(len(cases) == 6 for cases in drawn.added.values())
    # sd of counts around 9.5 is that of a Poisson count: 5 sd are some 15 cases on the third day
    total = sum(sum(cases) for cases in drawn.added.values()) / len(drawn.added)
    assert 30 < total < 80


def test_the_same_seed_draws_the_same_outbreak_and_another_another() -> None:
    def drawn(seed: int) -> Outbreak:
        return selftest.draw(series(), HOW, last=LAST, chance=stream(seed, "selftest"))

    assert drawn(1) == drawn(1)
    assert len({str(drawn(seed)) for seed in range(8)}) > 3
    assert {drawn(seed).unit for seed in range(12)} == {b.COUNTY, b.OTHER_COUNTY}


def test_a_school_that_reports_on_school_days_can_be_taken() -> None:
    told = [row for row in series().to_pylist() if row["date"].weekday() < 5]
    table = pa.Table.from_pylist(told, schema=model.SERIES)
    drawn = selftest.draw(table, HOW, last=LAST, chance=np.random.default_rng(1))
    days = [drawn.start + n * b.DAY for n in range(HOW.days)]
    assert {day.weekday() for day in days} > {5, 6}
    shadow = selftest.injected(table, drawn)
    assert shadow["date"].to_pylist() == table["date"].to_pylist()


def test_only_streams_that_reported_on_every_usual_day_are_taken() -> None:
    gap = LAST - 2 * b.DAY
    rows = [
        row for row in series().to_pylist() if row["stream"] != "fever_clinic" or row["date"] != gap
    ]
    table = pa.Table.from_pylist(rows, schema=model.SERIES)
    for seed in range(6):
        drawn = selftest.draw(table, HOW, last=LAST, chance=np.random.default_rng(seed))
        assert (drawn.unit, list(drawn.added)) == (b.COUNTY, ["pharmacy_sales"])
    enough = selftest.draw(series(days=14), HOW, last=LAST, chance=np.random.default_rng(1))
    assert enough.start == TODAY - 6 * b.DAY
    with pytest.raises(WrongState, match="No county reported") as refused:
        selftest.draw(series(days=13), HOW, last=LAST, chance=np.random.default_rng(1))
    assert refused.value.code == "signals.selftest_no_series"


def test_a_county_that_is_under_follow_up_is_left_out_while_there_are_others() -> None:
    for seed in range(8):
        chance = np.random.default_rng(seed)
        drawn = selftest.draw(series(), HOW, last=LAST, chance=chance, busy={b.COUNTY})
        assert drawn.unit == b.OTHER_COUNTY
    every = {b.COUNTY, b.OTHER_COUNTY}
    drawn = selftest.draw(series(), HOW, last=LAST, chance=np.random.default_rng(1), busy=every)
    assert drawn.unit in every


def test_a_county_with_an_alert_of_late_is_not_chosen() -> None:
    b.headquarters()
    alert = b.signal_table(b.COUNTY, stream="joint", method="joint", date=TODAY - 20 * b.DAY)
    signals.upsert(table=alert, run_id=1, as_of=b.NOW)
    assert {one.unit_id for one in weekly()} == {b.OTHER_COUNTY}


def test_the_copy_holds_the_outbreak_and_the_counts_do_not() -> None:
    given = series()
    as_it_was = given.to_pylist()
    outbreak = Outbreak(b.COUNTY, TODAY - 2 * b.DAY, {"fever_clinic": (1, 20, 3)})
    shadow = selftest.injected(given, outbreak)
    assert given.to_pylist() == as_it_was
    more = [
        (new["unit"], new["stream"], new["date"], new["count"] - old["count"])
        for new, old in zip(shadow.to_pylist(), as_it_was, strict=True)
        if new != old
    ]
    days = [TODAY - n * b.DAY for n in (2, 1, 0)]
    assert sorted(more, key=lambda row: row[2]) == [
        (b.COUNTY, "fever_clinic", day, cases) for day, cases in zip(days, (1, 20, 3), strict=True)
    ]


def test_a_day_without_a_report_stays_without_one() -> None:
    rows = series().to_pylist()
    rows[1]["count"] = None
    outbreak = Outbreak(b.COUNTY, TODAY - b.DAY, {"fever_clinic": (9, 9)})
    shadow = selftest.injected(pa.Table.from_pylist(rows, schema=model.SERIES), outbreak)
    assert shadow["count"].to_pylist()[:2] == [18, None]


@pytest.mark.parametrize(
    ("added", "after"), [((0, 0, 30, 0), 2), ((30, 0, 0, 0), 0), ((1, 0, 0, 0), None)]
)
def test_it_is_found_on_the_day_it_shows(added: tuple[int, ...], after: int | None) -> None:
    outbreak = Outbreak(b.COUNTY, TODAY - 4 * b.DAY, {"fever_clinic": added})
    answer = seek(series(), outbreak, days=4)
    assert (answer.after_days, answer.method) == (after, "C2")


def test_no_day_is_judged_by_what_came_after_it() -> None:
    seen: list[tuple[dt.date, dt.date]] = []

    def watched(table: pa.Table, on: dt.date) -> model.DetectResult:
        seen.append((on, max(table["date"].to_pylist())))
        return ears(table, on)

    outbreak = Outbreak(b.COUNTY, TODAY - 4 * b.DAY, {"fever_clinic": (0, 0, 30, 0)})
    seek(series(), outbreak, days=4, detect=watched)
    assert seen
    assert all(on == latest for on, latest in seen)


def test_a_signal_that_was_there_anyway_does_not_count_as_finding_it() -> None:
    rows = series().to_pylist()
    for row in rows:
        if (row["unit"], row["stream"]) == KEYS[0] and row["date"] == TODAY - 3 * b.DAY:
            row["count"] = 60
    table = pa.Table.from_pylist(rows, schema=model.SERIES)
    outbreak = Outbreak(b.COUNTY, TODAY - 3 * b.DAY, {"fever_clinic": (1, 0, 0)})
    assert seek(table, outbreak, days=3).after_days is None


def weekly(detect: Any = ears, now: dt.datetime = b.NOW) -> list[signals.SelfTest]:
    counts_ = series(60, 60, last=now.date())
    return signals.run_selftests(series=counts_, detect=detect, now=now, seed=1)


def test_those_of_a_week_are_done_once_and_kept_with_what_was_tried() -> None:
    b.headquarters()
    first = weekly()
    assert [one.number for one in first] == [1, 2, 3]  # selftest.a_week
    again = weekly(deaf, b.NOW + 3 * b.DAY)
    assert [one.pk for one in again] == [one.pk for one in first]
    (entry,) = audit.entries(scope=None).filter(action="selftest.run")
    assert entry.facts == {"run": 3, "found": 3}
    next_week = weekly(deaf, b.NOW + 6 * b.DAY)  # 2022-11-14 is a Monday
    assert {one.week for one in next_week} == {dt.date(2022, 11, 14)}
    one = signals.SelfTest.objects.order_by("pk")[0]
    assert one.synthetic is True
    assert one.size == sum(sum(cases) for cases in one.added.values()) > 0
    assert (one.found_after_days is not None, one.method, one.seed) == (True, "C2", 1)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The daily run hears nothing."""
    monkeypatch.setattr(driver.detect, "detector", lambda _: deaf)


def week(now: dt.datetime = b.NOW) -> list[signals.SelfTest]:
    return driver.run(lake=Lake(settings.ZHONGSHU_LAKE), seed=1, now=now)


def counts() -> dict[str, int]:
    """Rows of every table, and the lake's counts."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found | {"lake": sum(Lake(settings.ZHONGSHU_LAKE).counts()["count"].to_pylist())}


def test_the_daily_runs_own_detector_finds_them_and_nothing_else_is_written() -> None:
    b.headquarters()
    reported(count=lambda day: 12 + day.day % 3)
    before = counts()
    made = week()
    assert [one.found_after_days is not None for one in made] == [True, True, True]
    changed = {name for name, number in counts().items() if number != before[name]}
    assert changed == {"signals_selftest", "audit_auditentry"}


def test_one_that_is_missed_is_a_red_finding_until_the_next_week(
    quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    b.headquarters()
    reported()
    missed = week()
    rows = findings.listed(scope=b.scope(), as_of=b.NOW, kind="selftest_missed")
    assert {row.subject_id for row in rows} == {str(one.pk) for one in missed}
    (words,) = {row.text["zh"].split("（")[0].split("放入")[1] for row in rows}
    assert words == "计数副本的合成疫情"
    inspection.run(frames.frame(Path(settings.ZHONGSHU_LAKE).parent))
    assert rows.count() == 3  # a run looks at other things and leaves it alone
    monkeypatch.undo()
    frames.daily(
        first=TODAY + b.DAY, last=TODAY + 6 * b.DAY, stream="fever_clinic", count=lambda d: 40
    )
    later = b.NOW + 6 * b.DAY
    assert all(one.found_after_days is not None for one in week(later))
    assert not findings.listed(scope=b.scope(), as_of=later, kind="selftest_missed").exists()


def test_the_worker_does_them_by_the_headquarters_clock() -> None:
    b.headquarters()
    scenes.clock_at(b.NOW)
    tasks.run_selftest()  # nothing reported: nothing to try, and no fault
    assert not signals.SelfTest.objects.exists()
    reported()
    job.run()
    tasks.selftest_due(timestamp=0)
    assert {one.week for one in signals.SelfTest.objects.all()} == {dt.date(2022, 11, 7)}
    assert signals.SelfTest.objects.count() == 3
    (periodic,) = [
        one for one in app.periodic_registry.periodic_tasks.values()
        if one.task.name == "signals.selftest_due"
    ]  # fmt: skip
    assert periodic.cron == "41 * * * *"


def test_asked_for_twice_before_a_worker_comes_they_are_queued_once() -> None:
    for _ in range(2):
        tasks.queue_selftest()
    assert ProcrastinateJob.objects.filter(task_name="signals.selftest").count() == 1


def test_without_an_incident_there_is_nothing_to_try() -> None:
    b.load_units()
    job.run()
    assert not signals.SelfTest.objects.exists()


def reader(unit: str = b.CITY, role: str = "epidemiologist") -> Client:
    scenes.clock_at(b.NOW + b.HOUR)
    return scenes.signed_in((unit, role), name=f"{role} {unit}")


def test_quality_tells_how_many_were_found_and_how_sure_that_is() -> None:
    b.headquarters()
    for found in (0, 3, None):
        scenes.selftest(b.COUNTY, found_after_days=found)
    scenes.selftest(b.OTHER_COUNTY)
    scenes.selftest(b.COUNTY, at=b.NOW - 40 * b.DAY, week=dt.date(2022, 9, 26))
    client = reader()
    told = scenes.get(client, "/signals/quality").json()["self_tests"]
    assert (told["run"], told["found"]) == (3, 2)
    assert told["sensitivity"]["value"] == pytest.approx(2 / 3)
    assert told["sensitivity"]["low"] < 0.3 < 0.9 < told["sensitivity"]["high"]
    assert told["last"]["found_after_days"] is None
    assert told["last"]["synthetic"] is True
    before = scenes.get(client, "/signals/quality", as_of=(b.NOW - b.HOUR).isoformat()).json()
    assert before["self_tests"]["run"] == 0
    assert before["self_tests"]["sensitivity"] is None


def test_they_are_listed_page_by_page_within_ones_rights() -> None:
    b.headquarters()
    scenes.selftest(b.OTHER_COUNTY)
    made = [scenes.selftest(b.COUNTY, found_after_days=n or None).pk for n in range(5)]
    client = reader()
    found: list[int] = []
    after: dict[str, str] = {}
    while True:
        told = scenes.get(client, "/signals/selftests", limit=2, **after).json()
        found += [one["id"] for one in told["items"]]
        if told["next"] is None:
            break
        after = {"after": told["next"]}
    assert found == made[::-1]
    missed = scenes.get(client, "/signals/selftests", missed=True).json()["items"]
    assert [one["id"] for one in missed] == made[:1]


def test_the_list_costs_the_same_queries_however_long_it_is() -> None:
    b.headquarters()
    client = reader()
    costs = []
    for many in (1, 5):
        for _ in range(many):
            scenes.selftest(b.COUNTY)
        with CaptureQueriesContext(connection) as queries:
            scenes.get(client, "/signals/selftests")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 9


def test_whoever_may_start_a_run_may_ask_for_them() -> None:
    b.headquarters()
    client = reader(b.PROVINCE, "duty_officer")
    for _ in range(2):
        answer = scenes.post(client, "/signals/selftests", {}, key="once")
        assert (answer.status_code, answer.json()) == (200, {"week": "2022-11-07"})
    assert ports.selftests == ["asked"]
    assert scenes.post(reader(), "/signals/selftests", {}).status_code == 403
