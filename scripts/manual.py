"""Prints the worked examples of tests/spec/chapters as docs/manual: the same tables, with the
version of the pack that answers and the mark of the rule beside each row.

`build_docs.py` writes and checks these pages with the others.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "manual"
sys.path.insert(0, str(ROOT / "tests" / "spec"))

import book  # noqa: E402 - lives beside the tests it prints
import questions  # noqa: E402

_YES_NO = {True: "是 yes", False: "否 no"}
_MARKS = [
    "标记：V 已读到来源；**R** 凭记忆，未核实；**D** 本系统设计，非规定。R、D须由当地确认或替换。",
    "",
    "Mark: V read in a source; **R** recalled, not verified; **D** our own design, no law.",
    "Let the local command centre confirm or replace every R and D.",
]
# Columns added to what a table says: which rule of which pack answered, and how sure it is.
_ABOUT = {
    "rule": book.Words("规则", "Rule"),
    "version": book.Words("规则包版本", "Pack version"),
    "mark": book.Words("标记", "Mark"),
    "what": book.Words("内容", "What it says"),
}


def pages() -> dict[str, str]:
    """{file name: text} of every page of the manual."""
    chapters = book.chapters()
    return {"README.md": _contents(chapters)} | {
        f"{chapter.slug}.md": _page(chapter) for chapter in chapters
    }


def differing() -> list[str]:
    """Names of the pages that are not what the packs answer now, or that no chapter has."""
    made = pages()
    stale = [name for name, text in made.items() if _there(FOLDER / name) != text]
    return stale + [path.name for path in FOLDER.glob("*.md") if path.name not in made]


def write() -> list[str]:
    """Write what differs and remove what no chapter has; the names."""
    made, stale = pages(), differing()
    FOLDER.mkdir(exist_ok=True)
    for name in stale:
        if name in made:
            (FOLDER / name).write_text(made[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return stale


def _there(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _contents(chapters: list[book.Chapter]) -> str:
    count = sum(len(table.rows) for chapter in chapters for table in chapter.tables)
    lines = [
        "# 规则手册 Manual of the rules",
        "",
        "规则包对具体情形的回答，一行一例；每一行都是一项自动测试（`tests/spec/test_chapters.py`）。",
        "",
        "What the rule packs answer in worked examples, one a row; every row is a test",
        "(`tests/spec/test_chapters.py`), written in `tests/spec/chapters` and printed by",
        f"`scripts/build_docs.py`.  {count} rows in {len(chapters)} chapters.  Facts are made up.",
        "",
        *_MARKS,
        "",
        "| | 章 Chapter | 表 Tables | 行 Rows |",
        "|---|---|---|---|",
    ]
    for one in chapters:
        title = f"[{one.title.zh} {one.title.en}]({one.slug}.md)"
        rows = sum(len(table.rows) for table in one.tables)
        lines.append(f"| {one.number} | {title} | {len(one.tables)} | {rows} |")
    return "\n".join(lines) + "\n"


def _page(chapter: book.Chapter) -> str:
    lines = [
        f"# {chapter.number}. {chapter.title.zh} {chapter.title.en}",
        "",
        chapter.text.zh,
        "",
        chapter.text.en,
        "",
        *_MARKS,
    ]
    for table in chapter.tables:
        lines += ["", *_table(table)]
    return "\n".join(lines) + "\n"


def _table(table: book.Table) -> list[str]:
    question = book.asked()[table.question]
    lines = [
        f"## {table.chapter}.{table.number} {table.title.zh} {table.title.en}",
        "",
        f"{question.zh} {question.en}",
        "",
    ]
    if table.text is not None:
        lines += [table.text.zh, "", table.text.en, ""]
    if table.given:
        lines += [f"{_given(table.given)}", ""]
    answered = [_row(table, cells) for cells in table.rows]
    about = [name for name in _ABOUT if any(one[name] for _, one in answered)]
    about = [name for name in about if name not in (*table.facts, *table.answer)]
    columns = [*(book.headings()[name] for name in table.facts)]
    columns += [_answer_heading(name) for name in table.answer]
    columns += [_ABOUT[name] for name in about]
    heads = [f"{words.zh}<br>{words.en}" for words in columns]
    lines += ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for cells, one in answered:
        shown = [*cells, *(one[name] or "–" for name in about)]
        lines.append("| " + " | ".join(shown) + " |")
    return lines


def _answer_heading(name: str) -> book.Words:
    words = book.headings()[name]
    return book.Words(f"⇒ {words.zh}", f"⇒ {words.en}")


def _given(given: Mapping[str, Any]) -> str:
    said = [
        f"{book.headings()[name].zh} {book.headings()[name].en}: `{_cell(value)}`"
        for name, value in given.items()
    ]
    return "已知 Given: " + "; ".join(said) + "."


def _row(table: book.Table, cells: tuple[Any, ...]) -> tuple[list[str], dict[str, str]]:
    answer = questions.ask(table.question, book.row(table, cells).told)
    mark = answer.mark if answer.mark in ("V", "") else f"**{answer.mark}**"
    version = f"`{answer.version}`" if answer.version else ""
    what = f"{answer.what.zh}<br>{answer.what.en}" if answer.what else ""
    about = {"rule": answer.rule_id, "version": version, "mark": mark, "what": what}
    return [_cell(value) for value in cells], about


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return _YES_NO[value]
    return book.in_words(value).replace("|", "\\|")
