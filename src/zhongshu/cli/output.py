"""What commands print: tables a duty officer reads, one sentence for a refusal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from zhongshu.kernel.errors import Refused

# Wide enough for a Chinese title where the output is a file; COLUMNS says otherwise.
_FILE_WIDTH = 110
_GIVEN = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
out = Console(highlight=False, width=None if _GIVEN else _FILE_WIDTH)
err = Console(stderr=True, highlight=False)


def say_refusal(refusal: Refused) -> None:
    err.print(f"[bold red]{refusal.code}[/]  {refusal.message}")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A titled table; numbers to the right."""
    grid = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        grid.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        grid.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(grid)


class Steps:
    """Named steps with progress: `step("intake", 0.4)` moves a bar; a new name starts a new one."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, int] = {}

    def __call__(self, name: str, done: float) -> None:
        if name not in self._tasks:
            self._tasks[name] = int(self._progress.add_task(name, total=1.0))
        self._progress.update(self._tasks[name], completed=min(done, 1.0))  # type: ignore[arg-type]


@contextmanager
def steps() -> Iterator[Steps]:
    """Progress bars while the block runs; plain lines when the output is not a terminal."""
    with Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=out,
    ) as progress:
        yield Steps(progress)
