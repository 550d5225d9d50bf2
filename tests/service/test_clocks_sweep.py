"""Each step of a clock is told once: swept twice, by two at once, or killed half-way."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tests.service import builders as b
from tests.service.clock_packs import lab
from zhongshu.rules.model import Pack
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.clocks import rulebook
from zhongshu.service.clocks import sweep as sweeping
from zhongshu.service.kit.actor import INTAKE

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = Path(clocks.__file__).resolve().parents[3]
CONFIRMED = b.NOW
DUE = CONFIRMED + 10 * b.HOUR
Notification = clocks.Notification


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    b.headquarters()
    return lab(tmp_path / "lab")


def follow(pack: Pack, *numbers: int, now: dt.datetime = b.NOW, **facts: Any) -> None:
    given = {"unit_path": b.path(b.VILLAGE), "confirmed_at": CONFIRMED, "reported_at": None}
    rows = [given | {"subject_id": number, "label": f"C{number}"} | facts for number in numbers]
    clocks.follow("case", rows, actor=INTAKE, now=now, packs=rulebook.of(pack))


def told() -> list[tuple[str, str]]:
    """(step, unit) of the notices so far, in order."""
    return list(Notification.objects.order_by("id").values_list("step", "unit_id"))


def at(hours: float) -> dt.datetime:
    return CONFIRMED + hours * b.HOUR


LADDER = [
    (5, ("remind", b.COUNTY)),
    (8, ("warn", b.COUNTY)),
    (10, ("escalate", b.CITY)),
    (15, ("escalate_two", b.PROVINCE)),
]


def test_each_step_is_told_at_its_time_to_the_unit_it_is_for(pack: Pack) -> None:
    follow(pack, 1)
    for place, (hours, _) in enumerate(LADDER):
        clocks.sweep(now=at(hours) - b.HOUR / 3600)
        assert told() == [step for _, step in LADDER[:place]]
        clocks.sweep(now=at(hours))
        assert told() == [step for _, step in LADDER[: place + 1]]
    clock = clocks.Clock.objects.get()
    assert (clock.step, clock.next_step, clock.next_at) == ("escalate_two", "", None)
    happened = [(one.what, one.to_unit_id) for one in clocks.events(clock)]
    assert happened == [("started", None), *(step for _, step in LADDER)]
    assert [n.at for n in Notification.objects.order_by("id")] == [at(h) for h, _ in LADDER]


def test_sweeping_twice_tells_nothing_twice(pack: Pack) -> None:
    follow(pack, 1, 2, 3)
    first, second = clocks.sweep(now=at(9)), clocks.sweep(now=at(9))
    assert (first.moved, first.told) == (3, 6)
    assert (second.moved, second.told) == (0, 0)


def test_after_a_stopped_hour_each_step_missed_is_told_once(pack: Pack) -> None:
    follow(pack, 1)
    clocks.sweep(now=at(5))
    clocks.sweep(now=at(20))
    assert told() == [step for _, step in LADDER]


def test_a_clock_that_was_met_or_waived_climbs_no_further(pack: Pack) -> None:
    follow(pack, 1, 2)
    clocks.sweep(now=at(5))
    follow(pack, 1, reported_at=at(6), now=at(6))
    clocks.waive(
        clock_id=clocks.Clock.objects.get(subject_id=2).pk, reason="duplicate", note="x",
        scope=b.scope(), actor=b.actor(), now=at(6),
    )  # fmt: skip
    clocks.sweep(now=at(30))
    assert [step for step, _ in told()] == ["remind", "remind"]


def test_a_province_has_nobody_above_it(pack: Pack) -> None:
    follow(pack, 1, unit_path=b.path(b.PROVINCE))
    clocks.sweep(now=at(15))
    assert {unit for _, unit in told()} == {b.PROVINCE}
    assert len(told()) == 4


def test_a_later_due_time_does_not_remind_again_but_escalates_again(pack: Pack) -> None:
    follow(pack, 1)
    clocks.sweep(now=at(11))
    assert [step for step, _ in told()] == ["remind", "warn", "escalate"]
    follow(pack, 1, confirmed_at=at(6), now=at(11))  # due at 16: it was not late after all
    clocks.sweep(now=at(15.9))
    assert [step for step, _ in told()] == ["remind", "warn", "escalate"]
    clocks.sweep(now=at(16))
    clocks.sweep(now=at(16))
    assert [step for step, _ in told()] == ["remind", "warn", "escalate", "escalate"]


def test_an_earlier_due_time_tells_what_has_come_by_then(pack: Pack) -> None:
    follow(pack, 1)
    clocks.sweep(now=at(5))
    follow(pack, 1, confirmed_at=at(-6), now=at(5))
    clocks.sweep(now=at(5))
    assert [step for step, _ in told()] == ["remind", "warn", "escalate"]


def test_a_clock_started_again_climbs_its_ladder_again(pack: Pack) -> None:
    follow(pack, 1)
    clocks.sweep(now=at(5))
    follow(pack, 1, reported_at=at(6), now=at(6))
    follow(pack, 1, now=at(7))  # it had not been reported after all
    clocks.sweep(now=at(8))
    assert [step for step, _ in told()] == ["remind", "warn"]
    follow(pack, 1, confirmed_at=None, now=at(8))
    follow(pack, 1, confirmed_at=at(8), now=at(8))
    clocks.sweep(now=at(13))
    assert [step for step, _ in told()] == ["remind", "warn", "remind"]


def test_what_ends_by_itself_is_met_by_the_sweep_at_its_due_time(pack: Pack) -> None:
    rows = [{"subject_id": 1, "unit_path": b.path(b.VILLAGE), "last_exposure": b.NOW}]
    clocks.follow("contact", rows, actor=INTAKE, now=b.NOW, packs=rulebook.of(pack))
    due = clocks.Clock.objects.get().due_at
    assert clocks.sweep(now=due - b.HOUR).ended == 0
    assert clocks.sweep(now=due + b.HOUR).ended == 1
    clock = clocks.Clock.objects.get()
    assert (clock.state, clock.ended_at) == ("met", due)
    assert clocks.sweep(now=due + b.HOUR).ended == 0


def test_the_database_itself_refuses_a_step_told_twice(pack: Pack) -> None:
    follow(pack, 1)
    clocks.sweep(now=at(5))
    one = Notification.objects.get()
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


MANY = range(1, 201)


def test_two_sweeps_at_once_share_the_work_and_tell_nothing_twice(pack: Pack) -> None:
    follow(pack, *MANY)

    def sweep(_: int) -> clocks.Swept:
        try:
            return clocks.sweep(now=at(10), batch=7)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        swept = list(pool.map(sweep, range(2)))
    clocks.sweep(now=at(10))
    assert Notification.objects.count() == 3 * len(MANY)
    assert sum(one.told for one in swept) == 3 * len(MANY)
    assert len(set(Notification.objects.values_list("clock", "step"))) == 3 * len(MANY)


def test_sweeping_while_facts_come_in_loses_and_doubles_nothing(pack: Pack) -> None:
    follow(pack, *MANY)

    def work(number: int) -> None:
        try:
            if number:
                clocks.sweep(now=at(10), batch=11)
            else:
                follow(pack, *MANY, confirmed_at=at(-1), now=at(10))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    clocks.sweep(now=at(10))
    assert {c.due_at for c in clocks.Clock.objects.all()} == {at(9)}
    assert Notification.objects.count() == 3 * len(MANY)


KILLED = """
    import datetime as dt, os, sys
    import django
    django.setup()
    from zhongshu.service.clocks import sweep as sweeping
    keep, calls = sweeping._record, []
    def record(*given):
        keep(*given)
        calls.append(given)
        if len(calls) == 3:
            os.kill(os.getpid(), 9)
    sweeping._record = record
    sweeping.sweep(now=dt.datetime.fromisoformat(sys.argv[1]), batch=20)
"""


def test_a_sweep_killed_half_way_is_finished_by_the_next_one(pack: Pack) -> None:
    follow(pack, *MANY)
    database = settings.DATABASES["default"]
    url = f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}"
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), at(10).isoformat()],
        env=os.environ
        | {
            "PYTHONPATH": f"{SOURCE}{os.pathsep}{SOURCE.parent}",
            "ZHONGSHU_DATABASE_URL": f"{url}?host={database['HOST']}",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert child.returncode == -9, child.stderr
    half = Notification.objects.count()
    assert half == 3 * 40, "two batches were whole; the third is gone whole"
    assert clocks.sweep(now=at(10)).told == 3 * len(MANY) - half
    assert len(set(Notification.objects.values_list("clock", "step"))) == 3 * len(MANY)
    assert sweeping.sweep(now=at(10)).told == 0
