"""What an option must fulfil to be simulated, and its reading from YAML or JSON."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.feeds import PLACE_KINDS

if TYPE_CHECKING:
    from zhongshu.engines.whatif.options import Option

SHARES = ("strictness", "compliance", "sensitivity", "coverage", "recall", "recall_home",
          "recall_places", "recall_community", "share", "effect", "home_outside")  # fmt: skip
AT_LEAST = {"every_d": 1, "count": 1, "pool_size": 1, "hours": 1}
CONFINED = 2.0
"""The household hazard of people confined together is at most twice that of an ordinary day; the
simulation draws for so much and thins the rest."""


def option(made: Option) -> None:
    """Refuses (`BadInput`) what no simulation can make sense of."""
    if not made.name.strip():
        _refuse("whatif.option_name", "An option needs a name.", option=made.name)
    for where, part in _parts(made):
        _figures(made.name, where, part)
    if made.isolation.home_household > CONFINED:
        _out_of_range(made.name, "isolation.home_household", made.isolation.home_household)
    _kinds(made)
    if made.isolation.contacts != "none" and made.isolation.days < 1:
        _refuse(
            "whatif.isolation_days",
            f"Option {made.name!r} isolates contacts but gives no days; set isolation.days.",
            option=made.name,
        )
    if len(made.areas) > 32 or len(made.rounds) > 32:
        _refuse(
            "whatif.too_many_areas",
            f"Option {made.name!r} has more than 32 restrictions or series of rounds; put areas"
            " that share their hours into one.",
            option=made.name,
        )


def _parts(made: Option) -> list[tuple[str, Any]]:
    rows = [("", made)]
    for name in ("areas", "rounds", "closures"):
        rows += [(f"{name}[{n}].", part) for n, part in enumerate(getattr(made, name))]
    for name in ("tracing", "isolation", "capacities", "masks"):
        rows.append((f"{name}.", getattr(made, name)))
    return rows


def _figures(name: str, where: str, part: Any) -> None:
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if field.name in {"rooms", "beds", "close_min", "near"}:
            for tier, count in value:
                if not count >= 0:
                    _negative(name, f"{where}{field.name}.{tier}", count)
                if field.name == "near" and count > 1:
                    _out_of_range(name, f"{where}near.{tier}", count)
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        if value != value or value < 0:  # noqa: PLR0124 - not a number
            _negative(name, where + field.name, value)
        if field.name in SHARES and value > 1:
            _out_of_range(name, where + field.name, value)
        if value < AT_LEAST.get(field.name, 0):
            _out_of_range(name, where + field.name, value)
    last = getattr(part, "to_hour", None)
    if last is not None and last <= part.from_hour:
        _refuse(
            "whatif.hours",
            f"Option {name!r}: {where}to_hour must be later than from_hour.",
            option=name,
        )


def _kinds(made: Option) -> None:
    allowed: list[tuple[str, str, tuple[str, ...]]]
    allowed = [(f"areas[{n}].kind", area.kind, ("lockdown", "static", "venues_closed"))
               for n, area in enumerate(made.areas)]  # fmt: skip
    allowed += [(f"closures[{n}].kind", row.kind, PLACE_KINDS)
                for n, row in enumerate(made.closures)]  # fmt: skip
    allowed += [
        ("isolation.contacts", made.isolation.contacts, ("none", "home", "central")),
        ("isolation.cases", made.isolation.cases, ("hospital", "central", "home")),
    ]
    allowed += [
        (f"tracing.{name}", kind, PLACE_KINDS)
        for name in ("close_min", "near")
        for kind, _ in getattr(made.tracing, name)
    ]
    for where, value, known in allowed:
        if value not in known:
            _refuse(
                "whatif.unknown_kind",
                f"Option {made.name!r}: {where} is {value!r}; it can be {', '.join(known)}.",
                option=made.name,
            )
    if made.tracing.depth > 2:
        _out_of_range(made.name, "tracing.depth", made.tracing.depth)


def from_dict(raw: Mapping[str, Any]) -> Option:
    """An option from YAML or JSON; refuses names it does not know.

    Lists of mappings become areas, rounds and closures; mappings of tiers and costs become pairs.
    """
    from zhongshu.engines.whatif.options import Option  # noqa: PLC0415 - options run the checks

    made: Option = _read(Option, raw, "option")
    return made


def _read(kind: type, raw: Any, where: str) -> Any:
    if not isinstance(raw, Mapping):
        _refuse("whatif.option_shape", f"{where} must be a mapping of names to values.")
    hints = typing.get_type_hints(kind)
    unknown = [str(key) for key in raw if key not in hints]
    if unknown:
        _refuse(
            "whatif.unknown_key",
            f"{where} has no {unknown[0]!r}; it can have {', '.join(hints)}.",
            key=unknown[0],
        )
    values = {key: _value(hints[key], value, f"{where}.{key}") for key, value in raw.items()}
    try:
        return kind(**values)
    except TypeError as trouble:
        raise BadInput("whatif.missing_key", f"{where} lacks a value: {trouble}.") from trouble


def _value(hint: Any, value: Any, where: str) -> Any:
    """One value as its field's type wants it."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint):
        return _read(typing.cast(type, hint), value, where)
    if origin in {types.UnionType, typing.Union}:
        return None if value is None else _value(inner[0], value, where)
    if origin is tuple:
        rows = list(value.items()) if isinstance(value, Mapping) else value
        if isinstance(rows, str) or not hasattr(rows, "__iter__"):
            _refuse("whatif.option_shape", f"{where} must be a list.")
        if len(inner) == 2 and inner[1] is not Ellipsis:
            return tuple(_value(part, row, where) for part, row in zip(inner, rows, strict=True))
        return tuple(_value(inner[0], row, f"{where}[{n}]") for n, row in enumerate(rows))
    if hint in {int, float} and (not isinstance(value, int | float) or isinstance(value, bool)):
        _refuse("whatif.option_shape", f"{where} must be a number, not {value!r}.")
    if hint is int and value != int(value):
        _refuse("whatif.option_shape", f"{where} must be a whole number, not {value!r}.")
    return hint(value) if hint in {int, float, str} else value


def _negative(name: str, where: str, value: float) -> None:
    _refuse(
        "whatif.negative",
        f"Option {name!r}: {where} is {value}; it cannot be below zero.",
        option=name,
    )


def _out_of_range(name: str, where: str, value: float) -> None:
    _refuse("whatif.range", f"Option {name!r}: {where} = {value} is out of range.", option=name)


def _refuse(code: str, sentence: str, /, **facts: object) -> typing.NoReturn:
    raise BadInput(code, sentence, **facts)
