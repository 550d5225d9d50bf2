"""docs/reference/expressions.md lists every operator, and its examples give what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from zhongshu.rules import expression
from zhongshu.rules.expression import grammar, words

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "expressions.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \| (.+?) \| (.+?) \| `(\{.+?\})` \| `(.+?)` \|$", TEXT, re.M)
FACTS = json.loads(re.findall(r"```json\n(.*?)```", TEXT, re.S)[0])
FIGURES = {"days": 7}


def test_every_operator_is_on_the_page_once() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(expression.OPERATORS)


@pytest.mark.parametrize(("op", "example", "gives"), [(row[0], row[3], row[4]) for row in ROWS])
def test_each_example_uses_its_operator_and_gives_what_the_page_says(
    op: str, example: str, gives: str
) -> None:
    expr = json.loads(example)
    assert f'"{op}"' in example
    assert expression.validate(expr) == []
    found = expression.evaluate(expr, FACTS, figures=FIGURES.__getitem__)
    assert expression.plain(found) == json.loads(gives)


def test_the_page_names_the_limits_that_hold() -> None:
    assert f"{grammar.MAX_PARTS:,} parts, nesting deeper than {grammar.MAX_DEPTH}" in TEXT


def test_every_operator_has_words() -> None:
    said: dict[str, Any] = words.catalogue()
    known = {*said["phrases"], *said["conditions"], *said["relations"]}
    # Said through their parts.
    through = {"var", "outer", "figure", "if", "and"}
    assert set(expression.OPERATORS) - known == through


def test_words_are_given_in_both_languages() -> None:
    for name, section in words.catalogue().items():
        if name == "unit_of":
            continue
        for entry in [section] if "zh" in section else section.values():
            assert set(entry) == {"zh", "en"}, (name, entry)
            places = [set(re.findall(r"\{\w*\}", entry[one])) for one in ("zh", "en")]
            assert places[0] == places[1], entry
