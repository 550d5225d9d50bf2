"""What the schema cannot say of a file: words of the language they stand for, codes of places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from zhongshu.rules.packfiles.document import Where

# GB/T 2260 and the statistical codes: a region from 1 to 8; what ends early ends in zeros.  The
# pair of the county may be 00 before a township: a few cities have no counties.
_CODE = re.compile(r"[1-8]\d(0{10}|(?!00)\d{2}\d{2}(0{6}|(?!000)\d{3}\d{3}))")
_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
WORDS = {"zh": (_CHINESE, "Chinese"), "en": (_LATIN, "English")}


def faults(content: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    """(path, sentence) of each."""
    code = content.get("jurisdiction")
    if isinstance(code, str) and len(code) == 12 and not _CODE.fullmatch(code):
        what = (
            f"{code} is no division code: the first digit is 1 to 8, and the places after the "
            "unit's own level are zeros"
        )
        yield ("jurisdiction",), what
    yield from _words(content, ())


def _words(value: Any, path: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, list):
        for place, part in enumerate(value):
            yield from _words(part, (*path, str(place)))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            where = (*path, str(key))
            if key in WORDS and isinstance(part, str) and len(value) > 1 and part:
                script, language = WORDS[key]
                if not script.search(part):
                    yield where, f"'{_short(part)}' has no {language} in it"
            else:
                yield from _words(part, where)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
