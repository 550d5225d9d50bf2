"""Numbers and floors as people write them, and the one way they are compared: a table each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel import geo, spots

NUMBERS = [
    ("G1234", "G1234"),
    ("G 1234次", "G1234"),
    ("Ｇ１２３４", "G1234"),
    ("g1234次列车", "G1234"),
    ("车次：D0301", "D301"),
    ("T-95", "T95"),
    ("1461次", "1461"),
    ("K418/419次", "K418"),  # one train, two numbers on its way
    ("CA1234", "CA1234"),
    ("ca 0123", "CA123"),
    ("CA1234航班", "CA1234"),
    ("CCA1234", "CA1234"),  # the airline by its three letters
    ("3U8888", "3U8888"),
    ("MU 5121A", "MU5121A"),
    ("晋Ａ·12345", "晋A12345"),
    ("晋A 12345", "晋A12345"),
    ("长江 2号", "长江2号"),
]
VEHICLES = [
    ("train", "G1234", True),
    ("train", "1461", True),
    ("train", "CA1234", False),
    ("aircraft", "CA1234", True),
    ("aircraft", "9C8801", True),
    ("aircraft", "1461", False),
    ("coach", "晋A12345", True),
    ("ship", "长江2号", True),
    ("ship", "", False),
]
SPOTS = [  # as typed, as compared, its order along the whole
    ("3F", "3F", 3),
    ("三楼", "3F", 3),
    ("3 层", "3F", 3),
    ("第３层", "3F", 3),
    ("f3", "3F", 3),
    ("十二楼", "12F", 12),
    ("二十三层", "23F", 23),
    ("B1", "B1", -1),
    ("负一层", "B1", -1),
    ("地下1层", "B1", -1),
    ("2号门", "2号门", 2),
    ("二号门", "2号门", 2),
    ("东门", "东门", None),
    ("三晋厅", "三晋厅", None),  # a name, not a number
    ("2区3号", "2区3号", None),  # two numbers: which of them orders nobody knows
]
CARRIAGES = [("5号车厢", "05"), ("05", "05"), ("五车", "05"), ("12车厢", "12"), ("A", "A")]
SEATS = [  # as typed, its number, whether that is a row
    ("12A", 12, True),
    ("07F", 7, True),
    ("3排2座", 3, True),
    ("3-2", 3, True),
    ("14", 14, False),
    ("12号中铺", 12, False),
    ("中铺", None, False),
]


@pytest.mark.parametrize(("typed", "number"), NUMBERS)
def test_a_number_however_written_is_one_number(typed: str, number: str) -> None:
    assert spots.service_number(typed) == number


@given(st.text(max_size=20))
def test_writing_a_number_or_a_spot_twice_changes_nothing_more(text: str) -> None:
    for write in (spots.service_number, spots.spot, spots.carriage):
        once = write(text)
        assert write(once) == once, write.__name__


@pytest.mark.parametrize(("vehicle", "number", "fits"), VEHICLES)
def test_a_number_fits_its_vehicle(vehicle: str, number: str, fits: bool) -> None:
    assert spots.looks_like(vehicle, number) is fits


@pytest.mark.parametrize(("typed", "spot", "number"), SPOTS)
def test_a_floor_or_gate_however_written_is_one_spot(
    typed: str, spot: str, number: int | None
) -> None:
    assert spots.spot(typed) == spot
    assert spots.spot_number(spot) == number


@pytest.mark.parametrize(("typed", "carriage"), CARRIAGES)
def test_a_carriage_has_two_digits(typed: str, carriage: str) -> None:
    assert spots.carriage(spots.spot(typed)) == carriage


@pytest.mark.parametrize(("typed", "number", "row"), SEATS)
def test_a_seat_tells_its_number_and_some_tell_their_row(
    typed: str, number: int | None, row: bool
) -> None:
    seat = spots.spot(typed)
    assert (spots.seat_number(seat), spots.names_row(seat)) == (number, row)


@given(lon=st.floats(73, 135), lat=st.floats(18, 54))
def test_a_cell_is_a_square_of_its_size_around_its_middle(lon: float, lat: float) -> None:
    column, row = geo.cell_of([lon], [lat], 800.0)
    middle_lon, middle_lat = geo.cell_middle(column, row, 800.0)
    assert geo.haversine_km(lon, lat, middle_lon, middle_lat)[0] <= 0.8 / np.sqrt(2) * 1.001
    again = geo.cell_of(middle_lon, middle_lat, 800.0)
    assert (again[0][0], again[1][0]) == (column[0], row[0])


def test_two_people_a_step_apart_share_a_cell_and_two_kilometres_apart_do_not() -> None:
    lon, lat = geo.cell_middle(*geo.cell_of([112.55], [37.87], 800.0), 800.0)
    near = geo.cell_of(lon + 0.001, lat, 800.0)
    assert near == geo.cell_of(lon, lat, 800.0)
    assert geo.cell_of(lon, lat + 0.018, 800.0)[1] - near[1] in (2, 3)
