"""What is shown as verified: a part whose rule and figures were all read in a source.

The figures are sought here in the YAML as it is written, by a walk of its own, so that a place the
program does not look at shows up as a difference.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from zhongshu.rules import judgement, reader, schedules, sure, zones
from zhongshu.rules.model import Clock, Figure, Mark, Pack, Rule, Schedule, Threshold

VERSIONS = [pack for pack_id in reader.pack_ids() for pack in reader.versions(pack_id)]


def named(value: Any) -> Iterator[str]:
    """Every text anywhere inside a part, words and all."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if field.name not in ("id", "rule_id", "text", "note", "source", "set_by"):
                yield from named(getattr(value, field.name))
    elif isinstance(value, dict):
        for one in (*value, *value.values()):
            yield from named(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from named(one)


def touched(pack: Pack, part: Any) -> set[str]:
    """Figures whose key stands anywhere in the part, and those of counting days."""
    found = {text for text in named(part) if pack.get(text) is not None}
    if isinstance(part, Schedule):
        if part.first_day == 0:
            found.add("isolation.first_day_number")
        if part.top_up:
            found.add("isolation.top_up")
    if isinstance(part, Clock) and part.unit == "working_day":
        found |= {"calendar.holidays", "calendar.extra_working_days"}
    return {key for key in found if pack.get(key) is not None}


def parts(pack: Pack) -> Iterator[Rule | Schedule | Threshold | Clock]:
    yield from pack.rules.values()
    yield from pack.schedules.values()
    yield from pack.thresholds.values()
    yield from pack.clocks.values()


@pytest.mark.parametrize("pack", VERSIONS, ids=lambda pack: pack.version)
def test_a_part_is_verified_exactly_when_its_rule_and_every_figure_it_touches_are(
    pack: Pack,
) -> None:
    for part in parts(pack):
        rule = pack.rules.get(part.rule_id)
        marks = {pack.figure(key).mark for key in touched(pack, part)}
        read = rule is not None and {rule.mark, *marks} == {Mark.READ}
        assert sure.verified(pack, part) is read, (pack.version, part.rule_id)


@pytest.mark.parametrize("pack", VERSIONS, ids=lambda pack: pack.version)
def test_a_plan_says_of_itself_what_its_schedule_is(pack: Pack) -> None:
    for said in pack.schedules.values():
        plan = schedules.plan(pack, said.id, anchor=dt.date(2022, 11, 1))
        assert plan.verified is sure.verified(pack, said)


def with_mark(pack: Pack, key: str, mark: Mark) -> Pack:
    figures: dict[str, Figure] = dict(pack.figures())
    figures[key] = dataclasses.replace(figures[key], mark=mark)
    return dataclasses.replace(pack, _figures=figures)


def all_read(pack: Pack) -> Pack:
    read = {key: dataclasses.replace(one, mark=Mark.READ) for key, one in pack.figures().items()}
    rules = {key: dataclasses.replace(one, mark=Mark.READ) for key, one in pack.rules.items()}
    return dataclasses.replace(pack, _figures=read, rules=rules)


@pytest.mark.parametrize(
    "key",
    [
        "isolation.close_contact.central_days",
        "isolation.close_contact.test_days",
        "isolation.close_contact.home_test_days",
        "isolation.first_day_number",
        "isolation.top_up",
        "isolation.close_contact.release_laboratories",
    ],
)
def test_one_recalled_figure_is_enough_to_make_a_schedule_unverified(key: str) -> None:
    pack = all_read(reader.load("cn-covid-8"))
    said = pack.schedules["close-contact"]
    assert sure.verified(pack, said)
    assert not sure.verified(with_mark(pack, key, Mark.RECALLED), said)


def test_one_figure_of_a_release_makes_the_step_of_an_area_unverified() -> None:
    pack = all_read(reader.load("cn-covid-9+20"))
    facts = {"level": "high", "now": "2022-11-20T12:00:00+08:00", "last_case_on": "2022-11-13"}
    facts["last_open_case_on"] = "2022-11-13"
    assert zones.move(pack, facts).action == "lower"
    assert zones.move(pack, facts).verified
    for key in ("zone.first_day_number", "zone.high.release_clean_days", "zone.high.release_to"):
        told = with_mark(pack, key, Mark.DESIGN)
        assert not zones.move(told, facts).verified, key
        assert not sure.judged(told, zones.judge_step(told, facts)), key
    assert all(one.verified for one in zones.next_step(pack, "high").conditions)
    doubted = with_mark(pack, "zone.first_day_number", Mark.DESIGN)
    assert not all(one.verified for one in zones.next_step(doubted, "high").conditions)


def test_a_figure_named_by_a_where_makes_a_threshold_unverified() -> None:
    pack = all_read(reader.load("measles"))
    said = pack.thresholds["outbreak-unit"]
    assert sure.verified(pack, said)
    assert not sure.verified(with_mark(pack, "measles.statuses", Mark.DESIGN), said)


def test_a_judgement_is_as_sure_as_what_it_applied() -> None:
    pack = all_read(reader.load("measles"))
    one = judgement.of_figure(pack, "threshold.single.cases")
    assert sure.judged(pack, one)
    assert not sure.judged(with_mark(pack, one.part, Mark.RECALLED), one)
