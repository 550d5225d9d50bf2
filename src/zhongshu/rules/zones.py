"""Risk areas: how large one may be, and what ends it, as the pack in force says."""

from __future__ import annotations

import dataclasses

from zhongshu.kernel.errors import BadInput, Refused
from zhongshu.rules.model import Pack

# Smallest first.
UNITS = ("household", "floor", "unit", "building", "village", "township", "county")


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
    """The levels of risk area this edition knows, worst first."""
    return tuple(str(level) for level in pack.value("zone.levels"))


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
        return Step(level, None, (Condition("zones_ended", 0, figure.rule_id, figure.verified),))
    shorter = pack.get(f"zone.{level}.release_clean_days_after_high") if after_high else None
    clean = shorter or pack.figure(f"zone.{level}.release_clean_days")
    conditions = [
        Condition("clean_days", int(pack.number(clean.key)), clean.rule_id, clean.verified)
    ]
    negative = pack.figure(f"zone.{level}.release_all_negative")
    if negative.value and shorter is None:
        conditions.append(Condition("all_negative", 0, negative.rule_id, negative.verified))
    return Step(level, str(pack.value(f"zone.{level}.release_to")), tuple(conditions))
