"""The public CertLogic suite: 232 assertions, and what must be refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhongshu.rules import expression

SUITE = Path(__file__).parents[2] / "data" / "certlogic"


def _load(folder: str) -> list[tuple[str, dict[str, Any]]]:
    files = sorted((SUITE / folder).glob("*.json"))
    read = ((file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in files)
    return [(name, case) for name, suite in read for case in suite["cases"]]


# Also those the reference implementation skips.
ASSERTIONS = [
    pytest.param(one.get("certLogicExpression", case.get("certLogicExpression")), one, id=name)
    for name, case in _load("testSuite")
    for one in case["assertions"]
]
REFUSALS = [pytest.param(case, id=name) for name, case in _load("validation-testSuite")]


def test_the_suite_is_whole() -> None:
    assert (len(ASSERTIONS), len(REFUSALS)) == (232, 23)


@pytest.mark.parametrize(("expr", "assertion"), ASSERTIONS)
def test_each_assertion_holds(expr: Any, assertion: dict[str, Any]) -> None:
    found = expression.evaluate(expr, assertion["data"])
    assert _same(found, assertion["expected"])
    trace = expression.explain(expr, assertion["data"])
    assert _same(trace.value, assertion["expected"])
    assert trace.held is bool(assertion["expected"])


@pytest.mark.parametrize(("expr", "assertion"), ASSERTIONS)
def test_no_expression_of_the_suite_is_refused(expr: Any, assertion: dict[str, Any]) -> None:
    assert expression.validate(expr, certlogic=True) == []


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_no_certlogic_is_refused_in_the_suites_words(case: dict[str, Any]) -> None:
    expr = case["certLogicExpression"]
    issues = expression.validate(expr, certlogic=True)
    assert [{"expr": _at(expr, one.path), "message": one.message} for one in issues] == case[
        "issues"
    ]


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and a == b


def _at(expr: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        expr = expr[int(key)] if isinstance(expr, list) else expr[key]
    return expr
