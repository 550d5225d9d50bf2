"""The questions a table may ask, each answered by the product: facts in, named answers out.

Every answer is a mapping of columns; a table compares those it names.  `Answer.of` says which rule
and which version of the pack answered, for the printed manual.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import stories

from zhongshu.kernel.errors import Refused
from zhongshu.kernel.time import DAY, beijing_day, parse_moment
from zhongshu.rules import (
    clocks,
    colour,
    expression,
    judge,
    judgement,
    reader,
    schedules,
    thresholds,
    zones,
)
from zhongshu.rules.factlist import subjects
from zhongshu.rules.model import Figure, Mark, Pack, Rule, Text

Told = Mapping[str, Any]
Found = dict[str, Any]
# How a row says which pack is meant and what is asked of it; the rest are facts.
_ASKED = frozenset({
    "pack", "on", "version", "for_disease", "for_topic", "in_place", "since",
    "rule", "subject", "clock", "schedule", "part", "giving", "only", "of",
})  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Answer:
    """found: by column; version, rule_id, mark, what: which pack, rule, clock or figure answered,
    "" or None where nothing did."""

    found: Mapping[str, Any]
    version: str = ""
    rule_id: str = ""
    mark: str = ""
    what: Text | None = None


def ask(question: str, told: Told) -> Answer:
    """The answer; a refusal is one too (column ``refused``, its code)."""
    try:
        return QUESTIONS[question](told)
    except Refused as refused:
        return Answer({"refused": refused.code, "reason": str(refused)} | refused.facts)


# --- which pack ---------------------------------------------------------------------------------


def pack_of(told: Told) -> Pack:
    """By version, or by pack and day, or by disease, topic, day and place."""
    if "version" in told:
        return reader.load(told["version"])
    on = dt.date.fromisoformat(told["on"])
    if "pack" in told:
        return reader.in_force(told["pack"], on=on)
    since = told.get("since")
    return reader.applicable(
        disease=told["for_disease"],
        topic=told.get("for_topic", "control"),
        on=on,
        path=told.get("in_place", ""),
        since=dt.date.fromisoformat(since) if since else None,
    )


def facts_of(told: Told) -> dict[str, Any]:
    """What is told of the subject, without the columns that only say what is asked."""
    return {name: value for name, value in told.items() if name not in _ASKED}


About = tuple[str, str, str, Text]


def _of_rule(pack: Pack, rule: Rule, *keys: str) -> About:
    """(version, rule id, the least sure mark of the rule and the figures it applies, words)."""
    marks = [rule.mark.value, *(pack.figure(key).mark.value for key in keys)]
    return pack.version, rule.rule_id, max(marks, key="VRD".index), rule.text


def _of_figure(pack: Pack, figure: Figure) -> About:
    return pack.version, figure.rule_id, figure.mark.value, figure.title


def _applied(pack: Pack, rule: Rule) -> list[str]:
    logic = rule.logic
    said = [] if logic is None else [logic.when, logic.then.until]
    return sorted({key for one in said if one is not None for key in expression.figures(one)})


# --- editions and figures -----------------------------------------------------------------------


def version(told: Told) -> Answer:
    """Which version of which pack applies."""
    pack = pack_of(told)
    return Answer({"version": pack.version, "applies": pack.version, "pack": pack.id}, pack.version)


def figure(told: Told) -> Answer:
    """A figure of the pack with its unit, rule, mark and bounds."""
    pack = pack_of(told)
    found = pack.get(told["key"])
    if found is None:
        return Answer({"there": False, "value": None}, pack.version)
    return Answer(
        {
            "there": True,
            "value": found.value,
            "unit": found.unit,
            "rule": found.rule_id,
            "mark": found.mark.value,
            "minimum": found.minimum,
            "maximum": found.maximum,
            "design": found.mark is Mark.DESIGN,
        },
        *_of_figure(pack, found),
    )


def bound(told: Told) -> Answer:
    """Whether the value may be set for a figure at all."""
    pack = pack_of(told)
    found = pack.figure(told["key"])
    about = _of_figure(pack, found)
    try:
        pack.check_within(told["key"], told["value"])
    except Refused as refused:
        return Answer({"allowed": False, "refused": refused.code, "rule": found.rule_id}, *about)
    return Answer({"allowed": True, "refused": None, "rule": found.rule_id}, *about)


def kinds(told: Told) -> Answer:
    """The kinds a group of figures has a value for."""
    pack = pack_of(told)
    return Answer({"kinds": sorted(pack.group(told["group"]))}, pack.version)


def group(told: Told) -> Answer:
    """The figures right below a key, each by its last part."""
    pack = pack_of(told)
    found = pack.group(told["group"])
    if not found:
        return Answer({}, pack.version)
    figures = [pack.figure(f"{told['group']}.{name}") for name in found]
    least = max(figures, key=lambda one: "VRD".index(one.mark.value))
    return Answer(found, pack.version, figures[0].rule_id, least.mark.value)


def length(told: Told) -> Answer:
    """How many entries a list among the figures has."""
    pack = pack_of(told)
    found = pack.figure(told["key"])
    assert isinstance(found.value, tuple), f"{found.key} is no list"
    entries = {"entries": len(found.value), "holds": told.get("entry") in found.value}
    return Answer(entries, *_of_figure(pack, found))


# --- rules --------------------------------------------------------------------------------------


def rule(told: Told) -> Answer:
    """Whether one rule holds of a subject, and what follows."""
    pack = pack_of(told)
    judged = judge.judge(pack, told["rule"], facts_of(told))
    said = pack.rule(told["rule"])
    return Answer(
        {"held": judged.held, **_outcome(judged.outcome)},
        *_of_rule(pack, said, *_applied(pack, said)),
    )


def first(told: Told) -> Answer:
    """Of all the rules for such a subject that hold: the first by priority, and what follows."""
    pack = pack_of(told)
    held = judge.judge_all(pack, told["subject"], facts_of(told))
    wanted = told.get("giving")
    giving = [one for one in held if wanted is None or wanted in one.outcome]
    if not giving:
        return Answer({"rule": None, "also": [], wanted or "outcome": None}, pack.version)
    said = pack.rule(giving[0].rule_id)
    also = [one.rule_id for one in giving[1:]]
    return Answer(
        {"rule": said.rule_id, "also": also, **_outcome(giving[0].outcome)},
        *_of_rule(pack, said, *_applied(pack, said)),
    )


def _outcome(outcome: Told) -> Found:
    return {name: value for name, value in outcome.items() if name != "note"}


def release(told: Told) -> Answer:
    """Which conditions of a release hold, which do not, and whether that is release."""
    pack = pack_of(told)
    part = told["part"]
    found = judge.release(pack, part, facts_of(told))
    whole = judge.judge_release(pack, part, facts_of(told))
    said = pack.rule(whole.rule_id)
    return Answer(
        {
            "released": whole.held,
            "hold": [one.id for one in found if one.held],
            "open": [one.id for one in found if not one.held],
        },
        *_of_rule(pack, said),
    )


def code(told: Told) -> Answer:
    """The colour of a person's code, by which rule, until when."""
    pack = pack_of(told)
    found = colour.colour(pack, facts_of(told))
    about = {"colour": found.colour, "rule": found.rule_id or None, "until": found.until}
    if not found.rule_id:
        return Answer(about, pack.version)
    said = pack.rule(found.rule_id)
    return Answer(about, *_of_rule(pack, said, *_applied(pack, said)))


