"""What the README and the documents say runs, and prints what they say it prints."""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    page: str
    language: str
    text: str
    output: str | None  # of a python block that a text block follows


def blocks(page: Path) -> list[Block]:
    found = list(_BLOCK.finditer(page.read_text(encoding="utf-8")))
    name = str(page.relative_to(ROOT))
    made = []
    for one, following in itertools.zip_longest(found, found[1:]):
        said = None
        if following is not None and one[1] == "python" and following[1] == "text":
            between = page.read_text(encoding="utf-8")[one.end() : following.start()]
            said = following[2] if not between.strip() else None
        made.append(Block(name, one[1], one[2], said))
    return made


EVERY = [block for page in PAGES for block in blocks(page)]
SHOWN = [block for block in EVERY if block.output is not None]
SKETCHES = [block for block in EVERY if block.language == "python" and block.output is None]


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.page)
def test_an_example_prints_what_its_page_says(block: Block) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block.text, block.page, "exec"), {"__name__": "__page__"})
    assert printed.getvalue() == block.output


@pytest.mark.parametrize("block", SKETCHES, ids=lambda block: block.page)
def test_a_sketch_imports_what_is_there(block: Block) -> None:
    """Its data are not: it is parsed, and its import lines are run."""
    imports = [
        node for node in ast.parse(block.text).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    exec(compile(ast.Module(imports, []), block.page, "exec"), {})


def test_the_readme_shows_an_engine_call_with_its_answer() -> None:
    assert any(block.page == "README.md" for block in SHOWN)


def test_every_page_of_an_engine_has_an_example_that_runs() -> None:
    shown = {block.page for block in SHOWN}
    for engine in ("tracing", "warning", "epidemic", "zoning", "dispatch"):
        assert f"docs/explanation/{engine}.md" in shown
