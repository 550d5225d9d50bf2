"""`zhongshu trace`: what the command line tells of a case's contacts, and what it refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.service import builders as b
from tests.service.test_api_casetrace import MET, here  # noqa: F401 - a fixture
from zhongshu.cli import traceexplain
from zhongshu.cli.main import _app
from zhongshu.kernel.errors import Refused
from zhongshu.service.audit.models import AuditEntry
from zhongshu.service.cases.models import Case
from zhongshu.service.contacts.models import Contact

pytestmark = pytest.mark.django_db


class Machine:
    """The database of the tests is open; its clock is the wall's."""

    def open(self) -> None: ...

    def wall(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


def run(*words: str) -> Any:
    return CliRunner().invoke(_app, ["trace", *words], obj=Machine())


def told(*words: str) -> str:
    done = run(*words)
    assert done.exit_code == 0, done.exception
    return done.output


def test_it_prints_window_counts_masked_contacts_and_difference(here: dict[str, Any]) -> None:  # noqa: F811
    text = " ".join(told("C1").split())
    assert "3 close, 0 second degree, 0 venue notices; hot in" in text
    assert "Against the register: 3 new, 0 no longer found" in text
    assert "3 of 3 close contacts would stay in any case" in text
    assert "合*" in text
    assert b.id_no(2) not in text
    assert not Contact.objects.exists()


def test_each_exposure_can_be_asked_for(here: dict[str, Any]) -> None:  # noqa: F811
    text = told("C1", "--explain", "--engine", "parquet")
    assert text.count(f"{MET:%m-%d %H:%M}") >= 3
    assert "饭店" in text
    assert "Meetings with recorded times: 1 (longest 60 min)" in " ".join(text.split())


def test_a_chain_can_be_followed_by_the_numbers_of_the_register(
    here: dict[str, Any],  # noqa: F811
) -> None:
    told("C1", "--write")
    first, *others = Contact.objects.order_by("id")
    Contact.objects.filter(pk=first.pk).update(state="excluded")
    lines = told("C1", "--explain").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"C1 > #{first.pk} "))
    assert lines[at + 1].strip() == "excluded already"
    for one in others:
        assert any(line.startswith(f"C1 > #{one.pk} ") for line in lines)


def test_at_degree_two_the_contact_between_is_named() -> None:
    between = Contact(pk=7, person=70, degree=1, state="proposed")
    known = traceexplain.Names(
        case="C1", registered={70: between}, masked={80: ("合*", "14***")}, places={}
    )
    assert known.chain({"person": 80, "via_person": 70}) == "C1 > #7 > 14***"
    assert known.chain({"person": 70, "via_person": None}) == "C1 > #7"
    assert known.source({"degree": 2, "source_person": 70}) == "#7"
    assert known.place(3, "visit") == "place 3"
    assert known.place(None, "household") == "household"


def test_writing_puts_them_in_the_register(here: dict[str, Any]) -> None:  # noqa: F811
    assert "3 contacts new or changed, 0 withdrawn" in told("C1", "--write")
    assert Contact.objects.count() == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["C99"], "cases.unknown"),
        (["C1", "--write", "--as-of", "2022-11-08T10:00+08:00"], "trace.write_past"),
        (["C1", "--engine", "spark"], "spark.not_set"),
        (["C1", "--as-of", "2022-11-08T19:00+08:00", "--engine", "hot"], None),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(
    here: dict[str, Any],  # noqa: F811
    words: list[str],
    code: str | None,
) -> None:
    refusal = run(*words).exception
    if code is None:
        assert refusal is None
    else:
        assert isinstance(refusal, Refused)
        assert refusal.code == code


def test_an_excluded_case_has_nobody_to_trace(here: dict[str, Any]) -> None:  # noqa: F811
    Case.objects.filter(case_no="C1").update(state="excluded")
    refusal = run("C1").exception
    assert isinstance(refusal, Refused)
    assert refusal.code == "cases.unknown"


def test_whose_contacts_were_looked_at_is_on_record_with_the_purpose(
    here: dict[str, Any],  # noqa: F811
) -> None:
    told("C1", "--purpose", "treatment")
    entry = AuditEntry.objects.get(action="tracing.trace")
    assert entry.facts == {"purpose": "treatment", "contacts": 3}
    refused = run("C1", "--purpose", "curiosity")
    assert isinstance(refused.exception, Refused)
    assert "curiosity" in str(refused.exception)
    assert "合*" not in refused.output
