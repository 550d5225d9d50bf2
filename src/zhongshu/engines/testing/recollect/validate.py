"""Re-checks sampling again from its tables alone.  Shares no code with the solver."""

from __future__ import annotations

import collections
import datetime as dt
import math
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing.recollect import model
from zhongshu.engines.testing.tours import model as tours

Row = dict[str, Any]


def check(
    plan: model.AgainPlan,
    *,
    members: pa.Table,
    points: pa.Table,
    rules: model.AgainRules,
) -> list[str]:
    """Who, where and when; what the teams drive is checked by `tours.validate.check_visits`, with
    `visits` of the same members."""
    asked = {row["person"]: row for row in members.to_pylist()}
    places = {row["point_id"]: row for row in points.to_pylist()}
    rows = plan.sampled.to_pylist()
    count = collections.Counter(row["person"] for row in rows)
    count.update(row["id"] for row in plan.answer.unserved.to_pylist())
    faults = [
        f"person {name} is sampled or listed {count[name]} times"
        for name in {*asked, *count}
        if count[name] != 1 or name not in asked
    ]
    stops: collections.Counter[tuple[str, str, dt.datetime]] = collections.Counter()
    for stop in plan.visits.stops.to_pylist():
        stops[stop["vehicle_id"], stop["place"], stop["begins_at"]] += stop["persons"]
    sent: collections.Counter[str] = collections.Counter()
    for row in rows:
        member = asked[row["person"]]
        faults += _row(row, member, rules)
        if row["where"] == "home":
            stops[row["vehicle_id"], row["place"], row["at"]] -= 1
        else:
            sent[row["place"]] += 1
            faults += _sent(row, member, places[row["place"]], rules)
    faults += [f"a visit to {key[1]} has {n} people too many" for key, n in stops.items() if n]
    faults += [
        f"point {name} takes {n} people, it has {places[name]['places']} places"
        for name, n in sent.items()
        if n > places[name]["places"]
    ]
    told = (plan.at_home, plan.at_points, plan.late)
    found = (len(rows) - sent.total(), sent.total(), sum(row["at"] > row["due_at"] for row in rows))
    return [*faults, *([] if told == found else [f"told are {told}, found {found}"])]


def visits(members: pa.Table, rules: model.AgainRules) -> pa.Table:
    """The visit each home is owed, by the members alone: all at once, when the last result of the
    home is known and, where that can still be, before the first of them is late."""
    homes: dict[str, list[Row]] = {}
    for row in members.to_pylist():
        homes.setdefault(row["home"] or f"{row['person']}'s", []).append(row)
    rows = []
    for home, own in homes.items():
        known = max([rules.tours.start, *(row["reported_at"] for row in own)])
        due = min(row["reported_at"] for row in own) + dt.timedelta(hours=rules.recollect_h)
        rows.append(
            {"visit": home, "lon": own[0]["lon"], "lat": own[0]["lat"], "persons": len(own),
             "homes": 1, "single": True, "ready_at": known, "due_at": due if due >= known else None}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=pa.schema([*tours.VISITS, *tours.VISIT_EXTRAS]))


def _row(row: Row, member: Row, rules: model.AgainRules) -> list[str]:
    name, faults = row["person"], []
    due = member["reported_at"] + dt.timedelta(hours=rules.recollect_h)
    if row["tubes"] != 1 or row["tube"] != member["tube"]:
        faults.append(f"person {name} is pooled again")
    if row["due_at"] != due or row["late"] != (row["at"] > due):
        faults.append(f"person {name} is due at {due}, told {row['due_at']}")
    if row["at"] < max(member["reported_at"], rules.tours.start):
        faults.append(f"person {name} is sampled before the result is known")
    if row["result_due_at"] != row["at"] + dt.timedelta(hours=rules.result_h):
        faults.append(f"person {name} has another time for the result")
    return faults


def _sent(row: Row, member: Row, point: Row, rules: model.AgainRules) -> list[str]:
    km = _km(member, point) * rules.tours.detour_factor
    if abs(km - row["walk_km"]) > 1e-6 or km > rules.walk_max_km + 1e-6:
        return [f"person {row['person']} walks {km:.3f} km"]
    return [] if row["at"] == point["opens_at"] else [f"point {row['place']} is shut"]


def _km(a: Row, b: Row) -> float:
    ends = []
    for point in (a, b):
        lon, lat = math.radians(point["lon"]), math.radians(point["lat"])
        ends.append((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
    return 2 * 6371.0088 * math.asin(min(1.0, math.dist(*ends) / 2))
