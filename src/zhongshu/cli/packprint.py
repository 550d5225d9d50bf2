"""A pack on the terminal: figures, rules, clocks, schedules, thresholds, each as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from zhongshu.cli.output import out, table
from zhongshu.rules import clocks, spoken
from zhongshu.rules.judgement import Judgement
from zhongshu.rules.model import Figure, Outcome, Pack, Release, Rule, Threshold
from zhongshu.rules.packfiles.diff import Change
from zhongshu.rules.packfiles.phrase import phrase
from zhongshu.rules.parts import Mark, joined

MARKS = {Mark.READ: "V read", Mark.RECALLED: "R recalled", Mark.DESIGN: "D our design"}
_OUTCOME = {
    "colour": ("the code becomes", "码色为"),
    "measure": ("measure", "措施"),
    "task": ("task", "任务"),
    "report": ("the clock of the report starts", "报告时限开始"),
    "deadline": ("the clock starts", "时限开始"),
    "propose": ("proposed", "提议"),
    "grade": ("grade", "分级"),
    "level": ("level", "级别"),
    "until": ("until", "至"),
    "note": ("note", "说明"),
}


def shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def mark(said: Mark) -> str:
    """How sure it is, in words."""
    return MARKS[said]


def with_unit(pack: Pack, key: str | None) -> str:
    figure = pack.get(key) if key else None
    return f"{shown(figure.value)} {figure.unit}" if figure else ""


def pack_page(pack: Pack, title: str, *, command: Pack | None) -> None:
    """Everything of one version, and the steps it takes from the chain of command."""
    figures(title, pack.figures().values())
    _rules(pack)
    _clocks(pack)
    _schedules(pack)
    _thresholds(pack)
    for source, one in clocks.escalations(pack, command=command):
        rows = [(step.step, with_unit(source, step.at_pct), step.levels_up) for step in one.steps]
        by = "" if source is pack else f" by {source.version}"
        table(f"escalation {one.id}{by}", ("step", "at", "levels up"), rows)


def figures(title: str, found: Iterable[Figure]) -> None:
    rows = [
        (f.key, shown(f.value), f.unit, _bounds(f), f.rule_id, mark(f.mark))
        for f in sorted(found, key=lambda one: one.key)
    ]
    table(title, ("figure", "value", "unit", "bounds", "rule", "mark"), rows)


def _bounds(figure: Figure) -> str:
    if figure.minimum is None and figure.maximum is None:
        return ""
    ends = ["..." if end is None else f"{end:g}" for end in (figure.minimum, figure.maximum)]
    return " to ".join(ends)


def _rules(pack: Pack) -> None:
    rows = [
        (rule.rule_id, rule.text.en, rule.logic.of if rule.logic else "words", mark(rule.mark))
        for rule in pack.rules.values()
    ]
    table("rules", ("rule", "what", "judges", "mark"), rows)


def _clocks(pack: Pack) -> None:
    rows = [
        (
            clock.id,
            clock.of,
            f"{clock.anchor} -> {clock.stop or 'when due'}",
            with_unit(pack, clock.length) or f"at {clock.due}",
            clock.owner,
            clock.rule_id,
        )
        for clock in pack.clocks.values()
    ]
    if rows:
        table("clocks", ("clock", "of", "runs", "length", "owner", "rule"), rows)


def _schedules(pack: Pack) -> None:
    rows = [
        (
            schedule.id,
            stage.place,
            with_unit(pack, stage.days),
            with_unit(pack, stage.test_days).removesuffix(" day no."),
            f"{schedule.anchor} is day {schedule.first_day}",
            schedule.rule_id,
        )
        for schedule in pack.schedules.values()
        for stage in schedule.stages
    ]
    if rows:
        table("schedules", ("schedule", "stage", "days", "tests on", "anchor", "rule"), rows)


def _thresholds(pack: Pack) -> None:
    rows = [
        (
            one.id,
            one.of,
            one.per,
            with_unit(pack, one.within_days),
            criteria(pack, one),
            one.rule_id,
        )
        for one in pack.thresholds.values()
    ]
    if rows:
        table("thresholds", ("threshold", "of", "per", "within", "reached by", "rule"), rows)


def criteria(pack: Pack, threshold: Threshold) -> str:
    """What reaches a threshold, in words."""
    told = []
    for one in threshold.criteria:
        least = with_unit(pack, one.at_least or one.at_least_pct)
        text = f"at least {least}" + (f" of {one.of_total}" if one.of_total else "")
        if one.on_each_of_days:
            text += f" on each of {with_unit(pack, one.on_each_of_days)}"
        if one.where is not None:
            text += f" ({phrase(one.where, pack, of=threshold.of)})"
        told.append(text)
    return (" or " if threshold.mode == "any" else " and ").join(told)


def rule_page(pack: Pack, rule: Rule) -> None:
    """One rule in words, with the figures it applies and where all of it was read."""
    out.print(f"[bold]{rule.rule_id}[/]  {rule.text.en}\n{rule.text.zh}")
    out.print(f"pack {pack.version}, set by {rule.set_by}; {mark(rule.mark)}")
    for source in rule.source:
        out.print(f"source {source.en}\n来源：{source.zh}")
    if rule.legal_basis:
        out.print(f"legal basis: {rule.legal_basis.en}\n依据：{rule.legal_basis.zh}")
    if rule.logic:
        _logic(pack, rule)
    of_rule = [figure for figure in pack.figures().values() if figure.rule_id == rule.rule_id]
    if of_rule:
        figures(f"figures of {rule.rule_id}", of_rule)
    for figure in of_rule:
        told = joined(text for text in (figure.source, figure.note) if text is not None)
        if told is not None:
            out.print(f"{figure.key}: {told.en}\n{told.zh}")


def _logic(pack: Pack, rule: Rule) -> None:
    logic = rule.logic
    assert logic is not None
    for language, when, then in (("en", "when", "then"), ("zh", "条件", "则")):
        out.print(f"{when}: {phrase(logic.when, pack, of=logic.of, language=language) or '-'}")
        for said in outcome(pack, logic.then, of=logic.of, language=language):
            out.print(f"{then}: {said}")
        for line in release(pack, logic.release, of=logic.of, language=language):
            out.print(line)


def outcome(pack: Pack, then: Outcome, *, of: str, language: str) -> Iterable[str]:
    """What follows, a line each; clocks by their names."""
    told = then.as_json()
    for name in ("report", "deadline"):
        clock = pack.clocks.get(told.get(name, ""))
        if clock is not None:
            told[name] = clock.text.zh if language == "zh" else clock.text.en
    if then.until is not None:
        told["until"] = phrase(then.until, pack, of=of, language=language)
    if then.note is not None:
        told["note"] = then.note.zh if language == "zh" else then.note.en
    for name, value in told.items():
        words = _OUTCOME[name][language == "zh"]
        yield f"{words} {str(value).replace('_', ' ')}"


def release(pack: Pack, said: Release | None, *, of: str, language: str) -> Iterable[str]:
    if said is None:
        return
    words = {"zh": {"all": "同时满足则解除：", "any": "满足其一则解除："},
             "en": {"all": "ends when all of", "any": "ends when any of"}}  # fmt: skip
    yield words[language][said.mode]
    for one in said.conditions:
        text = one.text.zh if language == "zh" else one.text.en
        yield f"  - {text}: {phrase(one.when, pack, of=of, language=language)}"


def judged(pack: Pack, found: Judgement, then: Outcome) -> None:
    """What a rule said of facts: each condition in words, and what follows where it holds."""
    out.print("holds" if found.held else "does not hold", style="bold")
    lines = spoken.sentences(pack, found)
    for language, word in (("en", "then"), ("zh", "则")):
        for line in lines:
            out.print(line[language], soft_wrap=True, markup=False)
        if found.held:
            for said in outcome(pack, then, of=found.subject, language=language):
                out.print(f"{word}: {said}", soft_wrap=True, markup=False)


def changes(title: str, found: Iterable[Change]) -> None:
    rows = [
        (one.section, one.key, one.what, *_differs(one.before, one.after), one.rule_id)
        for one in found
    ]
    table(title, ("section", "key", "what", "before", "after", "rule"), rows)


def _differs(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[str, str]:
    """Only what differs, where both are there."""
    names = [
        n
        for n in {**(before or {}), **(after or {})}
        if (before or {}).get(n) != (after or {}).get(n)
    ]

    def told(entry: Mapping[str, Any] | None) -> str:
        if entry is None:
            return ""
        return ", ".join(f"{n} {_short(entry[n])}" for n in names if n in entry)

    return told(before), told(after)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
