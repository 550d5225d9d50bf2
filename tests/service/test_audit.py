"""The audit record belongs to the act and shows when somebody touched it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service import builders as b
from zhongshu.service.audit import facade as audit

pytestmark = pytest.mark.django_db


def note(action: str = "test.act", **facts: object) -> None:
    with transaction.atomic():
        audit.record(actor=b.INTAKE, action=action, object_="test", at=b.NOW, facts=facts)


def tamper(statement: str) -> None:
    """What somebody with the owner's password could do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")


def test_a_chain_nobody_touched_is_sound() -> None:
    for number in range(5):
        note(number=number, text="中文", moment=b.NOW)
    assert audit.verify() == audit.Verdict(ok=True, checked=5, first_bad=None)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("""UPDATE audit_auditentry SET facts = '{"n": 9}' WHERE seq = 3""", 3),
        ("UPDATE audit_auditentry SET actor = 'another' WHERE seq = 2", 2),
        ("DELETE FROM audit_auditentry WHERE seq = 2", 3),
        ("UPDATE audit_auditentry SET at = at - interval '1 day' WHERE seq = 1", 1),
    ],
)
def test_a_changed_or_missing_entry_shows(statement: str, first_bad: int) -> None:
    for number in range(4):
        note(n=number)
    tamper(statement)
    verdict = audit.verify()
    assert (verdict.ok, verdict.first_bad) == (False, first_bad)


def test_an_act_that_fails_leaves_no_record() -> None:
    def act() -> None:
        with transaction.atomic():
            note()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert audit.verify().checked == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False,
    allow_infinity=False) | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.text(st.characters(exclude_characters="\0", codec="utf-8")), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(facts=st.dictionaries(st.sampled_from("abc"), JSON))
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_the_facts_the_database_gives_back_what_was_hashed(
    facts: dict[str, object],
) -> None:
    note(**facts)
    assert audit.verify().ok
