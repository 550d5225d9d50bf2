"""Why a decision was taken: what the rules had said, said again by the same version."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.errors import NotFound, Refused
from zhongshu.rules import judge, reader, spoken
from zhongshu.rules.judgement import WORDS
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
    return Explanation(decision, tuple(replayed(one) for one in decision.judgements))


def replayed(stored: Mapping[str, Any]) -> Explained:
    """One stored judgement done again; a refusal is kept, not raised."""
    try:
        found = judge.replay(stored)
    except Refused as refusal:
        return Explained(stored, None, False, None, (), refusal)
    told = found.as_json()
    trace = told.pop("trace")
    return Explained(stored, told, judge.same(stored, found), trace, in_words(found))


def in_words(found: judge.Judgement) -> tuple[Text, ...]:
    """The rule that was applied, and how the facts met it, in both languages."""
    pack = reader.load(found.version)
    rule = pack.rules.get(found.rule_id)
    said = [text(rule.text.zh, rule.text.en)] if rule is not None else []
    if found.kind != WORDS:
        said += [text(one["zh"], one["en"]) for one in spoken.sentences(pack, found)]
    return tuple(said)
