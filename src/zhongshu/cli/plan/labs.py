"""`zhongshu plan labs`: couriers' loads of a table to laboratories and runs."""

from __future__ import annotations

from typing import Annotated

import typer

from zhongshu.cli.plan import files
from zhongshu.cli.plan.commands import NONE, File, Json, Rules, Seed, To, app, checked, say
from zhongshu.connectors import tablefiles
from zhongshu.engines.testing.labs import model, solve, validate
from zhongshu.kernel.time import parse_moment

Start = Annotated[
    str, typer.Option(help="Start of the plan with its zone: 2022-11-08T08:00+08:00.")
]
Moves = Annotated[int, typer.Option(min=0, help="Changes of the plan to try.")]
Steps = Annotated[int, typer.Option(min=0, help="Steps of the prices that prove the bound.")]

SOME = model.Limit()


@app.command("labs")
def labs_of_loads(
    loads: File,
    labs: File,
    rules: Rules,
    start: Start,
    moves: Moves = SOME.moves,
    steps: Steps = SOME.steps,
    seed: Seed = 1,
    to: To = None,
    as_json: Json = False,
) -> None:
    """A laboratory and its runs for each courier's load of tubes."""
    by = files.rules(rules, model.LabRules)
    given = {
        "loads": tablefiles.read(loads, model.LOADS, NONE),
        "labs": tablefiles.read(labs, model.LABS, model.LAB_EXTRAS),
    }
    begins = parse_moment(start)
    plan = solve.plan(
        **given, rules=by, start=begins, limit=model.Limit(moves=moves, steps=steps), seed=seed
    )
    checked(validate.check(plan, **given, rules=by, start=begins))
    if to is not None:
        names = ("assigned", "runs", "contents", "use")
        files.write(to, {name: getattr(plan, name) for name in names}, plan.answer)
    tubes = sum(given["loads"]["tubes"].to_pylist())
    said = f"{plan.tubes} of {tubes} tubes are run, on average {plan.mean_h:.2f} h to the result"
    if plan.last_at is not None:
        said += f", the last at {plan.last_at.astimezone(begins.tzinfo).isoformat()}"
    say(plan.answer, said, as_json=as_json)
