"""What an event proposal says: where, how many, which grade, by when to report."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from zhongshu.rules import grading, judge, reader, spoken
from zhongshu.rules.model import Pack, Text
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft

KIND = "event"
_CLUSTER = "cluster"
_ROWS = 200


@dataclasses.dataclass(frozen=True)
class Found:
    """One group that reached a threshold, or one row that a rule holds of.

    source: id of the threshold or rule; size: people (at least).
    """

    pack: Pack
    source: str
    text: Text
    rule_id: str
    county: str
    group: str
    name: str
    first: dt.date
    last: dt.date
    size: int
    at_most: int
    outcome: Mapping[str, Any]
    judgement: judge.Judgement
    grade: grading.Grade


def key(one: Found) -> str:
    return f"{KIND}:{one.pack.id}:{one.source}:{one.county}"


def clock_of(pack: Pack, outcome: Mapping[str, Any]) -> tuple[str, Text | None, float | None]:
    """(figure key, name, hours) of the clock an outcome starts; ("", None, None) without one."""
    clock = pack.clocks.get(str(outcome.get("report") or outcome.get("deadline") or ""))
    if clock is None or clock.length is None or clock.unit != "hour":
        return "", clock.text if clock is not None else None, None
    return clock.length, clock.text, pack.number(clock.length)


def draft(frame: Frame, groups: Sequence[Found]) -> Draft:
    first = groups[0]
    pack = first.pack
    worst = _worst(groups)
    length, clock, hours = clock_of(pack, first.outcome)
    due = hours if hours is not None else frame.pack.number("directive.due_h.signal")
    facts: dict[str, Any] = {
        "county": frame.name(first.county),
        "count": len(groups),
        "people": sum(one.size for one in groups),
        "what": {"zh": first.text.zh, "en": first.text.en},
        "hours": f"{due:g}",
        "clock": {"zh": clock.zh, "en": clock.en} if clock else say("event.verified"),
    }
    ranked = sorted(groups, key=lambda one: (grading.rank(one.grade.grade), -one.size, one.name))
    return Draft(
        kind=KIND,
        key=key(first),
        unit=first.county,
        title=say("event.title.graded", grade=worst.grade, **facts)
        if worst.grade
        else say("event.title", **facts),
        reasons=_reasons(frame, ranked, worst, length=length, facts=facts),
        cost=[
            cost("groups", len(groups), "groups"),
            cost("people_ill", facts["people"], "persons"),
        ],
        pack_id=pack.id,
        pack_version=pack.version,
        inputs_hash=frame.inputs_hash,
        directive=say("event.directive", **facts),
        sign_hours=min(frame.pack.number("directive.sign_h"), due),
        due_hours=due,
        priority=60 + min(19, len(groups)) + 5 * (3 - min(3, grading.rank(worst.grade))),
        if_nothing=say("event.if_nothing", **facts),
        recipients=[first.county],
        detail=_table(ranked),
        subject={
            "groups": {one.group: one.size for one in groups},
            "event": {
                "kind": _CLUSTER if first.outcome.get("propose") == KIND else None,
                "level": first.outcome.get("level"),
                "disease": pack.disease,
                "grade": worst.grade,
            },
        },
    )


def _worst(groups: Sequence[Found]) -> grading.Grade:
    return min((one.grade for one in groups), key=lambda grade: grading.rank(grade.grade))


def _reasons(
    frame: Frame,
    groups: Sequence[Found],
    worst: grading.Grade,
    *,
    length: str,
    facts: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Why: the threshold with what reached it, the grade, the clock."""
    first = groups[0]
    shown = groups[:_ROWS]
    found = [
        reason(
            "event.why", pack=first.pack, rule=first.rule_id,
            judged=[one.judgement for one in shown], **facts,
        )
    ]  # fmt: skip
    if any(one.at_most > one.size for one in groups):
        found.append(reason("event.why.counts", pack=first.pack, rule=first.rule_id, **facts))
    found += _graded(worst)
    if length:
        found.append(reason("event.why.clock", pack=first.pack, figure=length, **facts))
    return found


def _graded(worst: grading.Grade) -> list[dict[str, Any]]:
    """By which rules this grade, which others hold too, and what could make it graver."""
    found = [
        _by_rule("event.why.grade" if one is worst.judgement else "event.why.grade.also", one,
                 grade=one.outcome["grade"])
        for one in (worst.judgement, *worst.others)
        if one is not None
    ]  # fmt: skip
    if not found:
        found.append(
            {"text": say("event.why.no_grade"), "rule_id": None, "verified": False, "source": None,
             "facts": {}, "judgements": []}
        )  # fmt: skip
    for could in worst.possible:
        pack = reader.load(could.judgement.version)
        names = spoken.names(pack, could.judgement.subject)
        missing = [names.get(name, {"zh": name, "en": name}) for name in could.missing]
        text = pack.rule(could.rule_id).text
        found.append(
            _by_rule(
                "event.why.could", could.judgement, grade=could.grade,
                what={"zh": text.zh, "en": text.en},
                missing={"zh": "、".join(one["zh"] for one in missing),
                         "en": "; ".join(one["en"] for one in missing)},
            )
        )  # fmt: skip
    return found


def _by_rule(key: str, one: judge.Judgement, **facts: Any) -> dict[str, Any]:
    return reason(key, pack=reader.load(one.version), rule=one.rule_id, judged=[one], **facts)


def _table(groups: Sequence[Found]) -> dict[str, Any]:
    keys = ("group", "from", "to", "persons", "at_most", "grade")
    rows = [
        {
            "group": one.name,
            "from": one.first.isoformat(),
            "to": one.last.isoformat(),
            "persons": one.size,
            "at_most": one.at_most,
            "grade": one.grade.grade or "",
        }
        for one in groups[:_ROWS]
    ]
    return {"columns": [column(key) for key in keys], "rows": rows, "total": len(groups)}
