"""How many swabs go into one tube, and what positive tubes ask for afterwards.

Swabs of one tube are tested at once (Dorfman, Ann. Math. Stat. 14 (1943) 436-440); everybody of a
positive tube is held and sampled again, singly.  A pool finds a positive less often the more it is
diluted: the sensitivity is raised to the power 1 + dilution x log2(size), the law the what-if
engine has.  Tubes are never pooled again, and key groups are always sampled singly.
"""

from __future__ import annotations

import dataclasses
import math

import pyarrow as pa

from zhongshu.kernel.errors import BadInput

OPTIONS = pa.schema(
    [
        ("pool_size", pa.int64()),
        ("tubes", pa.int64()),  # of the first collection, with the singles of key groups
        ("positive_tubes", pa.float64()),  # expected
        ("recollected", pa.float64()),  # people sampled again singly, expected
        ("kits", pa.float64()),  # tubes of both collections, expected
        ("sensitivity", pa.float64()),  # share of the positives that the tubes find
        ("missed", pa.float64()),  # positives no tube finds, expected
        ("barred_by", pa.string()),  # prevalence | pool_max | sensitivity, or null
        ("chosen", pa.bool_()),
    ]
)


@dataclasses.dataclass(frozen=True)
class PoolRules:
    """pool_max, prevalence_max: as in the pack (T-11, T-12).  dilution: at each doubling, 0: none.

    sensitivity: of a single tube; sensitivity_least: what the chosen pool must keep.
    """

    pool_options: tuple[int, ...]
    pool_max: int
    prevalence_max: float
    sensitivity: float
    sensitivity_least: float
    dilution: float


def options(people: int, prevalence: float, rules: PoolRules, *, singles: int = 0) -> pa.Table:
    """Every pool size with what it costs and misses; of those allowed, the fewest kits.

    people: sampled in pools; prevalence: share of them that is positive, each by itself (clusters
    in a household make fewer positive tubes than told here).  singles: key groups, one tube each.
    A single tube is always among the options and always allowed.  Without false positives.
    """
    _check(people, prevalence, rules, singles)
    rows = [
        _row(size, people, prevalence, rules, singles) for size in sorted({1, *rules.pool_options})
    ]
    allowed = [row for row in rows if row["barred_by"] is None]
    best = min(allowed, key=lambda row: (row["kits"], row["pool_size"]))
    for row in rows:
        row["chosen"] = row is best
    return pa.Table.from_pylist(rows, schema=OPTIONS)


def _row(
    size: int, people: int, prevalence: float, rules: PoolRules, singles: int
) -> dict[str, object]:
    found = rules.sensitivity ** (1 + rules.dilution * math.log2(size))
    whole, rest = divmod(people, size)
    positive = [n * found * (1 - (1 - prevalence) ** k) for n, k in ((whole, size), (1, rest))]
    tubes = whole + (rest > 0) + singles
    again = 0.0 if size == 1 else positive[0] * size + positive[1] * rest
    return {
        "pool_size": size,
        "tubes": tubes,
        "positive_tubes": sum(positive) + singles * prevalence * rules.sensitivity,
        "recollected": again,
        "kits": tubes + again,
        "sensitivity": found,
        "missed": people * prevalence * (1 - found),
        "barred_by": _barred(size, found, prevalence, rules),
    }


def _barred(size: int, found: float, prevalence: float, rules: PoolRules) -> str | None:
    if size == 1:
        return None
    if size > rules.pool_max:
        return "pool_max"
    if prevalence >= rules.prevalence_max:
        return "prevalence"
    return "sensitivity" if found < rules.sensitivity_least else None


def _check(people: int, prevalence: float, rules: PoolRules, singles: int) -> None:
    shares = (prevalence, rules.sensitivity, rules.sensitivity_least, rules.prevalence_max)
    if min(people, singles) < 0 or not all(0 <= share <= 1 for share in shares):
        raise BadInput(
            "testing.bad_shares",
            "People must not be below 0, and prevalence and sensitivity are shares from 0 to 1.",
        )
    if min((1, *rules.pool_options)) < 1 or rules.dilution < 0:
        raise BadInput(
            "testing.pool_size",
            f"A tube takes 1 to {rules.pool_max} swabs and the dilution is not below 0; asked for "
            f"{sorted(rules.pool_options)}.",
            pool_max=rules.pool_max,
        )
