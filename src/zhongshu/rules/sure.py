"""Whether all that a part of a pack rests on was read in a source.

    verified(pack, pack.schedules["close-contact"])

One reading for every part: its rule and every figure it applies bear the mark V.  A rule applies
what its conditions, its end and its release name; a schedule also the days and tests of its stages
and how days are counted; a threshold also its window and criteria; a clock also its length.
Grades, colours, areas, findings and reasons all ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhongshu.rules import expression, judgement
from zhongshu.rules.clocks import EXTRA_WORKING_DAYS, HOLIDAYS
from zhongshu.rules.judgement import Judgement
from zhongshu.rules.model import (
    Clock,
    Expression,
    Figure,
    Pack,
    Release,
    Rule,
    Schedule,
    Threshold,
)

Part = Rule | Schedule | Threshold | Clock | Figure
# A schedule that begins on the day after its anchor, or counts days served elsewhere, rests on
# these where the pack has them.
FIRST_DAY, TOP_UP = "isolation.first_day_number", "isolation.top_up"


def verified(pack: Pack, part: Part) -> bool:
    """The part's rule and every figure it applies were read in a source."""
    rule = pack.rules.get(part.rule_id)
    read = all(pack.figure(key).verified for key in figures(pack, part))
    return rule is not None and rule.verified and read


def judged(pack: Pack, said: Judgement) -> bool:
    """`verified` of what the judgement applied; an area rests also on what it becomes."""
    found = _judged_part(pack, said)
    if found is None:
        return False
    becomes = pack.get(f"zone.{said.part}.release_to") if said.kind == judgement.ZONE else None
    falls = becomes is not None and said.outcome.get("action") == "lower"
    return verified(pack, found) and (not falls or becomes is None or becomes.verified)


def _judged_part(pack: Pack, said: Judgement) -> Part | None:
    if said.kind == judgement.FIGURE:
        return pack.get(said.part)
    if said.kind == judgement.THRESHOLD:
        return pack.thresholds.get(said.part)
    if said.kind in (judgement.SCHEDULE, judgement.RELEASE) and said.part in pack.schedules:
        return pack.schedules[said.part]
    return pack.rules.get(said.rule_id)


def figures(pack: Pack, part: Part) -> set[str]:
    """Keys of the figures that `part` applies."""
    if isinstance(part, Figure):
        return {part.key}
    keys = set().union(*(expression.figures(one) for one in _asked(part) if one is not None))
    if isinstance(part, Schedule):
        keys |= set(_of_days(pack, part))
    elif isinstance(part, Threshold):
        keys |= set(_of_counts(part))
    elif isinstance(part, Clock):
        keys |= set(_of_time(pack, part))
    return keys


def _asked(part: Rule | Schedule | Threshold | Clock) -> Iterator[Expression]:
    """Every expression of the part, None where one is not said."""
    if isinstance(part, Rule):
        if part.logic is not None:
            yield from (part.logic.when, part.logic.then.until, *_released(part.logic.release))
    elif isinstance(part, Schedule):
        yield from (part.when, *_released(part.release))
    elif isinstance(part, Threshold):
        yield from (part.where, part.then.until, *(one.where for one in part.criteria))
    else:
        yield part.when


def _released(said: Release | None) -> Iterator[Expression]:
    yield from (one.when for one in said.conditions) if said is not None else ()


def _of_days(pack: Pack, said: Schedule) -> Iterator[str]:
    for stage in said.stages:
        yield stage.days
        if stage.test_days is not None:
            yield stage.test_days
    counting = ((FIRST_DAY, said.first_day == 0), (TOP_UP, said.top_up))
    yield from (key for key, counted in counting if counted and pack.get(key) is not None)


def _of_counts(said: Threshold) -> Iterator[str]:
    yield said.within_days
    for one in said.criteria:
        yield from _named((one.at_least, one.at_least_pct, one.on_each_of_days))


def _of_time(pack: Pack, said: Clock) -> Iterator[str]:
    yield from _named((said.length,))
    if said.unit == "working_day":  # a year nobody has entered has no holidays
        yield from (key for key in (HOLIDAYS, EXTRA_WORKING_DAYS) if pack.get(key) is not None)


def _named(keys: Iterable[str | None]) -> Iterator[str]:
    yield from (key for key in keys if key is not None)
