"""What the parts of a trace are called, in one language: facts, figures, amounts, conditions.

The words are in words.yaml.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from zhongshu.kernel.time import beijing
from zhongshu.rules.expression import grammar, values
from zhongshu.rules.expression.tracing import Trace

# zh, en and, for what has one, unit: the unit as packs write it.
Name = Mapping[str, str]
_ORDERS = (*grammar.ORDER, *grammar.DATE_ORDER)
_PAIRS = frozenset({"===", "!==", "in", "within"})


@functools.cache
def catalogue() -> dict[str, Any]:
    """The words of the operators, from words.yaml."""
    file = Path(__file__).with_name("words.yaml")
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


class Phrases:
    """One language."""

    def __init__(self, language: str, names: Mapping[str, Name]) -> None:
        self.language, self.names, self.words = language, names, catalogue()

    def word(self, *keys: str) -> str:
        found: Any = self.words
        for key in keys:
            found = found[key]
        return str(found[self.language])

    def outcome(self, trace: Trace, *, of: str = "_of") -> str:
        """of: "" under a single condition, which itself says what is unknown."""
        if not trace.unknown:
            return self.word("outcome", "held" if trace.held else "failed")
        missing = self.word("join").join(dict.fromkeys(self.missing(trace)))
        state = "doubtful" if trace.held else "unknown"
        return self.word("outcome", state + (of if missing else "")).format(missing)

    def missing(self, trace: Trace) -> Iterator[str]:
        if trace.fact is not None and trace.unknown:
            yield self.name(trace.fact)
        for part in trace.parts:
            yield from self.missing(part)

    # What a condition asks

    def condition(self, trace: Trace) -> str:
        """Of a part that has its arguments; anything else is only called by its name."""
        if trace.op == "value" and trace.value is True:
            return self.word("conditions", "always")
        if not trace.parts:
            return self.phrase(trace)
        if trace.op in {"known", "!"}:
            return self.single(trace.op, trace.parts[0])
        if trace.op in _PAIRS:
            return self.pair(trace)
        if trace.op in _ORDERS:
            two = len(trace.parts) == 2
            return self.compared(trace.op, *trace.parts) if two else self.between(trace)
        return self.phrase(trace)

    def single(self, op: str, part: Trace) -> str:
        if op == "!":
            return self.negated(part)
        return self.word("conditions", "known").format(self.noun(part))

    def between(self, trace: Trace) -> str:
        rising = trace.op in {"<", "<=", "before", "not-after"}
        parts = trace.parts if rising else tuple(reversed(trace.parts))
        template = self.word("conditions", "between")
        return template.format(*map(self.phrase, parts)) if len(parts) == 3 else self.generic(trace)

    def negated(self, inner: Trace) -> str:
        """Said the other way round where that is plainer."""
        if inner.op == "known":
            return self.word("conditions", "!known").format(self.noun(inner.parts[0]))
        if inner.fact is not None and isinstance(inner.value, bool | None):
            return self.word("conditions", "not_flag").format(self.name(inner.fact))
        if inner.op in _ORDERS and len(inner.parts) == 2:
            return self.compared(_OPPOSITE[inner.op], *inner.parts)
        if inner.op in _PAIRS:
            return self.pair(dataclasses.replace(inner, op=_OPPOSITE[inner.op]))
        return self.word("conditions", "!").format(self.condition(inner))

    def pair(self, trace: Trace) -> str:
        left, right = trace.parts
        if trace.op in {"===", "!=="} and left.fact is not None and isinstance(right.value, bool):
            name, wanted = self.name(left.fact), right.value is (trace.op == "===")
            return name if wanted else self.word("conditions", "not_flag").format(name)
        if left.op in {"value", "figure"} and trace.op in {"===", "!=="}:
            left, right = right, left
        said = self.phrase(right) if right.op != "value" else self.value(right.value)
        return self.word("conditions", trace.op).format(self.phrase(left), said)

    def compared(self, op: str, left: Trace, right: Trace) -> str:
        """What varies stands first, what it is held against in brackets."""
        if left.op in {"value", "figure"} and right.op not in {"value", "figure"}:
            left, right, op = right, left, _TURNED[op]
        set_by = self.word("set" if right.op == "figure" else "should")
        against = self.amount(right, self.words["unit_of"].get(left.op))
        return self.word("conditions", "compare").format(
            self.phrase(left), against, set=set_by, relation=self.word("relations", op)
        )

    def amount(self, trace: Trace, unit: str | None) -> str:
        """A figure or a number with its unit."""
        if trace.op == "figure":
            unit = self.names.get(str(trace.figure), {}).get("unit", unit)
        elif trace.op != "value":
            return self.phrase(trace)
        said = self.value(trace.value)
        if not unit or not values.is_number(trace.value):
            return said
        return f"{said} {self.unit(unit)}".rstrip()

    def unit(self, unit: str) -> str:
        return self.word("units", unit) if unit in self.words["units"] else ""

    # What a value is called

    def phrase(self, trace: Trace) -> str:
        if trace.fact is not None:
            return self.fact(trace)
        if trace.op == "figure":
            return f"{self.name(str(trace.figure))} {self.amount(trace, None)}"
        if trace.op == "value":
            return self.value(trace.value)
        if asks(trace) and trace.op not in {"list", "element"}:
            return self.condition(trace) if trace.op in _CONDITIONS else self.generic(trace)
        if trace.op == "if" and len(trace.parts) == 2:
            return self.phrase(trace.parts[1])
        return self.generic(trace)

    def fact(self, trace: Trace) -> str:
        if trace.fact == "now":
            return self.word("value", "moment")
        if isinstance(trace.value, list):
            return self.name(str(trace.fact))
        return f"{self.name(str(trace.fact))} {self.value(trace.value)}"

    def generic(self, trace: Trace) -> str:
        if trace.value is None and (missing := list(dict.fromkeys(self.missing(trace)))):
            return self.word("value", "missing").format(self.word("join").join(missing))
        arguments = [part for part in trace.parts if part.op != "element"]
        said = [self.argument(trace.op, place, part) for place, part in enumerate(arguments)]
        key = self.template(trace, arguments)
        return self.word("phrases", key).format(
            *said, *("" for _ in range(5)), op=trace.op, value=self.value(trace.value),
            join=self.word("join").join(said),
        )  # fmt: skip

    def template(self, trace: Trace, arguments: list[Trace]) -> str:
        key = trace.op if trace.op in self.words["phrases"] else "other"
        if (
            any(part.op == "element" for part in trace.parts)
            and f"{key}.which" in self.words["phrases"]
        ):
            return f"{key}.which"
        at = arguments[0 if key == "day_number" else -1] if arguments else None
        is_now = at is not None and at.fact == "now"
        return f"{key}.now" if is_now and f"{key}.now" in self.words["phrases"] else key

    def argument(self, op: str, place: int, part: Trace) -> str:
        form = grammar.FORMS.get(op)
        kind = form.kind(place) if form else grammar.VALUE
        if kind == grammar.UNIT:
            return self.unit(str(part.value))
        if kind in {grammar.FIELD, grammar.MAYBE_FIELD}:
            return self.name(str(part.value)) if part.value is not None else ""
        return self.value(part.value) if part.op in {"value", "figure"} else self.phrase(part)

    def noun(self, trace: Trace) -> str:
        return self.name(trace.fact) if trace.fact is not None else self.phrase(trace)

    def name(self, key: str) -> str:
        """Of the whole path, else of its last part, else the path itself."""
        found = self.names.get(key) or self.names.get(key.rpartition(".")[2]) or {}
        # Up to a colon: what follows lists the values it may have.
        return str(found.get(self.language, key)).partition(": ")[0]

    def value(self, value: Any) -> str:
        if value is None:
            return self.word("value", "unknown")
        if isinstance(value, bool):
            return self.word("value", str(value).lower())
        if isinstance(value, list):
            return self.listed(value)
        when = values.time_of(value)
        if isinstance(when, dt.datetime):
            return _clock(when)
        return when.isoformat() if when is not None else _short(value)

    def listed(self, value: list[Any]) -> str:
        if any(isinstance(one, list | Mapping) for one in value):
            return self.word("value", "items").format(len(value))
        return self.word("join").join(self.value(values.read(one)) for one in value)


_TURNED = {
    ">=": "<=", "<=": ">=", ">": "<", "<": ">", "after": "before", "before": "after",
    "not-after": "not-before", "not-before": "not-after",
}  # fmt: skip
_OPPOSITE = {
    ">=": "<", "<": ">=", ">": "<=", "<=": ">", "after": "not-after", "not-after": "after",
    "before": "not-before", "not-before": "before", "===": "!==", "!==": "===", "in": "!in",
    "within": "!within",
}  # fmt: skip
_CONDITIONS = frozenset({"known", "!", *_PAIRS, *_ORDERS})


def asks(trace: Trace) -> bool:
    """Whether the part is a question that was answered, and not an amount."""
    return trace.op in _CONDITIONS or isinstance(trace.value, bool) or trace.op in {"and", "or"}


def _clock(moment: dt.datetime) -> str:
    """To the minute on the Beijing clock."""
    try:
        return f"{beijing(moment):%Y-%m-%d %H:%M}"
    except OverflowError:
        return moment.isoformat()


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    text = "" if isinstance(value, Mapping) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
