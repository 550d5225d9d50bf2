"""Which feed a file is, and which of its headers is which column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from zhongshu.connectors.feeds.reasons import refusal
from zhongshu.kernel.feeds import FEEDS, FeedSpec

ROW_HEADER = "行号 row"
REASON_HEADER = "原因 reason"
_OURS = frozenset({ROW_HEADER, REASON_HEADER})


def kind_of(name: str) -> FeedSpec:
    """The feed whose English or Chinese name begins the file name; refuses any other name."""
    lower = unicodedata.normalize("NFKC", name).casefold()
    starts = [
        (len(start), spec)
        for spec in FEEDS.values()
        for start in (spec.name, spec.zh)
        if re.match(rf"{re.escape(start)}(?![a-z])", lower)
    ]
    if not starts:
        raise refusal("feeds.unknown_kind", name=name, kinds=", ".join(FEEDS))
    return max(starts, key=lambda start: start[0])[1]


def plain(header: str) -> str:
    """A header as compared: half-width, lower case, without blanks and underscores."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\s_\ufeff\u200b*]+", "", text)


def columns_of(spec: FeedSpec, headers: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """(column name -> position, headers that are none of ours).

    Refuses a header that lacks a required column, naming the feed it looks like if there is one,
    and a column that appears twice.
    """
    known = _names(spec)
    found: dict[str, int] = {}
    extra = []
    for position, header in enumerate(headers):
        name = known.get(plain(header))
        if name is None:
            if header.strip() and header not in _OURS:
                extra.append(header)
        elif name in found:
            raise refusal("feeds.column_twice", column=name)
        else:
            found[name] = position
    missing = [name for name in spec.required if name not in found]
    if missing:
        raise _missing(spec, headers, missing)
    return found, extra


def matches(spec: FeedSpec, headers: Sequence[str]) -> int:
    """How many of the feed's columns these headers name."""
    known = _names(spec)
    return len({known[plain(header)] for header in headers if plain(header) in known})


def _missing(spec: FeedSpec, headers: Sequence[str], missing: list[str]) -> Exception:
    like = max(FEEDS.values(), key=lambda other: matches(other, headers) / len(other.columns))
    fits = like is not spec and set(like.required) <= {
        _names(like).get(plain(header)) for header in headers
    }
    # Only headers of ours are repeated: without a header line, the first row is somebody's data.
    ours = {
        plain(name) for other in FEEDS.values() for c in other.columns for name in (c.zh, c.name)
    }
    found = [header for header in headers if plain(header) in ours]
    return refusal(
        "feeds.columns_missing",
        kind=spec.name,
        missing=", ".join(f"{name} ({spec.column(name).zh})" for name in missing),
        found=", ".join(found) or "-",
        others=len(headers) - len(found),
        hint_zh=f"；看起来像“{like.zh}”，请以 {like.name} 开头命名" if fits else "",
        hint_en=f"; it looks like '{like.name}', rename it" if fits else "",
    )


def _names(spec: FeedSpec) -> dict[str, str]:
    return {
        plain(header): column.name for column in spec.columns for header in (column.zh, column.name)
    }
