"""`zhongshu world`: the synthetic province, and how well the headquarters saw through it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhongshu.cli import installation, worldbuild
from zhongshu.cli.output import out, steps

app = typer.Typer(help="A synthetic province with known truth.", no_args_is_help=True)

PEOPLE = Annotated[int, typer.Option(help="Synthetic people.", min=2_000)]
DAYS = Annotated[int, typer.Option(help="Days simulated.", min=3, max=120)]
SEED = Annotated[int, typer.Option(help="Seed; the same seed gives the same world.")]
HISTORY = Annotated[
    int,
    typer.Option(
        "--history-days",
        help="Days of sentinel counts before the first day; about 1,300 for joint signals.",
        min=0,
        max=1_700,
    ),
]


@app.command("build")
def build(
    context: typer.Context,
    people: PEOPLE = 200_000,
    days: DAYS = 21,
    seed: SEED = 20221019,
    history_days: HISTORY = 0,
    to: Annotated[Path | None, typer.Option(help="Folder (default: var/world).")] = None,
) -> None:
    """Build a synthetic world and write its feeds; does nothing when it is already there."""
    here = installation.of(context)
    with steps() as step:
        summary = worldbuild.build(
            to or here.world_root,
            people=people,
            days=days,
            seed=seed,
            history_days=history_days,
            step=step,
        )
    out.print(worldbuild.describe(summary))


@app.command("verify")
def verify(context: typer.Context) -> None:
    """Compare what tracing found with the world's truth (the truth is read only here)."""
    here = installation.of(context)
    here.open()
    from zhongshu.cli import intake, recall

    recall.show(here, intake.headquarters_now(here))
