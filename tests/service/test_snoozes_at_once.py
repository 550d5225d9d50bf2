"""Two people silence one county's stream at the same moment, each at another of its signals."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from django.db import connection

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
