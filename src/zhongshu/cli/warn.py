"""`zhongshu warn`: early warning on the headquarters' own counts, or on those of a file.

Nothing is written to the registers: the daily cycle does that.
"""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from zhongshu.cli import (
    installation,
    warnbacktest,
    warndaily,
    warndata,
    warnexplain,
    warnmethods,
    warnrun,
)
from zhongshu.cli.warndata import Data
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day

app = typer.Typer(
    help="Early warning: run a day's tests, explain one, replay the past.", no_args_is_help=True
)
# The chance of a false alarm in use at the CDC for daily counts (Salmon et al. 2016).
ALPHA = 0.001


class StepName(StrEnum):
    DAY = "day"
    WEEK = "week"


File = Annotated[
    Path | None,
    typer.Argument(help="CSV: date, count and unit, stream, known_at, outbreak or not.",
                   metavar="[FILE]"),
]  # fmt: skip
OneFile = Annotated[Path | None, typer.Option("--file", help="CSV instead of the own counts.")]
How = Annotated[str, typer.Option("--method", help=f"One of {', '.join(warnmethods.NAMES)}.")]
Budget = Annotated[
    float | None, typer.Option(help="Alerts a week, on average, spent on the most probable.")
]
AsOf = Annotated[str, typer.Option(help="By what was known then; default: now.")]
Alpha = Annotated[
    float, typer.Option(help="Chance of a false alarm a test, for default and farrington.")
]
EveryStep = Annotated[
    StepName | None, typer.Option("--step", help="day or week; default: as the dates lie.")
]
Break = Annotated[
    list[str] | None,
    typer.Option("--break", help="First day of a new definition: UNIT:STREAM=DATE, * for every."),
]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of tables.")]


def _data(
    context: typer.Context,
    file: Path | None,
    as_of: str,
    step: StepName | None,
    breaks: list[str] | None,
    stream: str = "",
) -> Data:
    here = installation.of(context)
    every = step.value if step else ""
    if file is None:
        return warndata.of_headquarters(
            here, as_of=as_of, step=every, breaks=breaks or [], stream=stream
        )
    return warndata.of_file(
        file, as_of=as_of, step=every, breaks=breaks or [], today=beijing_day(here.wall())
    )


def _checked(method: str, alpha: float, budget: float | None) -> str:
    if not 1e-6 <= alpha <= 0.2:
        raise BadInput("warn.alpha", "--alpha is the share of false alarms: 0.000001 to 0.2.")
    if budget is not None and not budget > 0:
        raise BadInput("warn.budget", "--budget is a number of alerts a week, above 0.")
    return warnmethods.code(method)


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


@app.command("run")
def run(
    context: typer.Context,
    file: File = None,
    as_of: AsOf = "",
    method: How = warnmethods.DEFAULT,
    budget: Budget = None,
    alpha: Alpha = ALPHA,
    step: EveryStep = None,
    breaks: Break = None,
    as_json: Json = False,
) -> None:
    """Test the last day (or week) of every series: what is raised, strongest first; nothing is
    written. The default on the own counts is the daily run's own detector."""
    name = _checked(method, alpha, budget)
    if file is None and name == warnmethods.DEFAULT and not (step or breaks):
        asked = warndaily.ask(installation.of(context), as_of=as_of, a_week=budget)
        _print(warndaily.told(asked)) if as_json else warndaily.show(asked)
        return
    data = _data(context, file, as_of, step, breaks)
    grid = data.grid(data.last)
    day = warnrun.one(data, grid, name, alpha=alpha, a_week=budget)
    if as_json:
        _print(warnrun.told(data, grid, day, name))
    else:
        warnrun.show(data, grid, day, name)


@app.command("explain")
def explain(
    context: typer.Context,
    county: Annotated[str, typer.Argument(help="Division code, or the unit of the file.")],
    stream: Annotated[str, typer.Argument(help="The stream, e.g. fever_clinic.")],
    day: Annotated[str, typer.Argument(help="The day, e.g. 2022-11-08, or the date of the week.")],
    file: OneFile = None,
    as_of: AsOf = "",
    method: How = warnmethods.DEFAULT,
    alpha: Alpha = ALPHA,
    step: EveryStep = None,
    breaks: Break = None,
    as_json: Json = False,
) -> None:
    """One test in sentences: what it is held against, what was left out, and what others said."""
    name = _checked(method, alpha, None)
    asked = _date(day)
    data = _data(context, file, as_of, step, breaks)
    told = warnexplain.explain(data, county, stream, data.ending(asked), name=name, alpha=alpha)
    if file is None and name == warnmethods.DEFAULT and not (step or breaks):
        of_day = warndaily.ask(installation.of(context), as_of=as_of, on=asked)
        told["sentences"] = [
            *warndaily.sentences(of_day, county, stream),
            f"By itself, at {alpha:g} false alarms a test:",
            *told["sentences"],
        ]
    _print(told) if as_json else warnexplain.show(told)


@app.command("backtest")
def backtest(
    context: typer.Context,
    file: File = None,
    stream: Annotated[str, typer.Option(help="Of the own counts, this stream.")] = "",
    begin: Annotated[str, typer.Option("--from", help="First day; default: the first.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day; default: the last.")] = "",
    known: Annotated[
        bool, typer.Option("--known", help="Each day with what was known by its end.")
    ] = False,
    as_of: AsOf = "",
    method: How = warnmethods.DEFAULT,
    budget: Budget = None,
    alpha: Alpha = ALPHA,
    step: EveryStep = None,
    breaks: Break = None,
    as_json: Json = False,
) -> None:
    """What would have been raised day by day; against the column outbreak, what was found, how late
    and how much of it was true."""
    name = _checked(method, alpha, budget)
    if (file is None) == (not stream):
        raise BadInput("warn.which", "Give a FILE, or --stream of the own counts, not both.")
    data = _data(context, file, as_of, step, breaks, stream)
    first = _date(begin) if begin else data.first
    last = min(data.ending(_date(end)), data.last) if end else data.last
    told = warnbacktest.replay(
        data, first, last, name=name, alpha=alpha, a_week=budget, known=known
    )
    if as_json:
        _print(warnbacktest.as_json(data, told, known))
    else:
        warnbacktest.show(data, told, name=name, known=known, a_week=budget)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("warn.date", f"'{text}' is no date; write it like 2022-11-08.") from error
