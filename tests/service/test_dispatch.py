"""Plans of dispatch from the question to the last receipt."""

from __future__ import annotations

import pytest

from tests.service import builders as b
from tests.service import scenes
from zhongshu.service.dispatch import facade as dispatch

pytestmark = pytest.mark.django_db


def test_a_plan_of_rooms_goes_from_the_question_to_its_jobs() -> None:
    scenes.two_cities()
    plan = scenes.roomed(b.COUNTY)
    assert plan.state == "ready"
    figures = {one["key"]: one["value"] for one in plan.headline["figures"]}
    print(plan.detail["answer"])
    assert figures == {"served": 1, "unserved": 0, "rooms": 1, "sites": 1, "person_km": figures["person_km"]}
