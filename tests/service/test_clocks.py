"""Clocks are started, stopped and corrected by facts, and by nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.db import ProgrammingError, connection, transaction

from tests.service import builders as b
from tests.service.clock_packs import lab
from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.kernel.time import start_of_day
from zhongshu.rules.model import Pack
from zhongshu.service.audit.models import AuditEntry
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.clocks import rulebook
from zhongshu.service.kit.actor import INTAKE
from zhongshu.service.rowsecurity import facade as rowsecurity

pytestmark = pytest.mark.django_db
CONFIRMED = b.NOW - 2 * b.HOUR
DUE = CONFIRMED + 10 * b.HOUR
Clock = clocks.Clock


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    b.headquarters()
    return lab(tmp_path / "lab")


def case(number: int = 1, **facts: Any) -> dict[str, Any]:
    """A case of the village, confirmed and not reported; `facts` put for or beside."""
    return {
        "subject_id": number,
        "unit_path": b.path(b.VILLAGE),
        "label": f"C{number}",
        "confirmed_at": CONFIRMED,
        "reported_at": None,
    } | facts


def told(
    pack: Pack, *rows: dict[str, Any], kind: str = "case", now: dt.datetime = b.NOW
) -> dict[str, int]:
    return clocks.follow(kind, rows, actor=INTAKE, now=now, packs=rulebook.of(pack))


def only(name: str = "report") -> clocks.Clock:
    return Clock.objects.get(clock=name)


def happened() -> list[str]:
    return [one.what for one in clocks.events(only())]


def test_the_anchor_starts_a_clock_that_the_county_must_meet(pack: Pack) -> None:
    assert told(pack, case()) == {"started": 1, "moved": 0, "withdrawn": 0}
    clock = only()
    assert (clock.state, clock.anchor_at, clock.due_at) == ("running", CONFIRMED, DUE)
    assert (clock.unit_id, clock.unit_path) == (b.COUNTY, b.path(b.COUNTY))
    assert clock.subject_path == b.path(b.VILLAGE)
    assert (clock.next_step, clock.next_at) == ("remind", CONFIRMED + 5 * b.HOUR)
    kind = clocks.kinds([clock])[clock.kind_id]
    assert (kind.rule_id, kind.verified, kind.length, kind.unit) == ("L-2", False, 10, "hour")
    assert kind.legal_basis == {"zh": "依据", "en": "Basis"}


def test_the_same_facts_again_change_nothing(pack: Pack) -> None:
    told(pack, case())
    assert told(pack, case(), now=b.NOW + b.HOUR) == {"started": 0, "moved": 0, "withdrawn": 0}
    assert happened() == ["started"]


@pytest.mark.parametrize(
    ("hours", "state"), [(9.99, "met"), (10, "met"), (10.01, "met_late"), (200, "met_late")]
)
def test_the_stop_fact_meets_it_in_time_or_late(pack: Pack, hours: float, state: str) -> None:
    told(pack, case())
    reported = CONFIRMED + hours * b.HOUR
    assert told(pack, case(reported_at=reported), now=reported)["moved"] == 1
    clock = only()
    assert (clock.state, clock.ended_at, clock.next_at) == (state, reported, None)
    assert happened() == ["started", state]


def test_a_corrected_anchor_moves_the_due_time_and_the_steps_ahead(pack: Pack) -> None:
    told(pack, case())
    told(pack, case(confirmed_at=CONFIRMED - b.HOUR))
    assert only().due_at == DUE - b.HOUR
    assert only().next_at == CONFIRMED + 4 * b.HOUR
    assert happened() == ["started", "recomputed"]
    (_, event) = clocks.events(only())
    assert dt.datetime.fromisoformat(event.before["due_at"]) == DUE
    assert dt.datetime.fromisoformat(event.after["due_at"]) == DUE - b.HOUR


def test_a_corrected_due_time_may_turn_late_into_met(pack: Pack) -> None:
    reported = DUE + b.HOUR
    told(pack, case(reported_at=reported), now=reported)
    assert only().state == "met_late"
    told(pack, case(confirmed_at=CONFIRMED + 2 * b.HOUR, reported_at=reported), now=reported)
    assert only().state == "met"
    assert happened() == ["started", "met_late", "met"]


def test_a_stop_that_is_taken_back_starts_the_clock_again(pack: Pack) -> None:
    told(pack, case(reported_at=b.NOW))
    told(pack, case(), now=b.NOW + b.HOUR)
    clock = only()
    assert (clock.state, clock.ended_at, clock.next_step) == ("running", None, "remind")
    assert happened() == ["started", "met", "restarted"]


def test_an_anchor_that_is_withdrawn_waives_the_clock_and_its_return_starts_it(pack: Pack) -> None:
    told(pack, case())
    assert told(pack, case(confirmed_at=None))["withdrawn"] == 1
    clock = only()
    assert (clock.state, clock.waived_reason) == ("waived", "anchor_withdrawn")
    assert told(pack, case(confirmed_at=None))["withdrawn"] == 0
    told(pack, case())
    assert (only().state, only().waived_reason, only().due_at) == ("running", "", DUE)
    assert happened() == ["started", "waived", "restarted"]


def test_a_fact_that_ends_the_condition_withdraws_its_clock(pack: Pack) -> None:
    mild = {"severity": "mild", "onset_date": dt.date(2022, 11, 5), "isolated_at": None}
    told(pack, case(**mild))
    clock = only("mild-only")
    assert clock.due_at == start_of_day(dt.date(2022, 11, 9))  # the end of the third day after
    assert clock.unit_id == b.VILLAGE
    told(pack, case(**mild | {"severity": "severe"}))
    assert only("mild-only").state == "waived"
    assert only("report").state == "running"


def test_a_clock_that_nobody_here_could_stop_is_not_started(pack: Pack) -> None:
    told(pack, case())
    assert not Clock.objects.filter(clock="unstoppable").exists()
    told(pack, case(investigated_at=None))
    assert only("unstoppable").state == "running"


def test_the_due_time_of_a_directive_is_its_own_and_an_amended_one_moves_the_clock(
    pack: Pack,
) -> None:
    order = {
        "subject_id": 5, "unit_path": b.path(b.TOWNSHIP), "label": "2022-000005",
        "issued_at": b.NOW, "sign_due_at": b.NOW + 2 * b.HOUR, "signed_at": None,
    }  # fmt: skip
    told(pack, order, kind="directive")
    assert only("sign").due_at == b.NOW + 2 * b.HOUR
    assert only("sign").unit_id == b.TOWNSHIP
    told(pack, order | {"sign_due_at": b.NOW + 4 * b.HOUR}, kind="directive")
    assert only("sign").due_at == b.NOW + 4 * b.HOUR
    told(pack, order | {"sign_due_at": None}, kind="directive")
    assert only("sign").state == "waived"


def test_a_clock_without_a_stop_ends_by_itself_when_it_is_due(pack: Pack) -> None:
    exposed = {"subject_id": 9, "unit_path": b.path(b.VILLAGE), "last_exposure": b.NOW}
    told(pack, exposed, kind="contact")
    stay = only("stay")
    assert (stay.state, stay.due_at) == ("running", start_of_day(dt.date(2022, 11, 12)))
    later = b.NOW + 4 * b.DAY
    told(pack, exposed, kind="contact", now=later)
    assert (only("stay").state, only("stay").ended_at) == ("met", stay.due_at)
    told(pack, exposed | {"last_exposure": later}, kind="contact", now=later)
    assert (only("stay").state, only("stay").ended_at) == ("running", None)


def test_days_already_served_are_taken_off(pack: Pack) -> None:
    served = [{"from": dt.date(2022, 11, 3), "to": dt.date(2022, 11, 4)}]
    exposed = {"subject_id": 9, "unit_path": b.path(b.VILLAGE), "last_exposure": b.NOW,
               "served": served}  # fmt: skip
    told(pack, exposed, kind="contact")
    assert only("stay").due_at == start_of_day(dt.date(2022, 11, 10))


def test_a_changed_pack_moves_the_clock_when_its_facts_come_again(
    pack: Pack, tmp_path: Path
) -> None:
    told(pack, case())
    shorter = lab(tmp_path / "shorter", change=("{value: 10, unit: h", "{value: 4, unit: h"))
    assert told(shorter, case())["moved"] == 1
    assert only().due_at == CONFIRMED + 4 * b.HOUR
    assert clocks.Kind.objects.filter(clock="report").count() == 2


def test_a_hundred_thousand_subjects_are_followed_in_one_go(pack: Pack) -> None:
    count = 100_000
    at = pa.scalar(CONFIRMED, pa.timestamp("us", tz="UTC"))
    table = pa.table(
        {
            "subject_id": pa.array(range(count), pa.int64()),
            "unit_path": pa.repeat(b.path(b.VILLAGE), count),
            "confirmed_at": pa.repeat(at, count),
            "reported_at": pa.nulls(count, pa.timestamp("us", tz="UTC")),
        }
    )
    followed = {"actor": INTAKE, "now": b.NOW, "packs": rulebook.of(pack)}
    assert clocks.follow("case", table, **followed)["started"] == count
    assert clocks.follow("case", table, **followed) == {"started": 0, "moved": 0, "withdrawn": 0}
    assert Clock.objects.filter(state="running", due_at=DUE).count() == count


def test_one_subject_twice_in_the_rows_is_a_fault(pack: Pack) -> None:
    with pytest.raises(ValueError, match="once"):
        told(pack, case(), case(confirmed_at=CONFIRMED - b.DAY))


def test_a_village_may_start_the_countys_clock_though_it_cannot_see_it(pack: Pack) -> None:
    with rowsecurity.scoped(b.scope(b.VILLAGE)):
        told(pack, case())
        assert not Clock.objects.exists()
        then = clocks.Then.of(b.NOW, now=b.NOW)
        ((seen, _),) = clocks.of_subject("case", 1, then=then)
        assert seen.unit_id == b.COUNTY
    assert only().state == "running"


# People


def test_waiving_needs_a_reason_of_the_list_and_words(pack: Pack) -> None:
    told(pack, case())
    given = {"clock_id": only().pk, "scope": b.scope(), "actor": b.actor(), "now": b.NOW}
    with pytest.raises(BadInput, match="duplicate"):
        clocks.waive(reason="tired", note="x", **given)
    with pytest.raises(BadInput, match=r"anchor|duplicate"):
        clocks.waive(reason="anchor_withdrawn", note="x", **given)
    with pytest.raises(BadInput, match="words"):
        clocks.waive(reason="duplicate", note=" ", **given)
    clocks.waive(reason="duplicate", note="twice in the list", **given)
    clock = only()
    assert (clock.state, clock.waived_by, clock.next_at) == ("waived", "commander", None)
    with pytest.raises(WrongState):
        clocks.waive(reason="duplicate", note="again", **given)
    assert AuditEntry.objects.filter(action="clock.waive").count() == 1


def test_what_a_person_waived_stays_waived_whatever_the_facts(pack: Pack) -> None:
    told(pack, case())
    clocks.waive(
        clock_id=only().pk, reason="done_elsewhere", note="by the city", scope=b.scope(),
        actor=b.actor(), now=b.NOW,
    )  # fmt: skip
    for facts in ({"confirmed_at": CONFIRMED - b.HOUR}, {"confirmed_at": None}, {}):
        told(pack, case(**facts))
        assert (only().state, only().waived_reason) == ("waived", "done_elsewhere")


def test_a_clock_of_another_city_cannot_be_waived_or_reminded_of(pack: Pack) -> None:
    told(pack, case())
    given = {"clock_id": only().pk, "scope": b.scope(b.OTHER_CITY), "actor": b.actor()}
    with pytest.raises(NotFound):
        clocks.remind(note="", now=b.NOW, **given)
    with pytest.raises(NotFound):
        clocks.waive(reason="duplicate", note="x", now=b.NOW, **given)


def test_somebody_may_be_reminded_any_number_of_times(pack: Pack) -> None:
    told(pack, case())
    for _ in range(2):
        clocks.remind(
            clock_id=only().pk, note="please", scope=b.scope(), actor=b.actor(), now=b.NOW
        )
    told_units = [n.unit_id for n in clocks.Notification.objects.all()]
    assert told_units == [b.COUNTY, b.COUNTY]
    assert happened() == ["started", "reminded", "reminded"]


def test_events_are_never_changed_or_taken_back(pack: Pack) -> None:
    told(pack, case())
    for statement in ("UPDATE clocks_clockevent SET by = 'x'", "DELETE FROM clocks_clockevent"):
        with (
            pytest.raises(ProgrammingError, match="Cannot"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
