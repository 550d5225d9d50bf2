"""The words of a report in one language, from ``messages/<lang>.yaml``."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.resources
import string
from collections.abc import Iterator, Mapping
from typing import Literal

import yaml

from zhongshu.connectors.reports.facts import Text
from zhongshu.kernel.time import beijing

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
NOTHING = "—"


def _flat(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


class Catalogue:
    """Dotted keys to messages; a key of ours that is missing is a fault (KeyError)."""

    def __init__(self, lang: Lang, messages: Mapping[str, str]) -> None:
        self.lang = lang
        self.messages = messages

    def __call__(self, key: str, **values: object) -> str:
        return self.messages[key].format(**values)

    def code(self, family: str, code: str) -> str:
        """The word for a code from the registers; an unknown code is shown as it is."""
        return self.messages.get(f"{family}.{code}", code)

    def pieces(self, key: str) -> Iterator[tuple[str, str | None]]:
        """(text, field or None) of a message, so that fields can become links."""
        for text, field, _, _ in string.Formatter().parse(self.messages[key]):
            if text:
                yield text, None
            if field is not None:
                yield "", field

    def text(self, text: Text) -> str:
        return text.zh if self.lang == "zh" else text.en

    def number(self, value: float | None, digits: int = 0) -> str:
        return NOTHING if value is None else f"{value:,.{digits}f}"

    def change(self, value: float | None) -> str:
        if value is None:
            return NOTHING
        return "±0" if value == 0 else f"{value:+,.0f}".replace("-", "−")

    def day(self, day: dt.date | None) -> str:
        if day is None:
            return NOTHING
        if self.lang == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {day:%B %Y}"

    def short_day(self, day: dt.date | None) -> str:
        return NOTHING if day is None else f"{day.month:02d}-{day.day:02d}"

    def moment(self, moment: dt.datetime | None) -> str:
        """Beijing clock, to the minute."""
        return NOTHING if moment is None else f"{beijing(moment):%Y-%m-%d %H:%M}"

    def ordinal(self, number: int) -> str:
        """Section numbers: 一、 二、 … 十、 in Chinese, 1. 2. … in English."""
        return f"{'一二三四五六七八九十'[number - 1]}、" if self.lang == "zh" else f"{number}. "


@functools.cache
def load(lang: Lang) -> Catalogue:
    folder = importlib.resources.files("zhongshu.connectors.reports") / "messages"
    tree = yaml.safe_load((folder / f"{lang}.yaml").read_text(encoding="utf-8"))
    return Catalogue(lang, dict(_flat(tree)))
