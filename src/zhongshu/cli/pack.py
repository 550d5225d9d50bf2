"""`zhongshu pack`: the policy packs and their figures."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from zhongshu.cli import installation
from zhongshu.cli.output import out, table
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader

app = typer.Typer(help="Policy packs: the figures that rules apply.", no_args_is_help=True)


@app.command("show")
def show(
    context: typer.Context,
    pack_id: Annotated[str, typer.Argument(help="e.g. cn-covid-9")],
    on: Annotated[str, typer.Option(help="Day whose amendments apply, e.g. 2022-11-12.")] = "",
) -> None:
    """The figures of a pack as in force on a day, with source and verified mark."""
    day = dt.date.fromisoformat(on) if on else beijing_day(installation.of(context).wall())
    pack = reader.in_force(pack_id, on=day)
    rows = [
        (key, figure.value, figure.unit, figure.rule_id, "✓" if figure.verified else "unverified")
        for key, figure in sorted(pack.figures().items())
    ]
    table(f"{pack.version} on {day}", ("key", "value", "unit", "rule", "mark"), rows)
    out.print(f"{len(rows)} figures")
