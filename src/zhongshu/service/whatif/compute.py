"""From a question to its answer: the people, the start, the engine that fits the unit."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from zhongshu.engines.whatif import options as engine
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak import solve
from zhongshu.kernel.disease.params import Care
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import answering, beginning, place, province, residents, templates
from zhongshu.service.whatif.models import Comparison

THREADS = 2


@dataclasses.dataclass(frozen=True)
class Asked:
    """A question as the engines take it."""

    unit: str
    as_of: dt.datetime
    days: int
    runs: int
    against: str
    options: tuple[engine.Option, ...]


def compute(comparison: Comparison, *, lake: Lake) -> dict[str, Any]:
    """The answer kept with it; its number is the seed, so the same record answers the same."""
    asked = Asked(
        unit=comparison.unit_id,
        as_of=comparison.as_of,
        days=comparison.days,
        runs=comparison.runs,
        against=comparison.against,
        options=tuple(engine.from_dict(raw) for raw in comparison.options),
    )
    return answer(asked, lake=lake, seed=comparison.pk)


def answer(asked: Asked, *, lake: Lake, seed: int) -> dict[str, Any]:
    """`answering.told` of a question, but for the seconds.

    One county is simulated person by person, several are stepped by counts.  Refuses a unit
    without recent cases, options that name unknown areas, and what the engines refuse.
    """
    where = place.place(units.get(asked.unit))
    pack = reader.applicable(
        disease=incidents.current().disease,
        topic=templates.TOPIC,
        on=beijing_day(asked.as_of),
        path=where.unit["path"],
    )
    rows = beginning.registered(
        where.unit["path"], asked.as_of, window_d=int(pack.number("whatif.start.window_d"))
    )
    computed = _county if where.whole else province.compare
    made, notes, people, synthetic = computed(asked, where, rows, pack, lake=lake, seed=seed)
    return answering.told(
        made,
        against=asked.against,
        first_day=beginning.Beginning(asked.as_of).first_day,
        facts={
            "engine": "outbreak" if where.whole else "counties",
            "synthetic_population": synthetic,
            "people": people,
            "cases": len(rows),
            "seed": seed,
            "notes": notes,
        },
    )


def _county(
    asked: Asked,
    where: place.Place,
    rows: Sequence[Any],
    pack: Pack,
    *,
    lake: Lake,
    seed: int,
) -> answering.Computed:
    around = residents.of(where, lake=lake, as_of=asked.as_of, seed=seed)
    isolation_d = max((one.isolation.days for one in asked.options), default=0)
    start = beginning.start(
        list(rows), around.population, asked.as_of, seed=seed, isolation_d=isolation_d
    )
    care = dataclasses.replace(Care(), seeking=pack.number("whatif.care.seeking"))
    made = solve.simulate(
        around.population,
        start,
        asked.options,
        model=outbreak.Model(care=care),
        days=asked.days,
        runs=asked.runs,
        seed=seed,
        threads=THREADS,
    )
    notes = ["weekdays_alike", "people_made" if around.synthetic else "people_on_file"]
    return made, notes, len(around.population), around.synthetic