# --- days and moments ---------------------------------------------------------------------------


def schedule(told: Told) -> Answer:
    """The days of an isolation: with `begins`, under it only from that day on; `served`: days
    apart elsewhere, [[from, to], ...]."""
    pack = pack_of(told)
    begins = told.get("begins")
    served = [(_day(one[0]), _day(one[1])) for one in told.get("served", ())]
    plan = schedules.plan(
        pack,
        told["schedule"],
        anchor=_day(told["anchor"]),
        begins=_day(begins) if begins else None,
        served=served,
    )
    said = pack.schedules[told["schedule"]]
    stages = [stage.days for stage in said.stages]
    return Answer(
        {
            "central_until": plan.central_until,
            "ends_on": plan.ends_on,
            "served_days": plan.served,
            "tests": [test.on for test in plan.tests],
            "samples": sorted({test.sample for test in plan.tests if test.sample}),
        },
        *_of_rule(pack, pack.rule(plan.rule_id), *stages),
    )


def _day(text: str) -> dt.date:
    return clocks.moment(text).date()


def clock(told: Told) -> Answer:
    """When a clock is due; with `now`, its state and the step reached; with `path`, whose it is."""
    pack = pack_of(told)
    found = pack.clocks[told["clock"]]
    facts = facts_of(told)
    said = pack.rule(found.rule_id)
    keys = [found.length] if found.length else []
    about = _of_rule(pack, said, *keys)
    figures = judgement.lookup(pack)
    if found.when is not None and not expression.explain(found.when, facts, figures=figures).held:
        return Answer({"runs": False, "due": None, "state": None}, *about)
    anchor = facts.get(found.anchor)
    if anchor is None:
        return Answer({"runs": False, "due": None, "state": None}, *about)
    due = clocks.due(found, anchor, pack=pack, facts=facts)
    answer: Found = {"runs": True, "due": due}
    done = facts.get(found.stop) if found.stop else None
    if "now" in facts:
        now = parse_moment(facts["now"])
        stopped = None if done is None else clocks.moment(done)
        answer["state"] = clocks.state(due=due, done=stopped, now=now)
        until = now if stopped is None else min(now, stopped)
        answer["step"] = _step(pack, found, clocks.moment(anchor), due, until)
    if "path" in facts:
        answer["owner"] = clocks.owner_path(found, facts["path"])
    return Answer(answer, *about)


