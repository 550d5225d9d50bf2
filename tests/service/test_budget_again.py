"""Whatever runs are done again, the alert budget decides and remembers the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service import builders as b
from zhongshu.engines.warning.joint import budget
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.model import SpentDay
from zhongshu.service.signals import facade as signals
from zhongshu.service.signals.models import BudgetDay, Signal

pytestmark = pytest.mark.django_db
UNITS = (b.COUNTY, b.ZONE, b.OTHER_COUNTY)
PARAMS = Budget(alerts_a_week=2.0, quiet_days=2)
P = st.sampled_from([1e-6, 1e-3, 0.05, 0.6])
DAY = st.tuples(st.tuples(P, P, P), st.tuples(P, P, P))  # of yesterday as known now, of today


def run(number: int, told: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    """One run of the day `number`: yesterday decided again, then today."""
    moment = b.NOW + number * b.DAY
    tables = [b.signal_table().slice(0, 0)]
    fresh: dict[str, int] = {}
    for back, p in zip((1, 0), told, strict=True):
        day = moment.date() - back * b.DAY
        left = signals.budget_before(day, as_of=moment, a_week=PARAMS.alerts_a_week)
        since = {**left.since, **(fresh if back == 0 else {})}
        days = np.array([since.get(unit, PARAMS.quiet_days + 1) for unit in UNITS])
        level = 0.5 if left.level is None else left.level
        spent = budget.spend(np.array(p)[:, None], PARAMS, level=level, since=days)
        now = [unit for unit, hit in zip(UNITS, spent.alert[:, 0], strict=True) if hit]
        tables += [b.signal_table(unit, stream="joint", method="joint", date=day) for unit in now]
        raised = tuple(sorted({*now, *left.raised}))
        fresh = dict.fromkeys(raised, 1)
        able, chance = int(spent.able[0]), float(spent.by_chance[0])
        kept = SpentDay(PARAMS.alerts_a_week, level, 3, able, chance, raised, {})
        signals.keep_budget(kept, PARAMS, day=day, run_id=number, as_of=moment)
    signals.upsert(table=pa.concat_tables(tables), run_id=number, as_of=moment)


def after(days: list[Any], times: list[int]) -> list[Any]:
    Signal.objects.all().delete()
    BudgetDay.objects.all().delete()
    for number, (told, often) in enumerate(zip(days, times, strict=True)):
        for _ in range(often):
            run(number, told)
    alerts = Signal.objects.filter(withdrawn_as_of=None).order_by("date", "unit")
    return [
        *alerts.values_list("unit_id", "date", "known_at"),
        *BudgetDay.objects.order_by("date").values_list("date", "level", "left", "raised"),
    ]


@pytest.fixture(autouse=True)
def _headquarters() -> None:
    b.headquarters()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(days=st.lists(DAY, min_size=2, max_size=4), data=st.data())
def test_runs_done_again_change_nothing(days: list[Any], data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(1, 3), min_size=len(days), max_size=len(days)))
    assert after(days, times) == after(days, [1] * len(days))
