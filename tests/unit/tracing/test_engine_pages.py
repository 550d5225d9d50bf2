"""The examples on the engines' pages run and print what the pages say."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[3] / "docs" / "explanation"


@pytest.mark.parametrize("page", ["tracing", "warning", "epidemic"])
def test_the_example_on_the_page_prints_what_the_page_says(page: str) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    ((code, said),) = re.findall(r"```python\n(.*?)```\s+```text\n(.*?)```", text, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, f"{page}.md", "exec"), {})
    assert printed.getvalue() == said
