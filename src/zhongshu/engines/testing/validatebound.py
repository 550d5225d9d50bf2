"""Re-proves the bound of a siting from its prices alone.

Whatever is paid for places, nobody can earn more by a point than by filling it with those who pay
most beyond their walk.  So what everybody pays, less what all points could earn, is a bound.
Shares no code with the solver; distances by chord.
"""

from __future__ import annotations

import collections
import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing import model

Row = dict[str, Any]
Floats = NDArray[np.float64]
RADIUS_KM = 6371.0088


def check(
    plan: model.RoundPlan, homes: dict[str, Row], places: dict[str, Row], rules: model.RoundRules
) -> list[str]:
    served: collections.Counter[str] = collections.Counter()
    for row in plan.walks.to_pylist():
        served[row["unit_code"]] += row["people"]
    price = dict(zip(*(plan.prices[k].to_pylist() for k in model.PRICES.names), strict=True))
    codes = [code for code in homes if served[code]]
    paid = np.array([price[code] for code in codes])
    people = np.array([served[code] for code in codes], np.float64)
    home = _ball([homes[code] for code in codes])
    best: dict[str | None, list[tuple[bool, float]]] = collections.defaultdict(list)
    for row in places.values():
        hours = hours_of(row, rules, dt.datetime.fromisoformat(plan.card.parameters["start"]))
        room = min(int(row["desks_max"] * rules.per_desk_h * hours + 1e-9),
                   rules.people_per_point_max)  # fmt: skip
        if room > 0 and row.get("word") != "forbid":
            km = _walks(home, _ball([row])[0]) * rules.detour_factor
            # A walk at the very limit may be judged either way; taken in, the bound is lower.
            near = (km <= rules.walk_max_km + 1e-6) & (paid > km)
            cost = rules.point_cost_km - _earned(paid[near] - km[near], people[near], room)
            best[row.get("township")].append((row.get("word") != "pin", cost))
    bound = float(paid @ people) + sum(
        _opened(costs, 0 if town is None else rules.points_per_township)
        for town, costs in best.items()
    )
    if plan.bound > bound * (1 + 1e-6) + 1e-3:
        return [f"the prices prove a bound of {bound}, not {plan.bound}"]
    return []


def hours_of(row: Row, rules: model.RoundRules, start: dt.datetime) -> float:
    """How long a candidate can be open."""
    begins = start + dt.timedelta(hours=rules.setup_h)
    ends = begins + dt.timedelta(hours=rules.sampling_h)
    begins = max(begins, row.get("from_at") or begins)
    ends = min(ends, row.get("until_at") or ends)
    return max(0.0, (ends - begins).total_seconds() / 3600)


def _earned(each: Floats, people: Floats, room: float) -> float:
    order = np.argsort(-each)
    before = np.concatenate([[0.0], np.cumsum(people[order])[:-1]]) if len(order) else np.zeros(0)
    return float(each[order] @ np.clip(room - before, 0.0, people[order]))


def _opened(costs: list[tuple[bool, float]], least: int) -> float:
    """All points that are pinned or pay, and the cheapest others up to the floor."""
    ordered = sorted(costs)  # the pinned first
    must = sum(not free for free, _ in ordered)
    return sum(cost for n, (_, cost) in enumerate(ordered) if n < max(must, least) or cost < 0)


def _ball(rows: list[Row]) -> Floats:
    lon, lat = (np.radians([row[key] for row in rows]) for key in ("lon", "lat"))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _walks(homes: Floats, point: Floats) -> Floats:
    chord = np.sqrt(((homes - point) ** 2).sum(axis=1))
    km: Floats = 2 * RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    return km
