"""Zonings run through the outbreak model: one option each, and one that draws no zone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from zhongshu.engines.whatif.options import MOST_AREAS
from zhongshu.kernel.errors import BadInput
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import beginning, means, place, services, templates
from zhongshu.service.whatif.models import Comparison

RUNS = 100
ASKED_D = 14  # "is there a case left in the community on that day?"
KINDS = ("locked", "home", "central")
_COUNTY = "county"
Row = Mapping[str, Any]
Zones = Sequence[Sequence[str]]


@dataclasses.dataclass(frozen=True)
class Spread:
    """Over the runs; low and high bound 80 % of them."""

    mean: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What the model says of one option over its whole period.

    fewer: infections less those of the option without zones, run by run; fewer_share: share of
    the runs with less.  no_case: chance that nobody is found in the community on day `ASKED_D`.
    person_days: in all, and of each of `KINDS`.  free_on: first day without any closed area, and
    still_closed the share of runs that end before it: there it counts as the end.  closed_d: days
    for which a resident of the zones is closed; None, as free_on, where no zone is drawn.
    zones: days for which each is closed, in the order asked in; empty where the answer, kept by an
    older version, does not tell.
    """

    infections: Spread
    fewer: Spread | None
    fewer_share: float | None
    no_case: float | None
    person_days: Spread
    kinds: Mapping[str, Spread]
    free_on: tuple[dt.date, dt.date, dt.date] | None
    still_closed: float | None
    closed_d: float | None
    zones: tuple[Spread, ...] = ()


def zonings(
    *,
    unit: str,
    choices: Mapping[str, Zones],
    without: str,
    title: str,
    as_of: dt.datetime,
    actor: Actor,
    now: dt.datetime,
) -> Comparison:
    """Keep for the worker: each zoning and, first, none, with the same tracing and means.

    unit: the county, or a unit in it, whose whole county is then asked about, since its people
    meet it.  choices: name to zones, each zone the codes of its villages; a zone is freed by
    itself, but those beyond what the model can tell apart are freed together.  without: the name
    of the option that draws none, with which the others are compared.  Whoever calls has checked
    the asker's rights.  Refuses no zoning, a county without recent cases, and what `ask` refuses.
    """
    if not choices:
        raise BadInput("whatif.no_zoning", "No zoning closes anybody; nothing to be simulated.")
    county = _county(units.get(unit))
    asked = place.place(county)
    pack = templates.assumed(asked, as_of)
    beginning.registered(county.path, as_of, window_d=int(pack.number("whatif.start.window_d")))
    within = Scope((county.path,))
    common = {
        "capacities": means.capacities(scope=within, as_of=as_of, pack=pack),
        "costs": templates.costs_of(pack),
        **templates.tracing_of(templates.control_of(asked, as_of), pack),
    }
    options: list[dict[str, Any]] = [{"name": without, **common}]
    for name, zones in choices.items():
        areas = [templates.area_of(one, asked, pack, as_of) for one in _apart(zones)]
        options.append({"name": name, **common, "areas": areas})
    question = services.Question(
        unit=county.code,
        title=title,
        days=min(services.MOST_DAYS, ASKED_D + 2 * templates.clean_days(asked, as_of)),
        runs=RUNS,
        against=without,
        options=options,
    )
    return services.ask(question=question, scope=within, as_of=as_of, actor=actor, now=now)


def _county(unit: units.Unit) -> units.Unit:
    if units.ref(unit)["level"] == _COUNTY:
        return unit
    known = units.refs_on_paths([unit.path])
    found = units.county_of(unit.path, known)
    return units.get(found["code"]) if found else unit


def _apart(zones: Zones) -> list[list[str]]:
    """As many areas as the model can tell apart; the last ones, of least risk, as one."""
    kept = [list(one) for one in zones[: MOST_AREAS - 1]]
    rest = [code for one in zones[MOST_AREAS - 1 :] for code in one]
    return [*kept, rest] if rest else kept


def area_of(zone: int, zones: int) -> int:
    """Number of the area that closes a zone of so many, see `_apart`."""
    return zone if zones < MOST_AREAS else min(zone, MOST_AREAS - 1)


def outcomes(comparison: Comparison) -> dict[str, Outcome]:
    """Of each option of a comparison that is done, by name.  No intervals but over the runs: what
    the model does not know about itself is in none of them."""
    answer: Row = comparison.answer or {}
    totals = {(row["option"], row["measure"]): row for row in answer["totals"]}
    series = {(row["option"], row["measure"]): row for row in answer["series"]}
    apart = {
        row["option"]: row
        for row in answer["differences"]["rows"]
        if row["measure"] == "infections"
    }
    first = dt.date.fromisoformat(answer["days"][0])
    closed: dict[str, list[Spread]] = {}
    for row in answer.get("closed", ()):
        closed.setdefault(row["option"], []).append(_spread(row))
    return {
        raw["name"]: _outcome(
            lambda measure, name=raw["name"]: totals[name, measure],
            lambda measure, name=raw["name"]: series[name, measure]["mean"],
            apart.get(raw["name"]),
            first,
            closed.get(raw["name"], ()),
        )
        for raw in comparison.options
    }


def _outcome(
    total: Any, daily: Any, apart: Row | None, first: dt.date, closed: Sequence[Spread]
) -> Outcome:
    cases = daily("p_no_community_case")
    freed = total("p_released")["mean"]
    return Outcome(
        infections=_spread(total("infections")),
        fewer=_spread(apart) if apart else None,
        fewer_share=apart["better"] if apart else None,
        no_case=cases[ASKED_D - 1] if len(cases) >= ASKED_D else None,
        person_days=_spread(total("person_days")),
        kinds={kind: _spread(total(f"person_days_{kind}")) for kind in KINDS},
        free_on=None if freed is None else _dates(total("release_day"), first),
        still_closed=None if freed is None else 1.0 - freed,
        closed_d=_closed(daily("person_days_locked")),
        zones=tuple(closed),
    )


def _spread(row: Row) -> Spread:
    return Spread(row["mean"], row["q10"], row["q90"])


def _dates(row: Row, first: dt.date) -> tuple[dt.date, dt.date, dt.date]:
    """Median and 80 %: an area freed at the end of a day is free on the next."""
    days = [first + dt.timedelta(days=math.ceil(row[name]) + 1) for name in ("q50", "q10", "q90")]
    return days[0], days[1], days[2]


def _closed(locked: Sequence[float]) -> float | None:
    """Person-days by residents.  On the second day all are closed for all of it, since nothing is
    freed after one day without a case."""
    return sum(locked) / locked[1] if len(locked) > 1 and locked[1] > 0 else None
