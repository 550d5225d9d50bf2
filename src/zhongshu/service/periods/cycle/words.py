"""The words of proposals, from the catalogue, in both languages."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from zhongshu.rules import judge, sure
from zhongshu.rules.judge import Judgement
from zhongshu.rules.model import Pack
from zhongshu.rules.packfiles import plain
from zhongshu.service.kit.text import Text


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Message key -> {zh, en} with {placeholders}."""
    raw = importlib.resources.files(__package__).joinpath("messages.yaml").read_text("utf-8")
    loaded: Mapping[str, Mapping[str, str]] = yaml.safe_load(raw)
    return loaded


def say(key: str, /, **facts: object) -> Text:
    """The message in both languages.  A fact that is itself a `Text` is put in by language."""
    message = catalogue()[key]

    def filled(lang: str) -> str:
        return message[lang].format(
            **{
                name: value[lang] if isinstance(value, Mapping) else value
                for name, value in facts.items()
            }
        )

    return {"zh": filled("zh"), "en": filled("en")}


def reason(
    key: str,
    /,
    *,
    pack: Pack,
    figure: str | None = None,
    rule: str | None = None,
    judged: Sequence[Judgement] = (),
    opens: Mapping[str, Any] | None = None,
    **facts: object,
) -> dict[str, Any]:
    """One reason of a proposal.

    figure: the pack figure it rests on (gives rule, mark and source), or rule: the rule alone.
    judged: what the pack's logic said, where a machine judged it; else the figure or the rule's
    words are kept as what was applied.  Either can be judged again from what is stored.
    opens: {route, filters} of the list behind the numbers.
    """
    held = pack.figure(figure) if figure else None
    rule_id = held.rule_id if held else rule
    applied = held or (pack.rule(rule) if rule else None)
    read = sure.verified(pack, applied) if applied else None
    found: dict[str, Any] = {
        "text": say(key, **facts),
        "rule_id": rule_id,
        "verified": read and all(sure.judged(pack, one) for one in judged),
        "source": plain.maybe(held.source or held.note) if held else None,
        "facts": {name: value for name, value in facts.items() if not isinstance(value, Mapping)},
    }
    found["judgements"] = [
        one.stored() for one in judged or _applied(pack, figure, rule_id, found["facts"])
    ]
    return found | ({"list": dict(opens)} if opens else {})


def _applied(
    pack: Pack, figure: str | None, rule_id: str | None, facts: Mapping[str, object]
) -> list[Judgement]:
    """That a figure, or a rule in words, was applied to these facts."""
    if figure is not None:
        return [judge.of_figure(pack, figure, facts=facts)]
    return [judge.of_words(pack, rule_id, facts=facts)] if rule_id is not None else []


def cost(
    key: str, value: float | None, unit: str, *, low: float | None = None, high: float | None = None
) -> dict[str, Any]:
    """One line of cost; label from the catalogue (``cost.<key>``)."""
    line: dict[str, Any] = {"key": key, "label": say(f"cost.{key}"), "value": value, "unit": unit}
    return line | {
        name: bound for name, bound in (("low", low), ("high", high)) if bound is not None
    }


def column(key: str, unit: str = "") -> dict[str, Any]:
    """A column of a proposal's table; label from the catalogue (``column.<key>``)."""
    return {"key": key, "label": say(f"column.{key}")} | ({"unit": unit} if unit else {})
