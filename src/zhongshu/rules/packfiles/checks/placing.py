"""Faults of one part of a merged pack, each with its place below the part."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from zhongshu.rules import factlist
from zhongshu.rules.model import Figure, Pack
from zhongshu.rules.packfiles.checks import asking, literals
from zhongshu.rules.packfiles.document import Where
from zhongshu.rules.packfiles.shape import nearest
from zhongshu.rules.parts import Expression, Outcome, Release

Entry = tuple[str, str]  # (section, id)
FIGURES = "figures"


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing in the part `id` of `section`; path: keys below the part.

    about: (section, id) of the entries it lacks or that make it impossible, so that an amendment
    can be shown its own line.
    """

    section: str
    id: str
    path: Where
    what: str
    about: tuple[Entry, ...] = ()
    remark: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """Makes the faults of one part: `at` names the place, the rest is the same for all."""

    pack: Pack
    section: str
    id: str

    def fault(self, path: Where, what: str, *about: Entry) -> Fault:
        return Fault(self.section, self.id, path, what, about)

    def rule(self, rule_id: str) -> Iterator[Fault]:
        if rule_id not in self.pack.rules:
            near = nearest(rule_id, self.pack.rules)
            yield self.fault(
                ("rule",),
                f"the rule {rule_id} is not described under 'rules'{near}",
                ("rules", rule_id),
            )

    def subject(self, kind: str) -> Iterator[Fault]:
        known = factlist.subjects()
        if kind not in known:
            yield self.fault(("of",), f"'{kind}' is no subject of facts.yaml{nearest(kind, known)}")

    def figure(self, path: Where, key: str | None, *, numeric: bool = True) -> Iterator[Fault]:
        if key is None:
            return
        figure = self.pack.get(key)
        if figure is None:
            near = nearest(key, self.pack.figures())
            yield self.fault(path, f"there is no figure '{key}'{near}", (FIGURES, key))
        elif numeric and not is_number(figure):
            yield self.fault(
                path, f"the figure '{key}' is {figure.value!r}, not a number", (FIGURES, key)
            )

    def days(self, path: Where, key: str | None) -> Iterator[Fault]:
        """A list of day numbers, or none."""
        yield from self.figure(path, key, numeric=False)
        if key in self.pack.figures() and day_numbers(self.pack, key) is None:
            what = f"the figure '{key}' is not a list of day numbers"
            yield self.fault(path, what, (FIGURES, str(key)))

    def fact(self, path: Where, kind: str, name: str | None, *, time: bool) -> Iterator[Fault]:
        subject = factlist.subjects().get(kind)
        if subject is None or name is None:
            return
        fact = subject.facts.get(name)
        if fact is None:
            near = nearest(name, subject.facts)
            yield self.fault(path, f"'{name}' is not a fact of {kind} in facts.yaml{near}")
        elif time and fact.type not in factlist.TIMES:
            yield self.fault(path, f"'{name}' is a {fact.type}, not a moment or day")

    def clock(self, path: Where, name: str | None) -> Iterator[Fault]:
        if name is not None and name not in self.pack.clocks:
            what = f"there is no clock '{name}'{nearest(name, self.pack.clocks)}"
            yield self.fault(path, what, ("clocks", name))

    def expression(self, path: Where, expr: Expression, kind: str) -> Iterator[Fault]:
        if expr is None:
            return
        if expr is False:
            yield self.fault(path, "this never holds; leave the entry out instead")
        sound = True
        for one in asking.faults(expr, subject=kind, figures=self.pack.figures()):
            about = [(FIGURES, one.figure)] if one.figure else []
            yield self.fault((*path, *one.path), one.what, *about)
            sound = False
        for where, what in literals.faults(expr) if sound else ():
            yield self.fault((*path, *where), what)

    def release(self, release: Release | None, kind: str) -> Iterator[Fault]:
        seen: set[str] = set()
        for place, one in enumerate(release.conditions if release else ()):
            where: Where = ("release", release.mode if release else "", str(place))
            if one.id in seen:
                yield self.fault((*where, "id"), f"the condition '{one.id}' is there twice")
            seen.add(one.id)
            yield from self.expression((*where, "when"), one.when, kind)

    def outcome(self, then: Outcome, kind: str) -> Iterator[Fault]:
        yield from self.expression(("then", "until"), then.until, kind)
        for name, clock_id in (("report", then.report), ("deadline", then.deadline)):
            yield from self.clock(("then", name), clock_id)
            clock = self.pack.clocks.get(clock_id or "")
            if clock is not None and clock.of not in {kind, then.propose}:
                what = (
                    f"the clock '{clock_id}' runs for {clock.of}, and this is about {kind}: it "
                    "would never start"
                )
                yield self.fault(("then", name), what)


def number(pack: Pack, key: str | None) -> float | None:
    """The value as a number; None where there is no figure, or it is not one."""
    figure = pack.get(key) if key is not None else None
    return _number(figure.value) if figure else None


def day_numbers(pack: Pack, key: str | None) -> tuple[float, ...] | None:
    """() where there are no tests; None where the figure is missing or is not a list of numbers."""
    figure = pack.get(key) if key is not None else None
    if figure is None:
        return () if key is None else None
    values = figure.value if isinstance(figure.value, tuple) else (figure.value,)
    found = [_number(value) for value in values]
    return None if None in found else tuple(value for value in found if value is not None)


def is_number(figure: Figure) -> bool:
    return _number(figure.value) is not None


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
