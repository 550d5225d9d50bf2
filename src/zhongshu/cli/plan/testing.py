"""`zhongshu plan testing`: a round of mass sampling from tables of one's own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import typer

from zhongshu.cli.plan import files
from zhongshu.cli.plan.commands import NONE, File, Json, Rules, Seed, To, app, checked, say
from zhongshu.cli.plan.tours import Couriers, Teams, Tours, Visits, by_couriers, by_teams
from zhongshu.connectors import tablefiles
from zhongshu.engines.testing import model, rounds, solve, validate
from zhongshu.engines.testing.labs import model as labmodel
from zhongshu.engines.testing.tours import model as tourmodel
from zhongshu.kernel.errors import BadInput
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
Machines = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="YAML with LabRules: LABS then has machines, batch and run_h, and every tube a run.",
    ),
]
Series = Annotated[
    tuple[int, int, int],
    typer.Option(help="First rounds, days of pause, rounds after it: 3 3 1 tells their days."),
]


@app.command("testing")
def sampling(
    villages: File,
    candidates: File,
    labs: File,
    rules: Rules,
    start: Start,
    varies: Varies = (0.0, 0.0, 0.0),
    machines: Machines = None,
    couriers: Couriers = None,
    visits: Visits = None,
    teams: Teams = None,
    tours: Tours = None,
    series: Series = (0, 0, 0),
    seed: Seed = 1,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Sampling points, desks, tubes and couriers for a round of the villages of a table."""
    _check(couriers, visits, teams, tours)
    by = files.rules(rules, model.RoundRules)
    runs = None if machines is None else files.rules(machines, labmodel.LabRules)
    given = {
        "villages": tablefiles.read(villages, model.VILLAGES, NONE),
        "candidates": tablefiles.read(candidates, model.CANDIDATES, model.CANDIDATE_EXTRAS),
        "labs": tablefiles.read(labs, model.LABS, NONE)
        if runs is None
        else tablefiles.read(labs, labmodel.LABS, labmodel.LAB_EXTRAS),
    }
    begins = parse_moment(start)
    vary = model.Spread(*varies) if any(varies) else None
    plan = solve.plan_round(**given, rules=by, start=begins, machines=runs, varies=vary, seed=seed)
    checked(validate.check(plan, **given, rules=by, machines=runs))
    if to is not None:
        files.write(to, _tables(plan, series, begins), plan.answer)
    everybody = sum(given["villages"]["people"].to_pylist())
    say(plan.answer, _said(plan, everybody, begins, series), as_json=as_json)
    _tours(plan, given, (couriers, visits, teams, tours), seed, to, as_json=as_json)


def _check(*paths: Path | None) -> None:
    couriers, visits, teams, tours = paths
    asked = couriers is not None or visits is not None
    if (asked and tours is None) or (visits is None) != (teams is None):
        raise BadInput(
            "plan.half_of_tours", "Tours need --tours, and --visits needs --teams; give both."
        )


def _tables(
    plan: model.RoundPlan, series: tuple[int, int, int], begins: dt.datetime
) -> dict[str, pa.Table]:
    names = ("points", "walks", "labs", "alternatives", "prices")
    tables = {name: getattr(plan, name) for name in names}
    if plan.laboratories is not None:
        tables |= {name: getattr(plan.laboratories, name) for name in ("assigned", "runs")}
    if any(series):
        tables["days"] = pa.table({"on": _days(series, begins)})
    return tables


def _days(series: tuple[int, int, int], begins: dt.datetime) -> list[dt.date]:
    return rounds.days(rounds.Schedule(*series), begins.date(), {})


def _said(
    plan: model.RoundPlan, everybody: int, begins: dt.datetime, series: tuple[int, int, int]
) -> str:
    said = f"{plan.people} of {everybody} people have a point, {plan.points.num_rows} points"
    if plan.finish_at is not None:
        said += f", last result {plan.finish_at.astimezone(begins.tzinfo).isoformat()}"
    if plan.expected is not None:
        low, high = (
            at.astimezone(begins.tzinfo).isoformat()
            for at in (plan.expected.low_at, plan.expected.high_at)
        )
        said += f" (eight of ten times between {low} and {high})"
    if any(series):
        said += ", rounds on " + ", ".join(day.isoformat() for day in _days(series, begins))
    return said


def _tours(
    plan: model.RoundPlan,
    given: dict[str, pa.Table],
    paths: tuple[Path | None, ...],
    seed: int,
    to: Path | None,
    *,
    as_json: bool,
) -> None:
    """Couriers for the points of the round, teams for those at home."""
    couriers, visits, teams, tours = paths
    if couriers is None and visits is None:
        return
    assert tours is not None
    by = files.rules(tours, tourmodel.TourRules)
    limit = tourmodel.SOME
    labs = given["labs"].select(tourmodel.PLACES.names)
    if couriers is not None:
        spots = {row["point_id"]: row for row in given["candidates"].to_pylist()}
        rows: list[dict[str, Any]] = [
            {**row, **{key: spots[row["point_id"]][key] for key in ("lon", "lat")}}
            for row in plan.points.to_pylist()
        ]
        schema = pa.schema([*tourmodel.POINTS, *tourmodel.POINT_EXTRAS])
        points = pa.Table.from_pylist(rows, schema=schema)
        by_couriers(points, labs, couriers, by, limit, seed, to and to / "couriers",
                    as_json=as_json)  # fmt: skip
    if visits is not None and teams is not None:
        by_teams(visits, teams, labs, by, limit, seed, to and to / "visits", as_json=as_json)
