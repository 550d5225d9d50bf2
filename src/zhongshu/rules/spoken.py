"""A judgement in sentences: what the rule asked, what was there, and whether it held."""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.rules import factlist
from zhongshu.rules.expression import words
from zhongshu.rules.factlist import Fact
from zhongshu.rules.judgement import Judgement
from zhongshu.rules.model import Pack


def sentences(pack: Pack, judgement: Judgement) -> list[dict[str, str]]:
    """[{zh, en}] of the judgement's trace.  pack: the version it was judged by."""
    return words.sentences(judgement.trace, names(pack, judgement.subject))


def names(pack: Pack, subject: str) -> dict[str, dict[str, str]]:
    """Words for the facts of that kind of subject, the fields of its lists, the pack's figures.

    Where a field is called like a fact, the fact's words are used.
    """
    beside = dict(words.catalogue()["beside"])
    different = beside.pop("different")
    found = {name: dict(said) for name, said in beside.items()}
    kind = factlist.subjects().get(subject)
    facts = list(kind.facts.values()) if kind else []
    for fact in facts:
        found |= _of_list(fact)
    for fact in facts:
        said = _said(fact)
        found[fact.name] = said
        found[f"count of different {fact.name}"] = {
            language: different[language].format(said[language]) for language in said
        }
    for key, figure in pack.figures().items():
        found[key] = {"zh": figure.title.zh, "en": figure.title.en, "unit": figure.unit}
    return found


def _of_list(fact: Fact) -> dict[str, dict[str, str]]:
    inside: Mapping[str, Fact] = (factlist.elements(fact) or {}) if fact.type == "list" else {}
    return {one.name: _said(one) for one in inside.values()}


def _said(fact: Fact) -> dict[str, str]:
    return {"zh": fact.text.zh, "en": fact.text.en}
