"""`zhongshu plan testing`: a round of mass sampling from tables of one's own."""

from __future__ import annotations

from typing import Annotated

import typer

from zhongshu.cli.plan import files
from zhongshu.cli.plan.commands import NONE, File, Json, Rules, Seed, To, app, checked, say
from zhongshu.engines.testing import model, solve, spread, validate
from zhongshu.kernel.time import parse_moment

Start = Annotated[
    str, typer.Option(help="When the order goes out, with its zone: 2022-11-08T08:00+08:00.")
]
Varies = Annotated[
    tuple[float, float, float],
    typer.Option(
        help="How much points, roads and laboratories vary (coefficients of variation); then the "
        "last result is told with an interval."
    ),
]


@app.command("testing")
def sampling(
    villages: File,
    candidates: File,
    labs: File,
    rules: Rules,
    start: Start,
    varies: Varies = (0.0, 0.0, 0.0),
    seed: Seed = 1,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Sampling points, desks, tubes and couriers for a round of the villages of a table."""
    by = files.rules(rules, model.RoundRules)
    given = {
        "villages": files.read(villages, model.VILLAGES, NONE),
        "candidates": files.read(candidates, model.CANDIDATES, model.CANDIDATE_EXTRAS),
        "labs": files.read(labs, model.LABS, NONE),
    }
    begins = parse_moment(start)
    plan = solve.plan_round(**given, rules=by, start=begins)
    checked(validate.check(plan, **given, rules=by))
    if to is not None:
        names = ("points", "walks", "labs", "alternatives", "prices")
        files.write(to, {name: getattr(plan, name) for name in names}, plan.answer)
    everybody = sum(given["villages"]["people"].to_pylist())
    said = f"{plan.people} of {everybody} people have a point, {plan.points.num_rows} points"
    if plan.finish_at is not None:
        said += f", last result {plan.finish_at.astimezone(begins.tzinfo).isoformat()}"
    found = spread.last_result(plan, by, spread.Spread(*varies), start=begins, seed=seed)
    if found is not None and any(varies):
        low, high = (
            at.astimezone(begins.tzinfo).isoformat() for at in (found.low_at, found.high_at)
        )
        said += f" (eight of ten times between {low} and {high})"
    say(plan.answer, said, as_json=as_json)
