"""What rules may ask of each kind of subject, from facts.yaml."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhongshu.rules.packfiles.document import read_yaml
from zhongshu.rules.parts import Text

NOW = "now"
TIMES = frozenset({"moment", "day"})
TYPES = frozenset({*TIMES, "number", "text", "flag", "path", "list"})


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """type: one of `TYPES`; items: facts of a list's elements, None where nothing is said."""

    name: str
    type: str
    text: Text
    of: str | None = None
    items: Mapping[str, Fact] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """A kind of subject: a person, a case, an event, a row that thresholds count."""

    kind: str
    text: Text
    facts: Mapping[str, Fact]


@functools.cache
def subjects(file: Path | None = None) -> Mapping[str, Subject]:
    """Every kind of subject; every one also has `now`, the moment of judging."""
    content = read_yaml(file or Path(__file__).with_name("facts.yaml")).content
    now = Fact(NOW, "moment", Text("此刻", "The moment of judging"))
    return {
        kind: Subject(kind, Text(entry["zh"], entry["en"]), _facts(entry["facts"]) | {NOW: now})
        for kind, entry in content.items()
    }


def _facts(entries: Mapping[str, Any]) -> dict[str, Fact]:
    return {name: _fact(name, entry) for name, entry in entries.items()}


def _fact(name: str, entry: Mapping[str, Any]) -> Fact:
    items = entry.get("items")
    return Fact(
        name,
        entry["type"],
        Text(entry["zh"], entry["en"]),
        of=entry.get("of"),
        items=None if items is None else _facts(items),
    )


def elements(fact: Fact) -> Mapping[str, Fact] | None:
    """The facts of the elements of a list; None where nothing is said of them."""
    if fact.items is not None:
        return fact.items
    subject = subjects().get(fact.of or "")
    return subject.facts if subject else None
