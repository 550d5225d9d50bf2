"""From a checked document to the parts of a pack that are not figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.rules.packfiles.context import Context
from zhongshu.rules.parts import (
    Clock,
    Condition,
    Criterion,
    Escalation,
    EscalationStep,
    Logic,
    Mark,
    Outcome,
    Release,
    Rule,
    Schedule,
    Stage,
    Text,
    Threshold,
)

Content = Mapping[str, Any]
_LOGIC = ("when", "then", "release", "escalate", "priority")
NO_PRIORITY = 0


def read(context: Context) -> dict[str, dict[str, Any]]:
    """{section: parts by id} of one document."""
    content, set_by = context.content, context.id
    return {
        "rules": _rules(context),
        "clocks": _clocks(content, set_by),
        "escalations": _escalations(content, set_by),
        "schedules": _schedules(content, set_by),
        "thresholds": _thresholds(content, set_by),
    }


def _words(entry: Content) -> Text:
    return Text(entry["zh"], entry["en"])


def _maybe(entry: Content | None) -> Text | None:
    return None if entry is None else Text(entry["zh"], entry["en"])


def _rules(context: Context) -> dict[str, Rule]:
    content = context.content
    for rule_id, entry in content.get("rules", {}).items():
        if entry["mark"] == Mark.READ and not (entry.get("source") or content["sources"]):
            what = "marked V, but neither the rule nor the file names a source it was read in"
            context.say(("rules", rule_id), what)
    return {
        rule_id: Rule(
            rule_id=rule_id,
            text=_words(entry),
            mark=Mark(entry["mark"]),
            source=context.cited(("rules", rule_id, "source"), entry.get("source", [])),
            legal_basis=_maybe(entry.get("legal_basis")),
            logic=_logic(entry),
            set_by=context.id,
        )
        for rule_id, entry in context.content.get("rules", {}).items()
    }


def _logic(entry: Content) -> Logic | None:
    if not any(name in entry for name in _LOGIC):
        return None
    return Logic(
        of=entry["of"],
        when=entry.get("when"),
        then=_outcome(entry.get("then", {})),
        release=_release(entry.get("release")),
        escalate=entry.get("escalate"),
        priority=entry.get("priority", NO_PRIORITY),
    )


def _outcome(entry: Content) -> Outcome:
    plain = {name: value for name, value in entry.items() if name != "note"}
    return Outcome(**plain, note=_maybe(entry.get("note")))


def _release(entry: Content | None) -> Release | None:
    if entry is None:
        return None
    mode = "all" if "all" in entry else "any"
    return Release(
        mode, tuple(Condition(one["id"], _words(one), one["when"]) for one in entry[mode])
    )


def _clocks(content: Content, set_by: str) -> dict[str, Clock]:
    return {
        name: Clock(
            id=name,
            text=_words(entry),
            rule_id=entry["rule"],
            of=entry["of"],
            when=entry.get("when"),
            anchor=entry["anchor"],
            stop=entry.get("stop"),
            length=entry.get("length"),
            due=entry.get("due"),
            unit=entry.get("unit", "hour"),
            first_day=entry.get("first_day", 0),
            top_up=entry.get("top_up", False),
            owner=entry["owner"],
            escalate=entry.get("escalate"),
            set_by=set_by,
        )
        for name, entry in content.get("clocks", {}).items()
    }


def _escalations(content: Content, set_by: str) -> dict[str, Escalation]:
    return {
        name: Escalation(
            id=name,
            text=_words(entry),
            rule_id=entry["rule"],
            steps=tuple(
                EscalationStep(step["step"], step["at_pct"], step["levels_up"])
                for step in entry["steps"]
            ),
            set_by=set_by,
        )
        for name, entry in content.get("escalations", {}).items()
    }


def _schedules(content: Content, set_by: str) -> dict[str, Schedule]:
    return {
        name: Schedule(
            id=name,
            text=_words(entry),
            rule_id=entry["rule"],
            of=entry["of"],
            when=entry.get("when"),
            anchor=entry["anchor"],
            first_day=entry["first_day"],
            top_up=entry.get("top_up", False),
            stages=tuple(_stage(stage) for stage in entry["stages"]),
            release=_release(entry.get("release")),
            set_by=set_by,
        )
        for name, entry in content.get("schedules", {}).items()
    }


def _stage(entry: Content) -> Stage:
    return Stage(
        place=entry["place"],
        days=entry["days"],
        test_days=entry.get("test_days"),
        count_from=entry.get("count_from", "schedule"),
        sample=entry.get("sample"),
        pooled=entry.get("pooled", False),
        double=entry.get("double", False),
        by=entry.get("by"),
    )


def _thresholds(content: Content, set_by: str) -> dict[str, Threshold]:
    return {
        name: _threshold(name, entry, set_by)
        for name, entry in content.get("thresholds", {}).items()
    }


def _threshold(name: str, entry: Content, set_by: str) -> Threshold:
    mode = "all" if "all" in entry else "any"
    return Threshold(
        id=name,
        text=_words(entry),
        rule_id=entry["rule"],
        of=entry["of"],
        where=entry.get("where"),
        per=entry["per"],
        site_kinds=tuple(entry.get("site_kinds", ())),
        distinct_by=entry.get("distinct_by"),
        within_days=entry["within_days"],
        mode=mode,
        criteria=tuple(
            Criterion(
                at_least=one.get("at_least"),
                at_least_pct=one.get("at_least_pct"),
                of_total=one.get("of_total"),
                where=one.get("where"),
                on_each_of_days=one.get("on_each_of_days"),
            )
            for one in entry[mode]
        ),
        then=_outcome(entry["then"]),
        set_by=set_by,
    )
