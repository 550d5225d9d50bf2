"""From a question to its answer: the people, the start, the engine that fits the unit."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from zhongshu.engines.whatif import options as engine
from zhongshu.engines.whatif.outbreak import fitting, solve, turned
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.kernel.disease.params import Care
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import (
    answering,
    beginning,
    calibration,
    place,
    province,
    residents,
    services,
    templates,
)
from zhongshu.service.whatif.models import Comparison

THREADS = 2


@dataclasses.dataclass(frozen=True)
class Asked:
    """A question as the engines take it; unseen: as `services.Question` has it."""

    unit: str
    as_of: dt.datetime
    days: int
    runs: int
    against: str
    options: tuple[engine.Option, ...]
    unseen: float | None = None


def compute(comparison: Comparison, *, lake: Lake) -> dict[str, Any]:
    """The answer kept with it; its number is the seed, so the same record answers the same."""
    asked = Asked(
        unit=comparison.unit_id,
        as_of=comparison.as_of,
        days=comparison.days,
        runs=comparison.runs,
        against=comparison.against,
        options=tuple(engine.from_dict(raw) for raw in comparison.options),
        unseen=comparison.unseen,
    )
    return answer(asked, lake=lake, seed=comparison.pk)


def answer(asked: Asked, *, lake: Lake, seed: int) -> dict[str, Any]:
    """`answering.told` of a question, but for the seconds.

    One county is simulated person by person, several are stepped by counts.  Refuses a unit
    without recent cases, options that name unknown areas, and what the engines refuse.
    """
    where = place.place(units.get(asked.unit))
    services.check_unseen(asked.unseen, where)
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
    made, notes, people, synthetic, more = computed(asked, where, rows, pack, lake=lake, seed=seed)
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
            **more,
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
        list(rows),
        around.population,
        asked.as_of,
        seed=seed,
        isolation_d=isolation_d,
        placed_h=pack.number("whatif.start.placed_h"),
        unseen=pack.number("whatif.start.unseen") if asked.unseen is None else asked.unseen,
        unseen_d=int(pack.number("whatif.start.window_d")),
    )
    care = dataclasses.replace(Care(), seeking=pack.number("whatif.care.seeking"))
    past = calibration.recent(where, asked.as_of, pack)
    model = outbreak.Model(care=care, traced=past.in_force.tracing)
    fitted = _fitted(asked, past, around.population, pack, model=model, seed=seed)
    model = dataclasses.replace(
        model, calibrated=fitted.calibrated, calibrated_days=fitted.recent.days
    )
    made = solve.simulate(
        around.population,
        start,
        asked.options,
        model=model,
        days=asked.days,
        runs=asked.runs,
        seed=seed,
        threads=THREADS,
        turns=fitted.drawn(asked.runs, seed),
    )
    on_file = "people_made" if around.synthetic else "people_on_file"
    notes = ["weekdays_alike", on_file, *fitted.notes]
    more = {"calibration": fitted.told(), "unseen": start.unseen}
    return made, notes, len(around.population), around.synthetic, more


def _fitted(
    asked: Asked,
    past: calibration.Recent,
    people: Population,
    pack: Pack,
    *,
    model: outbreak.Model,
    seed: int,
) -> calibration.Fitted:
    """Transmission and the share who seek care, fitted to the recent cases of the county."""

    def simulator(past: calibration.Recent) -> fitting.PersonCases:
        days = past.in_force.isolation.days
        return fitting.PersonCases(
            people,
            beginning.start(list(past.start), people, past.eve, seed=seed, isolation_d=days),
            past.in_force,
            model,
            past.days,
            most=calibration.most(past.seen),
            threads=THREADS,
        )

    return calibration.fit(
        simulator,
        past,
        pack,
        names=turned.PARAMETERS,
        asked=asked.options,
        days=asked.days,
        seed=seed,
    )
