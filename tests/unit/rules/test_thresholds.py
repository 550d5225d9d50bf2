"""Clusters and events: sliding windows, different persons, counts that do not say who."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from tests import packs_made

from zhongshu.kernel.errors import WrongState
from zhongshu.rules import judge, reader, thresholds
from zhongshu.rules.thresholds import Crossing

ILI = reader.load("influenza-school")
COVID = reader.load("cn-covid-9")
DAY = dt.timedelta(days=1)
ON = dt.date(2024, 3, 4)  # the window of seven days holds 29 February


def ill(n: int, *, days_ago: int = 0, first: int = 0, **given: Any) -> list[dict[str, Any]]:
    """`n` pupils of one school with influenza-like illness, one row each."""
    facts = {"day": ON - days_ago * DAY, "site": "S", "site_kind": "school", "syndrome": "ili",
             "status": "clinical", "hospitalised": False, "died": False, "count": None}  # fmt: skip
    return [facts | {"person": first + k} | given for k in range(n)]


def found(pack: Any, rows: list[dict[str, Any]], **given: Any) -> dict[str, Crossing]:
    table = pa.Table.from_pylist(rows)
    return {
        one.threshold: one for one in thresholds.crossed(pack, table, of="illness", on=ON, **given)
    }


@pytest.mark.parametrize(
    ("rows", "reached"),
    [
        (ill(9), set()),
        (ill(10), {"ili-phone"}),
        (ill(29), {"ili-phone"}),
        (ill(30), {"ili-phone", "ili-event"}),
        (ill(15) + ill(15, days_ago=6, first=50), {"ili-phone", "ili-event"}),
        (ill(15) + ill(15, days_ago=7, first=50), {"ili-phone"}),  # the window is seven days
        (ill(15) + ill(15, first=50, site="T"), {"ili-phone"}),  # two schools
        (ill(30, syndrome="rash"), set()),
        (ill(4, hospitalised=True), set()),
        (ill(5, hospitalised=True), {"ili-event"}),
        (ill(2, died=True), {"ili-event"}),
        (ill(30) * 2, {"ili-phone", "ili-event"}),  # reported twice: the same thirty
        (ill(15) * 2, {"ili-phone"}),
    ],
)
def test_influenza_in_a_school(rows: list[dict[str, Any]], reached: set[str]) -> None:
    assert set(found(ILI, rows)) == reached


def test_the_same_pupil_ill_on_several_days_is_one_pupil() -> None:
    rows = [row for n in range(7) for row in ill(6, days_ago=n)]
    assert found(ILI, rows) == {}
    assert found(ILI, [row for n in range(7) for row in ill(5, days_ago=n, first=10 * n)])


def test_two_cases_of_one_village_in_a_week_are_a_cluster() -> None:
    rows = [
        {"day": ON - n * DAY, "village": "V", "person": person, "status": status}
        for n, person, status in ((0, 1, "confirmed"), (6, 2, "asymptomatic"))
    ]
    (one,) = found(COVID, rows).values()
    assert (one.threshold, one.group, one.count, one.rule_id) == (
        "cluster-village",
        "V",
        2,
        "WHO-9",
    )
    assert (one.first, one.last) == (ON - 6 * DAY, ON)
    assert found(COVID, [rows[0], rows[1] | {"day": ON - 7 * DAY}]) == {}
    assert found(COVID, [rows[0], rows[0] | {"day": ON - DAY}]) == {}, "one person, found twice"


def test_of_counts_the_largest_day_is_what_is_sure() -> None:
    """A school that only says how many were ill each day: six a day may be the same six."""
    rows = [
        {"day": ON - n * DAY, "site": "S", "site_kind": "school", "syndrome": "ili",
         "status": "clinical", "count": 6}
        for n in range(5)
    ]  # fmt: skip
    assert found(ILI, rows) == {}
    one = found(ILI, [*rows, rows[0] | {"count": 5}])["ili-phone"]
    assert (one.count, one.at_most, one.ids) == (11, 35, ())
    unsure = [part for part in one.trace.parts if part.unknown]
    assert [part.value for part in unsure] == [35], "the trace says what is not known"


def test_a_pause_in_between_breaks_a_run() -> None:
    pack = packs_made.pack()

    def runs(days: list[int]) -> bool:
        rows = [row for n in days for row in ill(2, days_ago=n)]
        table = pa.Table.from_pylist(rows)
        return bool(thresholds.crossed(pack, table, of="illness", on=ON, only=["run"]))

    assert runs([0, 1, 2])
    assert not runs([0, 1, 3])
    assert not runs([1, 2, 3]), "the run has to reach the day asked about"


def test_earlier_windows_can_be_asked_for() -> None:
    rows = ill(30, days_ago=9)
    assert found(ILI, rows) == {}
    one = found(ILI, rows, since=ON - 5 * DAY)["ili-event"]
    assert one.last == ON - 3 * DAY, "the latest window that reached it"


def test_what_cannot_be_judged_is_said() -> None:
    rows = pa.Table.from_pylist([{"day": ON, "person": 1}])
    assert thresholds.crossed(ILI, rows, of="illness", on=ON) == []
    assert thresholds.unjudged(ILI, rows, of="illness") == {
        "ili-phone": ["site", "status", "syndrome"],
        "ili-event": ["site", "died", "hospitalised", "status", "syndrome"],
    }
    told = rows.append_column("site", pa.array(["S"])).append_column("status", pa.array(["x"]))
    assert thresholds.unjudged(ILI, told, of="illness")["ili-phone"] == ["syndrome"], "in `where`"


def test_a_crossing_is_kept_without_a_person_and_can_be_judged_again() -> None:
    one = found(ILI, ill(30, first=700_000))["ili-event"]
    stored = one.judgement.stored()
    assert "700000" not in str(stored)
    assert len(stored["facts"]["rows"]) == 30
    again = judge.replay(stored)
    assert judge.same(stored, again)
    assert again.trace == one.trace
    fewer = stored | {"facts": stored["facts"] | {"rows": stored["facts"]["rows"][:3]}}
    with pytest.raises(WrongState, match="says nothing"):
        judge.replay(fewer)
