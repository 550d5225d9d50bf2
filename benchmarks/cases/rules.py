"""Synthetic subjects for the rule benchmarks: persons of a city, contacts with their tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.kernel.random import stream
from zhongshu.kernel.time import BEIJING

NOW = dt.datetime(2022, 11, 8, 20, 0, tzinfo=BEIJING)
_MOMENT = pa.timestamp("us", "UTC")
_NOW_US = int(NOW.timestamp()) * 1_000_000
_HOUR_US = 3_600_000_000
Array = Any


def persons(count: int, *, seed: int = 1) -> pa.Table:
    """A city under control: most have nothing to tell, some are cases, contacts, isolated, have
    fever, live in or left a zone, owe a test.  Times reach from 20 days ago to 10 days ahead."""
    chance = stream(seed, "rules.persons")
    few = chance.random(count)
    degree = np.where(few < 0.01, 1, np.where(few < 0.03, 2, 0))
    zones = np.array(["high", "medium", "low"])
    return pa.table(
        {
            "now": _moments(np.full(count, _NOW_US)),
            "is_case": pa.array(chance.random(count) < 0.002),
            "case_release_at": _some_moments(chance, count, 0.002),
            "contact_degree": pa.array(degree, mask=degree == 0),
            "contact_release_at": _some_moments(chance, count, 0.03),
            "isolating": pa.array(chance.random(count) < 0.02),
            "isolated_until": _some_moments(chance, count, 0.02),
            "zone_level": _texts(chance, zones, count, 0.7),
            "zone_release_at": _some_moments(chance, count, 0.2),
            "left_zone_level": _texts(chance, zones, count, 0.05),
            "left_zone_at": _some_moments(chance, count, 0.05),
            "general_contact_at": _some_moments(chance, count, 0.05),
            "tube_positive_pending": pa.array(chance.random(count) < 0.001),
            "fever_c": _numbers(chance.normal(36.6, 0.5, count).round(1), chance, 0.1),
            "fever_at": _some_moments(chance, count, 0.1),
            "last_negative_at": _some_moments(chance, count, 0.8),
            "tests_due": pa.array(chance.integers(0, 4, count)),
            "tests_done": pa.array(np.minimum(chance.integers(1, 8, count), 3)),
        }
    )


def contacts(count: int, *, seed: int = 2) -> pa.Table:
    """Close and secondary contacts, some with days already served, each with up to six tests."""
    chance = stream(seed, "rules.contacts")
    exposed = _NOW_US - chance.integers(0, 20 * 24, count) * _HOUR_US
    return pa.table(
        {
            "now": _moments(np.full(count, _NOW_US)),
            "degree": pa.array(chance.integers(1, 3, count)),
            "disease": pa.array(["covid-19"] * count),
            "last_exposure": _moments(exposed),
            "begins": pa.array((exposed // 86_400_000_000 + 1).astype(np.int32)).cast(pa.date32()),
            "days_served": _numbers(chance.integers(1, 4, count).astype(float), chance, 0.1),
            "tests": _tests(chance, exposed),
        }
    )


def _tests(chance: np.random.Generator, exposed: Array) -> pa.Array:
    counts = chance.integers(0, 7, len(exposed))
    owner = np.repeat(np.arange(len(exposed)), counts)
    sampled = exposed[owner] + chance.integers(1, 15 * 24, len(owner)) * _HOUR_US
    results = np.array(["negative", "negative", "negative", "negative", "positive"])
    items = pa.StructArray.from_arrays(
        [
            _moments(sampled),
            pa.array(results[chance.integers(0, len(results), len(owner))]),
            pa.array(chance.normal(36.0, 3.0, len(owner)).round(1)),
        ],
        names=["sampled_at", "result", "ct"],
    )
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), items)


def _moments(microseconds: Array, mask: Array | None = None) -> pa.Array:
    return pa.array(microseconds, pa.int64(), mask=mask).cast(_MOMENT)


def _some_moments(chance: np.random.Generator, count: int, share: float) -> pa.Array:
    hours = chance.integers(-20 * 24, 10 * 24, count)
    return _moments(_NOW_US + hours * _HOUR_US, chance.random(count) >= share)


def _numbers(found: Array, chance: np.random.Generator, share: float) -> pa.Array:
    return pa.array(found, mask=chance.random(len(found)) >= share)


def _texts(chance: np.random.Generator, words: Array, count: int, share: float) -> pa.Array:
    picked = words[chance.integers(0, len(words), count)]
    return pa.array(picked, mask=chance.random(count) >= share)
