"""Rules of packs raise signals beside those of the counts, and make no second proposal."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from django.test import Client

from tests.service import builders as b
from tests.service import frames, scenes
from zhongshu.rules import reader
from zhongshu.service.periods import facade as periods
from zhongshu.service.periods.cycle.watch import events
from zhongshu.service.signals import facade as signals
from zhongshu.service.signals.models import Signal

pytestmark = pytest.mark.django_db
RULE = "cn-covid-9:cluster-village"


def cases_in(village: str, many: int, first: int = 0) -> None:
    """Synthetic cases diagnosed on the day of the run."""
    rows = (
        b.case_row(first + n, village, confirmed_at=b.NOW, reported_at=b.NOW - b.HOUR)
        for n in range(many)
    )
    b.take_cases(*rows)


def run(folder: Path, day: int = 0) -> int:
    summary = events.run(frames.frame(folder, as_of=b.NOW + day * b.DAY)).summary
    return int(summary["signals"])


def desk(unit: str = b.PROVINCE) -> Client:
    scenes.clock_at(b.NOW + b.HOUR)
    return scenes.signed_in((unit, "epidemiologist"), name=unit)


def test_a_cluster_is_a_signal_that_names_its_rule_and_leads_to_its_proposal(
    tmp_path: Path,
) -> None:
    b.headquarters()
    cases_in(b.VILLAGE, 2)
    outcome = events.run(frames.frame(tmp_path))
    (draft,) = outcome.drafts
    proposal = periods.propose(run=b.run(), draft=draft, now=b.NOW)
    client = desk()
    told = scenes.get(client, "/signals").json()["items"]
    assert [(one["unit"]["code"], one["method"]) for one in told] == [(b.COUNTY, "rule")]
    (one,) = told
    assert (one["stream"], one["observed"], one["state"]) == ("cases", 2, "raised")
    assert [one[name] for name in ("expected", "z", "p_value", "probability")] == [None] * 4
    rule = one["rule"]
    assert (rule["pack"], rule["rule_id"]) == ("cn-covid-9", "WHO-9")
    assert rule["proposal_id"] == proposal.pk
    assert rule["groups"] == [
        {"name": "坞城社区", "first": "2022-11-02", "last": "2022-11-08", "persons": 2}
    ]
    assert rule["text"]["zh"]
    assert scenes.get(client, "/signals/groups").json()["items"][0]["top"]["id"] == one["id"]


def test_what_goes_on_is_one_signal_and_counts_on(tmp_path: Path) -> None:
    b.headquarters()
    cases_in(b.VILLAGE, 2)
    assert [run(tmp_path), run(tmp_path)] == [1, 1]
    cases_in(b.VILLAGE, 3, first=10)
    run(tmp_path, 1)
    run(tmp_path, 2)
    signal = Signal.objects.get()
    assert (signal.rule, signal.observed, signal.date) == (RULE, 5, b.NOW.date())
    assert signal.known_at == b.NOW


@pytest.mark.parametrize(("more", "states"), [(0, ["false_alarm"]), (2, ["false_alarm", "raised"])])
def test_what_was_dismissed_is_raised_again_only_when_it_has_grown(
    more: int, states: list[str], tmp_path: Path
) -> None:
    b.headquarters()
    cases_in(b.VILLAGE, 2)
    run(tmp_path)
    number = Signal.objects.get().pk
    act = signals.Act("dismiss", "同一家庭")
    scope, actor = b.scope(), b.actor()
    signals.handle(signal_id=number, act=act, scope=scope, actor=actor, now=b.NOW)
    late = [
        b.case_row(10 + n, b.VILLAGE, confirmed_at=b.NOW + b.DAY, reported_at=b.NOW + b.DAY)
        for n in range(more)
    ]
    if late:
        b.take_cases(*late, at=b.NOW + b.DAY)
    run(tmp_path, 1)
    assert list(Signal.objects.order_by("date").values_list("state", flat=True)) == states


def test_counts_and_rules_withdraw_only_their_own(tmp_path: Path) -> None:
    b.headquarters()
    cases_in(b.VILLAGE, 2)
    run(tmp_path)
    signals.upsert(table=b.signal_table(), run_id=1, as_of=b.NOW)
    nothing = b.signal_table().slice(0, 0)
    signals.upsert(table=nothing, run_id=1, as_of=b.NOW)
    told = dict(Signal.objects.values_list("rule", "withdrawn_as_of"))
    assert told == {RULE: None, "": b.NOW}
    signals.upsert(table=nothing, run_id=1, as_of=b.NOW, statistics=False)
    assert not Signal.objects.filter(withdrawn_as_of=None).exists()


def test_absences_of_a_school_are_a_signal_of_their_stream(tmp_path: Path) -> None:
    b.headquarters()
    lake = frames.frame(tmp_path).lake
    today = b.NOW.date()
    frames.absences(
        lake,
        *({"site_id": "A", "date": today - n * b.DAY, "count": 4} for n in range(2, 16)),
        {"site_id": "A", "date": today, "count": 30},
    )
    run(tmp_path)
    found = Signal.objects.get(rule__startswith="multi-source-warning:")
    assert (found.stream, found.evidence["rule"]["rule_id"]) == ("school_absences", "TRG-3")
    pack = reader.load("multi-source-warning")
    assert found.grade == pack.value("signal.event_grade.none")


def test_a_signal_without_a_rule_says_so() -> None:
    b.headquarters()
    tables = [b.signal_table(), b.signal_table(b.OTHER_COUNTY)]
    signals.upsert(table=pa.concat_tables(tables), run_id=1, as_of=b.NOW)
    assert [one["rule"] for one in scenes.get(desk(), "/signals").json()["items"]] == [None] * 2
