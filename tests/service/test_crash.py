"""Two clicks at once, and a process killed in the middle: one decision, or none at all."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.service import builders as b
from tests.service import scenes
from zhongshu.service.audit import facade as audit
from zhongshu.service.directives import facade as directives
from zhongshu.service.periods import facade as periods

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = Path(periods.__file__).resolve().parents[3]


def test_the_same_click_twice_at_the_same_moment_is_one_decision() -> None:
    inside, _ = scenes.two_cities()
    client = scenes.signed_in((b.CITY, "commander"))
    path = f"/proposals/{inside.proposal.pk}/decision"

    def click(_: int) -> Any:
        try:
            return scenes.post(client, path, {"verdict": "approve"}, key="click").json()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, range(4)))
    assert answers.count(answers[0]) == 4
    assert directives.Directive.objects.filter(proposal_id=inside.proposal.pk).count() == 1
    assert audit.verify().ok


def test_two_people_deciding_at_the_same_moment_make_one_decision() -> None:
    inside, _ = scenes.two_cities()
    path = f"/proposals/{inside.proposal.pk}/decision"
    clients = [scenes.signed_in((b.CITY, "commander"), name=f"c{n}") for n in range(3)]

    def click(number: int) -> int:
        try:
            body = {"verdict": "approve"}
            return int(scenes.post(clients[number], path, body, key="x").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(click, range(3))) == [200, 409, 409]
    assert periods.Decision.objects.filter(proposal=inside.proposal).count() == 1


KILLED = """
    import os, sys
    import django
    django.setup()
    from django.db import transaction
    from tests.service import builders as b
    from zhongshu.service.periods import facade as periods
    with transaction.atomic():
        periods.decide(
            proposal_id=int(sys.argv[1]), verdict=periods.Verdict("approve"), scope=b.scope(),
            actor=b.actor(), by_name="x", now=b.NOW,
        )
        os.kill(os.getpid(), 9)
"""


def test_a_process_killed_in_the_middle_of_a_decision_leaves_it_to_be_made() -> None:
    b.headquarters()
    proposal = b.proposal()
    chain = audit.verify()
    database = settings.DATABASES["default"]
    url = f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}"
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(proposal.pk)],
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
    proposal.refresh_from_db()
    assert proposal.state == "waiting"
    assert not directives.Directive.objects.exists()
    assert audit.verify() == chain
    decision, issued = periods.decide(
        proposal_id=proposal.pk,
        verdict=periods.Verdict("approve"),
        scope=b.scope(),
        actor=b.actor(),
        by_name="总指挥",
        now=b.NOW,
    )
    assert (decision.verdict, len(issued)) == ("approve", 1)
