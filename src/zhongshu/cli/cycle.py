"""`zhongshu cycle`: the daily dispatch, once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhongshu.cli import installation, intake, report
from zhongshu.cli.installation import Installation
from zhongshu.cli.output import Steps, out, steps
from zhongshu.kernel.time import parse_moment
from zhongshu.lake.lake import Lake

if TYPE_CHECKING:
    from zhongshu.service.periods.models import Run

app = typer.Typer(
    help="The cycle: detect, trace, estimate, zone, plan, propose.", no_args_is_help=True
)
SEED = 1


@app.command("run")
def run(
    context: typer.Context,
    as_of: Annotated[str, typer.Option(help="What was known at this moment; default: now.")] = "",
    feeds: Annotated[Path | None, typer.Option(help="Take this folder of feeds first.")] = None,
) -> None:
    """Run the cycle once and print what it found and proposes.  The same inputs change nothing."""
    here = installation.of(context)
    here.open()
    from zhongshu.cli import situation

    now = intake.headquarters_now(here)
    moment = parse_moment(as_of) if as_of else now.replace(second=0, microsecond=0)
    with steps() as step:
        if feeds:
            intake.take(here, feeds, received_at=min(now, moment), step=step)
        record = run_once(here, moment, step)
        report.write_all(here, step)
    out.print(
        f"Run {record.pk} as of {situation.shown(record.as_of)}: {record.state}, "
        f"attempt {record.attempts}"
    )
    situation.show(record.as_of, now=intake.headquarters_now(here))
    if record.state != record.State.DONE:
        raise typer.Exit(1)


@app.command("show")
def show(
    context: typer.Context,
    as_of: Annotated[str, typer.Option(help="As known at this moment; default: last run.")] = "",
) -> None:
    """Print the situation and the waiting proposals."""
    here = installation.of(context)
    here.open()
    from zhongshu.cli import situation

    now = intake.headquarters_now(here)
    situation.show(parse_moment(as_of) if as_of else None, now=now)


def run_or_last(here: Installation, as_of: dt.datetime, step: Steps) -> Run:
    """The cycle as of a moment, or the newest run where one for a later moment stands."""
    from zhongshu.service.periods import facade as periods

    last = periods.last_as_of()
    if last is not None and last > as_of and (found := periods.latest_run(last)):
        return found
    return run_once(here, as_of, step)


def run_once(here: Installation, as_of: dt.datetime, step: Steps) -> Run:
    """The cycle as of a moment, in this process."""
    from zhongshu.service.periods.cycle import run as cycle

    return cycle.run(
        as_of=as_of,
        lake=Lake(here.lake_root),
        seed=SEED,
        clock=lambda: intake.headquarters_now(here),
        progress=step,
    )
