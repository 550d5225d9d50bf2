"""What is at hand while one document is being read: its sources, and where complaints go."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from zhongshu.rules.packfiles.document import Document, Problem, Where

SOURCES_FILE = "sources.yaml"
Sources = Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Context:
    """found: every complaint made while reading, in the order it was made."""

    document: Document
    sources: Sources
    found: list[Problem] = dataclasses.field(default_factory=list)

    @property
    def content(self) -> Mapping[str, Any]:
        return self.document.content

    @property
    def id(self) -> str:
        return str(self.content["id"])

    def say(self, path: Where, what: str, *, remark: bool = False) -> None:
        self.found.append(self.document.problem(path, what, remark=remark))

    def cited(self, path: Where, numbers: Iterable[str]) -> tuple[str, ...]:
        """The sources in words, each with its number; an unknown number is complained about."""
        known = []
        for number in numbers:
            if number in self.sources:
                known.append(f"[{number}] {self.sources[number]}")
            else:
                self.say(path, f"source {number} is not listed in {SOURCES_FILE}")
        return tuple(known)

    def day(self, key: str) -> dt.date | None:
        """The day under `key`; None where there is none, or none of the calendar."""
        written = self.content.get(key)
        if written is None:
            return None
        try:
            return dt.date.fromisoformat(written)
        except ValueError:
            self.say((key,), f"{written} is not a day")
            return None
