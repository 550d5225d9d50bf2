"""One expression over the facts of one subject: the reading of a rule that a person can follow.

It is also the slow twin of `vector`.  Nothing in a fact makes it raise; it refuses (BadInput)
only what `validate` refuses, and expressions that would take too much work.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from zhongshu.kernel.errors import BadInput
from zhongshu.rules.expression import grammar, sequences, values
from zhongshu.rules.expression.operators import EAGER, OF_ELEMENTS
from zhongshu.rules.expression.values import Figures

# Parts evaluated before an expression is refused: some seconds.
MAX_WORK = 500_000
# A list that a reduction builds may not grow beyond this.
MAX_BUILT = 1_000


@dataclasses.dataclass(slots=True)
class Work:
    """What one evaluation has spent, and where its figures come from."""

    figures: Figures | None
    left: int = MAX_WORK
    depth: int = 0

    def enter(self) -> None:
        self.left -= 1
        self.depth += 1
        if self.left < 0:
            raise BadInput(
                "expression.too_much_work",
                f"This expression takes more than {MAX_WORK} steps over these facts.",
            )
        if self.depth > grammar.MAX_DEPTH + 1:
            raise grammar.invalid(f"it is nested deeper than {grammar.MAX_DEPTH}")

    def figure(self, key: str) -> Any:
        if self.figures is None:
            raise BadInput(
                "expression.no_figures",
                f"The figure '{key}' was asked for outside a pack.",
                key=key,
            )
        return values.read(self.figures(key))


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """here: what `var` looks into (an element inside a condition); root: the subject's facts."""

    here: Any
    root: Any
    work: Work

    def element(self, one: Any) -> Scope:
        return Scope(values.read(one), self.root, self.work)

    def step(self, total: Any, one: Any) -> Scope:
        """Inside a reduction; `data` is the subject's facts."""
        here = {"accumulator": total, "current": one, "data": self.root}
        return Scope(here, self.root, self.work)


def evaluate(expr: Any, data: Any, *, figures: Figures | None = None) -> Any:
    """The value of `expr` over the facts `data`; None is "unknown".

    figures: value of a pack's figure by its key.  Refuses (BadInput) an expression that is not
    one (``expression.invalid``), asks for figures where there are none
    (``expression.no_figures``), or costs too much (``expression.too_much_work``,
    ``expression.too_large``); whatever `figures` refuses passes through.
    """
    return run(expr, Scope(data, data, Work(figures)))


def run(expr: Any, scope: Scope) -> Any:
    scope.work.enter()
    if isinstance(expr, Mapping):
        value = _operation(expr, scope)
    elif isinstance(expr, list | tuple):
        value = [run(part, scope) for part in expr]
    else:
        value = values.read(expr)
    scope.work.depth -= 1
    return value


def _operation(expr: Mapping[Any, Any], scope: Scope) -> Any:
    op, args = grammar.split(expr)
    if op in grammar.NAMING:
        return named(op, args[0], scope)
    if op in SPECIAL:
        return SPECIAL[op](args, scope)
    if op in OF_ELEMENTS:
        return _of_elements(op, args, scope)
    form = grammar.FORMS[op]
    found = (
        arg if form.kind(place) in grammar.LITERAL else run(arg, scope)
        for place, arg in enumerate(args)
    )
    return EAGER[op](*found)


def named(op: str, name: str, scope: Scope) -> Any:
    if op == "figure":
        return scope.work.figure(name)
    return sequences.access(scope.here if op == "var" else scope.root, name)


def _and(args: list[Any], scope: Scope) -> Any:
    """The first argument that is not true, else the last; later ones are not evaluated."""
    value = None
    for arg in args:
        value = run(arg, scope)
        if not values.truthy(value):
            break
    return value


def _or(args: list[Any], scope: Scope) -> Any:
    value = None
    for arg in args:
        value = run(arg, scope)
        if values.truthy(value):
            break
    return value


def _if(args: list[Any], scope: Scope) -> Any:
    return run(args[1 if values.truthy(run(args[0], scope)) else 2], scope)


def reduce(args: list[Any], scope: Scope) -> Any:
    """CertLogic's fold; an unknown list is empty."""
    found, total = run(args[0], scope), run(args[2], scope)
    for one in found if isinstance(found, list) else ():
        total = run(args[1], scope.step(total, one))
        if isinstance(total, list):
            # Doubled at each step, a list would fill the memory.
            values.plain(total, limit=MAX_BUILT)
    return total


def _some(args: list[Any], scope: Scope) -> bool:
    found = run(args[0], scope)
    return isinstance(found, list) and any(held(args[1], found, scope))


def _every(args: list[Any], scope: Scope) -> bool:
    found = run(args[0], scope)
    return isinstance(found, list) and all(held(args[1], found, scope))


def held(condition: Any, elements: list[Any], scope: Scope) -> Any:
    """Whether each element meets the condition, one after the other."""
    return (values.truthy(run(condition, scope.element(one))) for one in elements)


def condition_of(op: str, args: list[Any]) -> tuple[list[Any], Any]:
    """(arguments between the list and the condition, the condition; True where there is none)."""
    place = grammar.FORMS[op].kinds.index(grammar.CONDITION)
    return args[1:place], args[place] if len(args) > place else True


def _of_elements(op: str, args: list[Any], scope: Scope) -> Any:
    found = run(args[0], scope)
    if not isinstance(found, list):
        return None
    between, condition = condition_of(op, args)
    ways = held(condition, found, scope)
    left = [one for one, way in zip(found, ways, strict=True) if way]
    return OF_ELEMENTS[op](left, *between)


SPECIAL: Mapping[str, Callable[[list[Any], Scope], Any]] = {
    "and": _and,
    "or": _or,
    "if": _if,
    "reduce": reduce,
    "some": _some,
    "every": _every,
}
