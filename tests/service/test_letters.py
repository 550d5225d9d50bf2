"""Letters to counties about contacts: told once, frozen, seen by two sides, answered."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from tests.service import builders as b
from tests.service import chains_made as made
from tests.service.chains_made import Met
from zhongshu.kernel.errors import BadInput, NotAllowed, NotFound, WrongState
from zhongshu.rules import reader
from zhongshu.service.cases import facade as cases
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.letters import facade as letters
from zhongshu.service.people.models import AccessRecord

pytestmark = pytest.mark.django_db


def send(case: cases.Case, *, now: dt.datetime = b.NOW) -> dict[str, letters.Letter]:
    """What the county of the case sends; receiving unit to letter."""
    sent = letters.make(
        case_id=case.pk,
        note="",
        scope=b.scope(b.COUNTY),
        actor=b.actor(b.COUNTY, "data_team", "sender"),
        now=now,
    )
    return {one.unit_id: one for one in sent}


def receiver(code: str = b.OTHER_COUNTY) -> Actor:
    return b.actor(code, "local_staff", "receiver")


def answer(
    letter: letters.Letter,
    action: str,
    *figures: int,
    code: str = b.OTHER_COUNTY,
    now: dt.datetime = b.NOW,
) -> letters.Letter:
    return letters.answer(
        letter_id=letter.pk,
        action=action,
        figures=letters.Figures(*figures),
        note="",
        scope=b.scope(code),
        actor=receiver(code),
        now=now,
    )


def shown(letter: letters.Letter) -> set[tuple[int, str, str]]:
    return set(letters.rows(letter).values_list("contact_id", "change", "dropped_reason"))


def test_each_county_gets_one_letter_with_the_contacts_that_live_there() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(2), Met(12), Met(13), Met(14, via=12))
    sent = send(case)
    assert {code: (one.kind, one.persons) for code, one in sent.items()} == {
        b.COUNTY: ("local", 1),
        b.OTHER_COUNTY: ("help", 3),
    }
    letter = sent[b.OTHER_COUNTY]
    assert letter.number == "协查〔2022〕第2号"
    assert (letter.from_unit_id, letter.case_no, letter.supplement_to) == (b.COUNTY, "C1", None)
    assert shown(letter) == {(found[serial].pk, "new", "") for serial in (12, 13, 14)}
    in_order = letters.rows(letter).order_by("ord").values_list("contact_id", flat=True)
    assert list(in_order)[-1] == found[14].pk, "the closest come first"


def test_somebody_in_no_register_is_asked_of_the_unit_he_is_filed_under() -> None:
    case = made.neighbours()
    made.trace(case, Met(21))
    assert send(case)[b.PROVINCE].persons == 1


def test_a_row_keeps_what_was_known_when_the_letter_was_made() -> None:
    case = made.neighbours()
    place = made.market()
    made.trace(case, Met(12, place=place))
    row = letters.rows(send(case)[b.OTHER_COUNTY]).get()
    made.trace(case, Met(12, place=place, minutes=90), as_of=b.NOW + b.HOUR)
    row.refresh_from_db()
    assert row.last_exposure == made.START + b.HOUR / 2
    assert (row.places, row.kind, row.rule_id) == (["合成市场"], "field_judgement", "WHO-2")
    assert row.measure == {
        "zh": "集中隔离至11月11日，居家隔离至11月14日",
        "en": "central isolation until 2022-11-11, home isolation until 2022-11-14",
    }


def test_what_was_told_is_not_told_again() -> None:
    case = made.neighbours()
    made.trace(case, Met(2), Met(12))
    send(case)
    with pytest.raises(WrongState) as refusal:
        send(case, now=b.NOW + b.HOUR)
    assert refusal.value.code == "letters.nothing_new"


def test_a_longer_meeting_on_the_same_day_makes_no_supplement() -> None:
    case = made.neighbours()
    made.trace(case, Met(12))
    send(case)
    later = b.NOW + b.HOUR
    made.trace(case, Met(12, minutes=95), as_of=later)
    with pytest.raises(WrongState) as refusal:
        send(case, now=later)
    assert refusal.value.code == "letters.nothing_new"
    assert "Case C1 " in refusal.value.message


def test_a_supplement_has_only_what_is_new_or_changed() -> None:
    case = made.neighbours()
    made.trace(case, Met(2), Met(12), Met(13))
    first = send(case)[b.OTHER_COUNTY]
    later = b.NOW + b.HOUR
    found = made.trace(
        case, Met(2), Met(12), Met(13), Met(13, at=made.START + b.DAY), Met(14), as_of=later
    )
    sent = send(case, now=later)
    assert set(sent) == {b.OTHER_COUNTY}
    supplement = sent[b.OTHER_COUNTY]
    assert (supplement.supplement_to, supplement.persons) == (first, 2)
    assert shown(supplement) == {(found[13].pk, "changed", ""), (found[14].pk, "new", "")}


def test_a_county_hears_once_that_it_need_not_look_any_more() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(12), Met(13))
    send(case)
    contacts.decide(
        contact_ids=[found[12].pk], action="exclude", reason="x", actor=b.actor(), now=b.NOW
    )
    later = b.NOW + b.HOUR
    made.trace(case, Met(12), as_of=later)  # 13 is no longer found
    supplement = send(case, now=later)[b.OTHER_COUNTY]
    assert supplement.persons == 0
    assert shown(supplement) == {
        (found[12].pk, "dropped", "excluded"),
        (found[13].pk, "dropped", "withdrawn"),
    }
    with pytest.raises(WrongState):
        send(case, now=later)


def test_who_was_excluded_before_any_letter_is_in_none() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(2), Met(12))
    contacts.decide(
        contact_ids=[found[12].pk], action="downgrade", reason="x", actor=b.actor(), now=b.NOW
    )
    assert set(send(case)) == {b.COUNTY}


def test_whoever_does_not_see_the_case_cannot_send() -> None:
    case = made.neighbours()
    made.trace(case, Met(12))
    with pytest.raises(NotFound):
        letters.make(
            case_id=case.pk, note="", scope=b.scope(b.OTHER_CITY), actor=receiver(), now=b.NOW
        )


def test_only_the_county_it_was_sent_to_answers() -> None:
    case = made.neighbours()
    made.trace(case, Met(12), Met(13))
    letter = send(case)[b.OTHER_COUNTY]
    for code in (b.COUNTY, b.OTHER_CITY, b.PROVINCE):
        with pytest.raises(NotAllowed):
            answer(letter, "receive", code=code)
    with pytest.raises(NotFound):
        answer(letter, "receive", code=b.ZONE)
    assert answer(letter, "receive").state == "received"


def test_an_answer_accounts_for_every_person_of_the_letter() -> None:
    case = made.neighbours()
    made.trace(case, Met(12), Met(13))
    letter = send(case)[b.OTHER_COUNTY]
    with pytest.raises(BadInput, match="nothing about whom"):
        answer(letter, "receive", 1, 1, 1)
    answer(letter, "receive", now=b.NOW + b.HOUR)
    for wrong in ((1, 1, 0), (2, 2, 1), (1, 2, 1)):
        with pytest.raises(BadInput):
            answer(letter, "answer", *wrong)
    with pytest.raises(BadInput):
        answer(letter, "answer")
    answer(letter, "report", 1, 0, 0, now=b.NOW + 2 * b.HOUR)
    done = answer(letter, "answer", 1, 1, 1, now=b.NOW + 3 * b.HOUR)
    assert (done.state, done.received_at, done.answered_at) == (
        "answered", b.NOW + b.HOUR, b.NOW + 3 * b.HOUR,
    )  # fmt: skip
    told = [(one.action, one.found, one.not_found) for one in letters.receipts(done)]
    assert told == [("receive", None, None), ("report", 1, 0), ("answer", 1, 1)]
    with pytest.raises(WrongState):
        answer(letter, "answer", 2, 2, 0)


def test_rows_and_receipts_are_never_changed() -> None:
    case = made.neighbours()
    made.trace(case, Met(12))
    letter = send(case)[b.OTHER_COUNTY]
    answer(letter, "receive")
    for rows in (letters.rows(letter), letters.Receipt.objects.filter(letter=letter)):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            rows.update(letter=letter)
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            rows.delete()


def test_a_letter_is_timed_until_it_is_answered() -> None:
    case = made.neighbours()
    made.trace(case, Met(12))
    letter = send(case)[b.OTHER_COUNTY]
    hours = reader.in_force("cn-covid-9", b.NOW.date()).number("report.contacts_spread_h")
    clock = clocks.Clock.objects.get(subject_kind="letter")
    assert clock.due_at == letter.due_at == b.NOW + hours * b.HOUR
    assert (clock.unit_id, clock.label, letter.rule_id) == (b.OTHER_COUNTY, letter.number, "RPT-4")
    assert not letter.verified  # recalled, not read in a source
    answer(letter, "answer", 1, 1, 0, now=b.NOW + 30 * b.HOUR)
    clock.refresh_from_db()
    assert clock.state == "met_late"


def test_a_letter_that_only_takes_back_has_no_clock() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(12))
    send(case)
    contacts.decide(
        contact_ids=[found[12].pk], action="exclude", reason="x", actor=b.actor(), now=b.NOW
    )
    send(case, now=b.NOW + b.HOUR)
    assert clocks.Clock.objects.filter(subject_kind="letter").count() == 1


def test_a_confirmed_contact_elsewhere_waits_for_a_letter() -> None:
    """The clock of RPT-4 for the sender: from knowing him until a letter is out."""
    case = made.neighbours()
    found = made.trace(case, Met(2), Met(12))
    ids = [one.pk for one in found.values()]
    waiting = clocks.Clock.objects.filter(clock="help-request")
    assert not waiting.exists()  # a machine's proposal makes nobody write letters
    contacts.decide(contact_ids=ids, action="confirm", reason="", actor=b.actor(), now=b.NOW)
    assert [clock.subject_id for clock in waiting] == [found[12].pk]
    send(case, now=b.NOW + b.HOUR)
    assert waiting.get().state == "met"


def test_clocks_of_letters_can_be_brought_in_line_again() -> None:
    case = made.neighbours()
    made.trace(case, Met(12))
    send(case)
    nothing = {"started": 0, "moved": 0, "withdrawn": 0}
    for register in (letters, contacts):
        assert register.follow_clocks(actor=CYCLE, now=b.NOW) == nothing


def test_names_are_opened_for_a_purpose_and_on_record() -> None:
    case = made.neighbours()
    made.trace(case, Met(12), Met(13))
    letter = send(case)[b.OTHER_COUNTY]

    def opening(purpose: str) -> letters.Opened:
        return letters.opened(
            letter_id=letter.pk,
            purpose=purpose,
            scope=b.scope(b.OTHER_COUNTY),
            actor=receiver(),
            now=b.NOW,
        )

    with pytest.raises(BadInput):
        opening("curiosity")
    assert AccessRecord.objects.count() == 0
    opened = opening("investigation")
    assert opened.identities[b.pseudonym(12)].id_no == b.id_no(12)
    access = AccessRecord.objects.get()
    assert (access.actor, access.purpose, access.note) == (
        "receiver", "investigation", letter.number,
    )  # fmt: skip
    assert access.pseudonyms == sorted([b.pseudonym(12), b.pseudonym(13)])


@pytest.mark.parametrize("code", [b.OTHER_CITY, b.PROVINCE])
def test_those_above_see_a_letter_but_open_no_names(code: str) -> None:
    case = made.neighbours()
    made.trace(case, Met(12))
    letter = send(case)[b.OTHER_COUNTY]
    assert letters.get(letter.pk, b.scope(code)).pk == letter.pk
    with pytest.raises(NotAllowed):
        letters.opened(
            letter_id=letter.pk,
            purpose="investigation",
            scope=b.scope(code),
            actor=b.actor(code, "data_team"),
            now=b.NOW,
        )
