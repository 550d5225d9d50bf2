"""The chapters: tables of facts and answers, read from tests/spec/chapters.

    for row in rows():  row.table.question, row.told, row.expected

Nothing is judged here; `questions` answers and `test_chapters` compares.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from zhongshu.kernel.time import BEIJING
from zhongshu.rules.factlist import subjects

FOLDER = Path(__file__).parent / "chapters"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")


@dataclasses.dataclass(frozen=True)
class Words:
    zh: str
    en: str


@dataclasses.dataclass(frozen=True)
class Table:
    """given: told for every row; facts, answer: the columns; says: names a row, columns in
    braces; rows: as written."""

    chapter: int
    number: int
    title: Words
    text: Words | None
    question: str
    given: Mapping[str, Any]
    facts: tuple[str, ...]
    answer: tuple[str, ...]
    says: str
    rows: tuple[tuple[Any, ...], ...]


@dataclasses.dataclass(frozen=True)
class Chapter:
    number: int
    slug: str
    title: Words
    text: Words
    tables: tuple[Table, ...]


@dataclasses.dataclass(frozen=True)
class Row:
    """told: everything the question is told; expected: the answer that must come out."""

    table: Table
    cells: tuple[Any, ...]
    told: Mapping[str, Any]
    expected: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """What the row says, as a sentence."""
        shown = {name: in_words(value) for name, value in self._named().items()}
        return f"{self.table.chapter:02d}: {self.table.says.format_map(shown)}"

    def _named(self) -> dict[str, Any]:
        columns = self.table.facts + self.table.answer
        return dict(self.table.given) | dict(zip(columns, self.cells, strict=True))


def chapters() -> list[Chapter]:
    """In order.  A file that is not written as README.md says is a fault."""
    files = sorted(FOLDER.glob("[0-9][0-9]-*.yaml"))
    return [_chapter(file) for file in files]


def rows() -> Iterator[Row]:
    for chapter in chapters():
        for table in chapter.tables:
            for cells in table.rows:
                yield row(table, cells)


@functools.cache
def editions() -> Mapping[str, Mapping[str, Any]]:
    return _read(FOLDER / "editions.yaml")


@functools.cache
def headings() -> Mapping[str, Words]:
    """Words of every column: those of headings.yaml, else of the first fact of that name."""
    written_down = _read(FOLDER / "headings.yaml")
    facts = {
        name: Words(fact.text.zh, fact.text.en)
        for subject in reversed(subjects().values())
        for name, fact in subject.facts.items()
    }
    return facts | {name: Words(**entry) for name, entry in written_down.items()}


@functools.cache
def asked() -> Mapping[str, Words]:
    """What each question asks, in words."""
    return {name: Words(**entry) for name, entry in _read(FOLDER / "questions.yaml").items()}


def row(table: Table, cells: tuple[Any, ...]) -> Row:
    count = len(table.facts)
    told = dict(table.given) | dict(zip(table.facts, cells[:count], strict=True))
    if "edition" in told:
        told |= editions()[str(told.pop("edition"))]
    expected = dict(zip(table.answer, cells[count:], strict=True))
    known = {name: meant(value) for name, value in told.items() if value is not None}
    return Row(table, cells, known, {name: written(value) for name, value in expected.items()})


def _chapter(file: Path) -> Chapter:
    content = _read(file)
    number, slug = int(file.stem[:2]), file.stem
    assert number == content["chapter"], f"{file.name} says it is chapter {content['chapter']}"
    tables = tuple(
        _table(number, place, entry) for place, entry in enumerate(content["tables"], start=1)
    )
    return Chapter(number, slug, Words(**content["title"]), Words(**content["text"]), tables)


def _table(chapter: int, number: int, entry: Mapping[str, Any]) -> Table:
    facts, answer = tuple(entry.get("facts", ())), tuple(entry["answer"])
    cells = tuple(tuple(one) for one in entry["rows"])
    for one in cells:
        assert len(one) == len(facts) + len(answer), (
            f"chapter {chapter}, table {number}: {one} has {len(one)} cells, "
            f"not {len(facts) + len(answer)}"
        )
    return Table(
        chapter=chapter,
        number=number,
        title=Words(**entry["title"]),
        text=Words(**entry["text"]) if "text" in entry else None,
        question=entry["question"],
        given=entry.get("given", {}),
        facts=facts,
        answer=answer,
        says=entry["says"],
        rows=cells,
    )


def _read(file: Path) -> dict[str, Any]:
    # Days stay text: JSON knows no dates, and a day is written as it is read.
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), _Plain)
    return content


class _Plain(yaml.SafeLoader):
    """No dates, and only true and false are yes or no: `on` is a column."""


_OTHERS = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
_Plain.yaml_implicit_resolvers = {
    letter: [(tag, shape) for tag, shape in found if tag not in _OTHERS]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def meant(value: Any) -> Any:
    """A written moment as ISO text with its zone, Beijing's where none stands; the rest as is."""
    if isinstance(value, str) and _MOMENT.match(value):
        moment = dt.datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).isoformat()
    if isinstance(value, list):
        return [meant(one) for one in value]
    if isinstance(value, dict):
        return {name: meant(one) for name, one in value.items()}
    return value


def written(value: Any) -> Any:
    """As a table writes it: days and moments as text in Beijing time, tuples and sets as lists."""
    if isinstance(value, dt.datetime):
        return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and _MOMENT.match(value):
        return written(dt.datetime.fromisoformat(meant(value)))
    if isinstance(value, set | frozenset):
        return sorted(written(one) for one in value)
    if isinstance(value, list | tuple):
        return [written(one) for one in value]
    return value


def in_words(value: Any) -> str:
    """A cell as it stands in a sentence or a printed table."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value == int(value) and abs(value) < 1e9:
        return str(int(value))
    if isinstance(value, list | tuple):
        return ", ".join(in_words(one) for one in value) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{name} {in_words(one)}" for name, one in value.items())
    return str(value)
