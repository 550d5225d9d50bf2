"""Risk areas: how large one may be, and what ends it, as the pack in force says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.errors import BadInput, Refused
from zhongshu.rules import judgement, sure
from zhongshu.rules.expression import Trace
from zhongshu.rules.judgement import Facts, Held, Judgement
from zhongshu.rules.model import Figure, Pack, Rule

# Smallest first.
UNITS = ("household", "floor", "unit", "building", "group", "village", "township", "county")
SUBJECT = "zone"


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """One of the conditions that must ALL hold before an area leaves its level.

    kind: ``clean_days`` (no new infection for `days` days), ``all_negative`` (everyone inside
        negative on the last of them), ``zones_ended`` (all other zones of the county have ended).
    """

    kind: str
    days: int
    rule_id: str
    verified: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """From `level` to `to` (None: the area ends) once all `conditions` hold."""

    level: str
    to: str | None
    conditions: tuple[Condition, ...]


def levels(pack: Pack) -> tuple[str, ...]:
    """The levels of risk area this edition knows, worst first; () where it draws none."""
    figure = pack.get("zone.levels")
    if figure is None:
        return ()
    listed = figure.value if isinstance(figure.value, tuple) else (figure.value,)
    return tuple(str(level) for level in listed)


def check_may_draw(pack: Pack, *, level: str, unit: str, wide_spread: bool = False) -> None:
    """Refuses (BadInput) a level the edition does not know or a unit larger than it allows.

    wide_spread: the risk is unclear or spread is wide, where some editions allow a larger unit.
    """
    if level not in levels(pack):
        raise BadInput(
            "zones.no_level",
            f"The pack {pack.version} has no {level}-risk areas.",
            level=level,
            version=pack.version,
        )
    if unit not in UNITS:
        known = ", ".join(UNITS)
        raise BadInput("zones.no_unit", f"'{unit}' is none of {known}.", unit=unit)
    largest = pack.figure(f"zone.{level}.largest_unit")
    exception = pack.get(f"zone.{level}.exception_unit")
    limit = exception if wide_spread and exception is not None else largest
    if UNITS.index(unit) > UNITS.index(str(limit.value)):
        raise BadInput(
            "zones.too_large",
            f"A {level}-risk area may be at most a {limit.value} ({limit.rule_id}), not a {unit}.",
            level=level,
            unit=unit,
            largest=limit.value,
            rule_id=limit.rule_id,
        )


def may_draw(pack: Pack, *, level: str, unit: str, wide_spread: bool = False) -> bool:
    try:
        check_may_draw(pack, level=level, unit=unit, wide_spread=wide_spread)
    except Refused:
        return False
    return True


def next_step(pack: Pack, level: str, *, after_high: bool = False) -> Step:
    """How an area of `level` steps down.

    after_high: a medium area that was a high one before; it waits a shorter time.
    Refuses (NotFound) a level this edition does not have.
    """
    if level == "low":
        figure = pack.figure("zone.low.release_when_zones_end")
        return Step(level, None, (_condition(pack, "zones_ended", figure),))
    shorter = pack.get(f"zone.{level}.release_clean_days_after_high") if after_high else None
    clean = shorter or pack.figure(f"zone.{level}.release_clean_days")
    conditions = [_condition(pack, "clean_days", clean, days=int(pack.number(clean.key)))]
    negative = pack.figure(f"zone.{level}.release_all_negative")
    if negative.value and shorter is None:
        conditions.append(_condition(pack, "all_negative", negative))
    return Step(level, str(pack.value(f"zone.{level}.release_to")), tuple(conditions))


def _condition(pack: Pack, kind: str, figure: Figure, *, days: int = 0) -> Condition:
    """Verified where the figure is and the rule that applies it is, with all it rests on."""
    rule = pack.rules.get(figure.rule_id)
    sure_of_it = rule is not None and sure.verified(pack, rule) and figure.verified
    return Condition(kind, days, figure.rule_id, sure_of_it)


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """What the rules say of an area in force on one day.

    action: ``raise`` (to a worse level, at once), ``lower`` (all conditions hold; to None: it
    ends), ``keep``.  rule_id: of the rule that decided; conditions: those of leaving the present
    level, each with its trace, also when it stays.
    """

    action: str
    level: str
    to: str | None
    rule_id: str
    verified: bool
    conditions: tuple[Held, ...]
    trace: Trace


def move(pack: Pack, facts: Facts) -> Move:
    """The step, up or down, of an area with `facts` (subject ``zone``; ``level`` is its level).

    Down: the rule for its level whose release conditions all hold; to what the figure
    ``zone.<level>.release_to`` says.  Up: a rule that holds and names a worse level.  Up comes
    first: a new infection is never stepped over.
    Refuses (BadInput) a level this edition does not know.
    """
    level = str(facts.get("level"))
    order = levels(pack)
    if level not in order:
        raise BadInput(
            "zones.no_level",
            f"The pack {pack.version} has no {level}-risk areas.",
            level=level,
            version=pack.version,
        )
    raised = _raised(pack, facts, order)
    rule = _leaving(pack, facts)
    said = rule.logic.release if rule is not None and rule.logic is not None else None
    held = judgement.conditions(pack, said, facts)
    free = bool(held) and judgement.released(said, held)
    if raised is not None:
        to = str(raised.outcome["level"])
        read = sure.verified(pack, pack.rule(raised.rule_id))
        return Move("raise", level, to, raised.rule_id, read, held, raised.trace)
    mode = "or" if said is not None and said.mode == "any" else "and"
    trace = judgement.joined(mode, free, [one.trace for one in held])
    name = rule.rule_id if rule is not None else ""
    read = rule is not None and sure.verified(pack, rule)
    if not free:
        return Move("keep", level, level, name, read, held, trace)
    becomes = pack.get(f"zone.{level}.release_to")
    read = read and (becomes is None or becomes.verified)
    return Move("lower", level, _below(pack, level), name, read, held, trace)


def judge_step(pack: Pack, facts: Facts) -> Judgement:
    """`move` as a judgement that can be done again; holds where the area is to change."""
    told = judgement.plain(facts)
    found = move(pack, told)
    rules = [rule for rule in pack.rules.values() if rule.logic and rule.logic.of == SUBJECT]
    asked: list[Any] = []
    for rule in rules:
        assert rule.logic is not None
        release = rule.logic.release
        asked += [rule.logic.when, *(one.when for one in (release.conditions if release else ()))]
    return judgement.made(
        pack,
        rule_id=found.rule_id,
        subject=SUBJECT,
        facts={"level": told.get("level")} | judgement.used(told, asked),
        held=found.action != "keep",
        outcome={"action": found.action, "level": found.level, "to": found.to},
        trace=found.trace,
        kind=judgement.ZONE,
        part=found.level,
    )


def _raised(pack: Pack, facts: Facts, order: tuple[str, ...]) -> Judgement | None:
    """The rule that holds and names the worst level, if that is worse than the present one."""
    named: list[tuple[int, Judgement]] = []
    for one in judgement.judge_all(pack, SUBJECT, facts):
        to = one.outcome.get("level")
        if to in order and order.index(str(to)) < order.index(str(facts["level"])):
            named.append((order.index(str(to)), one))
    return min(named, key=lambda pair: pair[0])[1] if named else None


def _leaving(pack: Pack, facts: Facts) -> Rule | None:
    """The rule that says when an area like this leaves its level: the first that holds of it and
    has a release."""
    for rule in judgement.judging(pack, SUBJECT):
        if rule.logic is None or rule.logic.release is None:
            continue
        if judgement.judge(pack, rule.rule_id, facts).held:
            return rule
    return None


def _below(pack: Pack, level: str) -> str | None:
    """What the level becomes, None where the area ends."""
    figure = pack.get(f"zone.{level}.release_to")
    return str(figure.value) if figure is not None and figure.value in levels(pack) else None


def too_large(pack: Pack, facts: Mapping[str, Any], *, wide_spread: bool = False) -> Judgement:
    """Whether an area of ``level`` and ``unit`` is larger than the edition allows, as a judgement
    by the figure that limits it; holds where it is too large."""
    level, unit = str(facts["level"]), str(facts["unit"])
    exception = pack.get(f"zone.{level}.exception_unit") if wide_spread else None
    limit = exception or pack.figure(f"zone.{level}.largest_unit")
    found = judgement.of_figure(pack, limit.key, facts={"level": level, "unit": unit})
    larger = not may_draw(pack, level=level, unit=unit, wide_spread=wide_spread)
    allowed = list(UNITS[: UNITS.index(str(limit.value)) + 1])
    drawn = Trace("var", unit, True, False, fact="unit")
    inside = judgement.joined("in", not larger, (drawn, Trace("value", allowed, True, False)))
    trace = judgement.joined("and", larger, (judgement.joined("!", larger, (inside,)), found.trace))
    return dataclasses.replace(found, held=larger, trace=trace)
