"""The value of an expression with the whole way to it: what a person is shown."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any

from zhongshu.rules.expression import grammar, scalar, values
from zhongshu.rules.expression.operators import EAGER, OF_ELEMENTS
from zhongshu.rules.expression.scalar import Scope, Work
from zhongshu.rules.expression.values import Figures

# Elements of a list that a trace shows, and parts of a value.
SHOWN_ELEMENTS = 5
SHOWN_PARTS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Trace:
    """One part of an expression and what became of it.

    op: the operator; ``value`` for what is written literally, ``list`` for a list of expressions,
        ``element`` for one element of a list under a condition.
    held: whether the value counts as true.
    unknown: the value would or might be another if a fact that is missing were known.
    fact: path of the fact read by `var` or `outer`; figure: key of the figure read.
    parts: one per argument in order.  `and` and `or` show all, also those that no longer
        mattered; `if` shows its guard and the branch taken; a list operator shows its list, its
        literal arguments and the first elements that decided.  Other modules add operators of
        their own where what they judge is no expression.
    """

    op: str
    value: Any
    held: bool
    unknown: bool
    fact: str | None = None
    figure: str | None = None
    parts: tuple[Trace, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the record and the screen; long lists are cut to their first elements."""
        return {
            "op": self.op,
            "value": brief(self.value),
            "held": self.held,
            "unknown": self.unknown,
            "fact": self.fact,
            "figure": self.figure,
            "parts": [part.as_json() for part in self.parts],
        }


def brief(value: Any, *, depth: int = 2) -> Any:
    """A value as JSON, lists and mappings cut to `SHOWN_PARTS` parts and `depth` levels."""
    if isinstance(value, Mapping):
        if not depth:
            return {}
        pairs = list(value.items())[:SHOWN_PARTS]
        return {str(key): brief(part, depth=depth - 1) for key, part in pairs}
    if isinstance(value, list | tuple):
        return [brief(part, depth=depth - 1) for part in value[:SHOWN_PARTS]] if depth else []
    return values.plain(value)


def explain(expr: Any, data: Any, *, figures: Figures | None = None) -> Trace:
    """`scalar.evaluate` with its trace; the value is the same.

    It reads also what evaluation skips, so it may refuse where that did not: a figure that the
    pack does not have behind an `and` already false.
    """
    return _run(expr, Scope(data, data, Work(figures)))


def _run(expr: Any, scope: Scope) -> Trace:
    scope.work.enter()
    if isinstance(expr, Mapping):
        trace = _operation(expr, scope)
    elif isinstance(expr, list | tuple):
        parts = [_run(part, scope) for part in expr]
        trace = _made("list", [one.value for one in parts], parts, any(p.unknown for p in parts))
    else:
        trace = _made("value", values.read(expr))
    scope.work.depth -= 1
    return trace


def _operation(expr: Mapping[Any, Any], scope: Scope) -> Trace:
    op, args = grammar.split(expr)
    if op in grammar.NAMING:
        return _named(op, args[0], scope)
    if op in OF_ELEMENTS or op in {"some", "every"}:
        return _of_elements(op, args, scope)
    special = {"and": _connected, "or": _connected, "if": _chosen, "reduce": _reduced}
    return special.get(op, _eager)(op, args, scope)


def _made(op: str, value: Any, parts: Any = (), unknown: bool = False, **names: str) -> Trace:
    return Trace(op, value, values.truthy(value), unknown, parts=tuple(parts), **names)


def _named(op: str, name: str, scope: Scope) -> Trace:
    value = scalar.named(op, name, scope)
    key = "figure" if op == "figure" else "fact"
    return _made(op, value, (), value is None, **{key: name})


def _connected(op: str, args: list[Any], scope: Scope) -> Trace:
    """One part that surely decides settles it; else an unknown part leaves it unknown."""
    parts = [_run(arg, scope) for arg in args]
    decides = op == "or"
    value = next((part for part in parts if part.held is decides), parts[-1]).value
    settled = any(part.held is decides and not part.unknown for part in parts)
    return _made(op, value, parts, not settled and any(part.unknown for part in parts))


def _chosen(op: str, args: list[Any], scope: Scope) -> Trace:
    guard = _run(args[0], scope)
    taken = _run(args[1 if guard.held else 2], scope)
    return _made(op, taken.value, [guard, taken], guard.unknown or taken.unknown)


# Their value is false, not unknown, where an argument is unknown.
_COMPARING = frozenset({"===", "!==", "in", "within", "!", *grammar.ORDER, *grammar.DATE_ORDER})


def _eager(op: str, args: list[Any], scope: Scope) -> Trace:
    form = grammar.FORMS[op]
    parts = [
        _made("value", arg) if form.kind(place) in grammar.LITERAL else _run(arg, scope)
        for place, arg in enumerate(args)
    ]
    found = [part.value for part in parts]
    value = EAGER[op](*found)
    if op in _COMPARING:
        unknown = any(part.unknown for part in parts) or not _comparable(op, found)
    else:
        unknown = value is None
    return _made(op, value, parts, unknown)


def _comparable(op: str, found: list[Any]) -> bool:
    """Whether the arguments are of kinds that can be ordered at all."""
    pairs = itertools.pairwise(found)
    if op in grammar.ORDER:
        return all(values.order(a, b) is not None for a, b in pairs)
    if op in grammar.DATE_ORDER:
        return all(values.order_utc(a, b) is not None for a, b in pairs)
    return True


def _reduced(op: str, args: list[Any], scope: Scope) -> Trace:
    parts = [_run(args[0], scope), _run(args[2], scope)]
    value = scalar.reduce(args, scope)
    return _made(op, value, parts, value is None or parts[0].unknown)


def _of_elements(op: str, args: list[Any], scope: Scope) -> Trace:
    of = _run(args[0], scope)
    between, condition = scalar.condition_of(op, args)
    literals = [_made("value", one) for one in between]
    if not isinstance(of.value, list):
        value = False if op in {"some", "every"} else None
        return _made(op, value, [of, *literals], True)
    ways = [_run(condition, scope.element(one)) for one in of.value]
    value, unknown = _decided(op, of.value, ways, between)
    shown = _deciding(op, of.value, ways) if condition is not True else []
    return _made(op, value, [of, *literals, *shown], unknown or of.unknown)


def _decided(
    op: str, elements: list[Any], ways: list[Trace], between: list[Any]
) -> tuple[Any, bool]:
    """(value, whether it might be another if more were known)."""
    doubtful = any(way.unknown for way in ways)
    if op in {"some", "every"}:
        decides = op == "some"
        settled = any(way.held is decides and not way.unknown for way in ways)
        held = [way.held for way in ways]
        return (any(held) if decides else all(held)), doubtful and not settled
    left = [one for one, way in zip(elements, ways, strict=True) if way.held]
    value = OF_ELEMENTS[op](left, *between)
    return value, doubtful or value is None


def _deciding(op: str, elements: list[Any], ways: list[Trace]) -> list[Trace]:
    """The first elements that decided: those that failed for `every`, those that held else; where
    there are none, the first that did not."""
    wanted = op != "every"
    rows = list(zip(elements, ways, strict=True))
    decided = [row for row in rows if row[1].held is wanted] or rows
    return [
        Trace("element", brief(one, depth=1), way.held, way.unknown, parts=(way,))
        for one, way in decided[:SHOWN_ELEMENTS]
    ]
