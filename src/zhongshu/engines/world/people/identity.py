"""Identity numbers and names that cannot belong to anybody.

A number has the form and checksum of GB 11643, but a region between 990001 and 990999; no region
code of GB/T 2260 begins with 99, so no living person can have it.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.world.arrays import F64, I8, I16, I64, Bytes
from zhongshu.engines.world.people import names
from zhongshu.kernel import chance

FIRST_REGION = 990_001
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])  # GB 11643-1999
CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
DAYS_PER_YEAR = 365.2425  # Gregorian mean
ZERO = ord("0")
PER_DAY = 500  # serial numbers of one sex, region and day


def birth_days(age: F64, start: dt.date) -> I64:
    """Days since 1970-01-01 of birth, for ages in years on `start`."""
    today = (start - dt.date(1970, 1, 1)).days
    days: I64 = today - np.floor(age * DAYS_PER_YEAR).astype(np.int64)
    return days


def numbers(county: I16, male: I8, born: I64) -> pa.Array:
    """(n,) identity numbers as text, all different; odd serials are male."""
    serial = _rank_within(county, male, born)
    overflow = serial // PER_DAY  # a further region takes what a day cannot hold
    region = FIRST_REGION + county.astype(np.int64) + 200 * overflow
    if len(region) and int(region.max()) > 990_999:
        raise ValueError("more people born on a day in a county than numbers exist")
    date = _yyyymmdd(born)
    parity = np.where(male == 1, 1, 0)
    digits = np.empty((len(county), 18), dtype=np.uint8)
    _put(digits[:, 0:6], region)
    _put(digits[:, 6:14], date)
    _put(digits[:, 14:17], 2 * (serial % PER_DAY) + parity)
    digits[:, 17] = CHECK[(digits[:, :17] @ WEIGHTS) % 11]
    digits[:, :17] += ZERO
    return _as_text(digits)


def _rank_within(county: I16, male: I8, born: I64) -> I64:
    """Running number among those of the same county, sex and day of birth."""
    group = (born - born.min()) * 2000 + county.astype(np.int64) * 2 + male
    order = np.argsort(group, kind="stable")
    run = group[order]
    first = np.concatenate(([True], run[1:] != run[:-1]))
    starts = np.flatnonzero(first)
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, np.diff([*starts, len(group)]))
    return rank


def _yyyymmdd(born: I64) -> I64:
    day = born.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    number: I64 = (
        year * 10_000
        + (month.astype(np.int64) % 12 + 1) * 100
        + (day - month.astype("datetime64[D]")).astype(np.int64)
        + 1
    )
    return number


def _put(columns: Bytes, value: I64) -> None:
    """Writes the decimal digits of `value`, most significant first, without the offset of '0'."""
    left = value.copy()
    for position in range(columns.shape[1] - 1, -1, -1):
        columns[:, position] = left % 10
        left //= 10


def _as_text(digits: Bytes) -> pa.Array:
    count, width = digits.shape
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(offsets.tobytes()), pa.py_buffer(np.ascontiguousarray(digits).tobytes())
    )


def person_names(seed: int, male: I8) -> pa.Array:
    """(n,) a surname and one or two characters; two for four people in five."""
    who = np.arange(len(male))
    key = chance.key(seed, "names")
    surname = _pick(names.SURNAMES, chance.uniform(key, who, 0) ** 1.6)  # common ones come first
    first = _pick(names.MALE + names.FEMALE, _half(chance.uniform(key, who, 1), male))
    second = _pick((*names.MALE, *names.FEMALE), _half(chance.uniform(key, who, 2), male))
    short = pa.array(chance.uniform(key, who, 3) < 0.2)
    second = pc.if_else(short, pa.scalar(""), second)
    return pc.binary_join_element_wise(surname, first, second, "")


def _half(draw: F64, male: I8) -> F64:
    """Draws within the male part of (male + female) characters, or within the female part."""
    split = len(names.MALE) / (len(names.MALE) + len(names.FEMALE))
    drawn: F64 = np.where(male == 1, draw * split, split + draw * (1 - split))
    return drawn


def _pick(options: tuple[str, ...], draw: F64) -> pa.Array:
    index = np.minimum((draw * len(options)).astype(np.int32), len(options) - 1)
    return pa.array(options).take(pa.array(index))
