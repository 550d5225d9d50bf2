"""The worker sweeps each minute, and the command does the same."""

from __future__ import annotations

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

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


def test_a_sweep_waits_behind_one_other_at_most() -> None:
    tasks.sweep_clocks.defer(timestamp=1)
    with pytest.raises(AlreadyEnqueued), transaction.atomic():
        tasks.sweep_clocks.defer(timestamp=2)
    assert ProcrastinateJob.objects.filter(task_name="clocks.sweep").count() == 1
