"""`zhongshu plan beds`: patients of a table to hospitals, with the load of the days after."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhongshu.cli.plan import files
from zhongshu.cli.plan.commands import NONE, File, Json, On, Rules, To, app, checked, day, say
from zhongshu.connectors import tablefiles
from zhongshu.engines.beds import model, solve, validate

Optional = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="CSV or Parquet.")]


@app.command("beds")
def beds(
    groups: File,
    hospitals: File,
    pools: File,
    rules: Rules,
    on: On,
    forecast: Optional = None,
    words: Optional = None,
    staff: Optional = None,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Hospital beds for the groups of patients of a table, and the load of the days after."""
    by = files.rules(rules, model.BedRules)
    given = {
        "groups": tablefiles.read(groups, model.GROUPS, model.GROUP_EXTRAS),
        "hospitals": tablefiles.read(hospitals, model.HOSPITALS, model.HOSPITAL_EXTRAS),
        "pools": tablefiles.read(pools, model.POOLS, model.POOL_EXTRAS),
        "forecast": None if forecast is None else tablefiles.read(forecast, model.FORECAST, NONE),
        "words": None if words is None else tablefiles.read(words, model.WORDS, NONE),
    }
    people = None if staff is None else tablefiles.read(staff, model.STAFF, NONE)
    first = day(on)
    plan = solve.plan(**given, staff=people, rules=by, on=first)
    checked(validate.check(plan, **given, rules=by, on=first))
    names = ("assignments", "load", "later", "expected", "short", "staff_needs")
    if to is not None:
        files.write(to, {name: getattr(plan, name) for name in names}, plan.answer)
    say(plan.answer, f"{plan.served} of {plan.persons} people have a bed", as_json=as_json)
