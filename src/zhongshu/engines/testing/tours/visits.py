"""Mobile teams' tours: people who cannot walk to a point are sampled at home."""

from __future__ import annotations

import math
import time
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing.tours import answer, ground, model
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import table_hash

Row = dict[str, Any]


def plan(
    *,
    visits: pa.Table,
    teams: pa.Table,
    labs: pa.Table,
    rules: model.TourRules,
    limit: model.Limit = model.SOME,
    seed: int = 1,
) -> model.TourPlan:
    """Tours of `teams` (model.VEHICLES) to the homes or cells of `visits` (VISITS).

    A trip ends at a laboratory or another place of `labs` that takes tubes (PLACES), the one
    nearest to its last stop, within `handover_h` of the first swab.  A visit that takes longer
    than `part_min` is divided; its parts may go to different teams.
    Aim: as many persons as can be, then the fewest kilometres with `vehicle_km` for each team.
    No bound is proven.  Refuses (BadInput) negative numbers, teams or laboratories without
    coordinates, a visit whose hours are over before the plan begins or end before they begin.
    Does not: know pauses, or who must not be visited by the same team.
    """
    began = time.perf_counter()
    ground.check(rules)
    tables.require(visits, "visits", model.VISITS.names)
    tables.require(labs, "labs", model.PLACES.names)
    tables.not_negative(visits, "visits", ["persons"])
    ground.located(labs, "labs")
    places, cars = labs.to_pylist(), ground.fleet(teams, rules)
    stops, left = _stops(visits.to_pylist(), places, rules)
    case = answer.Case(
        stops, places, cars, rules, together=False, what="people of",
        amount=lambda one: one.persons, left=left, engine="testing.visits",
        inputs={"visits": table_hash(visits), "labs": table_hash(labs), "teams": table_hash(teams)},
    )  # fmt: skip
    return answer.plan(case, limit, seed, lambda: time.perf_counter() - began)


def _stops(
    visits: list[Row], places: list[Row], rules: model.TourRules
) -> tuple[list[ground.Stop], list[answer.Left]]:
    stops: list[ground.Stop] = []
    left: list[answer.Left] = []
    for row in visits:
        _check(row, rules)
        why = _never(row, places)
        if why:
            left.append((row["visit"], float(row["persons"]), why))
        if why or not row["persons"]:
            continue
        place = ground.nearest(row["lon"], row["lat"], places)
        for part, (persons, homes) in enumerate(parts(row, rules), 1):
            minutes = rules.stop_min + homes * rules.home_min + persons * rules.person_min
            size = 1 if row.get("single") else rules.pool_size
            stops.append(
                ground.Stop(
                    name=row["visit"], part=part, lon=row["lon"], lat=row["lat"], persons=persons,
                    tubes=math.ceil(persons / size), board_s=math.ceil(minutes * 60), place=place,
                    ready=row.get("ready_at"), due=row.get("due_at"), sampled_from=None,
                    worth=persons,
                )
            )  # fmt: skip
    return stops, left


def parts(row: Row, rules: model.TourRules) -> list[tuple[int, int]]:
    """(persons, homes) of each part; a home is in one part only where there are homes enough."""
    homes = max(1, row.get("homes") or 1)
    minutes = homes * rules.home_min + row["persons"] * rules.person_min
    free = max(1.0, rules.part_min - rules.stop_min)
    number = min(row["persons"], max(1, math.ceil(minutes / free)))
    return [
        (_share(row["persons"], number, n), max(1, _share(homes, number, n))) for n in range(number)
    ]


def _share(amount: int, number: int, n: int) -> int:
    return amount // number + (n < amount % number)


def _check(row: Row, rules: model.TourRules) -> None:
    ready, due, name = row.get("ready_at"), row.get("due_at"), row["visit"]
    if due is not None and due < rules.start:
        raise BadInput(
            "testing.window_past",
            f"Visit {name} should begin by {due.isoformat()}, before the plan begins.",
            id=name,
        )
    if ready is not None and due is not None and due < ready:
        raise BadInput("testing.bad_hours", f"Visit {name} is due before it may begin.", id=name)


def _never(row: Row, places: list[Row]) -> str | None:
    if row["lon"] is None or row["lat"] is None:
        return "no_coordinates"
    return None if places else "no_laboratory"
