"""Identity numbers: format, date and checksum judged apart; masks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from zhongshu.kernel import identifiers
from zhongshu.kernel.identifiers import IdFault


@pytest.mark.parametrize(
    ("id_no", "fault"),
    [
        ("11010519491231002X", IdFault.NONE),  # the example of GB 11643-1999, 4.4
        ("440524188001010014", IdFault.NONE),  # the second example of the standard
        ("110105194912310021", IdFault.CHECKSUM),
        ("11010519491331002X", IdFault.DATE),
        ("11010519490229002X", IdFault.DATE),
        ("11010507491231002X", IdFault.DATE),
        ("1101051949123100", IdFault.FORMAT),
        ("11010519491231002Y", IdFault.FORMAT),
        ("X1010519491231002X", IdFault.FORMAT),
        ("", IdFault.FORMAT),
    ],
)
def test_the_first_fault_of_a_number_is_named(id_no: str, fault: IdFault) -> None:
    assert identifiers.id_fault(id_no) is fault


def test_an_unassigned_region_is_no_fault() -> None:
    body = "99000019900101001"
    assert identifiers.id_fault(body + identifiers.check_character(body)) is IdFault.NONE


def test_an_old_fifteen_digit_number_gets_its_century_and_check() -> None:
    assert identifiers.modern_id_no("110105491231002") == "11010519491231002X"


def test_a_number_tells_birth_and_sex() -> None:
    facts = identifiers.id_facts("11010519491231002x".upper())
    assert facts == identifiers.IdFacts("110105", dt.date(1949, 12, 31), "F")
    assert identifiers.id_facts("110105194912310021") is None


def test_many_numbers_are_judged_as_one_by_one() -> None:
    chance = np.random.default_rng(7)
    days = [
        f"{y}{m:02}{d:02}"
        for y in (1869, 1900, 1996, 2000)
        for m in (0, 2, 4, 13)
        for d in (0, 1, 28, 29, 30, 31)
    ]
    numbers = []
    for day in days * 3:
        body = f"{chance.integers(100000, 999999)}{day}{chance.integers(100, 999)}"
        numbers.append(body + chance.choice([identifiers.check_character(body), "X", "5", "a"]))
    codes = np.array([list(number.encode()) for number in numbers], np.uint8)
    assert identifiers.id_faults(codes).tolist() == [identifiers.id_fault(n) for n in numbers]


def test_a_social_credit_code_is_checked() -> None:
    assert identifiers.is_uscc("91350100M000100Y43")  # the example of GB 32100-2015
    assert not identifiers.is_uscc("91350100M000100Y44")
    assert not identifiers.is_uscc("91350100I000100Y43")


def test_regions_and_divisions_are_digits_of_the_right_length() -> None:
    assert identifiers.is_region("140105")
    assert not identifiers.is_region("１４０１０５")
    assert identifiers.is_division("140105001001")
    assert not identifiers.is_division("140105")


def test_masks_hide_what_they_should() -> None:
    assert identifiers.mask_name("张三丰") == "张*"
    assert identifiers.mask_id_no("11010519491231002X") == "1101**********002X"
    assert identifiers.mask_id_no("123") == "***"
    assert identifiers.mask_phone("13812341234") == "138****1234"
    assert identifiers.mask_phone("123") == "***"
