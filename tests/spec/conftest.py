"""The editions of the COVID-19 pack, by the short names the tables use.

Each file here is a chapter: tables of facts and the answer the pack must give, readable without
the code.  An epidemiologist who finds a wrong row should say so.
"""

import datetime as dt

import pytest

from zhongshu.rules import reader

DAYS = {
    "9th": dt.date(2022, 11, 8),
    "20": dt.date(2022, 11, 12),
    "10": dt.date(2022, 12, 8),
}


@pytest.fixture
def edition():
    """edition("9th" | "20" | "10") -> the pack in force on a day of that edition."""
    return lambda name: reader.in_force("cn-covid-9", on=DAYS[name])
