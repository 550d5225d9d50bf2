"""Room mates of a dormitory live together, as a household does, for as long as both lived there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.service import builders as b
from zhongshu.service.people import facade as people
from zhongshu.service.people.models import Dormitory, DormitoryStay
from zhongshu.service.rowsecurity import facade as rowsecurity

pytestmark = pytest.mark.django_db
NOVEMBER = dt.date(2022, 11, 1), dt.date(2022, 11, 30)


def stay(serial: int, dormitory: str = "D1", **changes: Any) -> dict[str, Any]:
    row = {
        "id_no": b.id_no(serial),
        "dormitory_id": dormitory,
        "village_code": b.VILLAGE,
        "moved_in": dt.date(2022, 9, 1),
        "moved_out": None,
    }
    return row | changes


def take(*stays: dict[str, Any]) -> int:
    return people.register_dormitories(table=b.feed("dormitories", *stays), known_at=b.NOW)


def together() -> list[list[int]]:
    """The serials of each group that lived together in November."""
    serial = {b.pseudonym(n): n for n in range(1, 10)}
    groups: dict[int, list[int]] = {}
    for row in people.memberships(*NOVEMBER).to_pylist():
        groups.setdefault(row["household"], []).append(serial[row["person"]])
    return sorted(sorted(group) for group in groups.values())


@pytest.fixture(autouse=True)
def _headquarters() -> None:
    b.headquarters()


def test_room_mates_are_groups_of_their_own_beside_the_households() -> None:
    b.register(b.person(1, 1), b.person(2, 1), homes=[b.household(1)])
    take(stay(1), stay(3), stay(4, "D2"))
    assert together() == [[1, 2], [1, 3], [4]]


@pytest.mark.parametrize(
    ("moved_in", "moved_out", "counts"),
    [
        ("2022-09-01", None, True),
        ("2022-11-30", None, True),  # the last day asked about
        ("2022-12-01", None, False),
        ("2022-09-01", "2022-11-01", True),  # the first day asked about
        ("2022-09-01", "2022-10-31", False),
    ],
)
def test_only_who_lived_there_in_the_days_asked_about_counts(
    moved_in: str, moved_out: str | None, counts: bool
) -> None:
    end = dt.date.fromisoformat(moved_out) if moved_out else None
    take(stay(1, moved_in=dt.date.fromisoformat(moved_in), moved_out=end))
    assert together() == ([[1]] if counts else [])


def test_the_same_rows_again_change_nothing_and_moving_out_is_a_change() -> None:
    assert take(stay(1), stay(2)) == 2
    assert take(stay(1), stay(2)) == 0
    assert take(stay(1, moved_out=dt.date(2022, 10, 1))) == 1
    assert together() == [[2]]
    assert (Dormitory.objects.count(), DormitoryStay.objects.count()) == (1, 2)


def test_an_unknown_village_is_kept_and_filed_under_the_headquarters() -> None:
    take(stay(1, village_code="149999999998"))
    found = Dormitory.objects.get()
    assert (found.village_code, found.unit_known) == ("149999999998", False)


def test_a_request_sees_the_dormitories_of_its_scope_alone() -> None:
    take(stay(1))
    for unit, seen in ((b.COUNTY, 1), (b.OTHER_COUNTY, 0)):
        with rowsecurity.scoped(b.scope(unit)):
            assert Dormitory.objects.count() == DormitoryStay.objects.count() == seen
