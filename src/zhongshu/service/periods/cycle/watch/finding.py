"""What every inspection shares: a finding out of a judgement, and the rule to judge by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhongshu.rules import judge, sure
from zhongshu.rules.judge import Judgement
from zhongshu.rules.model import Pack
from zhongshu.service.findings import facade as findings
from zhongshu.service.findings.facade import Found
from zhongshu.service.kit.text import Text
from zhongshu.service.periods.cycle.frame import Frame

Kind = findings.Finding.Kind


def found_as(
    frame: Frame,
    kind: Kind,
    subject: tuple[str, str],
    judged: Judgement,
    *,
    label: Text,
    text: Text,
    unit: str,
    since: dt.date,
    facts: dict[str, Any],
) -> Found:
    return Found(
        kind=kind.value,
        subject=subject,
        label=label,
        text=text,
        unit=unit,
        rule_id=judged.rule_id,
        verified=sure.judged(frame.pack, judged),
        pack_version=frame.pack.version,
        since=since,
        facts=judge.plain(facts),
        judgement=judged.stored(),
    )


def in_force_since(pack: Pack) -> dt.date:
    """The day from which this very version decides."""
    return max([pack.effective_from, *(one.effective_from for one in pack.amendments)])


def by_edition(pack: Pack, facts: dict[str, Any]) -> Judgement:
    """The rule by which this edition isolates contacts, or not: for somebody it says nothing of."""
    for rule_id in ("ISO-3", "WHO-6", "ISO-1"):
        if rule_id in pack.rules:
            return judge.of_words(pack, rule_id, facts=facts)
    return judge.of_words(pack, next(iter(pack.rules)), facts=facts)


def by_rule(pack: Pack, rule_id: str, facts: dict[str, Any]) -> Judgement | None:
    """The rule's own judgement, where it has logic and holds of these facts."""
    if rule_id not in pack.rules or pack.rules[rule_id].logic is None:
        return None
    judged = judge.judge(pack, rule_id, facts)
    return judged if judged.held else None