def _step(pack: Pack, found: Any, anchor: dt.datetime, due: dt.datetime, now: dt.datetime) -> Any:
    command = reader.command(on=beijing_day(anchor))
    reached = [
        rung.step
        for rung in clocks.ladder(found, pack=pack, command=command)
        if clocks.step_at(rung, anchor=anchor, due=due) <= now
    ]
    return reached[-1] if reached else None


def stage(told: Told) -> Answer:
    """The stage a directive issued at `issued_at` with so many `hours` has reached at `now`."""
    pack = pack_of(told)
    since = parse_moment(told["issued_at"])
    due = since + dt.timedelta(hours=told["hours"])
    clock = pack.clocks["directive-done"]
    step = _step(pack, clock, since, due, parse_moment(told["now"]))
    return Answer({"step": step, "due": due}, *_of_rule(pack, pack.rule(clock.rule_id)))


def hours(told: Told) -> Answer:
    """A clock by its figure alone: due so many hours after `since`, and its state at `now`."""
    pack = pack_of(told)
    since = parse_moment(told["begun_at"])
    due = clocks.due_at(pack, told["key"], since=since)
    done = told.get("done_at")
    state = clocks.state(
        due=due, done=parse_moment(done) if done else None, now=parse_moment(told["now"])
    )
    found = pack.figure(told["key"])
    about = _of_figure(pack, found)
    return Answer({"due": due, "state": state}, *about)


# --- clusters -----------------------------------------------------------------------------------


