"""The cycle under every edition of the disease: the day decides which, and what it does not do
ends with a sentence, not with a fault."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.service import builders as b
from zhongshu.kernel.time import BEIJING
from zhongshu.lake.lake import Lake
from zhongshu.service.contacts.models import Contact
from zhongshu.service.periods.cycle import run as cycle
from zhongshu.service.periods.models import Proposal, Run

pytestmark = pytest.mark.django_db

EDITIONS = {
    "cn-covid-8": "2021-06-01",
    "cn-covid-8+zones+guide2": "2022-03-01",
    "cn-covid-9": "2022-11-08",
    "cn-covid-9+20": "2022-11-12",
    "cn-covid-9+20+10": "2022-12-08",
    "cn-covid-b": "2023-01-09",
}
NOT_DONE = {
    "cn-covid-8": {"zone"},
    "cn-covid-b": {"trace", "zone", "isolate"},
}


@pytest.mark.parametrize(("version", "day"), EDITIONS.items())
def test_a_day_under_each_edition(version: str, day: str, tmp_path: Path) -> None:
    evening = dt.datetime.fromisoformat(f"{day}T20:00").replace(tzinfo=BEIJING)
    b.load_units()
    b.incident(now=evening - b.DAY)
    b.register(*(b.person(n, n) for n in range(1, 4)), homes=[b.household(n) for n in range(1, 4)])
    met = evening - 3 * b.DAY
    case = b.case(
        1, onset_date=met.date(), sampled_at=met, confirmed_at=met, reported_at=met + b.HOUR
    )
    b.trace(case, (2, 1), as_of=evening - b.HOUR)
    found = cycle.run(as_of=evening, lake=Lake(tmp_path / "lake"), seed=1, clock=lambda: evening)
    assert found.card["pack"] == version
    steps = {step.name: step for step in found.steps.all()}
    failed = {name: step.error for name, step in steps.items() if step.state != Run.State.DONE}
    assert failed == {}
    assert found.state == Run.State.DONE
    missing = {name for name, step in steps.items() if "not_in_edition" in step.summary}
    assert missing >= NOT_DONE.get(version, set())
    if version not in NOT_DONE:
        assert missing <= {"codes"}
    assert all(steps[name].summary["edition"] == version for name in missing - {"codes"})


def test_what_waits_loses_its_reason_when_the_edition_ends(tmp_path: Path) -> None:
    """On 8 January 2023 nobody is traced or isolated any more: what waited is taken back."""
    evening = dt.datetime(2023, 1, 9, 20, tzinfo=BEIJING)
    b.headquarters()
    b.register(*(b.person(n, n) for n in range(1, 3)), homes=[b.household(n) for n in range(1, 3)])
    b.trace(b.case(1), (2, 1))
    waiting = b.proposal("isolate:x", kind="isolate")
    cycle.run(as_of=evening, lake=Lake(tmp_path / "lake"), seed=1, clock=lambda: evening)
    assert Proposal.objects.get(pk=waiting.pk).state == "superseded"
    assert Contact.objects.get().withdrawn_as_of == evening
