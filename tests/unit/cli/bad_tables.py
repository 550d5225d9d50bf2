"""Files as they come from spreadsheets, and how the commands are asked about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from typer.testing import CliRunner, Result

from zhongshu.cli.main import _app
from zhongshu.kernel.errors import Refused

TODAY = dt.date(2022, 11, 12)


class Here:
    def wall(self) -> dt.datetime:
        return dt.datetime(2022, 11, 12, 4, tzinfo=dt.UTC)


def ask(*words: object) -> Result:
    return CliRunner().invoke(_app, list(map(str, words)), obj=Here(), env={"COLUMNS": "200"})


def said(*words: object) -> str:
    """What a command prints, in one line; it must end well."""
    done = ask(*words)
    if done.exception is not None:
        raise done.exception
    return " ".join(done.output.split())


def refusal(*words: object) -> Refused:
    """The refusal a command ends with."""
    done = ask(*words)
    assert isinstance(done.exception, Refused), done.output
    return done.exception


def days(counts: Sequence[object], *, last: dt.date = TODAY) -> list[tuple[str, object]]:
    """(date, count) of days that end with `last`."""
    first = last - dt.timedelta(days=len(counts) - 1)
    return [((first + dt.timedelta(days=n)).isoformat(), one) for n, one in enumerate(counts)]


def write(
    path: Path,
    rows: Sequence[tuple[object, ...]],
    header: str = "date,count",
    encoding: str = "utf-8",
) -> Path:
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


QUIET: list[object] = [30, 33, 28, 31, 35, 29, 32] * 4
