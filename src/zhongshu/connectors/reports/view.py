"""A report as it is laid out: words and links chosen, no markup yet.

HTML and Word are both drawn from this, so that they cannot say different things.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text; `href` makes it a link, `tone` colours it (red, orange, yellow, blue,
    muted, strong, tiny); a tone always doubles what the words say."""

    text: str
    href: str = ""
    tone: str = ""


Line = tuple[Cell, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """`key` names the column's title in the catalogue; `width_mm` is for an A4 page."""

    key: str
    width_mm: float
    numeric: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """`svg` is a complete element; Word shows the rows of the section instead."""

    title: str
    svg: str


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """One numbered part: lines of prose, then charts, then rows; `empty` when there is nothing."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    charts: tuple[Chart, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[Line, ...] = ()
    more: Line = ()
    empty: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    lang: str
    title: str
    banner: str
    masthead: tuple[tuple[str, str], ...]
    basis: str
    sections: tuple[Section, ...]
    footer: tuple[str, str, str]
