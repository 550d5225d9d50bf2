"""Identity numbers as issued: what is wrong with one, and how one is shown.

Resident number, GB 11643-1999: 6 region + 8 date of birth + 3 serial (odd = male) + check
character.  Format, date and checksum are judged apart; an unknown region is never an error here,
because region codes are retired and numbers are not.
Unified social credit code, GB 32100-2015.  Display masks after GB/T 35273.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import re

import numpy as np
import numpy.typing as npt

ID_LENGTH = 18
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 4.4
ID_CHECKS = "10X98765432"
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O S V Z
USCC_LENGTH = 18
REGION_LENGTH = 6
DIVISION_LENGTH = 12
EARLIEST_BIRTH_YEAR = 1870  # older than any living person; a date before it is a mistake

_ID = re.compile(r"[0-9]{17}[0-9X]")
_OLD_ID = re.compile(r"[0-9]{15}")
_DAYS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


class IdFault(enum.IntEnum):
    """The first thing wrong with a resident number."""

    NONE = 0
    FORMAT = 1
    DATE = 2
    CHECKSUM = 3


@dataclasses.dataclass(frozen=True, slots=True)
class IdFacts:
    """What a sound resident number says."""

    region: str
    birth: dt.date
    sex: str  # "M" or "F"


def check_character(body: str) -> str:
    """The 18th character for 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11]


def modern_id_no(text: str) -> str:
    """Upper case, and the 15-digit form of before 1999 in its 18-character form."""
    text = text.strip().upper()
    if _OLD_ID.fullmatch(text):
        body = f"{text[:6]}19{text[6:]}"
        return body + check_character(body)
    return text


def id_fault(id_no: str) -> IdFault:
    """Judge one 18-character number: format, then date, then checksum."""
    if not _ID.fullmatch(id_no):
        return IdFault.FORMAT
    if _birth(id_no) is None:
        return IdFault.DATE
    return IdFault.NONE if check_character(id_no[:17]) == id_no[17] else IdFault.CHECKSUM


def id_facts(id_no: str) -> IdFacts | None:
    """Region, birth and sex, or None when the number is faulty."""
    birth = _birth(id_no) if id_fault(id_no) is IdFault.NONE else None
    if birth is None:
        return None
    return IdFacts(id_no[:6], birth, "M" if int(id_no[16]) % 2 else "F")


def id_faults(characters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """`id_fault` of many: (n, 18) ASCII codes in, n `IdFault` values out."""
    digits = characters[:, :17].astype(np.int16) - ord("0")
    last = characters[:, 17]
    is_digit = np.asarray(((digits >= 0) & (digits <= 9)).all(axis=1), dtype=np.bool_)
    last_ok = ((last >= ord("0")) & (last <= ord("9"))) | (last == ord("X"))
    safe = np.where(is_digit[:, None], digits, 0)
    checks = np.frombuffer(ID_CHECKS.encode(), np.uint8)
    expected = checks[(safe @ np.array(ID_WEIGHTS, np.int16)) % 11]
    fault = np.where(expected == last, IdFault.NONE, IdFault.CHECKSUM)
    fault = np.where(_date_ok(safe[:, 6:14]), fault, IdFault.DATE)
    return np.where(is_digit & last_ok, fault, IdFault.FORMAT).astype(np.uint8)


def is_uscc(text: str) -> bool:
    """A sound unified social credit code (GB 32100): 18 characters, weights 3^i mod 31."""
    if len(text) != USCC_LENGTH or any(letter not in USCC_LETTERS for letter in text):
        return False
    total = sum(USCC_LETTERS.index(letter) * pow(3, i, 31) for i, letter in enumerate(text[:17]))
    return USCC_LETTERS[(31 - total % 31) % 31] == text[17]


def is_region(text: str) -> bool:
    """Six digits as in GB/T 2260; whether the code is in use is a question for the divisions."""
    return len(text) == REGION_LENGTH and text.isascii() and text.isdigit()


def is_division(text: str) -> bool:
    """Twelve digits as in the statistical code; the level is a question for the divisions."""
    return len(text) == DIVISION_LENGTH and text.isascii() and text.isdigit()


def mask_name(name: str) -> str:
    """张三丰 -> 张*: the first character and one star."""
    return f"{name[:1]}*" if name else ""


def mask_id_no(id_no: str) -> str:
    """1401**********123X: the province and city, and the last four."""
    if len(id_no) < ID_LENGTH:
        return "*" * len(id_no)
    return f"{id_no[:4]}{'*' * (len(id_no) - 8)}{id_no[-4:]}"


def mask_phone(phone: str) -> str:
    """138****1234."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else "*" * len(phone)


def _birth(id_no: str) -> dt.date | None:
    try:
        birth = dt.date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))
    except ValueError:
        return None
    return birth if birth.year >= EARLIEST_BIRTH_YEAR else None


def _date_ok(digits: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    """(n, 8) digits of YYYYMMDD -> whether the day exists in the Gregorian calendar."""
    year = digits[:, :4] @ np.array([1000, 100, 10, 1], np.int16)
    month = digits[:, 4] * 10 + digits[:, 5]
    day = digits[:, 6] * 10 + digits[:, 7]
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    longest = _DAYS[np.clip(month, 1, 12) - 1] - ((month == 2) & ~leap)
    in_year = (year >= EARLIEST_BIRTH_YEAR) & (month >= 1) & (month <= 12)
    return np.asarray(in_year & (day >= 1) & (day <= longest), dtype=np.bool_)
