"""An answer of the planning engine as it is kept and told: codes, counts, and nobody's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from zhongshu.engines.zoning.planning import model, statement
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import zones
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.zones.planning import words
from zhongshu.service.zones.planning.ground import Ground

_FOOD = "supply.use.food_pack_per_person_day"
Row = dict[str, Any]


def whole(ground: Ground, plan: model.Plan, prices: pa.Table, *, pack: Pack) -> Row:
    """options: the best first; curve: price of each further per cent; bound, gap: None without.
    rule: days at the high level that the price holds, and their strictness.  points: (lon, lat) of
    the villages closed in any option, where the homes are known."""
    closed = {code for one in plan.candidates for code in one.closed}
    return {
        "options": [
            option(one.key, ground, one.figures)
            | {"overlap": one.overlap, "zones": _zones(ground, one.figures, pack)}
            for one in plan.candidates
        ],
        "curve": prices.to_pylist(),
        "bound": plan.bound,
        "gap": plan.gap,
        "seed": plan.seed,
        "reach": None
        if plan.reach is None
        else {
            "found": plan.reach.found,
            "at_most": plan.reach.at_most,
            "binding": list(plan.reach.binding),
        },
        "unknown": list(ground.unknown),
        "largest_unit": ground.largest,
        "rule": {
            "days": max(0, ground.rules.high.clean_days - ground.rules.first_day),
            "strictness": ground.rules.high.strictness,
        },
        "points": {code: list(at) for code, at in ground.points.items() if code in closed},
        "card": plan.card.as_json(),
    }


def option(key: str, ground: Ground, told: model.Figures) -> Row:
    """One set of villages: what it covers, costs, holds, and which maxima it passes."""
    villages = [code for zone in told.zones for code in zone]
    passed = [
        {"name": one.name, "have": one.have, "limit": one.limit, "zone": one.zone}
        for one in told.passed
    ]
    if villages and zones.UNITS.index(ground.largest) < zones.UNITS.index("village"):
        # The registers know nothing smaller than a village.
        passed.append({"name": "largest_unit", "have": 1.0, "limit": 0.0, "zone": None})
    return {
        "key": key,
        "villages": villages,
        "areas": len(told.zones),
        "share": told.share,
        "inside": {
            name: None if name in ground.unknown else sum(counts[name] for counts in told.inside)
            for name in model.COUNTS
        },
        "contacts": sum(ground.contacts.get(code, 0) for code in villages),
        "cost": {
            "total": told.cost.total,
            "person_days": told.cost.person_days,
            "zones": told.cost.zones,
        },
        "opened": told.opened,
        "freed": told.freed,
        "passed": passed,
    }


def _zones(ground: Ground, told: model.Figures, pack: Pack) -> list[Row]:
    on = beijing_day(ground.as_of)
    food = {"food_packs": pack.number(_FOOD)} if pack.get(_FOOD) is not None else {}
    stated = statement.state(
        told, evidence=ground.evidence, rules=ground.rules, on=on, per_person_daily=food
    )
    ids = {case for one in stated for case in (*one.cases, *(stay.case_id for stay in one.stays))}
    numbers = cases.numbers(ids)
    return [_zone(ground, one, numbers) for one in stated]


def _zone(ground: Ground, one: statement.Statement, numbers: Mapping[int, str]) -> Row:
    inside = {name: None if name in ground.unknown else n for name, n in one.inside.items()}
    ids = sorted({*one.cases, *(stay.case_id for stay in one.stays)} & numbers.keys())
    return {
        "villages": [ground.village(code) for code in one.cells],
        "risk_share": one.risk_share,
        "person_days": one.person_days,
        "cases": [{"id": case, "case_no": numbers[case]} for case in ids],
        "homes": len(one.cases),
        "windows": [
            {
                "place": ground.places.get(stay.place, str(stay.place)),
                "case_no": numbers.get(stay.case_id, ""),
                "from": _iso(stay.time_from),
                "to": _iso(stay.time_to),
            }
            for stay in one.stays
        ],
        "inside": inside,
        "contacts": sum(ground.contacts.get(code, 0) for code in one.cells),
        "daily": [{"item": name, "amount": amount} for name, amount in sorted(one.daily.items())],
        "conditions": [_condition(row) for row in one.conditions],
        "releases_on": one.releases_on.isoformat(),
    }


def _condition(row: Row) -> Row:
    return {
        "rule_id": row["rule_id"],
        "code": row["code"],
        "text": words.say(row["code"], needed=row["needed"], have=row["have"]),
        "met": row["met"],
        "due_on": row["due_on"].isoformat() if row["due_on"] else None,
    }


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
