"""The vectorised evaluator says row by row what the scalar one says; the trace says it too."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhongshu.rules import expression, factlist, judgement, reader
from zhongshu.rules.expression import grammar, vector
from zhongshu.rules.expression.tracing import Trace

FIGURES = {"limit": 7, "half": 0.5, "word": "red", "days": (1, 3, 7), "yes": True}

# Around midnight in Beijing, the leap day, the last summer time of 1991, the turn of 1992.
CORNERS = [
    dt.datetime(2022, 11, 7, 15, 59, 59, 999_999, dt.UTC),
    dt.datetime(2022, 11, 7, 16, tzinfo=dt.UTC),
    dt.datetime(2024, 2, 29, 0, tzinfo=dt.UTC),
    dt.datetime(1991, 7, 1, 15, 30, tzinfo=dt.UTC),
    dt.datetime(1988, 6, 10, 15, 0, tzinfo=dt.UTC),
    dt.datetime(1991, 12, 31, 16, tzinfo=dt.UTC),
    dt.datetime(1901, 1, 1, tzinfo=dt.UTC),
    dt.datetime(9999, 12, 31, 20, tzinfo=dt.UTC),
    dt.datetime(1, 1, 1, tzinfo=dt.UTC),
]
NEAR = dt.datetime(2022, 11, 1, tzinfo=dt.UTC)
MOMENTS = [*(NEAR + dt.timedelta(hours=hours) for hours in range(0, 24 * 12, 5)), *CORNERS]
DAYS = [one.date() for one in MOMENTS]
TIME_TEXTS = [
    "2022-11-07",
    "2022-11-08T00:30:00+08:00",
    "2022-11-07T16:00:00Z",
    "2022-11-07T16:00:00",
    "2022-13-01",
    "1988-06-10",
    "2022-11",
    "2022",
    "",
    "soon",
]
PATHS = ["14/", "14/1401/", "14/1402/", "14/1401/140105/", "1/", "", "14/1401"]
WORDS = ["", "red", "green", "ili", "5", "2022-11-07"]
WHOLE = [*range(-3, 12), 2**53, -(2**53), 2**60]
FRACTIONS = [*(n / 4 for n in range(-8, 40)), float("nan"), float("inf"), 1e300, -0.0, 0.1]
FLAGS = [True, False]

MOMENT = pa.timestamp("us", "UTC")
ELEMENT = pa.struct(
    [
        ("at", MOMENT),
        ("day", pa.date32()),
        ("n", pa.float64()),
        ("who", pa.string()),
        ("held", pa.bool_()),
        ("text", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("sub", pa.list_(pa.struct([("n", pa.int64()), ("day", pa.date32())]))),
    ]
)
SCHEMA = pa.schema(
    [
        ("flag", pa.bool_()),
        ("n", pa.int64()),
        ("x", pa.float64()),
        ("word", pa.string()),
        ("text", pa.string()),
        ("day", pa.date32()),
        ("other_day", pa.date32()),
        ("moment", MOMENT),
        ("now", MOMENT),
        ("naive", pa.timestamp("us")),
        ("path", pa.string()),
        ("rows", pa.list_(ELEMENT)),
        ("names", pa.list_(pa.string())),
        ("site", pa.struct([("kind", pa.string()), ("size", pa.int32())])),
        ("never", pa.null()),
    ]
)
Pick = Callable[[Sequence[Any]], Any]


def row(pick: Pick) -> dict[str, Any]:
    fields = {
        "flag": FLAGS, "n": WHOLE, "x": FRACTIONS, "word": WORDS, "text": TIME_TEXTS,
        "day": DAYS, "other_day": DAYS, "moment": MOMENTS, "now": MOMENTS, "path": PATHS,
        "naive": [one.replace(tzinfo=None) for one in MOMENTS],
    }  # fmt: skip
    found = {name: maybe(pick, values) for name, values in fields.items()}
    lists = {"rows": some(pick, element, 6), "names": some(pick, word, 3)}
    site = {"kind": word(pick), "size": maybe(pick, range(500))}
    return {**found, **lists, "site": maybe(pick, [site])}


def maybe(pick: Pick, values: Sequence[Any]) -> Any:
    return pick(values) if pick(range(8)) else None


def some(pick: Pick, make: Callable[[Pick], Any], most: int) -> list[Any] | None:
    return maybe(pick, [[make(pick) for _ in range(pick(range(most + 1)))]])


def word(pick: Pick) -> str | None:
    return maybe(pick, WORDS)


def element(pick: Pick) -> dict[str, Any] | None:
    fields = {
        "at": MOMENTS, "day": DAYS, "n": FRACTIONS, "who": WORDS, "held": FLAGS, "text": TIME_TEXTS,
    }  # fmt: skip
    found = {name: maybe(pick, values) for name, values in fields.items()}
    return maybe(pick, [{**found, "tags": some(pick, word, 3), "sub": some(pick, lesser, 3)}])


def lesser(pick: Pick) -> dict[str, Any]:
    return {"n": maybe(pick, range(5)), "day": maybe(pick, DAYS)}


# Expressions.  Each argument is mostly of the kind its operator needs, now and then of any.

NUMBER, TIME, TEXT, CONDITION, LISTS = "number", "time", "text", "condition", "lists"
NUMBERS = [0, 1, 2, 3, 7, 0.5, 2.25, -2, {"figure": "limit"}, {"figure": "half"}]
ROOT: dict[str, list[Any]] = {
    NUMBER: [*NUMBERS, *({"var": name} for name in ("n", "x", "site.size", "rows.0.n", "never"))],
    TIME: [*TIME_TEXTS, *({"var": name} for name in ("day", "other_day", "moment", "now", "text"))],
    TEXT: ["red", "", "5", {"figure": "word"}, *({"var": name} for name in ("word", "site.kind"))],
    CONDITION: [True, False, *({"var": name} for name in ("flag", "word", "n", "rows", "never"))],
    LISTS: [{"var": "rows"}] * 6 + [{"var": "names"}, {"var": "rows.0.sub"}, {"var": "never"}],
}
ELEMENT_LEAVES: dict[str, list[Any]] = {
    NUMBER: [*NUMBERS, {"var": "n"}, {"var": "n"}, {"outer": "n"}, {"outer": "x"}],
    TIME: [*TIME_TEXTS[:4], *({"var": name} for name in ("at", "day", "text", "at", "day")),
           {"outer": "now"}, {"outer": "day"}, {"outer": "text"}],
    TEXT: ["red", "", {"var": "who"}, {"var": "who"}, {"var": "text"}, {"outer": "word"}],
    CONDITION: [True, {"var": "held"}, {"var": "held"}, {"var": "who"}, {"var": "tags"}],
    LISTS: [{"var": "sub"}, {"var": "tags"}, {"outer": "names"}, {"outer": "rows"}],
}  # fmt: skip
FIELDS = ["n", "n", "at", "day", "who", "text", "held", "tags", "sub.0.n", "gone"]
AREAS = [*PATHS, {"var": "path"}, {"var": "names"}, ["14/1401/", "14/1402"], [{"var": "path"}]]
SPANS, UNITS, CALENDAR = (
    ("day", "hour"),
    ("day", "hour", "minute"),
    ("year", "month", "day", "hour"),
)
REDUCE = {"+": [{"var": "accumulator"}, {"var": "current.n"}]}
FORMS: dict[str, list[tuple[Any, ...]]] = {
    NUMBER: [
        *((op, NUMBER, NUMBER) for op in ("+", "-", "*", "/", "min", "max")),
        ("-", NUMBER),
        ("max", NUMBER, NUMBER, NUMBER),
        *((op, TIME, TIME) for op in ("days_since", "hours_since")),
        ("day_number", TIME, TIME, NUMBER),
        ("if", CONDITION, NUMBER, NUMBER),
        ("count", LISTS),
        *((op, LISTS, FIELDS) for op in ("sum", "count_distinct", "max_of", "min_of")),
        *((op, LISTS, FIELDS, "inner") for op in ("sum", "count_distinct", "max_of", "min_of")),
        *[("count", LISTS, "inner")] * 3,
        ("peak", LISTS, FIELDS, NUMBER, SPANS),
        ("peak", LISTS, ["day", "at"], [1, 2, 3], SPANS, ["who", "n", None]),
        ("longest_run", LISTS, ["day", "day", "at", "text", "n"]),
        ("reduce", LISTS, [REDUCE], NUMBER),
    ],
    TIME: [
        *[("plus", TIME, NUMBER, UNITS)] * 3,
        ("end_of_day", TIME),
        ("plusTime", TIME, [-400, -1, 0, 1, 13, 10**12], CALENDAR),
        ("dccDateOfBirth", TIME),
        *((op, TIME, TIME) for op in ("min", "max")),
        ("if", CONDITION, TIME, TIME),
    ],
    TEXT: [("extractFromUVCI", TEXT, [-1, 0, 1]), ("if", CONDITION, TEXT, TEXT)],
    CONDITION: [
        *((op, CONDITION, CONDITION) for op in ("and", "or", "and", "or")),
        ("and", CONDITION, CONDITION, CONDITION),
        ("!", CONDITION),
        ("if", CONDITION, CONDITION, CONDITION),
        *((op, NUMBER, NUMBER) for op in grammar.ORDER),
        ("<=", NUMBER, NUMBER, NUMBER),
        *((op, TIME, TIME) for op in (*grammar.ORDER, *grammar.DATE_ORDER)),
        ("not-after", TIME, TIME, TIME),
        *((op, kind, kind) for op in ("===", "!==") for kind in (TEXT, TIME, NUMBER)),
        ("in", TEXT, [["red", "", {"var": "word"}], {"var": "names"}, {"var": "tags"}]),
        ("in", TEXT, [[*"abcdefghijklmnopqr", "red", "5"]]),
        ("in", NUMBER, [{"figure": "days"}, [1, 2, {"var": "n"}]]),
        *(("known", kind) for kind in (NUMBER, TIME, TEXT)),
        *[("some", LISTS, "inner"), ("every", LISTS, "inner")] * 2,
        ("within", [{"var": "path"}, {"outer": "path"}], AREAS),
    ],
    LISTS: [
        ("filter", LISTS, "inner"),
        *[("window", LISTS, ["at", "day", "text", "n"], TIME, [1, 2, 3, 0.5, 24, 48], SPANS)] * 2,
    ],
}
ANYTHING = [one for leaves in ROOT.values() for one in leaves]
ANYTHING += [{"var": name} for name in (*SCHEMA.names, "", "rows.0", "names.1", "word.x", "gone")]


def expr_of(pick: Pick, kind: str) -> Any:
    return build(pick, kind, pick([1, 2, 3, 3]), inside=False)


def build(pick: Pick, kind: str, depth: int, *, inside: bool) -> Any:
    """depth: operators still allowed below; inside: within a condition over a list."""
    if not pick(range(15)):
        return pick(ANYTHING)
    if depth <= 0:
        return pick((ELEMENT_LEAVES if inside else ROOT)[kind])
    op, *args = pick(FORMS[kind])
    return {op: [argument(pick, one, depth - 1, inside) for one in args]}


def argument(pick: Pick, wanted: Any, depth: int, inside: bool) -> Any:
    if not isinstance(wanted, str):
        return pick(wanted)
    if wanted == "inner":
        return build(pick, CONDITION, min(depth, 2), inside=True)
    return build(pick, wanted, pick(range(max(depth, 0) + 1)), inside=inside)


KINDS = (CONDITION, CONDITION, CONDITION, NUMBER, NUMBER, TIME, TEXT, LISTS)


@st.composite
def cases(draw: Any) -> tuple[Any, list[dict[str, Any]]]:
    """An expression and some rows; what fails is made as small as possible."""

    def pick(among: Sequence[Any]) -> Any:
        return draw(st.sampled_from(among))

    return expr_of(pick, pick(KINDS)), [row(pick) for _ in range(pick([1, 2, 3]))]


def scalar_rows(expr: Any, rows: list[dict[str, Any]]) -> list[Any]:
    return [expression.evaluate(expr, row, figures=FIGURES.__getitem__) for row in rows]


def kinded(value: Any) -> Any:
    """A form in which only equal values of one kind are equal."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return ("number", float(value))
    if isinstance(value, dt.datetime):
        return ("moment", value.astimezone(dt.UTC)) if value.tzinfo else ("naive", value)
    if isinstance(value, list | dict):
        return ("nested", expression.plain(value))
    return (type(value).__name__, value)