def threshold(told: Told) -> Answer:
    """Which thresholds so many `people` ill over so many `over_days` cross, and what follows.

    The days end on `day`; people are spread evenly, from the last day back.  A column of numbers
    for what is yes or no (``hospitalised``, ``died`` ...) says how many of them.  `same_person`:
    one person, many rows; `only`: the threshold asked.
    """
    pack = pack_of(told)
    rows = _rows(facts_of(told))
    found = thresholds.crossed(
        pack,
        rows,
        of=told.get("of", "illness"),
        on=_day(told["day"]),
        only=[told["only"]] if "only" in told else None,
    )
    if not found:
        return Answer({"crossed": []}, pack.version)
    strongest = found[0]
    return Answer(
        {"crossed": [one.threshold for one in found], **_outcome(strongest.outcome)},
        *_of_rule(pack, pack.rule(strongest.rule_id)),
    )


def _rows(told: Told) -> pa.Table:
    flags = {name for name, fact in subjects()["illness"].facts.items() if fact.type == "flag"}
    people, days = told["people"], told.get("over_days", 1)
    last = _day(told["day"])
    constant = {
        name: value
        for name, value in told.items()
        if name not in {"people", "over_days", "day", "same_person", *flags}
    }
    rows = [
        {
            "day": last - (number % days) * DAY,
            "person": "p1" if told.get("same_person") else f"p{number}",
            **constant,
            **{flag: number < int(told.get(flag, 0)) for flag in flags},
        }
        for number in range(people)
    ]
    return pa.Table.from_pylist(rows)


# --- zones --------------------------------------------------------------------------------------


def zone_levels(told: Told) -> Answer:
    """The levels of risk area an edition knows, worst first."""
    pack = pack_of(told)
    found = pack.figure("zone.levels")
    return Answer({"levels": zones.levels(pack)}, pack.version, found.rule_id, found.mark.value)


def zone_step(told: Told) -> Answer:
    """How an area of a level steps down, and what must hold for it."""
    pack = pack_of(told)
    found = zones.next_step(pack, told["level"], after_high=told.get("after_high", False))
    by_kind = {one.kind: one for one in found.conditions}
    clean = by_kind.get("clean_days")
    said = pack.rule(found.conditions[0].rule_id)
    mark = "V" if all(one.verified for one in found.conditions) else said.mark.value
    return Answer(
        {
            "becomes": found.to,
            "clean_days": clean.days if clean else None,
            "all_negative": "all_negative" in by_kind,
            "conditions": list(by_kind),
        },
        pack.version,
        said.rule_id,
        mark,
    )


def zone_unit(told: Told) -> Answer:
    """Whether an area of a level may be as large as a unit."""
    pack = pack_of(told)
    wide = told.get("wide_spread", False)
    asked = {"level": told["level"], "unit": told["unit"], "wide_spread": wide}
    may = zones.may_draw(pack, **asked)
    refused = None
    if not may:
        try:
            zones.check_may_draw(pack, **asked)
        except Refused as error:
            refused = error.code
    limit = pack.get(f"zone.{told['level']}.largest_unit")
    about = (limit.rule_id, limit.mark.value) if limit else ("", "")
    return Answer({"allowed": may, "refused": refused}, pack.version, *about)


# --- stories ------------------------------------------------------------------------------------


def two_cases(told: Told) -> Answer:
    """The isolation of somebody who met several cases, and each taken alone."""
    pack = pack_of(told)
    return Answer(stories.two_cases(pack, told), *_of_rule(pack, pack.rule("ISO-1")))


def corrected(told: Told) -> Answer:
    """What the correction of a case's onset does to somebody who met him."""
    pack = pack_of(told)
    return Answer(stories.corrected(pack, told), *_of_rule(pack, pack.rule("WHO-1")))


def two_amendments(told: Told) -> Answer:
    """What two amendments that begin on one day make of a pack."""
    return Answer(stories.two_amendments(told))


_ALL = (
    *(version, figure, bound, kinds, group, length),
    *(rule, first, release, code),
    *(schedule, clock, stage, hours),
    *(threshold, zone_levels, zone_step, zone_unit),
    *(two_cases, corrected, two_amendments),
)
QUESTIONS: Mapping[str, Callable[[Told], Answer]] = {one.__name__: one for one in _ALL}
