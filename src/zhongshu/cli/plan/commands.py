"""`zhongshu plan rooms|transfer`: a plan from files, through the validator before it is shown.

The other planners are modules beside this one, which add their command to `app`.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from zhongshu.cli.output import out, table
from zhongshu.cli.plan import files
from zhongshu.connectors import roadtables, tablefiles
from zhongshu.engines.transfer import model, solve, validate
from zhongshu.engines.transfer.trips.distances import Remembered
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plan import Answer

app = typer.Typer(help="Plan dispatch from tables of your own.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or Parquet.")]
Rules = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="YAML with the rules.")]
To = Annotated[Path | None, typer.Option(help="Folder for the plan's tables; default: none.")]
Json = Annotated[bool, typer.Option("--json", help="The answer as JSON.")]
Seconds = Annotated[float, typer.Option(min=0.1, help="How long to search.")]
Iterations = Annotated[int, typer.Option(min=0, help="Changes to try instead of seconds.")]
Seed = Annotated[int, typer.Option(help="The same seed and iterations give the same plan.")]
Processes = Annotated[int, typer.Option(min=1, help="Parts of a large day searched at a time.")]
Points = Annotated[Path | None, typer.Option(help="Points of a distance matrix: point,lon,lat.")]
Legs = Annotated[Path | None, typer.Option(help="Its legs: from,to,metres,seconds.")]
Service = Annotated[str, typer.Option(help="OSRM or Valhalla: osrm+URL or valhalla+URL.")]
On = Annotated[str, typer.Option(help="First day, YYYY-MM-DD.")]
NONE = pa.schema([])


@app.command("rooms")
def rooms(people: File, rooms: File, rules: Rules, to: To = None, as_json: Json = False) -> None:
    """Isolation rooms for the people of a table."""
    asked = tablefiles.read(people, model.PEOPLE, NONE)
    places = tablefiles.read(rooms, model.ROOMS, model.ROOM_EXTRAS)
    by = files.rules(rules, model.RoomRules)
    plan = solve.rooms(asked, places, by)
    checked(validate.check_rooms(plan, people=asked, rooms=places, rules=by))
    if to is not None:
        files.write(to, {"assignments": plan.assignments, "sites": plan.sites}, plan.answer)
    say(plan.answer, f"{plan.served} of {asked.num_rows} people have a room", as_json=as_json)


@app.command("transfer")
def transfer(
    stops: File,
    vehicles: File,
    sites: File,
    rules: Rules,
    seconds: Seconds = 10.0,
    iterations: Iterations = 0,
    seed: Seed = 1,
    processes: Processes = 2,
    points: Points = None,
    legs: Legs = None,
    service: Service = "",
    to: To = None,
    as_json: Json = False,
) -> None:
    """Trips that bring the homes of a table to their sites in one shift."""
    asked = tablefiles.read(stops, model.STOPS, model.STOP_EXTRAS)
    cars = tablefiles.read(vehicles, model.VEHICLES, model.VEHICLE_EXTRAS)
    places = tablefiles.read(sites, model.SITES, NONE)
    by = files.rules(rules, model.TripRules)
    limit = model.Limit(seconds=seconds, processes=processes)
    if iterations:
        limit = model.Limit(iterations=iterations, processes=processes)
    find = _finder(points, legs, service)
    plan = solve.trips(asked, cars, places, by, limit=limit, seed=seed, roads=find)
    drive_s = find.drive_s if find else None
    checked(
        validate.check_trips(
            plan, stops=asked, vehicles=cars, sites=places, rules=by, drive_s=drive_s
        )
    )
    if to is not None:
        files.write(to, {"trips": plan.trips, "stops": plan.stops}, plan.answer)
    people = sum(asked["persons"].to_pylist())
    said = f"{plan.served_persons} of {people} people are fetched, {plan.trips.num_rows} trips"
    say(plan.answer, said, as_json=as_json)


def _finder(points: Path | None, legs: Path | None, service: str) -> Remembered | None:
    if service:
        return Remembered(roadtables.service(service))
    if (points is None) != (legs is None):
        raise BadInput(
            "plan.half_a_matrix", "A distance matrix needs both --points and --legs; give both."
        )
    if points is None or legs is None:
        return None
    return Remembered(roadtables.matrix(points, legs))


def day(text: str) -> dt.date:
    """Refuses (BadInput) what is no date."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            "plan.bad_date", f"'{text}' is no day; write it as 2022-11-08.", given=text
        ) from None


def checked(faults: list[str]) -> None:
    """Stops where the validator found something: a fault of ours."""
    if faults:
        raise RuntimeError("The validator found: " + "; ".join(faults[:5]))


def say(answer: Answer, headline: str, *, as_json: bool) -> None:
    """The answer of any planner: value, bound, gap, what is left out and why."""
    if as_json:
        typer.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2))
        return
    bound = "no bound" if answer.bound is None else f"bound {answer.bound:.1f}"
    gap = "" if answer.gap is None else f", gap {answer.gap:.2%}"
    out.print(
        f"{headline}; {answer.value:.1f} {answer.unit} ({bound}{gap}), {answer.seconds:.1f} s"
    )
    for note in answer.notes:
        out.print(f"note: {note}")
    if answer.binding:
        rows = [(name, amount) for name, amount in answer.binding.items()]
        table("Left out, by what binds", ("constraint", answer.unserved["what"][0].as_py()), rows)
