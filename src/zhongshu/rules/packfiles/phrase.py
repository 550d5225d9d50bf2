"""An expression of a pack read aloud, for a page or a terminal; nothing is judged here.

Facts are called as in facts.yaml, figures by their value, so that the sentence says what holds
under this version of the pack.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from zhongshu.rules import factlist
from zhongshu.rules.expression import grammar
from zhongshu.rules.factlist import Fact
from zhongshu.rules.model import Pack
from zhongshu.rules.parts import Expression

ZH, EN = "zh", "en"
# Operator to (Chinese, English); {0} {1} ... are its arguments, {where} the condition of a list.
_FORMS: Mapping[str, tuple[str, str]] = {
    "!": ("并非（{0}）", "not ({0})"),
    "===": ("{0} 为 {1}", "{0} is {1}"),
    "!==": ("{0} 不为 {1}", "{0} is not {1}"),
    "in": ("{0} 属于 {1}", "{0} is among {1}"),
    "after": ("{0} 晚于 {1}", "{0} is after {1}"),
    "before": ("{0} 早于 {1}", "{0} is before {1}"),
    "not-after": ("{0} 不晚于 {1}", "{0} is not after {1}"),
    "not-before": ("{0} 不早于 {1}", "{0} is not before {1}"),
    "if": ("如果 {0}，则 {1}，否则 {2}", "if {0} then {1}, else {2}"),
    "known": ("已知 {0}", "{0} is known"),
    "min": ("{all} 中最小者", "the least of {all}"),
    "max": ("{all} 中最大者", "the greatest of {all}"),
    "days_since": ("{0} 至 {1} 的天数", "the days from {0} to {1}"),
    "hours_since": ("{0} 至 {1} 的小时数", "the hours from {0} to {1}"),
    "day_number": (
        "{0} 的日序（{1} 当日为第 {2} 天）",
        "the day number of {0} ({1} falls on day {2})",
    ),
    "plus": ("{0} 之后 {1} {unit}", "{1} {unit} after {0}"),
    "plusTime": ("{0} 之后 {1} {unit}", "{1} {unit} after {0}"),
    "end_of_day": ("{0} 当日24时", "the end of the day of {0}"),
    "within": ("{0} 在 {1} 内", "{0} lies in {1}"),
    "count": ("{0}{where}的条数", "the number of {0}{where}"),
    "count_distinct": ("{0}{where}中不同{1}的个数", "the number of different {1} among {0}{where}"),
    "sum": ("{0}{where}的{1}之和", "the sum of {1} over {0}{where}"),
    "max_of": ("{0}{where}中最大的{1}", "the greatest {1} of {0}{where}"),
    "min_of": ("{0}{where}中最小的{1}", "the least {1} of {0}{where}"),
    "some": ("{0}中至少一条{where}", "some of {0}{where}"),
    "every": ("{0}中每一条都{where}", "each of {0}{where}"),
    "filter": ("{0}{where}", "{0}{where}"),
    "window": ("截至 {2} 的 {3} {unit}内的{0}", "{0} of the {3} {unit} up to {2}"),
    "peak": ("任意 {2} {unit}内{0}的最大数", "the most of {0} in any {2} {unit}"),
    "longest_run": ("{0}中最长连续天数", "the longest run of days among {0}"),
}
_ORDER = {"<": "<", ">": ">", "<=": "≤", ">=": "≥"}
_BETWEEN = {"+": " + ", "-": " - ", "*": " × ", "/": " ÷ "}
_UNITS = {
    "day": ("天", "days"),
    "hour": ("小时", "hours"),
    "minute": ("分钟", "minutes"),
    "month": ("个月", "months"),
    "year": ("年", "years"),
}
_WORDS = {True: ("是", "true"), False: ("否", "false"), None: ("空", "nothing")}


@dataclasses.dataclass(frozen=True, slots=True)
class _Reader:
    pack: Pack
    zh: bool
    facts: Mapping[str, Fact] | None
    outer: Mapping[str, Fact] | None

    def pick(self, both: tuple[str, str]) -> str:
        return both[0] if self.zh else both[1]

    def aloud(self, expr: Expression) -> str:
        if isinstance(expr, Mapping):
            op, args = grammar.split(expr)
            return self.named(op, args[0]) if op in grammar.NAMING else self.operation(op, args)
        if isinstance(expr, list | tuple):
            return ("、" if self.zh else ", ").join(map(self.aloud, expr))
        if expr is None or isinstance(expr, bool):
            return self.pick(_WORDS[expr])
        return str(expr)

    def named(self, op: str, name: str) -> str:
        if op == "figure":
            figure = self.pack.figure(name)
            shown = self.aloud(
                list(figure.value) if isinstance(figure.value, tuple) else figure.value
            )
            return f"{shown} {figure.unit}" if _says_unit(figure.unit) else shown
        facts = self.outer if op == "outer" else self.facts
        return self.field(name, facts)

    def field(self, name: str, facts: Mapping[str, Fact] | None) -> str:
        fact = (facts or {}).get(name)
        if fact is None:
            return name
        return fact.text.zh if self.zh else _lower(fact.text.en.partition(":")[0])

    def operation(self, op: str, args: list[Any]) -> str:
        special: Mapping[str, Callable[[str, list[Any]], str]] = {
            **dict.fromkeys(("and", "or"), self.joined),
            **dict.fromkeys(_ORDER, self.ordered),
            **dict.fromkeys(_BETWEEN, self.reckoned),
        }
        return special.get(op, self.formed)(op, args)

    def joined(self, op: str, args: list[Any]) -> str:
        between = {"and": (" 且 ", " and "), "or": (" 或 ", " or ")}[op]
        other = "or" if op == "and" else "and"
        parts = [
            f"({self.aloud(arg)})" if isinstance(arg, Mapping) and other in arg else self.aloud(arg)
            for arg in args
        ]
        return self.pick(between).join(parts)

    def ordered(self, op: str, args: list[Any]) -> str:
        return f" {_ORDER[op]} ".join(map(self.aloud, args))

    def reckoned(self, op: str, args: list[Any]) -> str:
        told = _BETWEEN[op].join(map(self.aloud, args))
        return f"-{told}" if len(args) == 1 else f"({told})"

    def formed(self, op: str, args: list[Any]) -> str:
        if op not in _FORMS:
            return f"{op}({', '.join(map(self.aloud, args))})"
        form = grammar.FORMS[op]
        inner = self.inside(args[0])
        said: dict[str, str] = {"where": "", "unit": ""}
        places: list[str] = []
        for place, arg in enumerate(args):
            kind = form.kind(place)
            if kind == grammar.CONDITION:
                said["where"] = self.where(op, inner.aloud(arg))
            elif kind == grammar.UNIT:
                said["unit"] = self.pick(_UNITS.get(arg, (str(arg), str(arg))))
            elif kind in {grammar.FIELD, grammar.MAYBE_FIELD}:
                places.append(inner.field(str(arg), inner.facts))
                continue
            else:
                places.append(self.amount(arg) if form.units else self.aloud(arg))
                continue
            places.append("")
        said["all"] = ("、" if self.zh else ", ").join(places)
        return self.pick(_FORMS[op]).format(*places, **said)

    def amount(self, expr: Expression) -> str:
        """A figure without its unit, where the operator says the unit."""
        if isinstance(expr, Mapping) and list(expr) == ["figure"]:
            return str(self.pack.value(expr["figure"]))
        return self.aloud(expr)

    def where(self, op: str, condition: str) -> str:
        if op in {"some", "every"}:
            return f"满足（{condition}）" if self.zh else f": {condition}"
        return f"（{condition}）" if self.zh else f" ({condition})"

    def inside(self, expr: Expression) -> _Reader:
        """The reader of the elements of a list."""
        facts: Mapping[str, Fact] | None = None
        while isinstance(expr, Mapping) and len(expr) == 1:
            ((op, args),) = expr.items()
            if op in grammar.NAMING and isinstance(args, str):
                fact = ((self.outer if op == "outer" else self.facts) or {}).get(args)
                facts = factlist.elements(fact) if fact else None
                break
            expr = args[0] if isinstance(args, list) and args else None
        return dataclasses.replace(self, facts=facts)


def phrase(expr: Expression, pack: Pack, *, of: str, language: str = EN) -> str:
    """The expression as a sentence without its full stop; "" for none.

    of: kind of subject; language: ``zh`` or ``en``.
    """
    if expr is None:
        return ""
    subject = factlist.subjects().get(of)
    facts = subject.facts if subject else None
    return _Reader(pack, language == ZH, facts, facts).aloud(expr)


def _says_unit(unit: str) -> bool:
    return unit not in {"1", "yes/no", "list", "day no.", "level", "place", "unit", "event"}


def _lower(text: str) -> str:
    """Without the capital that begins a title, unless a capital follows (BI, MMR)."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]
