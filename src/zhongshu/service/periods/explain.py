"""Why a decision was taken: what the rules had said, said again by the same version."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.errors import NotFound, Refused
from zhongshu.rules import judge, reader
from zhongshu.service.kit.scope import Scope
from zhongshu.service.kit.text import Text, text
from zhongshu.service.periods.models import Decision


@dataclasses.dataclass(frozen=True, slots=True)
class Explained:
    """One stored judgement and the same done again.

    replayed: without its trace, None where it could not be done again, with the reason in
    `refused`; same: it says what it said; words: the trace in sentences.
    """

    stored: Mapping[str, Any]
    replayed: Mapping[str, Any] | None
    same: bool
    trace: Mapping[str, Any] | None
    words: tuple[Text, ...]
    refused: Refused | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Explanation:
    decision: Decision
    judgements: tuple[Explained, ...]


def explain(decision_id: int, scope: Scope) -> Explanation:
    """A decision within scope with every judgement it stands on, done again.

    Refuses (NotFound) a decision that is not there, or not within one's rights.
    """
    rows = Decision.objects.select_related("proposal", "post_unit").filter(pk=decision_id)
    decision = scope.filter(rows, field="proposal__unit_path").first()
    if decision is None:
        raise NotFound(
            "decisions.unknown", f"There is no decision {decision_id} within your rights."
        )
    return Explanation(decision, tuple(_again(one) for one in decision.judgements))


def _again(stored: Mapping[str, Any]) -> Explained:
    try:
        found = judge.replay(stored)
    except Refused as refusal:
        return Explained(stored, None, False, None, (), refusal)
    told = found.as_json()
    trace = told.pop("trace")
    return Explained(stored, told, judge.same(stored, found), trace, in_words(found))


def in_words(found: judge.Judgement) -> tuple[Text, ...]:
    """The rule that was applied, in both languages."""
    rule = reader.load(found.version).rules.get(found.rule_id)
    return (text(rule.text.zh, rule.text.en),) if rule is not None else ()
