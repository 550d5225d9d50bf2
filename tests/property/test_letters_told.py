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
        last_exposure=DAY + dt.timedelta(days=version),
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


minutes = st.integers(0, 24 * 60 - 1)  # of a Beijing day
MIDNIGHT = dt.datetime(2022, 11, 4, 16, tzinfo=dt.UTC)
AT = ("合成市场", "合成饭店", "合成学校")


@given(st.tuples(minutes, minutes), st.tuples(minutes, minutes), st.permutations(AT))
def test_a_meeting_that_goes_on_for_hours_is_nothing_new(
    first: tuple[int, int], last: tuple[int, int], order: list[str]
) -> None:
    """Each trace ends open meetings at its own moment; the day is what a county acts on."""

    def traced(which: int, places: tuple[str, ...]) -> told.Facts:
        return dataclasses.replace(
            facts(1, 0),
            first_exposure=MIDNIGHT + dt.timedelta(minutes=first[which]),
            last_exposure=MIDNIGHT + dt.timedelta(days=1, minutes=last[which]),
            places=places,
        )

    before = {(1, COUNTIES[0]): told.Before(traced(0, AT), dropped=False)}
    assert told.lines([told.Now(traced(1, tuple(order)), COUNTIES[0])], before) == {}


_OTHER: dict[str, object] = {
    "degree": 2,
    "kind": "by_air",
    "home": "140105001002",
    "first_exposure": DAY - dt.timedelta(days=1),
    "last_exposure": DAY + dt.timedelta(days=1),
    "places": ("合成市场",),
    "rule_id": "WHO-3",
    "release_on": dt.date(2022, 11, 12),
    "measure": {"zh": "居家隔离至11月14日", "en": "home isolation until 2022-11-14"},
}


@given(st.sampled_from(sorted(_OTHER)))
def test_whatever_a_county_acts_on_is_told_when_it_changes(name: str) -> None:
    changed = dataclasses.replace(facts(1, 0), **{name: _OTHER[name]})  # type: ignore[arg-type]
    before = {(1, COUNTIES[0]): told.Before(facts(1, 0), dropped=False)}
    letters = told.lines([told.Now(changed, COUNTIES[0])], before)
    assert letters == {COUNTIES[0]: [told.Line(changed, LetterRow.CHANGED)]}
