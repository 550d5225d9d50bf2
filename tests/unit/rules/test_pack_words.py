"""Expressions read aloud, and what differs between versions."""

from pathlib import Path

import pytest

from zhongshu.rules import factlist, reader
from zhongshu.rules.expression import grammar
from zhongshu.rules.packfiles import diff
from zhongshu.rules.packfiles.phrase import phrase

SMALL = Path(__file__).parents[2] / "data" / "small_packs"


def cold():
    return reader.load("cold", folder=SMALL)


def var(name):
    return {"var": name}


WEEK = {"window": [var("tests"), "sampled_at", var("now"), 2, "day"]}
OLD = {">=": [var("age_years"), {"figure": "cold.days"}]}
TOLD = [
    ({"===": [var("is_case"), True]}, "is a case is true", "是病例 为 是"),
    (
        {"and": [OLD, {"!": [var("isolated")]}]},
        "age in years ≥ 7 d and not (is isolated)",
        "年龄 ≥ 7 d 且 并非（隔离中）",
    ),
    (
        {"and": [{"or": [var("is_case"), var("isolated")]}, {"known": [var("now")]}]},
        "(is a case or is isolated) and the moment of judging is known",
        "(是病例 或 隔离中) 且 已知 此刻",
    ),
    (
        {"plus": [var("last_exposure"), {"figure": "cold.days"}, "day"]},
        "7 days after last exposure",
        "末次接触 之后 7 天",
    ),
    (
        {"count": [var("tests"), {"===": [var("result"), "negative"]}]},
        "the number of tests (result is negative)",
        "检测（结果 为 negative）的条数",
    ),
    (
        {"count_distinct": [WEEK, "person"]},
        "the number of different person among tests of the 2 days up to the moment of judging",
        "截至 此刻 的 2 天内的检测中不同被采样人的个数",
    ),
    (
        {"some": [var("tests"), var("outer_space")]},
        "some of tests: outer_space",
        "检测中至少一条满足（outer_space）",
    ),
]


@pytest.mark.parametrize(("expr", "en", "zh"), TOLD)
def test_an_expression_is_read_aloud_in_both_languages(expr, en, zh):
    assert phrase(expr, cold(), of="person") == en
    assert phrase(expr, cold(), of="person", language="zh") == zh


def test_every_operator_can_be_read_aloud():
    literal = {
        grammar.UNIT: lambda form: form.units[0],
        grammar.WHOLE: lambda form: 1,
        grammar.FIELD: lambda form: "result",
        grammar.MAYBE_FIELD: lambda form: None,
    }
    for op, form in grammar.FORMS.items():
        args = [
            literal.get(form.kind(place), lambda form: {"var": "tests"})(form)
            for place in range(form.least)
        ]
        for language in ("zh", "en"):
            said = phrase({op: args}, cold(), of="person", language=language)
            assert said, op
            assert "{" not in said, (op, said)


def test_every_rule_that_ships_can_be_read_aloud():
    count = 0
    for pack_id in reader.pack_ids():
        for pack in reader.versions(pack_id):
            for rule in pack.rules.values():
                if rule.logic and rule.logic.when is not None:
                    count += 1
                    for language in ("zh", "en"):
                        assert phrase(rule.logic.when, pack, of=rule.logic.of, language=language)
    assert count > 50


def test_versions_that_are_the_same_do_not_differ():
    pack = reader.load("cn-covid-9+20")
    assert list(diff.changes(pack, pack)) == []


def test_a_difference_says_what_was_added_removed_and_changed():
    before, after = cold(), reader.load("cold+one+taiyuan", folder=SMALL)
    found = {(one.section, one.key): one for one in diff.changes(before, after)}
    assert {key: (one.what, one.rule_id) for key, one in found.items()} == {
        ("figures", "cold.home_days"): ("changed", "C-1"),
        ("figures", "threshold.cases"): ("changed", "C-3"),
    }
    back = {(one.section, one.key): one for one in diff.changes(after, before)}
    for key, one in found.items():
        assert (back[key].before, back[key].after) == (one.after, one.before)


def test_changes_of_any_section_are_found():
    before = reader.load("cn-covid-9")
    found = [
        *diff.changes(before, reader.load("cholera")),
        *diff.changes(before, reader.load("chain-of-command")),
    ]
    sections = {one.section for one in found}
    assert sections == {"figures", *(name for name, _ in before.sections())}


def test_every_fact_has_a_type_and_its_words_in_two_languages():
    subjects = factlist.subjects()
    assert {"person", "case", "contact", "isolation", "zone", "sample", "signal", "directive",
            "ticket", "event", "illness", "absence", "site", "clock", "retention", "response"
            } <= set(subjects)  # fmt: skip
    for subject in subjects.values():
        for fact in subject.facts.values():
            assert fact.type in factlist.TYPES, (subject.kind, fact.name)
            assert fact.text.en.isascii()
            assert fact.text.zh
