"""Numbers written into an expression: a number that decides anything is a figure of the pack.

What may stand there literally is no policy: nothing and one, the number of a class, the size of a
unit of time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zhongshu.rules.expression import grammar
from zhongshu.rules.packfiles.document import Where

ALLOWED = (
    "a number stands in a figure; literally only 0, a class up to 9 under ===, !== or in, 1 as "
    "first day, branch of an if or in '> 1' of a count, and 24, 60 or 3600 under * or /"
)
_CLASSES = frozenset({"===", "!==", "in"})
_SCALES = frozenset({24, 60, 3600})  # hours of a day, minutes of an hour, seconds of an hour
_COUNTS = frozenset({"var", "outer", "count", "count_distinct"})


def faults(expr: Any, path: Where = ()) -> Iterator[tuple[Where, str]]:
    """(path, sentence) of each number of a sound expression that is not allowed there."""
    if _number(expr):
        if expr:
            yield path, _sentence(expr)
    elif isinstance(expr, list | tuple):
        for place, part in enumerate(expr):
            yield from faults(part, (*path, str(place)))
    elif isinstance(expr, Mapping):
        op, args = grammar.split(expr)
        for place, arg in enumerate(args if op not in grammar.NAMING else ()):
            yield from _argument(op, args, place, arg, (*path, op, str(place)))


def _argument(
    op: str, args: list[Any], place: int, arg: Any, path: Where
) -> Iterator[tuple[Where, str]]:
    if op in _CLASSES and isinstance(arg, list | tuple):
        for number, one in enumerate(arg):
            if not _is_class(one):
                yield from faults(one, (*path, str(number)))
    elif not (_number(arg) and _allowed(op, args, place, arg)):
        yield from faults(arg, path)


def _allowed(op: str, args: list[Any], place: int, value: float) -> bool:
    if op in _CLASSES:
        return _is_class(value)
    if op in {"*", "/"}:
        return value in _SCALES
    if op in {">", "<="}:
        return value == 1 and place == 1 and _is_count(args[0])
    if op == "extractFromUVCI":  # which part of a certificate's number
        return place == 1
    return value == 1 and (op, place) in {("if", 1), ("if", 2), ("day_number", 2)}


def _is_class(value: Any) -> bool:
    return _number(value) and value == int(value) and 0 <= value <= 9


def _is_count(expr: Any) -> bool:
    return isinstance(expr, Mapping) and not _COUNTS.isdisjoint(expr)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sentence(value: float) -> str:
    return f"{value:g} is written into the rule: {ALLOWED}"