def check(expr: Any, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    rows = table.to_pylist()
    found = vector.evaluate(expr, table, figures=FIGURES.__getitem__)
    assert len(found) == len(rows)
    told = scalar_rows(expr, rows)
    assert [kinded(one) for one in found.to_pylist()] == [kinded(one) for one in told]


@settings(max_examples=300, deadline=None)
@given(cases())
def test_each_row_is_judged_as_the_scalar_evaluator_does(
    case: tuple[Any, list[dict[str, Any]]],
) -> None:
    check(*case)


@pytest.mark.parametrize("seed", range(12))
def test_many_expressions_over_many_rows_are_judged_alike(seed: int) -> None:
    chance = random.Random(seed)
    rows = [row(chance.choice) for _ in range(60)]
    for _ in range(120):
        check(expr_of(chance.choice, chance.choice(KINDS)), rows)


def walked(trace: Trace) -> Iterator[Trace]:
    yield trace
    for part in trace.parts:
        yield from walked(part)


def surely_false(trace: Trace) -> bool:
    """Of what is joined by "and" one is known to be false: it is no matter what the unknown is."""
    return trace.op == "and" and any(not one.held and not one.unknown for one in trace.parts)


@settings(max_examples=200, deadline=None)
@given(cases())
@example(case=({"and": [{"var": "word"}, 0]}, [{"word": None}]))
def test_the_trace_ends_in_the_value_and_is_plain_data(
    case: tuple[Any, list[dict[str, Any]]],
) -> None:
    expr, rows = case
    for facts in rows:
        trace = expression.explain(expr, facts, figures=FIGURES.__getitem__)
        told = expression.evaluate(expr, facts, figures=FIGURES.__getitem__)
        assert kinded(trace.value) == kinded(told)
        assert trace.held is bool(told)
        json.dumps(trace.as_json(), allow_nan=False)
        if told is None:
            assert trace.unknown or any(surely_false(one) for one in walked(trace))


@settings(max_examples=200, deadline=None)
@given(cases())
def test_facts_kept_as_plain_json_are_judged_alike(
    case: tuple[Any, list[dict[str, Any]]],
) -> None:
    expr, rows = case
    for facts in rows:
        told = expression.evaluate(expr, facts, figures=FIGURES.__getitem__)
        stored = json.loads(json.dumps(expression.plain(facts), allow_nan=False))
        kept = expression.evaluate(expr, stored, figures=FIGURES.__getitem__)
        assert expression.plain(kept) == expression.plain(told)


def test_a_table_without_rows_has_no_answers() -> None:
    check({"and": [{"count": [{"var": "rows"}]}, {"<": [{"var": "n"}, 3]}]}, [])


# The rules that ship

ARROW = {
    "moment": MOMENT,
    "day": pa.date32(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "list": pa.null(),
}
WORTH = {
    "moment": MOMENTS,
    "day": DAYS,
    "number": [0, 1, 2, 3, 5, 7, 10, 30, 37.5, 100],
    "flag": FLAGS,
    "path": PATHS,
}


def words_in(expr: Any) -> set[str]:
    """The texts an expression compares with, so that some rows meet it."""
    if isinstance(expr, dict):
        return {word for args in expr.values() for word in words_in(args)}
    if isinstance(expr, list):
        return {word for one in expr for word in words_in(one)}
    return {expr} if isinstance(expr, str) else set()


def subject_table(subject: str, expr: Any, chance: random.Random) -> pa.Table:
    known = factlist.subjects()[subject].facts
    texts = [*sorted(words_in(expr)), "other"]
    columns = {}
    for name in sorted(expression.variables(expr)):
        fact = known[name]
        kind = ARROW.get(fact.type, pa.string())
        if fact.type == "list":
            columns[name] = element_lists(fact, texts, chance)
            continue
        found = [maybe(chance.choice, WORTH.get(fact.type, texts)) for _ in range(50)]
        columns[name] = pa.array(found, kind)
    return pa.table(columns or {"now": pa.array([NEAR] * 50, MOMENT)})


def element_lists(fact: factlist.Fact, texts: list[str], chance: random.Random) -> pa.Array:
    inside = factlist.elements(fact) or {}
    fields = [
        (one.name, ARROW.get(one.type, pa.string()))
        for one in inside.values()
        if one.type != "list"
    ]
    made = [
        maybe(
            chance.choice,
            [
                [
                    {
                        name: maybe(chance.choice, WORTH.get(inside[name].type, texts))
                        for name, _ in fields
                    }
                    for _ in range(chance.randrange(5))
                ]
            ],
        )
        for _ in range(50)
    ]
    return pa.array(made, pa.list_(pa.struct(fields)))


def shipped() -> list[Any]:
    versions = sorted(file.stem for file in Path(reader.__file__).parent.glob("packs/*.yaml"))
    return [name for name in versions if name != "sources"]


@pytest.mark.parametrize("version", shipped())
def test_every_rule_that_ships_is_judged_alike_for_a_table(version: str) -> None:
    pack = reader.load(version)
    figures = judgement.lookup(pack)
    for rule in pack.rules.values():
        if rule.logic is None:
            continue
        for expr in (rule.logic.when, rule.logic.then.until):
            if expr is None or "" in expression.variables(expr):
                continue
            table = subject_table(rule.logic.of, expr, random.Random(rule.rule_id))
            found = vector.evaluate(expr, table, figures=figures).to_pylist()
            told = [expression.evaluate(expr, row, figures=figures) for row in table.to_pylist()]
            assert [kinded(one) for one in found] == [kinded(one) for one in told], rule.rule_id
