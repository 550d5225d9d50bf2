"""Small lake tables for tests: rows as tuples, times as minutes after a start."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pyarrow as pa

from zhongshu.kernel.time import BEIJING
from zhongshu.lake.schema import ARRIVALS, COUNTS, PLACES, SECONDS, TESTS, VISITS

START = dt.datetime(2022, 11, 1, 8, 0, tzinfo=BEIJING)


def at(minutes: float) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def visits(*rows: tuple[int, int, float, float | None, float]) -> pa.Table:
    """(person, place, minute in, minute out or None, minute recorded)."""
    columns = {
        "person": [row[0] for row in rows],
        "place": [row[1] for row in rows],
        "time_in": [at(row[2]) for row in rows],
        "time_out": [None if row[3] is None else at(row[3]) for row in rows],
        "source": ["venue_scan" for _ in rows],
        "recorded_at": [at(row[4]) for row in rows],
    }
    return pa.table(
        {
            name: pa.array(values, _plain(VISITS.field(name).type))
            for name, values in columns.items()
        }
    )


def counts(*rows: tuple[str, str, int, int, float]) -> pa.Table:
    """(stream, site, day of November, count, minute known)."""
    return pa.table(
        {
            "stream": [row[0] for row in rows],
            "site_id": [row[1] for row in rows],
            "county_code": ["140105000000" for _ in rows],
            "date": pa.array([dt.date(2022, 11, row[2]) for row in rows], pa.date32()),
            "count": pa.array([row[3] for row in rows], pa.int64()),
            "denominator": pa.array([None for _ in rows], pa.int64()),
            "known_at": pa.array([at(row[4]) for row in rows], SECONDS),
        },
        schema=COUNTS,
    )


def tests(*rows: tuple[int, str, float, float, str]) -> pa.Table:
    """(person, sample, minute sampled, minute reported, result)."""
    return pa.table(
        {
            "person": pa.array([row[0] for row in rows], pa.int64()),
            "sample_no": [row[1] for row in rows],
            "sampled_at": pa.array([at(row[2]) for row in rows], SECONDS),
            "received_at": pa.array([None for _ in rows], SECONDS),
            "reported_at": pa.array([at(row[3]) for row in rows], SECONDS),
            "lab_id": ["lab-1" for _ in rows],
            "method": ["single" for _ in rows],
            "result": [row[4] for row in rows],
            "ct": pa.array([None for _ in rows], pa.float32()),
        },
        schema=TESTS,
    )


def arrivals(*rows: tuple[int, float, str, float]) -> pa.Table:
    """(person, minute arrived, mode, minute received)."""
    return pa.table(
        {
            "person": pa.array([row[0] for row in rows], pa.int64()),
            "arrived_at": pa.array([at(row[1]) for row in rows], SECONDS),
            "from_province": ["310000000000" for _ in rows],
            "mode": [row[2] for row in rows],
            "number": ["G1" for _ in rows],
            "to_county": ["140105000000" for _ in rows],
            "known_at": pa.array([at(row[3]) for row in rows], SECONDS),
        },
        schema=ARRIVALS,
    )


def places(*rows: tuple[str, str]) -> pa.Table:
    """(place id, kind)."""
    unsent = ("place", "parent", "number")
    fields = [PLACES.field(name) for name in PLACES.names if name not in unsent]
    return pa.table(
        {
            "place_id": [row[0] for row in rows],
            "name": [f"Place {row[0]}" for row in rows],
            "kind": [row[1] for row in rows],
            "village_code": ["140105001001" for _ in rows],
            "lon": [112.5 for _ in rows],
            "lat": [37.8 for _ in rows],
        },
        schema=pa.schema(fields),
    )


def hashes(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_dictionary(kind) else kind
