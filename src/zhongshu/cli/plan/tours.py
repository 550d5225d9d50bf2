"""`zhongshu plan couriers|visits|again`: tubes to laboratories, people sampled at home."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from zhongshu.cli.plan import files
from zhongshu.cli.plan.commands import NONE, File, Json, Rules, Seed, To, app, checked, say
from zhongshu.connectors import tablefiles
from zhongshu.engines.testing.recollect import model as againmodel
from zhongshu.engines.testing.recollect import solve as again
from zhongshu.engines.testing.recollect import validate as againcheck
from zhongshu.engines.testing.tours import couriers, model, validate, visits

Couriers = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Couriers' cars: their tours are planned too."),
]
Visits = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Homes and cells to be sampled at home."),
]
Teams = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="Mobile teams for --visits.")
]
Tours = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="YAML with TourRules for couriers and teams."),
]
TourFile = Annotated[
    Path, typer.Option(exists=True, dir_okay=False, help="YAML with TourRules for the teams.")
]
Changes = Annotated[int, typer.Option(min=0, help="Changes of the tours to try.")]
TABLES = ("trips", "stops")


@dataclasses.dataclass(frozen=True)
class Figures:
    """The rules of `plan again`, besides those of its tours."""

    recollect_h: float
    result_h: float
    walk_max_km: float


@app.command("couriers")
def couriers_of_points(
    points: File,
    labs: File,
    cars: File,
    rules: Rules,
    changes: Changes = model.SOME.iterations,
    seed: Seed = 1,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Tours of couriers: tubes of the points of a table to their laboratories, none too old."""
    by = files.rules(rules, model.TourRules)
    spots = tablefiles.read(points, model.POINTS, model.POINT_EXTRAS)
    places = tablefiles.read(labs, model.PLACES, NONE)
    limit = model.Limit(iterations=changes)
    by_couriers(spots, places, cars, by, limit, seed, to, as_json=as_json)


@app.command("visits")
def visits_of_homes(
    homes: File,
    teams: File,
    labs: File,
    rules: Rules,
    changes: Changes = model.SOME.iterations,
    seed: Seed = 1,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Tours of mobile teams: the old at home, and others who cannot come to a point."""
    by = files.rules(rules, model.TourRules)
    places = tablefiles.read(labs, model.PLACES, NONE)
    limit = model.Limit(iterations=changes)
    by_teams(homes, teams, places, by, limit, seed, to, as_json=as_json)


@app.command("again")
def again_of_tubes(
    members: File,
    teams: File,
    labs: File,
    points: File,
    rules: Rules,
    tours: TourFile,
    changes: Changes = model.SOME.iterations,
    seed: Seed = 1,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Who of positive tubes is sampled again, singly: at home by a team, or at a point."""
    figures = files.rules(rules, Figures)
    by = againmodel.AgainRules(
        tours=files.rules(tours, model.TourRules), **dataclasses.asdict(figures)
    )
    given = {
        "members": tablefiles.read(members, againmodel.MEMBERS, NONE),
        "points": tablefiles.read(points, againmodel.OPEN_POINTS, NONE),
    }
    driven = {
        "teams": tablefiles.read(teams, model.VEHICLES, model.VEHICLE_EXTRAS),
        "labs": tablefiles.read(labs, model.PLACES, NONE),
    }
    plan = again.plan(
        **given,
        **driven,
        rules=by,
        limit=model.Limit(iterations=changes),
        seed=seed,
    )
    checked(againcheck.check(plan, **given, rules=by))
    owed = againcheck.visits(given["members"], by)
    checked(validate.check_visits(plan.visits, visits=owed, **driven, rules=by.tours))
    if to is not None:
        found = {name: getattr(plan.visits, name) for name in TABLES}
        files.write(to, {"sampled": plan.sampled, **found}, plan.answer)
    everybody = given["members"].num_rows
    said = (
        f"{plan.at_home} of {everybody} people are sampled again at home, {plan.at_points} at a "
        f"point, {plan.late} later than {by.recollect_h:g} h"
    )
    say(plan.answer, said, as_json=as_json)


def by_couriers(
    points: pa.Table,
    labs: pa.Table,
    cars: Path,
    by: model.TourRules,
    limit: model.Limit,
    seed: int,
    to: Path | None,
    *,
    as_json: bool,
) -> None:
    given = {
        "points": points,
        "labs": labs,
        "couriers": tablefiles.read(cars, model.VEHICLES, model.VEHICLE_EXTRAS),
    }
    plan = couriers.plan(**given, rules=by, limit=limit, seed=seed)
    checked(validate.check_couriers(plan, **given, rules=by))
    tubes, of = sum(plan.stops["tubes"].to_pylist()), sum(points["tubes"].to_pylist())
    _told(plan, f"{tubes} of {of} tubes reach their laboratory", to, as_json=as_json)


def by_teams(
    homes: Path,
    teams: Path,
    labs: pa.Table,
    by: model.TourRules,
    limit: model.Limit,
    seed: int,
    to: Path | None,
    *,
    as_json: bool,
) -> None:
    given = {
        "visits": tablefiles.read(homes, model.VISITS, model.VISIT_EXTRAS),
        "teams": tablefiles.read(teams, model.VEHICLES, model.VEHICLE_EXTRAS),
        "labs": labs,
    }
    plan = visits.plan(**given, rules=by, limit=limit, seed=seed)
    checked(validate.check_visits(plan, **given, rules=by))
    people, of = (sum(table["persons"].to_pylist()) for table in (plan.stops, given["visits"]))
    _told(plan, f"{people} of {of} people are sampled at home", to, as_json=as_json)


def _told(plan: model.TourPlan, said: str, to: Path | None, *, as_json: bool) -> None:
    if to is not None:
        files.write(to, {name: getattr(plan, name) for name in TABLES}, plan.answer)
    said += (
        f" by {plan.vehicles} vehicles on {plan.trips.num_rows} trips, the oldest tube after "
        f"{plan.oldest_h:.2f} h"
    )
    if plan.suffice is not None and plan.suffice != plan.vehicles:
        said += f" ({plan.suffice} vehicles were found to do for all)"
    say(plan.answer, said, as_json=as_json)
