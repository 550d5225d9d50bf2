"""What is counted for all counties together is shown to whoever may see all of them only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.service import builders as b
from tests.service import scenes
from zhongshu.rules.permissions import GRANTS, Permission, Role
from zhongshu.service.signals import facade as signals

pytestmark = pytest.mark.django_db
SPENT = {"set_per_week": 20.0, "raised": 3, "level": 1.5, "by_chance": 0.4}
READERS = sorted(role for role in Role if Permission.SIGNAL_READ in GRANTS[role])


def told(role: Role, unit: str) -> list[dict[str, Any]]:
    """The signal as its page, the list, a narrowed list and an answer to an act tell it."""
    b.headquarters()
    evidence = {"history": [], "tested": 117, "budget": SPENT, "lead": "fever_clinic"}
    table = b.signal_table(stream="joint", method="joint", evidence=json.dumps(evidence))
    signals.upsert(table=table, run_id=1, as_of=b.NOW)
    number = signals.Signal.objects.get().pk
    scenes.clock_at(b.NOW + b.HOUR)
    client = scenes.signed_in((unit, role))
    answers = [scenes.get(client, f"/signals/{number}").json()]
    answers += scenes.get(client, "/signals").json()["items"]
    answers += scenes.get(client, "/signals", scope=b.COUNTY).json()["items"]
    if Permission.SIGNAL_HANDLE in GRANTS[role]:
        answers.append(scenes.post(client, f"/signals/{number}/take", {}).json())
    return [answer["evidence"] for answer in answers]


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("unit", [b.COUNTY, b.CITY])
def test_a_part_of_the_area_is_told_nothing_of_the_whole(role: Role, unit: str) -> None:
    found = told(role, unit)
    assert len(found) >= 3
    assert all((one["tested"], one["budget"]) == (None, None) for one in found)
    assert all(one["lead"] == "fever_clinic" for one in found)


@pytest.mark.parametrize("role", READERS)
def test_the_whole_area_is_told(role: Role) -> None:
    found = told(role, b.PROVINCE)
    assert len(found) >= 3
    assert all((one["tested"], one["budget"]) == (117, SPENT) for one in found)
