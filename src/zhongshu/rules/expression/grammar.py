"""The operators, once: how many arguments each takes and what kind each argument is.

The evaluators, the validator, the walkers and the page of operators all read this table.
CertLogic's operators are those of its specification 1.2.1 (eu-dcc-business-rules); the others are
ours and exist only in packs.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.errors import BadInput

# Limits of method: a rule of a notice has ten to sixty parts; these bound what a stranger's
# expression can cost.
MAX_DEPTH = 40
MAX_PARTS = 2_000
MAX_TEXT = 2_000

PATH = re.compile(r"[^.]+(\.[^.]+)*")

# Kinds of argument.  `VALUE` is evaluated where the operator stands, `CONDITION` once for each
# element of a list, `LAMBDA` once for each step of a reduction; the rest are written literally.
VALUE, CONDITION, LAMBDA = "value", "condition", "lambda"
FIELD, MAYBE_FIELD, WHOLE, UNIT = "field", "field or null", "whole number", "unit"
LITERAL = frozenset({FIELD, MAYBE_FIELD, WHOLE, UNIT})


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """least, most: number of arguments (None: no limit).

    kinds: the kind of each argument; the last one holds for all that follow.
    certlogic: least and most are those of CertLogic; None where the operator is ours.
    """

    least: int
    most: int | None
    kinds: tuple[str, ...] = (VALUE,)
    units: tuple[str, ...] = ()
    certlogic: tuple[int, int | None] | None = None

    def kind(self, place: int) -> str:
        return self.kinds[min(place, len(self.kinds) - 1)]


def _shared(least: int, most: int | None, *kinds: str, units: tuple[str, ...] = ()) -> Form:
    return Form(least, most, kinds or (VALUE,), units, (least, most))


ORDER = ("<", ">", "<=", ">=")
DATE_ORDER = ("after", "before", "not-after", "not-before")
SPANS = ("day", "hour")

FORMS: Mapping[str, Form] = {
    "if": _shared(3, 3),
    "and": _shared(2, None),
    "or": Form(2, None),
    "!": _shared(1, 1),
    "===": _shared(2, 2),
    "!==": Form(2, 2),
    "in": _shared(2, 2),
    **{op: _shared(2, 3) for op in (*ORDER, *DATE_ORDER)},
    "+": Form(2, None, certlogic=(2, 2)),
    "-": Form(1, 2),
    "*": Form(2, None),
    "/": Form(2, 2),
    "min": Form(1, None),
    "max": Form(1, None),
    "known": Form(1, 1),
    "plusTime": _shared(3, 3, VALUE, WHOLE, UNIT, units=("year", "month", "day", "hour")),
    "dccDateOfBirth": _shared(1, 1),
    "extractFromUVCI": _shared(2, 2, VALUE, WHOLE),
    "reduce": _shared(3, 3, VALUE, LAMBDA, VALUE),
    "days_since": Form(2, 2),
    "hours_since": Form(2, 2),
    "day_number": Form(3, 3),
    "plus": Form(3, 3, (VALUE, VALUE, UNIT), ("day", "hour", "minute")),
    "end_of_day": Form(1, 1),
    "within": Form(2, 2),
    "count": Form(1, 2, (VALUE, CONDITION)),
    "count_distinct": Form(2, 3, (VALUE, FIELD, CONDITION)),
    "sum": Form(2, 3, (VALUE, FIELD, CONDITION)),
    "max_of": Form(2, 3, (VALUE, FIELD, CONDITION)),
    "min_of": Form(2, 3, (VALUE, FIELD, CONDITION)),
    "some": Form(2, 2, (VALUE, CONDITION)),
    "every": Form(2, 2, (VALUE, CONDITION)),
    "filter": Form(2, 2, (VALUE, CONDITION)),
    "window": Form(5, 5, (VALUE, FIELD, VALUE, VALUE, UNIT), SPANS),
    "peak": Form(4, 5, (VALUE, FIELD, VALUE, UNIT, MAYBE_FIELD), SPANS),
    "longest_run": Form(2, 2, (VALUE, FIELD)),
}
# Written {"var": "path"}, not with a list of arguments.
NAMING = ("var", "outer", "figure")
OPERATORS = (*NAMING, *FORMS)


def literal_fault(form: Form, place: int, value: object) -> str | None:
    """What is wrong with a literally written argument, in words; None: nothing."""
    kind = form.kind(place)
    if kind == UNIT and value not in form.units:
        return f"a unit is one of {', '.join(form.units)}, not {shown(value)}"
    if kind == WHOLE and (isinstance(value, bool) or not isinstance(value, int)):
        return f"a whole number must stand here literally, not {shown(value)}"
    if kind == MAYBE_FIELD and value is None:
        return None
    if kind in {FIELD, MAYBE_FIELD} and not is_path(value):
        return f"the name of a field of the list's elements must stand here, not {shown(value)}"
    return None


def is_path(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and bool(PATH.fullmatch(value))


def shown(value: object) -> str:
    """A value in a message, never longer than a line."""
    text = (
        repr(value) if isinstance(value, str | int | float | bool | None) else type(value).__name__
    )
    return text if len(text) <= 60 else text[:57] + "..."


def split(expr: Mapping[Any, Any]) -> tuple[str, list[Any]]:
    """(operator, arguments) of an operation; a naming operator has its name as only argument.

    Refuses (BadInput ``expression.invalid``) what `validate` would have complained about.
    """
    if len(expr) != 1:
        raise invalid(f"an operation has exactly one operator, this one has {len(expr)}")
    ((op, args),) = expr.items()
    if op in NAMING:
        if not isinstance(args, str):
            raise invalid(f"'{op}' is followed by a name, not {shown(args)}")
        return op, [args]
    form = FORMS.get(op) if isinstance(op, str) else None
    if form is None:
        raise invalid(f"there is no operator {shown(op)}")
    if not isinstance(args, list | tuple):
        raise invalid(f"'{op}' is followed by the list of its arguments, not {shown(args)}")
    if len(args) < form.least or (form.most is not None and len(args) > form.most):
        raise invalid(f"'{op}' does not take {len(args)} arguments")
    if form.units or len(form.kinds) > 1:
        for place, value in enumerate(args):
            if form.kind(place) in LITERAL and (fault := literal_fault(form, place, value)):
                raise invalid(f"in '{op}', argument {place + 1}: {fault}")
    return op, list(args)


def invalid(what: str) -> BadInput:
    return BadInput("expression.invalid", f"This is not an expression: {what}.", what=what)
