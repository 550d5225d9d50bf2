"""Signals that a rule of a pack raises: a cluster, absences, an unexplained pneumonia.

They stand beside those of the counts in one register and lead to the proposal about the same
event; they make none of their own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from zhongshu.rules import grading
from zhongshu.service.periods.cycle.detect import registered
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.watch import eventwords
from zhongshu.service.periods.cycle.watch.eventwords import Found
from zhongshu.service.signals import facade as signals

METHOD = "rule"
_CASES, _ABSENCES = "cases", "school_absences"
_GROUPS = 40  # shown beside a signal; the proposal has them all


def raise_signals(frame: Frame, found: Sequence[Found]) -> int:
    """One signal for each county and rule that holds now; how many.

    One that goes on is the signal it was, with what is counted now: its day is that on which it
    was first raised.
    """
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        groups.setdefault((one.county, f"{one.pack.id}:{one.source}"), []).append(one)
    sizes = {key: float(sum(one.size for one in mine)) for key, mine in groups.items()}
    going = signals.going_on(sizes, as_of=frame.as_of)
    rows = [
        _row(frame, key, mine) | ({"date": going[key]} if key in going else {})
        for key, mine in sorted(groups.items())
    ]
    signals.upsert(
        table=registered.table(rows), run_id=frame.run_id, as_of=frame.as_of, statistics=False
    )
    return len(rows)


def _row(frame: Frame, key: tuple[str, str], groups: Sequence[Found]) -> dict[str, Any]:
    county, rule = key
    first = groups[0]
    worst = min((one.grade for one in groups), key=lambda grade: grading.rank(grade.grade))
    colours = frame.other("signals").group("signal.event_grade")
    shown = sorted(groups, key=lambda one: (-one.size, one.name))[:_GROUPS]
    evidence = {
        "history": [],
        "as_of": frame.as_of.isoformat(),
        "rule": {
            "pack": first.pack.id,
            "version": first.pack.version,
            "rule_id": first.rule_id,
            "text": {"zh": first.text.zh, "en": first.text.en},
            "proposal": eventwords.key(first),
            "groups": [
                {
                    "name": one.name,
                    "first": one.first,
                    "last": one.last,
                    "persons": one.size,
                }
                for one in shown
            ],
        },
    }
    absent = first.judgement.subject == "absence"
    return {
        "unit": county,
        "stream": _ABSENCES if absent else _CASES,
        "date": max(one.last for one in groups),
        "observed": float(sum(one.size for one in groups)),
        "method": METHOD,
        "rule": rule,
        "grade": str(colours[(worst.grade or "none").lower()]),
        "evidence": json.dumps(evidence, default=str, ensure_ascii=False),
    }
