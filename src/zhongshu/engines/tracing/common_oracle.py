"""The readable twin of `common`: sets of persons, and chances as exact fractions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import pyarrow as pa

from zhongshu.engines.tracing.common import COMMON, VISITED, Common
from zhongshu.engines.tracing.questions_oracle import World

Row = dict[str, Any]


def at_most(others: int, least: int | None) -> int:
    """The most of all numbers that are told alike."""
    if least is None:
        return others
    if others < 2 * least:
        return 2 * least - 1
    return max(n for n in range(others, others + least) if n // least == others // least)


def at_least(chances: Sequence[Fraction], k: int) -> Fraction:
    """P(K >= k | K >= 1): every outcome of the trials, weighed."""
    total = some = Fraction(0)
    for outcome in product((False, True), repeat=len(chances)):
        weight = Fraction(1)
        for chance, success in zip(chances, outcome, strict=True):
            weight *= chance if success else 1 - chance
        some += weight if sum(outcome) >= 1 else 0
        total += weight if sum(outcome) >= k else 0
    return total / some


@dataclasses.dataclass(frozen=True)
class _Asked:
    """The world as a question about common exposure sees it.

    areas: place to area, None where everywhere is one; patients: the cases, no background.
    """

    world: World
    areas: dict[int, int] | None
    least: int | None
    patients: frozenset[int]

    def levels(self, place: int) -> list[int]:
        return [place, *self.world.ground.wholes(place)]

    def area(self, place: int) -> int:
        return 0 if self.areas is None else self.areas.get(self.levels(place)[-1], -1)

    def scans(self, case: Row) -> list[Row]:
        """Everybody's in the case's window."""
        begin, end = case["window_from"], case["window_to"]
        known = [row for row in self.world.rows if row["time_in"] <= self.world.until]
        return [row for row in known if begin <= row["time_in"] < end]

    def own(self, case: Row) -> list[Row]:
        """The case's scans there, by time; sent twice is once, with the latest end."""
        found: dict[tuple[Any, int], Row] = {}
        for row in sorted(self.scans(case), key=_order):
            if row["person"] == case["person"]:
                found[row["time_in"], row["place"]] = row
        return list(found.values())

    def others(self, case: Row, places: Any) -> set[int]:
        return {row["person"] for row in self.scans(case) if places(row["place"])} - self.patients

    def chance(self, case: Row, place: int) -> Fraction:
        if self.area(place) not in {self.area(row["place"]) for row in self.own(case)}:
            return Fraction(0)
        there = self.others(case, lambda at: place in self.levels(at))
        about = self.others(case, lambda at: self.area(at) == self.area(place))
        return min(Fraction(at_most(len(there), self.least) + 1, len(about) + 1), Fraction(1))


def common(
    world: World, cases: pa.Table, *, areas: dict[int, int] | None, least: int | None = None
) -> Common:
    """As `common.common`.  areas: place to area."""
    stands_for = {row["person"]: row["canonical"] for row in world.aliases.to_pylist()}
    asked = sorted(cases.to_pylist(), key=lambda row: row["case_id"])
    for row in asked:
        row["person"] = stands_for.get(row["person"], row["person"])
    here = _Asked(world, areas, least, frozenset(row["person"] for row in asked))
    own, levels = here.own, here.levels
    tested = sorted(
        {level for case in asked for row in own(case) for level in levels(row["place"])}
    )
    found: list[Row] = []
    for place in tested:
        there = [case for case in asked if any(place in levels(row["place"]) for row in own(case))]
        chances = [here.chance(case, place) for case in asked]
        seen = [here.others(case, lambda at, place=place: place in levels(at)) for case in asked]
        found.append(
            {
                "place": place,
                "cases": len(there),
                "expected": sum(chances),
                "p": at_least(chances, len(there)),
                "persons": len(set().union(*seen)),
            }
        )
    _adjust(found)
    shared = [row for row in found if row["cases"] >= 2]
    shared.sort(key=lambda row: (row["p"], -row["cases"], row["expected"], row["place"]))
    visits = [
        {"place": row["place"], "case_id": case["case_id"], "at": scan["place"],
         "time_in": scan["time_in"], "time_out": _out(scan)}
        for row in shared
        for case in asked
        for scan in own(case)
        if row["place"] in levels(scan["place"])
    ]  # fmt: skip
    return Common(
        pa.Table.from_pylist([_plain(row) for row in shared], schema=COMMON),
        pa.Table.from_pylist(visits, schema=VISITED),
        len(asked),
        sum(1 for case in asked if own(case)),
        len(tested),
    )


def _plain(row: Row) -> Row:
    """Exact numbers as the table holds them."""
    return {name: float(one) if isinstance(one, Fraction) else one for name, one in row.items()}


def _adjust(found: list[Row]) -> None:
    """Holm: the smallest times their number, the next times one less, never falling."""
    highest = Fraction(0)
    for done, row in enumerate(sorted(found, key=lambda row: row["p"])):
        highest = max(highest, min(Fraction(1), row["p"] * (len(found) - done)))
        row["p_adjusted"] = highest


def _out(scan: Row) -> Any:
    out = scan["time_out"]
    return out if out is not None and out > scan["time_in"] else None


def _order(scan: Row) -> tuple[Any, int, float]:
    out = _out(scan)
    return scan["time_in"], scan["place"], 0.0 if out is None else out.timestamp()
