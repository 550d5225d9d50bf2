"""From the entries of a document to figures: inherited, cited, within their own bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.rules.model import Figure
from zhongshu.rules.packfiles.context import Context
from zhongshu.rules.packfiles.shape import nearest
from zhongshu.rules.parts import Mark, Text, joined

NO_SUCH = "the pack has no such figure"
_NEW = ("unit", "rule", "zh", "en")  # what a figure needs that changes none


def read(
    context: Context, before: Mapping[str, Figure] | None = None, *, bounded: bool = True
) -> dict[str, Figure]:
    """The figures of a document by full key; one per kind where `each` is given.

    before: figures whose rest an amendment or overlay inherits; bounded: complain of a value
    outside its bounds.
    """
    made: dict[str, Figure] = {}
    for key, entry in context.content.get("figures", {}).items():
        for kind, value in _values(entry).items():
            full = key if kind is None else f"{key}.{kind}"
            old = (before or {}).get(full)
            lacking = [name for name in _NEW if name not in entry]
            if old is None and lacking:
                known = nearest(full, before or {})
                needs = f"a new one needs {', '.join(lacking)}"
                context.say(("figures", key), f"{NO_SUCH}{known}; {needs}")
                continue
            figure = _figure(context, key, entry, value, old=old, full=full, kind=kind)
            for what in bounds(figure) if bounded else ():
                context.say(("figures", key), what)
            made[full] = figure
    return made


def _values(entry: Mapping[str, Any]) -> dict[str | None, Any]:
    return {None: entry["value"]} if "value" in entry else dict(entry["each"])


def _figure(
    context: Context,
    key: str,
    entry: Mapping[str, Any],
    value: Any,
    *,
    old: Figure | None,
    full: str,
    kind: str | None,
) -> Figure:
    sources = context.cited(("figures", key, "source"), entry.get("source", []))
    return Figure(
        key=full,
        value=tuple(value) if isinstance(value, list) else value,
        unit=entry.get("unit") or (old.unit if old else ""),
        rule_id=entry.get("rule") or (old.rule_id if old else ""),
        mark=Mark(entry["mark"]),
        source=joined(sources),
        note=Text(**entry["note"]) if "note" in entry else None,
        title=Text(
            entry.get("zh") or (old.title.zh if old else ""),
            entry.get("en") or (old.title.en if old else ""),
        ),
        minimum=entry.get("minimum", old.minimum if old else None),
        maximum=entry.get("maximum", old.maximum if old else None),
        kind=kind if old is None else old.kind,
        set_by=context.id,
        stricter=entry.get("stricter", old.stricter if old else None),
    )


def bounds(figure: Figure) -> list[str]:
    """What is wrong with the value's own bounds, in words."""
    low, high = figure.minimum, figure.maximum
    if low is not None and high is not None and low > high:
        return [f"the minimum {low:g} is above the maximum {high:g}"]
    return [
        f"{value:g} is outside its own bounds, {between(low, high)}"
        for value in numbers(figure)
        if (low is not None and value < low) or (high is not None and value > high)
    ]


def between(low: float | None, high: float | None) -> str:
    """The bounds in words."""
    if low is None or high is None:
        return f"at most {high:g}" if high is not None else f"at least {low or 0:g}"
    return f"{low:g} to {high:g}"


def numbers(figure: Figure) -> list[float]:
    """The numbers in the value; [] where it is a word or a yes."""
    values = figure.value if isinstance(figure.value, tuple) else (figure.value,)
    return [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
