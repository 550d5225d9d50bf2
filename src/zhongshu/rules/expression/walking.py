"""Which facts and which figures an expression asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zhongshu.rules.expression import grammar

ROOT, ELEMENT, REDUCTION = "root", "element", "reduction"


def variables(expr: Any) -> set[str]:
    """Names of the facts of the subject that `expr` reads: the first part of each path.

    Fields of list elements are not among them; "" means that it reads all facts at once.
    Refuses (BadInput) what is not an expression.
    """
    return {name.split(".")[0] for op, name, _ in named(expr) if op != "figure"}


def figures(expr: Any) -> set[str]:
    """Keys of the figures that `expr` reads.  Refuses (BadInput) what is not an expression."""
    return {name for op, name, _ in named(expr) if op == "figure"}


def named(expr: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(operator, name, path) of each name read from the subject or the pack."""
    yield from _walk(expr, (), ROOT, 0)


def _walk(
    expr: Any, path: tuple[str, ...], where: str, depth: int
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if depth > grammar.MAX_DEPTH:
        raise grammar.invalid(f"it is nested deeper than {grammar.MAX_DEPTH}")
    if isinstance(expr, list | tuple):
        for place, part in enumerate(expr):
            yield from _walk(part, (*path, str(place)), where, depth + 1)
    elif isinstance(expr, Mapping):
        op, args = grammar.split(expr)
        if op in grammar.NAMING:
            name = _of_subject(op, args[0], where)
            if name is not None:
                yield op, name, path
            return
        form = grammar.FORMS[op]
        for place, arg in enumerate(args):
            kind = form.kind(place)
            if kind not in grammar.LITERAL:
                inner = {grammar.CONDITION: ELEMENT, grammar.LAMBDA: REDUCTION}.get(kind, where)
                yield from _walk(arg, (*path, op, str(place)), inner, depth + 1)


def _of_subject(op: str, name: str, where: str) -> str | None:
    """The name as seen from the subject; None for a field of an element."""
    if op != "var" or where == ROOT:
        return name
    if where == REDUCTION and name.split(".", maxsplit=1)[0] in {"data", ""}:
        return name.partition(".")[2]
    return None
