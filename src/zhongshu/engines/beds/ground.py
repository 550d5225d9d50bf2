"""Reading the tables of the bed planner into arrays; refusing what cannot be planned with."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.beds import model
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
WORDS = ("declined", "accepted", "pinned", "before")


@dataclasses.dataclass(frozen=True)
class Ground:
    """Groups g, hospitals h, pools p, severities s (gravest first), days d, needs n by number.

    usable: beds without the reserve, which nobody who lies there now is put out for.
    km: (g, h), nan without coordinates.  road: (h, h).  day, persons, severity: (g,).  at: (g,),
    -1 at home.  needs: names by group.  beds, usable: (h, p, d).  has: (h, p).  pool: (s,).
    rank: (s, h) of the hospital's tier for the severity, -1 where it may not lie.
    change: (s, s) share by day.  slots: {need: (h,)} where a pool is called like a need.
    said: {(g, h): words}.  arrivals: of the forecast: (day, severity, persons, km (h,)).
    """

    groups: tuple[str, ...]
    persons: Ints
    severity: Ints
    day: Ints
    at: Ints
    whole: Bools
    needs: tuple[frozenset[str], ...]
    km: Floats
    hospitals: tuple[str, ...]
    offers: tuple[frozenset[str], ...]
    tier: tuple[str, ...]
    road: Floats
    pools: tuple[str, ...]
    beds: Ints
    usable: Ints
    has: Bools
    pool: Ints
    rank: Ints
    change: Floats
    slots: dict[str, Ints]
    said: dict[tuple[int, int], frozenset[str]]
    arrivals: tuple[tuple[int, int, float, Floats], ...]
    worth: Floats
    on: dt.date

    @property
    def days(self) -> int:
        return int(self.beds.shape[2])


def read(
    *,
    groups: pa.Table,
    hospitals: pa.Table,
    pools: pa.Table,
    rules: model.BedRules,
    on: dt.date,
    forecast: pa.Table | None = None,
    words: pa.Table | None = None,
) -> Ground:
    """Refuses (BadInput): doubled or unknown groups, hospitals and severities, hospitals without
    coordinates or beds, groups of nobody, arrivals outside the days, rules that do not fit."""
    _rules(rules)
    _checked(groups, hospitals, pools, rules)
    number = _numbers(hospitals, "hospitals", "hospital_id")
    asked = _numbers(groups, "groups", "group")
    grade = {name: n for n, name in enumerate(rules.severities)}
    tiers = tables.texts(hospitals, "tier")
    names, beds = _beds(pools, number, rules, on)
    offers = _codes(hospitals, "offers")
    usable = np.maximum(
        beds - np.ceil(beds * rules.reserve_share - 1e-9).astype(np.int64),
        np.minimum(beds, _inside(groups, number, names, rules)[:, :, None]),
    )
    lon, lat = tables.floats(hospitals, "lon"), tables.floats(hospitals, "lat")

    def kilometres(a: Floats, b: Floats) -> Floats:
        return geo.matrix_km(a, b, lon, lat) * rules.detour_factor

    kinds = [p for p, name in enumerate(names) if name in set(rules.pools.values())]
    return Ground(
        groups=tuple(asked),
        persons=tables.ints(groups, "persons"),
        severity=np.array([grade[one] for one in tables.texts(groups, "severity")], np.int64),
        day=_days(groups, rules, on),
        at=_at(groups, number),
        whole=~_flags(groups, "divisible"),
        needs=_codes(groups, "needs"),
        km=kilometres(tables.floats(groups, "lon"), tables.floats(groups, "lat")),
        hospitals=tuple(number),
        offers=offers,
        tier=tuple(tiers),
        road=kilometres(lon, lat),
        pools=tuple(names[p] for p in kinds),
        beds=beds[:, kinds],
        usable=usable[:, kinds],
        has=beds[:, kinds].max(axis=2) > 0,
        pool=np.array([_place(names, kinds, rules.pools[s]) for s in rules.severities], np.int64),
        rank=_ranks(tiers, rules),
        change=_change(rules),
        slots={name: usable[:, p].max(axis=1) for p, name in enumerate(names) if p not in kinds},
        said=_said(words, asked, number),
        arrivals=_arrivals(forecast, grade, rules, on, kilometres),
        worth=np.array([rules.worth[one] for one in rules.severities]),
        on=on,
    )


def _rules(rules: model.BedRules) -> None:
    known = set(rules.severities)
    wrong = [
        name
        for name, keys in (
            ("tiers", set(rules.tiers)),
            ("pools", set(rules.pools)),
            ("worth", set(rules.worth)),
        )
        if known - keys
    ]
    others = {b for one in rules.course.values() for b in one} | set(rules.course)
    if others - known - {model.HOME}:
        wrong.append("course")
    if any(sum(c.values()) > 1 + 1e-9 or min(c.values(), default=0) < 0
           for c in rules.course.values()):  # fmt: skip
        wrong.append("course")
    if not 0 <= rules.reserve_share < 1:
        wrong.append("reserve_share")
    if rules.days < 1:
        wrong.append("days")
    if wrong:
        raise BadInput(
            "beds.bad_rules",
            f"The rules of the bed plan do not fit together: {', '.join(sorted(set(wrong)))}; "
            "each severity needs tiers, a pool and a worth, shares of a day lie between 0 and 1.",
            fields=sorted(set(wrong)),
        )


def _checked(groups: pa.Table, hospitals: pa.Table, pools: pa.Table, rules: model.BedRules) -> None:
    for table, name, schema in (
        (groups, "groups", model.GROUPS),
        (hospitals, "hospitals", model.HOSPITALS),
        (pools, "pools", model.POOLS),
    ):
        tables.require(table, name, schema.names)
    tables.not_negative(pools, "pools", ["beds"])
    lost = [r["hospital_id"] for r in hospitals.to_pylist() if None in (r["lon"], r["lat"])]
    if lost:
        raise BadInput(
            "beds.hospital_without_point",
            f"No coordinates for hospital {', '.join(lost[:5])}; add them to 'hospitals'.",
            hospitals=lost,
        )
    empty = [r["group"] for r in groups.to_pylist() if not r["persons"] or r["persons"] < 1]
    if empty:
        raise BadInput(
            "beds.group_of_nobody",
            f"Group {', '.join(empty[:5])} has nobody in it; give the number of persons.",
            groups=empty,
        )
    _known(set(tables.texts(groups, "severity")), set(rules.severities), "severity", "the rules")


def _known(used: set[str], known: set[str], what: str, where: str) -> None:
    unknown = sorted(used - known)
    if unknown:
        raise BadInput(
            f"beds.unknown_{what}",
            f"The {what} {', '.join(unknown[:5])} is not in {where}; correct it or add it there.",
            unknown=unknown,
        )


def _numbers(table: pa.Table, name: str, column: str) -> dict[str, int]:
    values = tables.texts(table, column)
    found = {value: n for n, value in enumerate(values)}
    if len(found) < len(values):
        twice = next(value for n, value in enumerate(values) if found[value] != n)
        raise BadInput("beds.twice", f"{twice} stands twice in '{name}'; keep one row.", id=twice)
    return found


def _beds(
    pools: pa.Table, number: dict[str, int], rules: model.BedRules, on: dt.date
) -> tuple[list[str], Ints]:
    rows = pools.to_pylist()
    _known({row["hospital_id"] for row in rows}, set(number), "hospital", "'hospitals'")
    without = sorted(set(number) - {row["hospital_id"] for row in rows})
    if without:
        raise BadInput(
            "beds.hospital_without_beds",
            f"No row of 'pools' for hospital {', '.join(without[:5])}; add one or leave it out.",
            hospitals=without,
        )
    names = sorted({row["pool"] for row in rows} | set(rules.pools.values()))
    beds = np.zeros((len(number), len(names), rules.days), np.int64)
    for row in rows:
        first = max(((row.get("from_on") or on) - on).days, 0)
        beds[number[row["hospital_id"]], names.index(row["pool"]), first:] += row["beds"]
    return names, beds


def _inside(
    groups: pa.Table, number: dict[str, int], names: list[str], rules: model.BedRules
) -> Ints:
    """Persons lying in each hospital and pool now: the reserve does not put them out."""
    inside = np.zeros((len(number), len(names)), np.int64)
    if "at_hospital" in groups.column_names:
        for row in groups.to_pylist():
            if row["at_hospital"] in number:
                pool = names.index(rules.pools[row["severity"]])
                inside[number[row["at_hospital"]], pool] += row["persons"]
    return inside


def _place(names: list[str], kinds: list[int], pool: str) -> int:
    return kinds.index(names.index(pool))


def _days(groups: pa.Table, rules: model.BedRules, on: dt.date) -> Ints:
    if "arrives_on" not in groups.column_names:
        return np.zeros(groups.num_rows, np.int64)
    found = [0 if one is None else (one - on).days for one in groups["arrives_on"].to_pylist()]
    for name, day in zip(tables.texts(groups, "group"), found, strict=True):
        _within(day, rules, f"Group {name} arrives")
    return np.array(found, np.int64)


def _within(day: int, rules: model.BedRules, who: str) -> None:
    if not 0 <= day < rules.days:
        raise BadInput(
            "beds.outside",
            f"{who} {abs(day)} days {'before' if day < 0 else 'after'} the first day, outside the "
            f"{rules.days} days planned; plan more days or leave the row out.",
            day=day,
        )


def _at(groups: pa.Table, number: dict[str, int]) -> Ints:
    if "at_hospital" not in groups.column_names:
        return np.full(groups.num_rows, -1, np.int64)
    found = groups["at_hospital"].to_pylist()
    _known({one for one in found if one}, set(number), "hospital", "'hospitals'")
    return np.array([number[one] if one else -1 for one in found], np.int64)


def _flags(table: pa.Table, column: str) -> Bools:
    if column not in table.column_names:
        return np.zeros(table.num_rows, bool)
    return np.array([bool(one) for one in table[column].to_pylist()], bool)


def _codes(table: pa.Table, column: str) -> tuple[frozenset[str], ...]:
    if column not in table.column_names:
        return tuple(frozenset() for _ in range(table.num_rows))
    return tuple(
        frozenset(code.strip() for code in text.split(";") if code.strip())
        for text in tables.texts(table, column)
    )


def _ranks(tiers: list[str], rules: model.BedRules) -> Ints:
    ranks = np.full((len(rules.severities), len(tiers)), -1, np.int64)
    for s, name in enumerate(rules.severities):
        order = rules.tiers[name]
        for h, tier in enumerate(tiers):
            if tier in order:
                ranks[s, h] = order.index(tier)
    return ranks


def _change(rules: model.BedRules) -> Floats:
    """Share of each severity that is each severity a day later; what goes home is missing."""
    order = rules.severities
    change = np.zeros((len(order), len(order)))
    for s, name in enumerate(order):
        course = rules.course.get(name, {})
        change[s, s] = 1 - sum(course.values())
        for other, share in course.items():
            if other != model.HOME:
                change[s, order.index(other)] += share
    return np.clip(change, 0.0, 1.0)


def _said(
    words: pa.Table | None, asked: dict[str, int], number: dict[str, int]
) -> dict[tuple[int, int], frozenset[str]]:
    found: dict[tuple[int, int], frozenset[str]] = {}
    rows = words.to_pylist() if words is not None else []
    _known({row["group"] for row in rows}, set(asked), "group", "'groups'")
    _known({row["hospital_id"] for row in rows}, set(number), "hospital", "'hospitals'")
    _known({row["word"] for row in rows}, set(WORDS), "word", "declined, accepted, pinned, before")
    for row in rows:
        key = (asked[row["group"]], number[row["hospital_id"]])
        found[key] = found.get(key, frozenset()) | {row["word"]}
    return found


def _arrivals(
    forecast: pa.Table | None,
    grade: dict[str, int],
    rules: model.BedRules,
    on: dt.date,
    kilometres: Any,
) -> tuple[tuple[int, int, float, Floats], ...]:
    if forecast is None or not forecast.num_rows:
        return ()
    tables.require(forecast, "forecast", model.FORECAST.names)
    tables.not_negative(forecast, "forecast", ["persons"])
    _known(set(tables.texts(forecast, "severity")), set(grade), "severity", "the rules")
    km = kilometres(tables.floats(forecast, "lon"), tables.floats(forecast, "lat"))
    found = []
    for row, far in zip(forecast.to_pylist(), km, strict=True):
        day = (row["date"] - on).days
        _within(day, rules, f"The forecast for {row['date']} is")
        found.append((day, grade[row["severity"]], float(row["persons"]), far))
    return tuple(found)
