"""Every rule that ships can be said to a person in both languages, by the words of its facts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from zhongshu.kernel.time import BEIJING
from zhongshu.rules import isolation, judge, reader, spoken

NOW = dt.datetime(2022, 11, 8, 20, tzinfo=BEIJING)
SHIPPED = sorted(
    file.stem
    for file in Path(reader.__file__).parent.glob("packs/*.yaml")
    if file.stem != "sources"
)


def chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


@pytest.mark.parametrize("version", SHIPPED)
def test_each_condition_is_said_in_both_languages(version: str) -> None:
    pack = reader.load(version)
    for rule in pack.rules.values():
        if rule.logic is None:
            continue
        found = judge.judge(pack, rule.rule_id, {"now": NOW})
        lines = spoken.sentences(pack, found)
        assert lines, rule.rule_id
        for line in lines:
            assert chinese(line["zh"]), (rule.rule_id, line)
            assert not chinese(line["en"]), (rule.rule_id, line)
            assert "{" not in line["zh"] + line["en"], (rule.rule_id, line)


def test_the_days_of_an_isolation_are_said_with_what_they_were_counted_from() -> None:
    pack = reader.load("cn-covid-9")
    facts = {"now": NOW, "degree": 1, "last_exposure": NOW - dt.timedelta(days=14)}
    found = isolation.judge_days(pack, "contact", facts, on=NOW.date())
    assert found is not None
    first = spoken.sentences(pack, found)[0]
    assert first["zh"] == "判定日 2022-11-08（应晚于 期满日 2022-11-04）：满足"


def test_what_was_applied_as_words_or_as_a_figure_is_said_too() -> None:
    pack = reader.load("cn-covid-9")
    said = spoken.sentences(pack, judge.of_figure(pack, "code.fever_c"))
    assert said == [
        {"zh": "发热黄码体温 37.3 ℃", "en": "Temperature that makes a code yellow 37.3 degC"}
    ]
    assert spoken.sentences(pack, judge.of_words(pack, "HC-1"))[0]["zh"] == "无附加条件：满足"
