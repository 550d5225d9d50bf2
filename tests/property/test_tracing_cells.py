"""Nobody works out a small cell: every list that fits what is told, by brute force.

The reader of an answer knows the rule, every row and the total.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

import pytest

from zhongshu.service.tracing.cells import Count, Told, count, counts, covering


def seen(*told: Count | list[Count]) -> Hashable:
    flat = [one for each in told for one in (each if isinstance(each, list) else [each])]
    return tuple((one["value"], one["below"], one["about"]) for one in flat)


def possible(worlds: Iterable[tuple[Hashable, tuple[int, ...]]]) -> Iterator[tuple[int, set[int]]]:
    """(true number, the numbers it might be as well) of each cell of each world; worlds: what is
    told of it, its numbers."""
    alike: dict[Hashable, list[tuple[int, ...]]] = collections.defaultdict(list)
    for told, numbers in worlds:
        alike[told].append(numbers)
    for group in alike.values():
        for values in zip(*group, strict=True):
            might = set(values)
            yield from ((value, might) for value in might)


def partitions(parts: int, most: int, least: int) -> Iterator[tuple[Hashable, tuple[int, ...]]]:
    for numbers in itertools.product(range(1, most), repeat=parts):
        told = counts(numbers, least=least)
        yield seen(told.total, told.parts), numbers


@pytest.mark.parametrize(
    ("parts", "least", "most"),
    [(1, 5, 30), (2, 5, 30), (3, 5, 21), (4, 5, 13), (5, 3, 9), (6, 2, 6), (5, 4, 10)],
)
def test_no_part_is_pinned_by_the_others_and_the_total(parts: int, least: int, most: int) -> None:
    for value, might in possible(partitions(parts, most, least)):
        if value < least:
            assert len(might) >= least, (value, might)


def test_ten_and_four_ones_are_not_told_apart_by_their_total() -> None:
    """Rounded rows under a rounded total of 10 to 14 would have to be ten and four ones."""
    few, many = (10, 1, 1, 1, 1), (14, 9, 9, 9, 9)
    told = counts(few, least=5)
    assert told.total == {"value": 15, "below": None, "about": True}
    assert told.total == counts((11, 2, 3, 1, 2), least=5).total
    assert told.total != counts(many, least=5).total


@pytest.mark.parametrize("numbers", [(5, 1), (4, 4), (5, 5, 1), (40, 12, 3), (4, 4, 4, 4, 4)])
def test_lists_that_once_gave_a_small_cell_away_no_longer_do(numbers: tuple[int, ...]) -> None:
    told = counts(numbers, least=5)
    worlds = itertools.product(*(_span(one) for one in told.parts))
    alike = [one for one in worlds if counts(one, least=5) == told]
    for n, number in enumerate(numbers):
        if number < 5:
            assert {1, 2, 3, 4} <= {one[n] for one in alike}


def _span(one: Count) -> range:
    if one["below"] is not None:
        return range(1, one["below"])
    assert one["value"] is not None
    return range(one["value"], one["value"] + 5)


def covers(total: int, rows: int) -> Iterator[tuple[int, ...]]:
    """Rows in which `total` people can stand, somebody perhaps in several."""
    for numbers in itertools.product(range(1, total + 1), repeat=rows):
        if sum(numbers) >= total:
            yield numbers


def overlapping(
    parts: int, shapes: tuple[int, ...], least: int, most: int
) -> Iterator[tuple[Hashable, tuple[int, ...]]]:
    for numbers in itertools.product(range(1, most), repeat=parts):
        told = counts(numbers, least=least)
        lists = [list(covers(sum(numbers), rows)) for rows in shapes]
        for chosen in itertools.product(*lists):
            rows = [covering(one, told, least=least) for one in chosen]
            flat = tuple(itertools.chain(numbers, *chosen))
            yield seen(told.total, told.parts, *rows), flat


@pytest.mark.parametrize(
    ("parts", "shapes", "least", "most"),
    [
        (1, (2,), 5, 30), (1, (3,), 3, 15), (1, (5,), 2, 9), (2, (2,), 3, 11), (3, (1,), 3, 9),
        (3, (2,), 2, 7), (4, (1,), 2, 7), (4, (2,), 2, 5), (2, (3,), 2, 6), (1, (2, 2), 2, 9),
        (2, (2, 1), 2, 7), (2, (2, 2), 2, 5),
    ],
)  # fmt: skip
def test_no_row_is_pinned_by_hours_floors_counties_and_the_total(
    parts: int, shapes: tuple[int, ...], least: int, most: int
) -> None:
    for value, might in possible(overlapping(parts, shapes, least, most)):
        if value < least:
            assert len(might) >= 2, (value, might)


def test_a_part_asked_by_itself_gives_no_other_away() -> None:
    """Floors of 40, 12 and 3: the last is not what is left of the whole."""
    worlds = (
        (seen(*(count(n, least=5) for n in (*numbers, sum(numbers)))), numbers)
        for numbers in itertools.product(range(38, 47), range(8, 17), range(1, 12))
    )
    alike: dict[Hashable, set[Any]] = collections.defaultdict(set)
    for told, numbers in worlds:
        alike[told].add(numbers)
    group = next(one for one in alike.values() if (40, 12, 3) in one)
    assert len({third for _, _, third in group}) >= 5


def test_five_floors_of_four_are_not_pinned_by_twenty_in_all() -> None:
    told = counts([20], least=5)
    floors = covering([4, 4, 4, 4, 4], told, least=5)
    assert floors == [{"value": None, "below": 10, "about": False}] * 5
    assert covering([9, 4, 4, 4, 4], told, least=5) == floors


@pytest.mark.parametrize("numbers", [*itertools.product((1, 4, 9, 10, 14, 15, 33), repeat=3)])
def test_what_is_told_is_near(numbers: tuple[int, int, int]) -> None:
    """Within twice the figure, and never a number for none."""
    told: Told = counts(numbers, least=5)
    for number, one in zip((*numbers, sum(numbers)), (*told.parts, told.total), strict=True):
        if one["value"] is None:
            assert one["below"] == 10
            assert number < 10
        else:
            assert abs(number - one["value"]) < 10
            assert one["value"] % 5 == 0
    assert counts([], least=5).total == {"value": 0, "below": None, "about": False}
