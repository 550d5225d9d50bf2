"""Who is expected to need a bed in the days to come, by the last daily run."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Sequence

import pyarrow as pa

from zhongshu.engines.beds import model
from zhongshu.kernel.plan import Answer
from zhongshu.service.dispatch.planners.shapes import Ask, Column, Figure, Rows
from zhongshu.service.people import facade as people

NONE, BY_RUN = "no_forecast", "forecast_of_run"
_FORECAST = (
    Column("date", "date"),
    Column("severity", "code"),
    Column("persons", "number"),
    Column("known_at", "moment"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """A case.  person: a pseudonym; grade: severity as the edition for beds calls it."""

    person: int
    unit_path: str
    grade: str


def forecast(ask: Ask, known: Sequence[Known]) -> pa.Table | None:
    """What is expected of the asked unit: the run's new cases of the whole incident, by the share
    of the cases that the unit has, as grave as these are, in their middle.

    None when no run has told, or nobody is known by whom to spread it.
    """
    own = [one for one in known if ask.inside(one.unit_path)]
    spots = [
        (lon, lat)
        for lon, lat in people.homes([one.person for one in own]).values()
        if lon is not None and lat is not None
    ]
    if ask.outlook is None or not spots:
        return None
    lon, lat = (sum(axis) / len(spots) for axis in zip(*spots, strict=True))
    grades = collections.Counter(one.grade for one in own)
    days = int(ask.ground.other("dispatch").number("beds.days"))
    rows = [
        {
            "date": day,
            "severity": grade,
            "lon": lon,
            "lat": lat,
            "persons": new * number / len(known),
        }
        for day, new in sorted(ask.outlook.cases.items())
        if 0 < (day - ask.ground.today).days < days
        for grade, number in sorted(grades.items())
    ]
    return pa.Table.from_pylist(rows, schema=model.FORECAST) if rows else None


def noted(answer: Answer, expected: pa.Table | None) -> Answer:
    """Says on what it rests."""
    note = NONE if expected is None else BY_RUN
    return dataclasses.replace(answer, notes=(*answer.notes, note))


def figures(expected: pa.Table | None) -> tuple[Figure, ...]:
    if expected is None:
        return ()
    return (Figure("expected", round(sum(expected["persons"].to_pylist()), 1), "persons"),)


def tables(ask: Ask, expected: pa.Table | None) -> dict[str, Rows]:
    if expected is None or ask.outlook is None:
        return {}
    known_at = ask.outlook.as_of.isoformat()
    rows = [
        {
            "date": row["date"].isoformat(),
            "severity": row["severity"],
            "persons": round(row["persons"], 1),
            "known_at": known_at,
        }
        for row in expected.to_pylist()
    ]
    return {"forecast": Rows(_FORECAST, rows)}
