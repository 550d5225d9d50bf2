"""Figures whose value cannot be what their unit or their use asks for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from zhongshu.rules.model import Figure
from zhongshu.rules.packfiles.checks.placing import FIGURES, Fault, Part, number
from zhongshu.rules.packfiles.document import Where

# Units of which only numbers can be counted or measured; other units may be of words.
MEASURES = frozenset(
    {"h", "d", "min", "s", "a", "months", "working d", "day no.", "%", "share", "cases", "persons"}
    | {"deaths", "m", "km", "degC", "tests", "samples", "swabs", "sites", "Ct"}
)
YES_NO = "yes/no"
# Unit of a clock to the units its length may have.
CLOCK_UNITS: Mapping[str, tuple[str, ...]] = {
    "hour": ("h",),
    "minute": ("min",),
    "calendar_day": ("d",),
    "day_number": ("d", "day no."),
    "working_day": ("working d",),
}
_BY_DAYS = frozenset({"calendar_day", "day_number", "working_day"})
_NUMERAL = re.compile(r"\s*[-+]?\d+(\.\d+)?\s*")


def value(at: Part, figure: Figure) -> Iterator[Fault]:
    """A value that is not of the kind its unit says."""
    values = figure.value if isinstance(figure.value, tuple) else (figure.value,)
    measured = figure.unit in MEASURES
    for one in values:
        text, flag = isinstance(one, str), isinstance(one, bool)
        if text and _NUMERAL.fullmatch(str(one)) and (measured or len(values) == 1):
            yield at.fault((), f"'{one}' is text; write the number without quotation marks")
        elif measured and (text or flag):
            yield at.fault((), f"{_said(one)} is no number, and the unit is {figure.unit}")
        elif flag != (figure.unit == YES_NO):
            what = f"{_said(one)} with the unit {figure.unit}: {YES_NO} is of true and false, and"
            yield at.fault((), f"{what} of nothing else")


def _said(one: object) -> str:
    return str(one).lower() if isinstance(one, bool) else repr(one)


def positive(
    at: Part,
    path: Where,
    key: str | None,
    *,
    units: Collection[str] = (),
    whole: bool = False,
    zero: bool = False,
) -> Iterator[Fault]:
    """The figure is above zero, a whole number where it must be, in one of the units.

    zero: 0 will do as well.
    """
    size = number(at.pack, key)
    if key is None or size is None:
        return
    unit = at.pack.figure(key).unit
    about = (FIGURES, key)
    if units and unit not in units:
        what = f"the figure '{key}' is in {unit}, and {' or '.join(units)} is needed here"
        yield at.fault(path, what, about)
    elif size < 0 or (size == 0 and not zero):
        least = "not be below 0" if zero else "be above 0"
        yield at.fault(path, f"the figure '{key}' is {size:g}, and must {least}", about)
    elif whole and size != int(size):
        what = f"the figure '{key}' is {size:g}, and must be a whole number"
        yield at.fault(path, what, about)


def length(at: Part, key: str | None, unit: str) -> Iterator[Fault]:
    """The length of a clock that counts in `unit`; 0 days: by the end of the anchor's own day."""
    by_days = unit in _BY_DAYS
    units = CLOCK_UNITS.get(unit, ())
    yield from positive(at, ("length",), key, units=units, whole=by_days, zero=by_days)
