"""Do the parts of a merged pack fit together?  Run on every version, because an amendment that
changes one figure can make a schedule of the base impossible.  Escalations may stand in another
pack: see ``zhongshu.rules.packfiles.ladders``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from zhongshu.rules.model import Pack
from zhongshu.rules.packfiles import tighten
from zhongshu.rules.packfiles.checks import quantities, timetables
from zhongshu.rules.packfiles.checks.placing import FIGURES, Fault, Part, is_number, number
from zhongshu.rules.packfiles.document import Where
from zhongshu.rules.packfiles.shape import nearest
from zhongshu.rules.parts import Clock, Criterion, Escalation, Rule, Threshold


def faults(pack: Pack) -> Iterator[Fault]:
    """Everything in a merged pack that cannot work."""
    checks: Mapping[str, Callable[[Part, Any], Iterator[Fault]]] = {
        "rules": _rule,
        "clocks": _clock,
        "escalations": _escalation,
        "schedules": timetables.schedule,
        "thresholds": _threshold,
    }
    for section, parts in pack.sections():
        for name, part in parts.items():
            yield from checks[section](Part(pack, section, name), part)
    for key, figure in pack.figures().items():
        at = Part(pack, "figures", key)
        yield from at.rule(figure.rule_id)
        yield from quantities.value(at, figure)
    yield from _tightening(pack)
    yield from _unused(pack)


def _tightening(pack: Pack) -> Iterator[Fault]:
    for place, pattern in enumerate(pack.may_tighten):
        hits = [key for key in pack.figures() if tighten.matches(key, pattern)]
        path = (str(place),)
        if not hits and not pack.amendments:
            near = nearest(pattern, pack.figures())
            yield Fault("may_tighten", "", path, f"nothing is called {pattern}{near}")
        able = [key for key in hits if pack.figure(key).stricter and is_number(pack.figure(key))]
        if hits and not able:
            what = f"{pattern} needs 'stricter' (higher or lower) and a number, to be tightened"
            yield Fault("may_tighten", "", path, what, ((FIGURES, hits[0]),))


def _unused(pack: Pack) -> Iterator[Fault]:
    used = {figure.rule_id for figure in pack.figures().values()}
    steps = {rule.logic.escalate for rule in pack.rules.values() if rule.logic}
    steps |= {clock.escalate for clock in pack.clocks.values()}
    for section, parts in pack.sections():
        if section != "rules":
            used |= {part.rule_id for part in parts.values()}
    for name, rule in pack.rules.items():
        if rule.logic is None and name not in used:
            what = "no figure, clock, schedule or threshold names this rule, and it has no logic"
            yield Fault("rules", name, (), what, remark=True)
    for name in pack.escalations:
        if name not in steps and pack.topic != "command":
            yield Fault("escalations", name, (), "no clock or rule escalates by it", remark=True)


def _rule(at: Part, rule: Rule) -> Iterator[Fault]:
    logic = rule.logic
    if logic is None:
        return
    yield from at.subject(logic.of)
    yield from at.expression(("when",), logic.when, logic.of)
    yield from at.outcome(logic.then, logic.of)
    yield from at.release(logic.release, logic.of)


def _clock(at: Part, clock: Clock) -> Iterator[Fault]:
    yield from at.rule(clock.rule_id)
    yield from at.subject(clock.of)
    yield from at.expression(("when",), clock.when, clock.of)
    for name, fact in (("anchor", clock.anchor), ("stop", clock.stop), ("due", clock.due)):
        yield from at.fact((name,), clock.of, fact, time=True)
    yield from at.figure(("length",), clock.length)
    yield from quantities.length(at, clock.length, clock.unit)
    if clock.stop is not None and clock.stop == clock.anchor:
        yield at.fault(("stop",), f"'{clock.stop}' both starts and stops it: it could never run")


def _escalation(at: Part, escalation: Escalation) -> Iterator[Fault]:
    yield from at.rule(escalation.rule_id)
    last: float | None = None
    seen: set[str] = set()
    for place, step in enumerate(escalation.steps):
        path: Where = ("steps", str(place))
        yield from at.figure((*path, "at_pct"), step.at_pct)
        if step.step in seen:
            yield at.fault((*path, "step"), f"the step '{step.step}' is there twice")
        seen.add(step.step)
        value = number(at.pack, step.at_pct)
        if value is not None and last is not None and value <= last:
            what = f"{value:g} % is not after the step before, at {last:g} %"
            yield at.fault((*path, "at_pct"), what, (FIGURES, step.at_pct))
        last = value if value is not None else last


def _threshold(at: Part, threshold: Threshold) -> Iterator[Fault]:
    yield from at.rule(threshold.rule_id)
    yield from at.subject(threshold.of)
    yield from at.expression(("where",), threshold.where, threshold.of)
    yield from at.fact(("per",), threshold.of, threshold.per, time=False)
    yield from at.fact(("distinct_by",), threshold.of, threshold.distinct_by, time=False)
    yield from at.figure(("within_days",), threshold.within_days)
    yield from quantities.positive(
        at, ("within_days",), threshold.within_days, units=("d",), whole=True
    )
    yield from at.outcome(threshold.then, threshold.of)
    for place, one in enumerate(threshold.criteria):
        yield from _criterion(at, threshold, (threshold.mode, str(place)), one)


def _criterion(at: Part, threshold: Threshold, path: Where, one: Criterion) -> Iterator[Fault]:
    for name, key in (
        ("at_least", one.at_least),
        ("at_least_pct", one.at_least_pct),
        ("on_each_of_days", one.on_each_of_days),
    ):
        yield from at.figure((*path, name), key)
        days = name == "on_each_of_days"
        yield from quantities.positive(
            at, (*path, name), key, units=("d",) if days else (), whole=days
        )
    yield from at.fact((*path, "of_total"), threshold.of, one.of_total, time=False)
    yield from at.expression((*path, "where"), one.where, threshold.of)
    run, window = number(at.pack, one.on_each_of_days), number(at.pack, threshold.within_days)
    if run is not None and window is not None and run > window:
        what = f"{run:g} days in a row do not fit into a window of {window:g} days"
        yield at.fault((*path, "on_each_of_days"), what, (FIGURES, str(one.on_each_of_days)))
