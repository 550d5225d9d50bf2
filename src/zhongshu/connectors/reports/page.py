"""The report as one self-contained HTML page that prints on A4."""

from __future__ import annotations

import functools
import importlib.resources

import jinja2

from zhongshu.connectors.reports.columns import COLUMNS
from zhongshu.connectors.reports.view import View


@functools.cache
def _template() -> jinja2.Template:
    folder = importlib.resources.files("zhongshu.connectors.reports") / "templates"
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.from_string((folder / "situation.html").read_text(encoding="utf-8"))


def draw(view: View) -> bytes:
    return _template().render(view=view, columns=COLUMNS).encode()
