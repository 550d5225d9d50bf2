"""What is at hand while one document is being read: its sources, and where complaints go."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from zhongshu.rules.packfiles.document import Document, Problem, Where
from zhongshu.rules.parts import Text

SOURCES_FILE = "sources.yaml"
Sources = Mapping[str, Text | None]  # None: listed, but not in both languages
ONE_LANGUAGE = "write it in both languages: {zh: ..., en: ...}"


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

    def cited(self, path: Where, numbers: Iterable[str]) -> tuple[Text, ...]:
        """The sources in words, each with its number; an unknown number is complained about, and
        one whose words are not in both languages."""
        known = []
        for number in numbers:
            words = self.sources.get(number)
            if words is not None:
                known.append(Text(f"[{number}] {words.zh}", f"[{number}] {words.en}"))
            elif number in self.sources:
                self.say(path, f"source {number} of {SOURCES_FILE}: {ONE_LANGUAGE}")
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
