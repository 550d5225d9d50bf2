"""Two people silence one county's stream at the same moment, each at another of its signals."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from django.db import connection, transaction

from tests.service import builders as b
from zhongshu.service.signals import facade as signals

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_are_heard_and_one_snooze_is_in_force() -> None:
    b.headquarters()
    days = [b.NOW.date() - n * b.DAY for n in range(4)]
    table = pa.concat_tables([b.signal_table(date=day) for day in days])
    signals.upsert(table=table, run_id=1, as_of=b.NOW)
    numbers = list(signals.Signal.objects.values_list("pk", flat=True))
    together = threading.Barrier(len(numbers))

    def quiet(number: int) -> None:
        try:
            together.wait(timeout=20)
            signals.snooze(
                signal_id=number,
                until=b.NOW + 24 * b.HOUR,
                reason="已知聚集",
                scope=b.scope(b.PROVINCE),
                actor=b.actor(b.PROVINCE, "epidemiologist"),
                now=b.NOW + b.HOUR,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(quiet, numbers))
    assert signals.Snooze.objects.count() == len(numbers)
    assert signals.Snooze.objects.filter(woken_at=None).count() == 1


def test_a_run_that_ends_a_snooze_waits_for_the_signals_before_it_takes_the_snooze() -> None:
    """Whoever snoozes holds the signals first and asks for the snooze next."""
    b.headquarters()
    later = b.NOW + 30 * b.HOUR
    signals.upsert(table=b.signal_table(), run_id=1, as_of=b.NOW)
    number = signals.Signal.objects.get().pk
    signals.snooze(
        signal_id=number, until=b.NOW + 24 * b.HOUR, reason="已知聚集",
        scope=b.scope(b.PROVINCE), actor=b.actor(b.PROVINCE, "epidemiologist"), now=b.NOW + b.HOUR,
    )  # fmt: skip

    def run() -> None:
        try:
            signals.upsert(table=b.signal_table(observed=99.0), run_id=2, as_of=later)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            list(signals.Signal.objects.select_for_update().filter(pk=number))
            done = pool.submit(run)
            for _ in range(1000):
                if blocked() or done.done():
                    break
                time.sleep(0.01)
            assert signals.Snooze.objects.select_for_update(nowait=True).get().woken_at is None
        done.result(timeout=20)
    assert signals.Snooze.objects.get().woken_by == "until"


def blocked() -> bool:
    """Whether another session of this database waits for a lock."""
    with connection.cursor() as run:
        run.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the first answer
        run.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(run.fetchone()[0])
