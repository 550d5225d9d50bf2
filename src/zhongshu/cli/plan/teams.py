"""`zhongshu plan teams`: a roster of the people of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhongshu.cli.plan import files
from zhongshu.cli.plan.commands import NONE, File, Json, Rules, Seed, To, app, checked, say
from zhongshu.connectors import tablefiles
from zhongshu.engines.teams import model, solve, validate

Work = Annotated[float, typer.Option(min=0.1, help="How long to search; not seconds.")]
Words = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="CSV or Parquet.")]


@app.command("teams")
def teams(
    staff: File,
    needs: File,
    rules: Rules,
    words: Words = None,
    work: Work = 30.0,
    seed: Seed = 1,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Who of a table works where and when, within rest, hours and travel."""
    by = files.rules(rules, model.TeamRules)
    given = {
        "staff": tablefiles.read(staff, model.STAFF, model.STAFF_EXTRAS),
        "needs": tablefiles.read(needs, model.NEEDS, model.NEED_EXTRAS),
        "words": None if words is None else tablefiles.read(words, model.WORDS, NONE),
    }
    plan = solve.plan(**given, rules=by, limit=model.Limit(work=work), seed=seed)
    checked(validate.check(plan, **given, rules=by))
    if to is not None:
        tables = {name: getattr(plan, name) for name in ("duties", "tasks", "cover", "hours")}
        files.write(to, tables, plan.answer)
    say(plan.answer, f"{plan.given} of {plan.wanted} places are filled", as_json=as_json)
