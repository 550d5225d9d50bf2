"""The second net: a query that forgot its scope sees nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from tests.service import builders as b
from tests.service import scenes, tubed
from zhongshu.service.cases import facade as cases
from zhongshu.service.clocks import counters
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.kit.scope import NOTHING
from zhongshu.service.people import facade as people
from zhongshu.service.people.models import Person
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.rowsecurity import tables
from zhongshu.service.signals import facade as signals

pytestmark = pytest.mark.django_db


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_every_table_is_either_cut_down_shared_or_out_of_reach() -> None:
    named = [*tables.BY_PATH, *tables.BY_PARENT, *tables.VAULT, *tables.SHARED]
    named += tables.OUT_OF_REACH
    there = set(connection.introspection.table_names())
    assert sorted(named) == sorted(there)


def test_every_table_with_a_unit_path_is_cut_down_by_it() -> None:
    placed = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(field.name == "unit_path" for field in model._meta.concrete_fields)
    }
    assert placed - {"accounts_post", "audit_auditentry"} == {*tables.BY_PATH, *tables.VAULT}


def test_without_a_scope_no_scoped_table_shows_a_row() -> None:
    inside, _ = scenes.two_cities()
    counters.fold()
    clocks.waive(
        clock_id=inside.clock_id, reason="duplicate", note="x", scope=b.scope(), actor=b.actor(),
        now=b.NOW,
    )  # fmt: skip
    signals.snooze(
        signal_id=inside.signal.pk, until=b.NOW + b.DAY, reason="x", scope=b.scope(),
        actor=b.actor(), now=b.NOW,
    )  # fmt: skip
    room = {"id_no": b.id_no(1), "dormitory_id": "D1", "village_code": b.VILLAGE,
            "moved_in": b.NOW.date(), "moved_out": None}  # fmt: skip
    scenes.priced("P1", 20.0)
    scenes.planned(b.COUNTY)
    scenes.compared(b.COUNTY)
    scenes.reserved(b.COUNTY)
    scenes.round_of(b.COUNTY)
    tubed.positive()
    scenes.dispatched(b.COUNTY)
    scenes.decided(scenes.played(b.COUNTY))
    people.register_dormitories(table=b.feed("dormitories", room), known_at=b.NOW)
    scoped = [*tables.BY_PATH, *tables.BY_PARENT, *tables.VAULT]
    assert [table for table in scoped if table not in EMPTY and not count(table)] == []
    with rowsecurity.scoped(NOTHING):
        assert {table: count(table) for table in scoped} == dict.fromkeys(scoped, 0)


EMPTY = {"contacts_notice", "contacts_contactdecision"}


def test_within_a_scope_a_raw_query_sees_that_scope_alone() -> None:
    scenes.two_cities()
    with rowsecurity.scoped(b.scope(b.CITY)):
        seen = {
            table: count(table) for table in ("cases_case", "contacts_contact", "people_person")
        }
        assert seen == {"cases_case": 1, "contacts_contact": 1, "people_person": 2}
        assert count("contacts_exposure") == 1
    assert count("cases_case") == 2


def test_a_scope_is_a_unit_and_not_the_beginning_of_a_number() -> None:
    """140100000000/ must not open 1401000000001/."""
    b.headquarters()
    b.case(1)
    assert cases.listed(scope=b.scope(b.CITY), as_of=b.NOW).count() == 1
    with rowsecurity.scoped(b.scope(b.OTHER_CITY)):
        assert count("cases_case") == 0


def test_a_case_opens_its_person_to_the_cases_unit_even_if_registered_elsewhere() -> None:
    b.headquarters()
    b.register(b.person(1, 1), homes=[b.household(1, b.OTHER_VILLAGE)])
    case = b.case(1, b.VILLAGE)
    with rowsecurity.scoped(b.scope(b.CITY)):
        assert Person.objects.get(pseudonym=case.person).name == "合成人"


def test_a_scoped_request_cannot_write_outside_its_scope() -> None:
    _, outside = scenes.two_cities()
    with rowsecurity.scoped(b.scope(b.CITY)):
        assert cases.Case.objects.filter(pk=outside.case.pk).update(state="closed") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            cases.Case.objects.filter(case_no="C1").update(unit_path=b.path(b.OTHER_CITY))


@pytest.mark.parametrize("table", sorted(tables.OUT_OF_REACH))
def test_a_scoped_request_cannot_reach_accounts_sessions_or_jobs(table: str) -> None:
    b.headquarters()
    with (
        rowsecurity.scoped(b.scope()),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        count(table)


def test_after_a_scoped_request_the_worker_sees_everything_again() -> None:
    scenes.two_cities()
    with pytest.raises(RuntimeError), rowsecurity.scoped(b.scope(b.CITY)):
        raise RuntimeError
    assert count("cases_case") == 2
