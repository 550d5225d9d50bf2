"""What is wrong with an expression of a pack: its form, and what it asks for that is not there."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from zhongshu.rules import expression, factlist
from zhongshu.rules.expression import grammar
from zhongshu.rules.factlist import Fact
from zhongshu.rules.packfiles.document import Where
from zhongshu.rules.packfiles.shape import nearest

Facts = Mapping[str, Fact] | None  # None: nothing is known of them, nothing is complained about
# Operators that hand on the elements of the list that is their first argument.
_SAME_ELEMENTS = frozenset({"filter", "window"})


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """path: from the expression down; figure: key that is missing, where that is the fault."""

    path: Where
    what: str
    figure: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _Scope:
    facts: Facts
    outer: Facts
    noun: str  # what `facts` are of, in words
    figures: Collection[str]


def faults(expr: Any, *, subject: str, figures: Collection[str]) -> Iterator[Fault]:
    """Every fault of `expr` as a rule over facts of `subject`, with the figures of a pack."""
    issues = expression.validate(expr)
    yield from (Fault(issue.path, issue.message) for issue in issues)
    known = factlist.subjects().get(subject)
    if not issues and known is not None:
        yield from _walk(expr, (), _Scope(known.facts, known.facts, subject, figures))


def _walk(expr: Any, path: Where, scope: _Scope) -> Iterator[Fault]:
    if isinstance(expr, list | tuple):
        for place, part in enumerate(expr):
            yield from _walk(part, (*path, str(place)), scope)
    elif isinstance(expr, Mapping):
        op, args = grammar.split(expr)
        if op in grammar.NAMING:
            yield from _named(op, args[0], path, scope)
        else:
            yield from _arguments(op, args, (*path, op), scope)


def _named(op: str, name: str, path: Where, scope: _Scope) -> Iterator[Fault]:
    if op == "figure":
        if name not in scope.figures:
            what = f"there is no figure '{name}'{nearest(name, scope.figures)}"
            yield Fault((*path, op), what, name)
        return
    facts = scope.outer if op == "outer" else scope.facts
    first = name.split(".", maxsplit=1)[0]
    if facts is not None and first and first not in facts:
        noun = "the subject" if op == "outer" else scope.noun
        what = f"'{first}' is not a fact of {noun} in facts.yaml{nearest(first, facts)}"
        yield Fault((*path, op), what)


def _arguments(op: str, args: list[Any], path: Where, scope: _Scope) -> Iterator[Fault]:
    form = grammar.FORMS[op]
    facts, noun = _elements(args[0], scope)
    inner = dataclasses.replace(scope, facts=facts, noun=noun)
    for place, arg in enumerate(args):
        where, kind = (*path, str(place)), form.kind(place)
        if kind == grammar.CONDITION:
            yield from _walk(arg, where, inner)
        elif kind == grammar.LAMBDA:
            yield from _walk(arg, where, dataclasses.replace(scope, facts=None))
        elif kind in {grammar.FIELD, grammar.MAYBE_FIELD} and arg is not None:
            yield from _named("var", arg, where, inner)
        elif kind not in grammar.LITERAL:
            yield from _walk(arg, where, scope)


def _elements(expr: Any, scope: _Scope) -> tuple[Facts, str]:
    """(facts of the elements of a list, noun); (None, ...) where nothing is known of them."""
    if isinstance(expr, Mapping) and len(expr) == 1:
        ((op, args),) = expr.items()
        if op in _SAME_ELEMENTS and isinstance(args, list):
            return _elements(args[0], scope)
        facts = {"var": scope.facts, "outer": scope.outer}.get(op)
        fact = facts.get(args) if facts is not None and isinstance(args, str) else None
        if fact is not None:
            return factlist.elements(fact), fact.of or fact.name
    return None, ""
