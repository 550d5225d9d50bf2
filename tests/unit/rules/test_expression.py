"""Beijing days, missing facts, and the trace a person is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zhongshu.rules import expression
from zhongshu.rules.expression import grammar, words

BEIJING = ZoneInfo("Asia/Shanghai")
NAMES = {
    "last_exposure": {"zh": "末次接触", "en": "Last exposure"},
    "tests": {"zh": "检测", "en": "Tests"},
    "result": {"zh": "结果", "en": "Result: positive, negative"},
    "fever_c": {"zh": "体温", "en": "Temperature"},
    "isolated": {"zh": "隔离中", "en": "Isolated"},
    "positive": {"zh": "阳性", "en": "Positive"},
    "days": {"zh": "隔离天数", "en": "Days of isolation", "unit": "d"},
    "swabs": {"zh": "混管数", "en": "Swabs", "unit": "quux"},
}
FIGURES = {"days": 7, "swabs": 20}


def told(expr: Any, facts: Any) -> Any:
    return expression.evaluate(expr, facts, figures=FIGURES.__getitem__)


def said(expr: Any, facts: Any, language: str = "zh") -> list[str]:
    trace = expression.explain(expr, facts, figures=FIGURES.__getitem__)
    return [line[language] for line in words.sentences(trace, NAMES)]


def since(anchor: Any, at: Any) -> Any:
    return told({"days_since": [{"var": "a"}, {"var": "b"}]}, {"a": anchor, "b": at})


@pytest.mark.parametrize(
    ("anchor", "at", "days"),
    [
        ("2022-11-07T23:59:59+08:00", "2022-11-08T00:00:00+08:00", 1),
        ("2022-11-07T15:59:59Z", "2022-11-07T16:00:00Z", 1),
        ("2022-11-08T00:00:00+08:00", "2022-11-08T23:59:59+08:00", 0),
        ("2024-02-28", "2024-03-01", 2),
        ("2023-02-28", "2023-03-01", 1),
        ("2022-11-08", "2022-11-01", -7),
        ("2022-11-08T20:00:00", "2022-11-09", None),
        (None, "2022-11-09", None),
    ],
)
def test_days_turn_at_midnight_in_beijing(anchor: Any, at: Any, days: int | None) -> None:
    assert since(anchor, at) == days


def test_hours_are_real_hours_also_where_beijing_put_its_clocks_forward() -> None:
    before = dt.datetime(1988, 4, 16, 12, tzinfo=BEIJING)
    after = dt.datetime(1988, 4, 17, 12, tzinfo=BEIJING)
    hours = told({"hours_since": [{"var": "a"}, {"var": "b"}]}, {"a": before, "b": after})
    assert hours == 23


def test_a_day_and_a_moment_are_compared_by_the_beijing_day() -> None:
    facts = {"day": dt.date(2022, 11, 8), "at": dt.datetime(2022, 11, 8, 15, 59, tzinfo=dt.UTC)}
    assert told({"<=": [{"var": "at"}, {"var": "day"}]}, facts) is True
    assert told({">": [{"var": "at"}, {"var": "day"}]}, facts) is False
    # CertLogic's own operator reads the day as midnight UTC.
    assert told({"after": [{"var": "at"}, {"var": "day"}]}, facts) is True


def test_day_numbers_follow_the_convention_given() -> None:
    facts = {"at": "2022-11-08", "anchor": "2022-11-01"}
    for first, number in ((0, 7), (1, 8)):
        assert told({"day_number": [{"var": "at"}, {"var": "anchor"}, first]}, facts) == number


WINDOW = {"count": [{"window": [{"var": "rows"}, "at", {"var": "now"}, 2, "day"]}]}


@pytest.mark.parametrize(
    ("at", "count"),
    [
        ("2022-11-06T23:59:59+08:00", 0),
        ("2022-11-07T00:00:00+08:00", 1),
        ("2022-11-08T23:59:59+08:00", 1),
        ("2022-11-09T00:00:00+08:00", 0),
        ("2022-11-07", 1),
        (None, 0),
    ],
)
def test_a_window_of_days_holds_whole_beijing_days(at: Any, count: int) -> None:
    assert told(WINDOW, {"rows": [{"at": at}], "now": "2022-11-08T08:00:00+08:00"}) == count


def test_a_window_of_hours_leaves_its_start_out_and_holds_its_end() -> None:
    expr = {"count": [{"window": [{"var": "rows"}, "at", {"var": "now"}, 24, "hour"]}]}
    rows = [{"at": f"2022-11-0{day}T08:00:00+08:00"} for day in (7, 8)]
    assert told(expr, {"rows": rows, "now": "2022-11-08T08:00:00+08:00"}) == 1


def test_a_peak_counts_different_people_in_any_window() -> None:
    days = [(1, "a"), (2, "a"), (3, "b"), (4, "c"), (9, "d")]
    rows = [{"day": f"2022-11-{day:02}", "who": who} for day, who in days]
    for amount, who, count in (
        (3, "who", 3),
        (3, None, 3),
        (2, "who", 2),
        (9, "who", 4),
        (0, None, 0),
    ):
        expr = {"peak": [{"var": "rows"}, "day", amount, "day", who]}
        assert told(expr, {"rows": rows}) == count, (amount, who)


def test_a_run_is_of_consecutive_days() -> None:
    rows = [{"day": f"2024-{day}"} for day in ("02-28", "02-29", "03-01", "03-03", "03-03")]
    assert told({"longest_run": [{"var": "rows"}, "day"]}, {"rows": rows}) == 3
    assert told({"longest_run": [{"var": "rows"}, "day"]}, {"rows": []}) == 0


@pytest.mark.parametrize(
    ("path", "area", "inside"),
    [
        ("14/1401/", "14/", True),
        ("14/1401/", "14", True),
        ("14/", "14/1401/", False),
        ("140/", "14", False),
        ("14/1401/", ["15/", "14/1401/"], True),
        ("14/1401/", "", False),
        (None, "14/", False),
    ],
)
def test_a_path_lies_within_an_area_or_not(path: Any, area: Any, inside: bool) -> None:
    assert (
        told({"within": [{"var": "path"}, {"var": "area"}]}, {"path": path, "area": area}) is inside
    )


# What is not known


def unknown(expr: Any, facts: Any) -> tuple[bool, bool]:
    trace = expression.explain(expr, facts, figures=FIGURES.__getitem__)
    return trace.held, trace.unknown


YES, NO, MAYBE = {"===": [1, 1]}, {"===": [1, 2]}, {">": [{"var": "gone"}, 1]}


@pytest.mark.parametrize(
    ("expr", "held", "open_"),
    [
        (MAYBE, False, True),
        ({"!": [MAYBE]}, True, True),
        ({"and": [MAYBE, NO]}, False, False),
        ({"and": [MAYBE, YES]}, False, True),
        ({"and": [YES, {"!": [MAYBE]}]}, True, True),
        ({"or": [MAYBE, YES]}, True, False),
        ({"or": [MAYBE, NO]}, False, True),
        ({"if": [MAYBE, YES, NO]}, False, True),
        ({"===": [{"var": "gone"}, 1]}, False, True),
        ({"!==": [{"var": "gone"}, 1]}, False, True),
        ({"known": [{"var": "gone"}]}, False, False),
        ({"in": [{"var": "gone"}, [1]]}, False, True),
        ({"<": ["5", 6]}, False, True),
        ({"some": [{"var": "gone"}, True]}, False, True),
        ({"some": [{"var": "rows"}, {"===": [{"var": "n"}, 1]}]}, True, False),
        ({"every": [{"var": "rows"}, {"===": [{"var": "n"}, 1]}]}, False, True),
        ({"every": [{"var": "rows"}, {"===": [{"var": "n"}, 2]}]}, False, False),
        ({">=": [{"count": [{"var": "rows"}, {"===": [{"var": "n"}, 1]}]}, 2]}, False, True),
        ({"max": [{"var": "gone"}, 3]}, True, False),
    ],
)
def test_the_trace_says_whether_more_facts_could_change_it(
    expr: Any, held: bool, open_: bool
) -> None:
    assert unknown(expr, {"rows": [{"n": 1}, {"n": None}]}) == (held, open_)


def test_a_trace_shows_every_condition_with_its_facts_and_figures() -> None:
    expr = {
        "and": [
            {
                ">=": [
                    {"days_since": [{"var": "last_exposure"}, {"var": "now"}]},
                    {"figure": "days"},
                ]
            },
            {"===": [{"var": "isolated"}, True]},
        ]
    }
    facts = {"last_exposure": "2022-11-05", "now": "2022-11-09T08:00:00+08:00"}
    trace = expression.explain(expr, facts, figures=FIGURES.__getitem__).as_json()
    assert [part["held"] for part in trace["parts"]] == [False, False]  # also the second
    days, figure = trace["parts"][0]["parts"]
    assert (days["op"], days["value"], figure["figure"], figure["value"]) == (
        "days_since",
        4,
        "days",
        7,
    )
    assert [part["fact"] for part in days["parts"]] == ["last_exposure", "now"]
    assert trace["parts"][1]["unknown"]
    assert not trace["unknown"]  # too early is certain


# In words

EXPOSED = {"days_since": [{"var": "last_exposure"}, {"var": "now"}]}
FACTS = {
    "last_exposure": "2022-11-01",
    "now": "2022-11-09T08:00:00+08:00",
    "fever_c": 37.5,
    "positive": True,
    "tests": [{"result": "negative"}, {"result": "positive"}],
}
POSITIVE = {"===": [{"var": "result"}, "positive"]}
ENOUGH = "末次接触 2022-11-01 起已 8 天（规定至少 7 天）：满足"


@pytest.mark.parametrize(
    ("expr", "zh"),
    [
        ({">=": [EXPOSED, {"figure": "days"}]}, [ENOUGH]),
        ({"<=": [{"figure": "days"}, EXPOSED]}, [ENOUGH]),
        ({"var": "positive"}, ["阳性：满足"]),
        ({"!": [{">": [EXPOSED, 7]}]}, ["末次接触 2022-11-01 起已 8 天（应不超过 7 天）：不满足"]),
        ({"<": [37, {"var": "fever_c"}, 38]}, ["体温 37.5（应在 37 与 38 之间）：满足"]),
        ({"<": [{"var": "fever_c"}, {"figure": "swabs"}]}, ["体温 37.5（规定少于 20）：不满足"]),
        ({"===": [{"var": "isolated"}, True]}, ["隔离中：不明"]),
        ({"!": [{"var": "isolated"}]}, ["非隔离中：满足（事实不明）"]),
        ({"!": [{"known": [{"var": "isolated"}]}]}, ["尚无隔离中：满足"]),
        (
            {"or": [{"var": "isolated"}, {">=": [{"var": "fever_c"}, 38]}]},
            [
                "以下 2 条至少一条（0 条满足）：不明（缺隔离中）",
                "— 隔离中：不明",
                "— 体温 37.5（应至少 38）：不满足",
            ],
        ),
        (
            {"some": [{"var": "tests"}, POSITIVE]},
            ["检测中有符合条件的（共 2 项）：满足", "— 结果 positive（应为positive）：满足"],
        ),
        (
            {">=": [{"count": [{"var": "tests"}, POSITIVE]}, 2]},
            ["检测中符合条件的 1 项（应至少 2）：不满足"],
        ),
        (
            {"plus": [{"var": "last_exposure"}, {"figure": "days"}, "day"]},
            ["末次接触 2022-11-01 后 7 天（2022-11-08）"],
        ),
        (True, ["无附加条件：满足"]),
        ({">": [{"var": "unnamed.thing"}, 1]}, ["unnamed.thing 不明（应超过 1）：不明"]),
    ],
)  # fmt: skip
def test_a_trace_is_said_in_short_sentences(expr: Any, zh: list[str]) -> None:
    assert said(expr, FACTS) == zh


def test_the_sentences_are_the_same_in_english() -> None:
    expr = {"and": [{">=": [EXPOSED, {"figure": "days"}]}, {"some": [{"var": "tests"}, POSITIVE]}]}
    assert said(expr, FACTS, "en") == [
        "8 days since Last exposure 2022-11-01 (required: at least 7 days) - holds",
        "some of Tests qualify (of 2) - holds",
        "- Result positive (to be positive) - holds",
    ]


@pytest.mark.parametrize("op", expression.OPERATORS)
def test_whatever_is_traced_can_be_said(op: str) -> None:
    form = grammar.FORMS.get(op)
    args: Any = "days" if form is None else [_argument(form, place) for place in range(form.least)]
    expr = {"and": [{op: args}, True]}
    for facts in ({}, FACTS, {"x": [{"y": 1}], "days": True}):
        trace = expression.explain(expr, facts, figures=FIGURES.__getitem__)
        for line in words.sentences(trace, {}):
            assert line["zh"]
            assert line["en"]


def _argument(form: Any, place: int) -> Any:
    kind = form.kind(place)
    if kind in {"field", "field or null"}:
        return "y"
    return {"whole number": 1, "unit": form.units[0] if form.units else None}.get(
        kind, {"var": "x"}
    )
