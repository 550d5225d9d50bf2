"""Asks every row of every chapter; a failing row prints the sentence it is named by."""

import pytest
from book import Row, asked, chapters, headings, rows, written
from questions import QUESTIONS, ask

ROWS = list(rows())


@pytest.mark.parametrize("row", ROWS, ids=[row.sentence for row in ROWS])
def test_the_row_holds(row: Row) -> None:
    answer = ask(row.table.question, row.told)
    about = {"mark": answer.mark or None, "rule": answer.rule_id or None}
    told = about | dict(answer.found)
    found = {name: written(told.get(name)) for name in row.expected}
    if "reason" in answer.found and "refused" not in row.expected:
        pytest.fail(f"refused: {answer.found['refused']}: {answer.found['reason']}")
    assert found == row.expected


def test_no_two_rows_say_the_same() -> None:
    sentences = [row.sentence for row in ROWS]
    assert [one for one in set(sentences) if sentences.count(one) > 1] == []


def test_every_question_is_asked_and_none_is_unknown() -> None:
    used = {table.question for chapter in chapters() for table in chapter.tables}
    assert used == set(QUESTIONS)


def test_the_chapters_are_numbered_without_a_gap() -> None:
    assert [chapter.number for chapter in chapters()] == list(range(1, 16))


def test_every_question_and_every_column_has_words_in_both_languages() -> None:
    assert set(asked()) == set(QUESTIONS)
    columns = {
        name
        for chapter in chapters()
        for table in chapter.tables
        for name in (*table.given, *table.facts, *table.answer)
    }
    assert columns - set(headings()) == set()
