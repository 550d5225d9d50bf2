"""One expression over all rows of a table at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.rules.expression import grammar, scalar, walking
from zhongshu.rules.expression.operators import EAGER
from zhongshu.rules.expression.scalar import Work
from zhongshu.rules.expression.values import Figures
from zhongshu.rules.expression.vector import arrow, columns, listing, operations
from zhongshu.rules.expression.vector.columns import Array, Column, Part


class Rows:
    """A table of facts, each column read at most once; give it to several evaluations."""

    def __init__(self, table: pa.Table) -> None:
        self.table, self.size = table, table.num_rows
        self._read: dict[str, Column] = {}

    def column(self, path: str) -> Column:
        if path not in self._read:
            self._read[path] = self._of(path)
        return self._read[path]

    def _of(self, path: str) -> Column:
        name, _, rest = path.partition(".")
        if not path:
            return columns.from_python(self.table.to_pylist())
        if name not in self.table.column_names:
            return Column({})
        if rest:
            return listing.path_of(self.column(name), rest, self.size)
        return arrow.from_arrow(self.table.column(name).combine_chunks())

    def python(self, names: set[str]) -> list[Any]:
        """The facts of each row, of the columns named ("" names all)."""
        here = [name for name in self.table.column_names if name in names or "" in names]
        if not here:
            return [{} for _ in range(self.size)]
        rows: list[Any] = self.table.select(here).to_pylist()
        return rows


class Elements:
    """The elements of the lists of a column, as rows of their own."""

    def __init__(self, items: pa.Array) -> None:
        self.items, self.size = items, len(items)
        self._read: dict[str, Column] = {}

    def column(self, path: str) -> Column:
        if path not in self._read:
            whole = arrow.from_arrow(self.items)
            self._read[path] = listing.path_of(whole, path, self.size)
        return self._read[path]

    def python(self, names: set[str]) -> list[Any]:
        rows: list[Any] = self.items.to_pylist()
        return rows


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """here: what `var` reads; root: what `outer` reads, at the rows `at` (None: all in order)."""

    here: Rows | Elements
    root: Rows
    at: Array | None
    work: Work

    @property
    def size(self) -> int:
        return self.here.size

    def outer(self, path: str) -> Column:
        found = self.root.column(path)
        return found if self.at is None else found.take(self.at)

    def inside(self, lists: columns.Lists) -> Frame:
        at = lists.owner if self.at is None else self.at[lists.owner]
        return Frame(Elements(lists.items), self.root, at, self.work)


def evaluate(expr: Any, table: pa.Table | Rows, *, figures: Figures | None = None) -> pa.Array:
    rows = table if isinstance(table, Rows) else Rows(table)
    found = value(expr, Frame(rows, rows, None, Work(figures)))
    return arrow.to_arrow(found, rows.size)


def value(expr: Any, frame: Frame) -> Column:
    frame.work.enter()
    if isinstance(expr, Mapping):
        found = _operation(expr, frame)
    elif isinstance(expr, list | tuple):
        found = _list(expr, frame)
    else:
        found = columns.from_python([expr])
    frame.work.depth -= 1
    return found


def truth(expr: Any, frame: Frame) -> Array:
    """Whether each row is true: connectives need no values then."""
    op, args = grammar.split(expr) if isinstance(expr, Mapping) else ("", [])
    if op not in {"and", "or", "!"}:
        return value(expr, frame).truth(frame.size)
    frame.work.enter()
    parts = [truth(arg, frame) for arg in args]
    frame.work.depth -= 1
    if op == "!":
        return ~parts[0]
    return reduce(np.logical_and if op == "and" else np.logical_or, parts)


def _operation(expr: Mapping[Any, Any], frame: Frame) -> Column:
    op, args = grammar.split(expr)
    if op in grammar.NAMING:
        return _named(op, args[0], frame)
    if op in _SPECIAL:
        return _SPECIAL[op](expr, op, args, frame)
    form = grammar.FORMS[op]
    given = [
        arg if form.kind(place) in grammar.LITERAL else value(arg, frame)
        for place, arg in enumerate(args)
    ]
    if op in operations.FAST:
        return operations.FAST[op](*given)
    return operations.by_distinct(EAGER[op], given, frame.size)


def _named(op: str, name: str, frame: Frame) -> Column:
    if op == "figure":
        return columns.from_python([frame.work.figure(name)])
    return frame.here.column(name) if op == "var" else frame.outer(name)


Special = Callable[[Any, str, list[Any], Frame], Column]


def _connected(expr: Any, op: str, args: list[Any], frame: Frame) -> Column:
    found = value(args[0], frame)
    for arg in args[1:]:
        held = found.truth(frame.size)
        which = held if op == "and" else ~held
        found = columns.choose(which, value(arg, frame), found, frame.size)
    return found


def _not(expr: Any, op: str, args: list[Any], frame: Frame) -> Column:
    return columns.flags(~truth(args[0], frame))


def _if(expr: Any, op: str, args: list[Any], frame: Frame) -> Column:
    guard = truth(args[0], frame)
    return columns.choose(guard, value(args[1], frame), value(args[2], frame), frame.size)


def _in(expr: Any, op: str, args: list[Any], frame: Frame) -> Column:
    item = value(args[0], frame)
    if isinstance(args[1], list | tuple):
        parts = [value(part, frame) for part in args[1]]
        if len(parts) <= 16 or not all(part.constant() for part in parts):
            return operations.member(item, parts)
    among = value(args[1], frame)
    part = among.parts.get(columns.LIST)
    if part is not None and len(among.parts) == 1:
        return _among_elements(item, part, frame)
    return operations.by_distinct(EAGER["in"], [item, among], frame.size)


def _among_elements(item: Column, part: Part, frame: Frame) -> Column:
    lists = part.values
    held = operations.equal(item.take(lists.owner), arrow.from_arrow(lists.items))
    rows = np.flatnonzero(columns.spread(held, len(lists.owner)))
    return columns.flags(np.bincount(lists.owner[rows], minlength=frame.size) > 0)


def _list(expr: Any, frame: Frame) -> Column:
    parts = [value(part, frame) for part in expr]
    if all(part.constant() for part in parts):
        return columns.from_python([[part.python(1)[0] for part in parts]])
    rows = zip(*(part.python(frame.size) for part in parts), strict=True)
    return columns.from_python([list(row) for row in rows])


def _of_elements(expr: Any, op: str, args: list[Any], frame: Frame) -> Column:
    found = value(args[0], frame)
    part = found.parts.get(columns.LIST)
    if not columns.NESTED.isdisjoint(found.parts) and (part is None or len(found.parts) > 1):
        return by_row(expr, frame)
    if part is None:
        return columns.flags(columns.NONE) if op in {"some", "every"} else Column({})
    between, condition = scalar.condition_of(op, args)
    held = None if condition is True else truth(condition, frame.inside(part.values))
    if op in {"some", "every"}:
        return _quantified(op, part, held, frame.size)
    return listing.OF_ELEMENTS[op](listing.left(part, held, frame.size), *between)


def _quantified(op: str, part: Part, held: Array | None, size: int) -> Column:
    of = listing.left(part, None, size)
    held = columns.ALL if held is None else held
    if op == "some":
        return columns.flags(part.mask & (of.counted(held) > 0))
    return columns.flags(part.mask & (of.counted(~held) == 0))


def _over_time(expr: Any, op: str, args: list[Any], frame: Frame) -> Column:
    found = value(args[0], frame)
    part = found.parts.get(columns.LIST)
    if part is None or len(found.parts) > 1:
        return by_row(expr, frame)
    of = listing.left(part, None, frame.size)
    if op == "longest_run":
        return listing.longest_run(of, args[1])
    return listing.window(of, args[1], value(args[2], frame), value(args[3], frame), args[4])


def by_row(expr: Any, frame: Frame, *_: Any) -> Column:
    """The scalar evaluator, once per different row of the columns used where these can be told
    apart, else for each row."""
    names = walking.variables(expr) if frame.at is None else {""}
    rows = frame.here.python(names)
    roots = rows if frame.at is None else [frame.root.python({""})[row] for row in frame.at]
    seen: dict[Any, Any] = {}
    return columns.from_python(
        [_once(expr, here, root, frame, seen) for here, root in zip(rows, roots, strict=True)]
    )


def _once(expr: Any, here: Any, root: Any, frame: Frame, seen: dict[Any, Any]) -> Any:
    work = Work(frame.work.figures)
    if frame.at is not None:
        return scalar.run(expr, scalar.Scope(here, root, work))
    try:
        key = tuple((name, type(fact), fact) for name, fact in here.items())
        if key in seen:
            return seen[key]
    except TypeError:  # a list or mapping among the facts
        return scalar.run(expr, scalar.Scope(here, root, work))
    seen[key] = scalar.run(expr, scalar.Scope(here, root, work))
    return seen[key]


_SPECIAL: Mapping[str, Special] = {
    "and": _connected,
    "or": _connected,
    "!": _not,
    "if": _if,
    "in": _in,
    "reduce": lambda expr, _, __, frame: by_row(expr, frame),
    "window": _over_time,
    "longest_run": _over_time,
    **dict.fromkeys(("some", "every", *listing.OF_ELEMENTS), _of_elements),
}
