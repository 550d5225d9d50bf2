"""`zhongshu init`, `up`, `worker`: the installation itself."""

from __future__ import annotations

import typer

from zhongshu.cli import installation
from zhongshu.cli.installation import Installation
from zhongshu.cli.output import Steps, out, steps


def register(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("up")(up)
    app.command("worker", hidden=True)(worker)


def init(context: typer.Context) -> None:
    """Create the database, its tables and the reference units.  Safe to run again."""
    here = installation.of(context)
    with steps() as step:
        step("database", 0.1)
        here.open()
        step("database", 1.0)
        load_reference(here, step)
    out.print(
        f"Ready in {here.var}.  Next: zhongshu incident open, zhongshu user add, zhongshu up."
    )


def load_reference(here: Installation, step: Steps) -> None:
    """Load divisions and census into the units register; the same ones again change nothing."""
    from zhongshu.service.units import facade as units

    step("reference units", 0.1)
    units.load_reference(now=here.wall())
    step("reference units", 1.0)


def up(context: typer.Context) -> None:
    """Serve the console and run the background worker until Ctrl-C."""
    here = installation.of(context)
    out.print(f"Console on {here.url}.  Ctrl-C stops everything.")
    raise typer.Exit(here.serve(say=out.print))


def worker(context: typer.Context) -> None:
    """Run background work (started by `up`)."""
    installation.of(context).work()
