"""What counties are told, against a ledger that a clerk could keep by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.service.letters import told
from zhongshu.service.letters.models import LetterRow

DAY = dt.datetime(2022, 11, 4, tzinfo=dt.UTC)
COUNTIES = ("140105000000", "140212000000")


def facts(contact: int, version: int) -> told.Facts:
    return told.Facts(
        contact_id=contact,
        person=contact + 100,
        degree=1,
        kind="living",
        home="140105001001",
        first_exposure=DAY,
        last_exposure=DAY + dt.timedelta(hours=version),
        places=(),
        rule_id="WHO-2",
        release_on=None,
    )


contact = st.builds(
    lambda version, county, gone: (version, county, gone),
    st.integers(0, 2),
    st.sampled_from(COUNTIES),
    st.sampled_from(["", "", "", "excluded", "withdrawn", "released", "became_case"]),
)
moments = st.lists(st.lists(contact, min_size=3, max_size=3), min_size=1, max_size=6)


def wrote(
    before: dict[tuple[int, str], told.Before], letters: dict[str, list[told.Line]]
) -> dict[tuple[int, str], told.Before]:
    after = dict(before)
    for county, lines in letters.items():
        for line in lines:
            after[line.facts.contact_id, county] = told.Before(
                line.facts, line.change == LetterRow.DROPPED
            )
    return after


@settings(deadline=None)
@given(moments)
def test_after_its_letters_a_county_knows_exactly_whom_to_look_for(
    history: list[list[tuple[int, str, str]]],
) -> None:
    before: dict[tuple[int, str], told.Before] = {}
    for moment in history:
        today = [
            told.Now(facts(number, version), county, gone)
            for number, (version, county, gone) in enumerate(moment)
        ]
        letters = told.lines(today, before)
        before = wrote(before, letters)
        for now in today:
            known = {
                county: one.facts
                for (contact_id, county), one in before.items()
                if contact_id == now.facts.contact_id and not one.dropped
            }
            if now.gone == told.RELEASED:  # the county let him go itself: nobody tells it
                assert all(line.facts != now.facts for rows in letters.values() for line in rows)
            else:
                assert known == ({} if now.gone else {now.county: now.facts})
        assert told.lines(today, before) == {}, "nothing is told twice"


@given(contact)
def test_the_first_letter_asks_for_those_who_stand_and_no_others(
    one: tuple[int, str, str],
) -> None:
    version, county, gone = one
    letters = told.lines([told.Now(facts(1, version), county, gone)], {})
    expected = {} if gone else {county: [told.Line(facts(1, version), LetterRow.NEW)]}
    assert letters == expected


@given(st.text(max_size=5))
def test_the_measure_in_words_makes_no_change_of_its_own(words: str) -> None:
    """A pack may be reworded; nobody gets a letter for it."""
    measured = dataclasses.replace(facts(1, 0), measure={"zh": words, "en": words})
    last = {(1, COUNTIES[0]): told.Before(facts(1, 0), dropped=False)}
    assert told.lines([told.Now(measured, COUNTIES[0])], last) == {}
