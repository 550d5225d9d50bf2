"""Clocks of packs as rows: found by what they say, written once."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from zhongshu.rules import clocks as rules
from zhongshu.rules import sure
from zhongshu.rules.model import Clock, Pack, Text
from zhongshu.service.clocks.models import Kind, Rung


@dataclasses.dataclass(frozen=True)
class Said:
    """A clock of a pack, its ladder, and the key it is found by."""

    pack: Pack
    clock: Clock
    rungs: tuple[rules.Rung, ...]
    key: str


def said(pack: Pack, clock: Clock, *, command: Pack | None) -> Said:
    """command: the chain of command in force for it, whose ladder it may name."""
    rungs = rules.ladder(clock, pack=pack, command=command)
    content = [_fields(pack, clock), [dataclasses.astuple(rung) for rung in rungs]]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return Said(pack, clock, rungs, hashlib.sha256(text.encode()).hexdigest())


def ids(found: Iterable[Said]) -> Mapping[str, int]:
    """Key to id of the kind's row; what is not there yet is written."""
    by_key = {one.key: one for one in found}
    there = dict(Kind.objects.filter(key__in=by_key).values_list("key", "id"))
    missing = [one for key, one in by_key.items() if key not in there]
    if missing:
        _write(missing)
        there = dict(Kind.objects.filter(key__in=by_key).values_list("key", "id"))
    return there


def _write(missing: list[Said]) -> None:
    Kind.objects.bulk_create(
        [Kind(key=one.key, **_fields(one.pack, one.clock)) for one in missing],
        ignore_conflicts=True,
    )
    kinds = dict(Kind.objects.filter(key__in=[m.key for m in missing]).values_list("key", "id"))
    Rung.objects.bulk_create(
        [
            Rung(kind_id=kinds[one.key], ord=place, **dataclasses.asdict(rung))
            for one in missing
            for place, rung in enumerate(one.rungs)
        ],
        ignore_conflicts=True,
    )


def _fields(pack: Pack, clock: Clock) -> dict[str, Any]:
    rule = pack.rule(clock.rule_id)
    return {
        "pack_id": pack.id,
        "pack_version": pack.version,
        "clock": clock.id,
        "name": _words(clock.text),
        "rule_id": clock.rule_id,
        "verified": sure.verified(pack, clock),
        "rule": _words(rule.text),
        "legal_basis": _words(rule.legal_basis) if rule.legal_basis else None,
        "of": clock.of,
        "anchor_fact": clock.anchor,
        "stop_fact": clock.stop or "",
        "due_fact": clock.due or "",
        "length": rules.length(clock, pack),
        "unit": clock.unit,
        "owner_level": clock.owner,
    }


def _words(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
