"""What is wrong with an expression, each mistake with the path to it; nothing is evaluated."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Iterator, Mapping
from typing import Any

from zhongshu.rules.expression import grammar
from zhongshu.rules.expression.values import time_of

Path = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Issue:
    """One mistake.  path: keys and places from the expression down, e.g. ``("and", "1", ">=")``;
    () is the expression itself.  message: one sentence without the path."""

    path: Path
    message: str


@dataclasses.dataclass(slots=True)
class _Check:
    certlogic: bool
    parts: int = 0

    def walk(self, expr: Any, path: Path, depth: int, inside: bool) -> Iterator[Issue]:
        """inside: within the condition of a list or the lambda of a reduction."""
        self.parts += 1
        if self.parts > grammar.MAX_PARTS:
            if self.parts == grammar.MAX_PARTS + 1:
                yield Issue(path, f"the expression has more than {grammar.MAX_PARTS} parts")
        elif depth > grammar.MAX_DEPTH:
            yield Issue(path, f"nested deeper than {grammar.MAX_DEPTH}; write it as two rules")
        elif isinstance(expr, list | tuple):
            for place, part in enumerate(expr):
                yield from self.walk(part, (*path, str(place)), depth + 1, inside)
        elif isinstance(expr, Mapping):
            yield from self.operation(expr, path, depth, inside)
        elif fault := _literal(expr, self.certlogic):
            yield Issue(path, fault)

    def operation(self, expr: Any, path: Path, depth: int, inside: bool) -> Iterator[Issue]:
        if len(expr) != 1:
            count = len(expr)
            yield Issue(path, f"expression object must have exactly one key, but it has {count}")
            return
        ((op, args),) = expr.items()
        if op in grammar.NAMING and (op == "var" or not self.certlogic):
            yield from self.name(op, args, path, inside)
        elif not isinstance(args, list | tuple):
            yield Issue(path, 'operation not of the form { "<operator>": [ <values...> ] }')
        elif (form := self.form(op)) is None:
            yield Issue(path, self.unknown(op))
        else:
            yield from self.arguments((op, form), args, (*path, op), depth, inside)

    def form(self, op: object) -> grammar.Form | None:
        form = grammar.FORMS.get(op) if isinstance(op, str) else None
        if form is None or not self.certlogic:
            return form
        return form.certlogic and dataclasses.replace(
            form, least=form.certlogic[0], most=form.certlogic[1]
        )

    def unknown(self, op: object) -> str:
        said = f'unrecognised operator: "{grammar.shown(op)[1:-1] if isinstance(op, str) else op}"'
        near = difflib.get_close_matches(str(op), grammar.OPERATORS, n=1)
        return said if self.certlogic or not near else f'{said}; did you mean "{near[0]}"?'

    def name(self, op: str, args: Any, path: Path, inside: bool) -> Iterator[Issue]:
        if not isinstance(args, str):
            wanted = "<key>" if op == "figure" else "<path>"
            yield Issue(path, f'not of the form {{ "{op}": "{wanted}" }}')
        elif not (grammar.is_path(args) or (op == "var" and args == "")):
            shown = args if len(args) <= 60 else args[:57] + "..."
            yield Issue(path, f"data access path doesn't have a valid format: {shown}")
        elif op == "outer" and not inside:
            yield Issue(path, '"outer" stands only inside a condition over a list; write "var"')

    def arguments(
        self, operator: tuple[str, grammar.Form], args: Any, path: Path, depth: int, inside: bool
    ) -> Iterator[Issue]:
        op, form = operator
        if len(args) < form.least or (form.most is not None and len(args) > form.most):
            yield Issue(path, f'"{op}" takes {_count(form)}, but it has {len(args)}')
            return
        for place, arg in enumerate(args):
            here, kind = (*path, str(place)), form.kind(place)
            if kind in grammar.LITERAL:
                if fault := grammar.literal_fault(form, place, arg):
                    yield Issue(here, fault)
            else:
                within = inside or kind in {grammar.CONDITION, grammar.LAMBDA}
                yield from self.walk(arg, here, depth + 1, within)
                if not self.certlogic and (fault := _never(op, place, arg)):
                    yield Issue(here, fault)


def validate(expr: Any, *, certlogic: bool = False) -> list[Issue]:
    """The mistakes of `expr`, in the order they are met; [] where it may be evaluated.

    certlogic: only CertLogic's own operators, arities and literals are allowed, as its published
    validator has them; else also ours, and fractions.
    """
    return list(_Check(certlogic).walk(expr, (), 0, False))


def _count(form: grammar.Form) -> str:
    if form.most is None:
        return f"{form.least} or more arguments"
    if form.least == form.most:
        return f"{form.least} argument{'s' if form.least > 1 else ''}"
    return f"{form.least} to {form.most} arguments"


def _literal(value: object, certlogic: bool) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return None if abs(value) <= 2**53 else "a number beyond 2**53 is not carried exactly"
    if isinstance(value, float):
        if certlogic:
            return f"{value} is a non-integer number"
        return None if math.isfinite(value) else f"{value} is not a number"
    if isinstance(value, str):
        longest = grammar.MAX_TEXT
        return None if len(value) <= longest else f"a text is longer than {longest} letters"
    return "invalid CertLogic expression" if certlogic else _no_value(value)


def _no_value(value: object) -> str:
    if value is None:
        return "nothing stands here; to ask whether a fact is there write {known: [...]}"
    return f"{type(value).__name__} is no value of an expression"


_ORDERS = frozenset({*grammar.ORDER, "min", "max"})
_NUMBERS = frozenset({"+", "-", "*", "/"})
_TIMES = {"days_since": (0, 1), "hours_since": (0, 1), "day_number": (0, 1), "plus": (0,)}


def _never(op: str, place: int, arg: object) -> str | None:
    """A literal that can never be what its place needs: the rule would silently never hold."""
    if isinstance(arg, Mapping):
        return None
    if op in _NUMBERS and (isinstance(arg, bool) or not isinstance(arg, int | float)):
        return f'"{op}" counts with numbers, not with {grammar.shown(arg)}'
    if op in _ORDERS and (isinstance(arg, bool | list | tuple) or _words(arg)):
        return f'"{op}" orders numbers and times, not {grammar.shown(arg)}'
    if place in _TIMES.get(op, ()) and time_of(arg) is None:
        return f'"{op}" needs a day or a moment with its zone here, not {grammar.shown(arg)}'
    return None


def _words(arg: object) -> bool:
    return isinstance(arg, str) and time_of(arg) is None
