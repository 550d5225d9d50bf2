"""Every mistake in an expression is an issue with its path; nothing a stranger sends breaks it."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.rules import expression
from zhongshu.rules.expression import grammar, scalar

VAR = {"var": "x"}

MISTAKES: list[tuple[Any, tuple[str, ...], str]] = [
    ({"andd": [True, True]}, (), 'did you mean "and"'),
    ({"and": [True]}, ("and",), "2 or more arguments, but it has 1"),
    ({"!": [True, True]}, ("!",), "takes 1 argument, but it has 2"),
    ({"<": [1, 2, 3, 4]}, ("<",), "2 to 3 arguments, but it has 4"),
    ({"and": [True, {"or": [VAR]}]}, ("and", "1", "or"), "2 or more arguments"),
    ({"and": [VAR, {"figure": 7}]}, ("and", "1"), 'not of the form { "figure": "<key>" }'),
    ({"figure": "a..b"}, (), "valid format: a..b"),
    ({"outer": "now"}, (), 'stands only inside a condition'),
    ({"count": [VAR, {"outer": ""}]}, ("count", "1"), "valid format"),
    ({"plus": [VAR, 1, "week"]}, ("plus", "2"), "a unit is one of day, hour, minute"),
    ({"plusTime": [VAR, 1.5, "day"]}, ("plusTime", "1"), "a whole number must stand here"),
    ({"plusTime": [VAR, True, "day"]}, ("plusTime", "1"), "a whole number must stand here"),
    ({"sum": [VAR, {"var": "n"}]}, ("sum", "1"), "the name of a field"),
    ({"sum": [VAR, None]}, ("sum", "1"), "the name of a field"),
    ({"and": [VAR, None]}, ("and", "1"), "nothing stands here"),
    ({"and": [VAR, dt.date(2022, 11, 8)]}, ("and", "1"), "date is no value"),
    ({"<": [VAR, float("nan")]}, ("<", "1"), "not a number"),
    ({"<": [VAR, "soon"]}, ("<", "1"), "orders numbers and times"),
    ({"<": [VAR, True]}, ("<", "1"), "orders numbers and times"),
    ({"+": [VAR, "7"]}, ("+", "1"), "counts with numbers"),
    ({"days_since": ["2022-13-01", VAR]}, ("days_since", "0"), "needs a day or a moment"),
    ({"hours_since": ["2022-11-08T20:00", VAR]}, ("hours_since", "0"), "with its zone"),
    ({True: [1, 2]}, (), "unrecognised operator"),
    ({"and": "x"}, (), "operation not of the form"),
    ({"and": [{}, True]}, ("and", "0"), "exactly one key, but it has 0"),
    (2**60, (), "beyond 2**53"),
    ("x" * 3000, (), "longer than"),
    ([VAR, [{"var": "a."}]], ("1", "0"), "valid format"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "path", "message"), MISTAKES)
def test_each_mistake_is_named_where_it_is(expr: Any, path: tuple[str, ...], message: str) -> None:
    (issue,) = expression.validate(expr)
    assert issue.path == path
    assert message in issue.message


def test_all_mistakes_are_named_at_once() -> None:
    expr = {"and": [{"foo": []}, {"<": [1]}, {"var": "a..b"}]}
    assert [one.path for one in expression.validate(expr)] == [
        ("and", "0"),
        ("and", "1", "<"),
        ("and", "2"),
    ]


@pytest.mark.parametrize(
    "expr",
    [
        {"or": [True, False]},
        {"figure": "days"},
        {"+": [1, 2, 3]},
        {"count": [VAR]},
        {"and": [VAR, 0.5]},
    ],
)
def test_what_only_our_packs_may_use_is_refused_as_certlogic(expr: Any) -> None:
    assert expression.validate(expr) == []
    assert expression.validate(expr, certlogic=True)


# Hostile expressions


def nested(depth: int) -> Any:
    expr: Any = True
    for _ in range(depth):
        expr = {"!": [expr]}
    return expr


def test_an_expression_nested_too_deep_is_an_issue_and_refused() -> None:
    deep = nested(5_000)
    (issue,) = expression.validate(deep)
    assert "nested deeper" in issue.message
    for judge in (expression.evaluate, expression.explain):
        with pytest.raises(BadInput) as refused:
            judge(deep, {})
        assert refused.value.code == "expression.invalid"
    for walk in (expression.variables, expression.figures):
        with pytest.raises(BadInput):
            walk(deep)


def test_the_deepest_expression_allowed_is_evaluated() -> None:
    expr = nested(grammar.MAX_DEPTH)
    assert expression.validate(expr) == []
    assert expression.evaluate(expr, {}) is True
    assert expression.validate(nested(grammar.MAX_DEPTH + 1))
    with pytest.raises(BadInput):
        expression.evaluate(nested(grammar.MAX_DEPTH + 1), {})


def test_an_expression_that_holds_itself_is_an_issue() -> None:
    expr: dict[str, Any] = {"and": [True]}
    expr["and"].append(expr)
    assert expression.validate(expr)


def test_aliases_that_multiply_are_counted() -> None:
    expr: Any = [1, 1]
    for _ in range(30):
        expr = [expr, expr]
    (issue,) = expression.validate(expr)
    assert f"more than {grammar.MAX_PARTS} parts" in issue.message
    with pytest.raises(BadInput) as refused:
        expression.evaluate(expr, {})
    assert refused.value.code == "expression.too_much_work"


def test_loops_within_loops_are_cut_off() -> None:
    rows = [{"x": list(range(100))} for _ in range(100)]
    every = {"every": [{"outer": "rows"}, {"known": [{"outer": "rows"}]}]}
    expr = {"every": [{"var": "rows"}, {"every": [{"outer": "rows"}, every]}]}
    assert expression.validate(expr) == []
    began = time.perf_counter()
    with pytest.raises(BadInput) as refused:
        expression.evaluate(expr, {"rows": rows})
    assert refused.value.code == "expression.too_much_work"
    assert time.perf_counter() - began < 60


def test_a_reduction_cannot_fill_the_memory() -> None:
    acc = {"var": "accumulator"}
    doubled = {"reduce": [{"var": "rows"}, [acc, acc], 1]}
    with pytest.raises(BadInput) as refused:
        expression.evaluate(doubled, {"rows": list(range(64))})
    assert refused.value.code == "expression.too_large"
    squared = {"reduce": [{"var": "rows"}, {"*": [acc, acc]}, 10]}
    assert expression.evaluate(squared, {"rows": list(range(64))}) is None


def test_a_trace_of_a_long_list_stays_short() -> None:
    rows = [{"n": number, "more": list(range(50))} for number in range(2_000)]
    trace = expression.explain(
        {"count": [{"var": "rows"}, {">": [{"var": "n"}, 0]}]}, {"rows": rows}
    )
    assert trace.value == 1_999
    assert len(str(trace.as_json())) < 20_000


# Odd facts

ODD: list[Any] = [
    None, True, "", "soon", "2022-02-30", "2022-11-08T25:00:00+08:00", "9999-12-31", "0001-01-01",
    float("nan"), float("inf"), 10**400, -0.0, dt.datetime(2022, 11, 8),  # noqa: DTZ001
    dt.datetime.max.replace(tzinfo=dt.UTC), dt.datetime.min.replace(tzinfo=dt.UTC), dt.date.max,
    dt.time(8), [], [None], [[1]], {}, {"x": {}}, object(), b"bytes", {1, 2}, range(3),
]  # fmt: skip
ASKED: list[Any] = [
    {"<": [VAR, 3]}, {"after": [VAR, VAR]}, {"===": [VAR, VAR]}, {"in": [1, VAR]},
    {"+": [VAR, 1]}, {"/": [1, VAR]}, {"max": [VAR, 1]}, {"known": [VAR]}, {"var": "x.0.y.z"},
    {"days_since": [VAR, "2022-11-08"]}, {"hours_since": ["2022-11-08", VAR]},
    {"day_number": ["2022-11-08", VAR, 1]}, {"plus": [VAR, 10**9, "day"]},
    {"plus": ["2022-11-08", VAR, "hour"]}, {"plus": [VAR, -1, "minute"]}, {"end_of_day": [VAR]},
    {"plusTime": [VAR, 10**12, "year"]}, {"plusTime": [VAR, -1, "month"]},
    {"dccDateOfBirth": [VAR]}, {"extractFromUVCI": [VAR, 2]}, {"within": [VAR, VAR]},
    {"within": ["14/", VAR]}, {"count": [VAR, {"var": "y"}]}, {"sum": [VAR, "y"]},
    {"max_of": [VAR, "y"]}, {"some": [VAR, {"var": ""}]}, {"every": [VAR, {"var": "y"}]},
    {"filter": [VAR, True]}, {"window": [VAR, "y", VAR, VAR, "day"]},
    {"peak": [VAR, "y", VAR, "hour", "z"]}, {"longest_run": [VAR, "y"]},
    {"reduce": [VAR, {"var": "current"}, 0]}, {"if": [VAR, VAR, VAR]}, {"!": [VAR]},
    {"count_distinct": [[VAR, VAR], "y"]}, [VAR, VAR],
]  # fmt: skip


@pytest.mark.parametrize("expr", ASKED, ids=str)
def test_no_fact_makes_an_expression_raise(expr: Any) -> None:
    assert expression.validate(expr) == []
    for fact in ODD:
        for facts in ({"x": fact}, {"x": [{"y": fact, "z": fact}, fact]}, fact):
            told = expression.evaluate(expr, facts)
            trace = expression.explain(expr, facts)
            assert trace.held is bool(told)
            trace.as_json()


# Figures


def test_figures_come_from_the_pack_or_not_at_all() -> None:
    with pytest.raises(BadInput) as refused:
        expression.evaluate({"figure": "days"}, {})
    assert refused.value.code == "expression.no_figures"

    def none(key: str) -> object:
        raise NotFound("packs.no_figure", f"There is no {key}.")

    with pytest.raises(NotFound):
        expression.evaluate({"figure": "days"}, {}, figures=none)
    assert (
        expression.evaluate({"in": [3, {"figure": "days"}]}, {}, figures=lambda _: (1, 3)) is True
    )


def test_what_is_asked_for_is_known_beforehand() -> None:
    expr = {
        "and": [
            {"count": [{"var": "tests"}, {"<": [{"var": "at"}, {"outer": "now"}]}]},
            {"<": [{"var": "site.size"}, {"figure": "limit"}]},
            {"reduce": [{"var": "rows"}, {"+": [{"var": "current.n"}, {"var": "data.z"}]}, 0]},
        ]
    }
    assert expression.variables(expr) == {"tests", "now", "site", "rows", "z"}
    assert expression.figures(expr) == {"limit"}
    assert expression.variables({"var": ""}) == {""}


def test_the_budget_is_the_one_documented() -> None:
    assert scalar.MAX_WORK == 500_000


def test_a_moment_before_zones_had_whole_minutes_is_kept_and_read_again() -> None:
    moment = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
    kept = expression.plain({"now": moment})
    expr = {"window": [{"var": "rows"}, "at", {"var": "now"}, 1, "day"]}
    assert expression.evaluate(expr, {"now": moment, "rows": []}) == []
    assert expression.evaluate(expr, {**kept, "rows": []}) == []
