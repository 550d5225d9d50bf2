"""Parts of a pack as plain values, for whoever prints or sends them."""

from __future__ import annotations

import dataclasses
from typing import Any

from zhongshu.rules.model import Pack
from zhongshu.rules.parts import (
    Clock,
    Escalation,
    Outcome,
    Part,
    Release,
    Rule,
    Schedule,
    Text,
    Threshold,
)

Plain = dict[str, Any]


def words(text: Text) -> Plain:
    return {"zh": text.zh, "en": text.en}


def maybe(text: Text | None) -> Plain | None:
    return None if text is None else words(text)


def part(one: Part) -> Plain:
    """The part with its figures by key; nothing that is not said, nothing about where it stands."""
    told: Plain = _plain(one)
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return words(value)
    if isinstance(value, Outcome):
        return value.as_json()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        said = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {name: item for name, item in said.items() if item is not None and name != "set_by"}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def figure(pack: Pack, key: str | None) -> Plain | None:
    """{key, value, unit}; None for no key."""
    if key is None:
        return None
    found = pack.figure(key)
    value = list(found.value) if isinstance(found.value, tuple) else found.value
    return {"key": key, "value": value, "unit": found.unit}


def release(said: Release | None) -> Plain | None:
    """{all|any: [{id, text, when}]}"""
    if said is None:
        return None
    return {
        said.mode: [{"id": c.id, "text": words(c.text), "when": c.when} for c in said.conditions]
    }


def rule(one: Rule) -> Plain:
    logic = one.logic
    return {
        "rule_id": one.rule_id,
        "text": words(one.text),
        "mark": one.mark.value,
        "verified": one.verified,
        "source": [words(source) for source in one.source],
        "legal_basis": maybe(one.legal_basis),
        "of": logic.of if logic else None,
        "when": logic.when if logic else None,
        "then": logic.then.as_json() if logic else None,
        "release": release(logic.release) if logic else None,
        "escalate": logic.escalate if logic else None,
        "priority": logic.priority if logic else None,
        "set_by": one.set_by,
    }


def _head(one: Clock | Escalation | Schedule | Threshold) -> Plain:
    return {"id": one.id, "name": words(one.text), "rule_id": one.rule_id, "set_by": one.set_by}


def clock(pack: Pack, one: Clock) -> Plain:
    return _head(one) | {
        "of": one.of,
        "when": one.when,
        "anchor": one.anchor,
        "stop": one.stop,
        "length": figure(pack, one.length),
        "due": one.due,
        "unit": one.unit,
        "first_day": one.first_day,
        "top_up": one.top_up,
        "owner": one.owner,
        "escalate": one.escalate,
    }


def escalation(pack: Pack, one: Escalation) -> Plain:
    """pack: the one it stands in; that may be the chain of command."""
    steps = [
        {"step": s.step, "at_pct": figure(pack, s.at_pct), "levels_up": s.levels_up}
        for s in one.steps
    ]
    return _head(one) | {"pack_id": pack.id, "steps": steps}


def schedule(pack: Pack, one: Schedule) -> Plain:
    stages = [
        {
            "place": s.place,
            "days": figure(pack, s.days),
            "test_days": figure(pack, s.test_days),
            "count_from": s.count_from,
            "sample": s.sample,
            "pooled": s.pooled,
            "double": s.double,
            "by": s.by,
        }
        for s in one.stages
    ]
    return _head(one) | {
        "of": one.of,
        "when": one.when,
        "anchor": one.anchor,
        "first_day": one.first_day,
        "top_up": one.top_up,
        "stages": stages,
        "release": release(one.release),
    }


def threshold(pack: Pack, one: Threshold) -> Plain:
    tests = [
        {
            name: value
            for name, value in {
                "at_least": figure(pack, c.at_least),
                "at_least_pct": figure(pack, c.at_least_pct),
                "of_total": c.of_total,
                "on_each_of_days": figure(pack, c.on_each_of_days),
                "where": c.where,
            }.items()
            if value is not None
        }
        for c in one.criteria
    ]
    return _head(one) | {
        "of": one.of,
        "where": one.where,
        "per": one.per,
        "site_kinds": list(one.site_kinds),
        "distinct_by": one.distinct_by,
        "within_days": figure(pack, one.within_days),
        "any": tests if one.mode == "any" else None,
        "all": tests if one.mode == "all" else None,
        "then": one.then.as_json(),
    }
