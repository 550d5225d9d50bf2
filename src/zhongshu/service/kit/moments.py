"""Moments as Arrow writes them for COPY."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

SECONDS = pa.timestamp("s", tz="UTC")


def constant(moment: dt.datetime, rows: int) -> pa.Array:
    """`moment` repeated, as UTC timestamps with microseconds."""
    value = pa.scalar(moment.astimezone(dt.UTC), pa.timestamp("us", tz="UTC"))
    return pa.repeat(value, rows)
