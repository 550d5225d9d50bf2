"""The worker sweeps each minute, and the command does the same."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.service import builders as b
from tests.service import scenes
from zhongshu.jobs import clocks as job
from zhongshu.jobs import tasks
from zhongshu.service.clocks import facade as clocks

pytestmark = pytest.mark.django_db


def test_the_sweep_is_due_each_minute() -> None:
    (periodic,) = [
        one for one in app.periodic_registry.periodic_tasks.values()
        if one.task.name == "clocks.sweep"
    ]  # fmt: skip
    assert periodic.cron == "* * * * *"
    assert periodic.task is tasks.sweep_clocks


def test_it_sweeps_by_the_headquarters_clock() -> None:
    inside, _ = scenes.two_cities()
    scenes.clock_at(clocks.Clock.objects.get(pk=inside.clock_id).due_at + b.HOUR / 60)
    assert job.sweep() is not None
    steps = set(clocks.Notification.objects.values_list("step", flat=True))
    assert {"remind", "warn", "escalate"} <= steps
    told = clocks.Notification.objects.count()
    tasks.sweep_clocks(timestamp=0)
    assert clocks.Notification.objects.count() == told


def test_without_an_incident_there_is_nothing_to_sweep() -> None:
    b.load_units()
    assert job.sweep() is None


def test_a_killed_workers_sweep_is_taken_up_although_the_next_one_waits() -> None:
    killed = tasks.sweep_clocks.defer(timestamp=1)
    ProcrastinateJob.objects.filter(pk=killed).update(status="doing")
    tasks.sweep_clocks.defer(timestamp=2)
    app.job_manager.retry_job_by_id(killed, retry_at=b.NOW)
    waiting = ProcrastinateJob.objects.filter(task_name="clocks.sweep", status="todo")
    assert waiting.count() == 2
    assert set(waiting.values_list("lock", flat=True)) == {None}
