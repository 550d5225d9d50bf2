"""`zhongshu warn`: early warning on the headquarters' own counts, or on those of a file.

Nothing is written to the registers: the daily cycle does that.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from zhongshu.cli import installation
from zhongshu.cli.warn import backtest, daily, data, explain, run
from zhongshu.cli.warn.data import Data
from zhongshu.cli.warn.options import Options, shared
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day

app = typer.Typer(
    help="Early warning: run a day's tests, explain one, replay the past.", no_args_is_help=True
)
File = Annotated[
    Path | None,
    typer.Argument(help="CSV: date, count and unit, stream, known_at, outbreak or not.",
                   metavar="[FILE]"),
]  # fmt: skip
OneFile = Annotated[Path | None, typer.Option("--file", help="CSV instead of the own counts.")]


def _data(context: typer.Context, file: Path | None, options: Options, stream: str = "") -> Data:
    here, breaks = installation.of(context), options.breaks or []
    if file is None:
        return data.of_headquarters(
            here, as_of=options.as_of, step=options.every, breaks=breaks, stream=stream
        )
    today = beijing_day(here.wall())
    return data.of_file(file, as_of=options.as_of, step=options.every, breaks=breaks, today=today)


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


@app.command("run")
@shared()
def _run(context: typer.Context, file: File = None, *, options: Options) -> None:
    """Test the last day (or week) of every series: what is raised, strongest first; nothing is
    written. The default on the own counts is the daily run's own detector, which also joins streams
    and neighbours; a file has neither borders nor confirmed outbreaks for that."""
    name = options.checked()
    if file is None and options.plain:
        asked = daily.ask(installation.of(context), as_of=options.as_of, a_week=options.budget)
        _print(daily.told(asked)) if options.as_json else daily.show(asked)
        return
    counts = _data(context, file, options)
    grid = counts.grid(counts.last)
    day = run.one(counts, grid, name, alpha=options.alpha, a_week=options.budget)
    if options.as_json:
        _print(run.told(counts, grid, day, name))
    else:
        run.show(counts, grid, day, name)


@app.command("explain")
@shared("budget")
def _explain(
    context: typer.Context,
    county: Annotated[str, typer.Argument(help="Division code, or the unit of the file.")],
    stream: Annotated[str, typer.Argument(help="The stream, e.g. fever_clinic.")],
    day: Annotated[str, typer.Argument(help="The day, e.g. 2022-11-08, or the date of the week.")],
    file: OneFile = None,
    *,
    options: Options,
) -> None:
    """One test in sentences: what it is held against, what was left out, and what others said."""
    name = options.checked()
    asked = _date(day)
    counts = _data(context, file, options)
    told = explain.explain(
        counts, county, stream, counts.ending(asked), name=name, alpha=options.alpha
    )
    if file is None and options.plain:
        of_day = daily.ask(installation.of(context), as_of=options.as_of, on=asked)
        told["sentences"] = [
            *daily.sentences(of_day, county, stream),
            f"By itself, at {options.alpha:g} false alarms a test:",
            *told["sentences"],
        ]
    _print(told) if options.as_json else explain.show(told)


@app.command("backtest")
@shared()
def _backtest(
    context: typer.Context,
    file: File = None,
    stream: Annotated[str, typer.Option(help="Of the own counts, this stream.")] = "",
    begin: Annotated[str, typer.Option("--from", help="First day; default: the first.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day; default: the last.")] = "",
    known: Annotated[
        bool, typer.Option("--known", help="Each day with what was known by its end.")
    ] = False,
    *,
    options: Options,
) -> None:
    """What would have been raised day by day; against the column outbreak, what was found, how late
    and how much of it was true."""
    name = options.checked()
    if (file is None) == (not stream):
        raise BadInput("warn.which", "Give a FILE, or --stream of the own counts, not both.")
    counts = _data(context, file, options, stream)
    first = _date(begin) if begin else counts.first
    last = min(counts.ending(_date(end)), counts.last) if end else counts.last
    told = backtest.replay(
        counts, first, last, name=name, alpha=options.alpha, a_week=options.budget, known=known
    )
    if options.as_json:
        _print(backtest.as_json(counts, told, known))
    else:
        backtest.show(counts, told, name=name, known=known, a_week=options.budget)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("warn.date", f"'{text}' is no date; write it like 2022-11-08.") from error
