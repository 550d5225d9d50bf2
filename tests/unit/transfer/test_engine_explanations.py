"""The explanations of zoning and dispatch print what they say they print."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs" / "explanation"


@pytest.mark.parametrize("name", ["zoning.md", "dispatch.md"])
def test_the_example_prints_its_answer(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    code, answer = (re.search(f"```{kind}\n(.*?)```", text, re.S) for kind in ("python", "text"))
    assert code is not None
    assert answer is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code.group(1), name, "exec"), {"__name__": name})
    assert printed.getvalue() == answer.group(1)
