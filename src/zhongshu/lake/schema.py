"""Tables of the evidence lake.  Persons are pseudonyms only; places are lake keys.

Layout under the lake's root (``var/lake``):

``visits/day=YYYY-MM-DD.parquet``   sorted by (place, time_in); the day is that of time_in, Beijing
``tests/day=YYYY-MM-DD.parquet``    the day is that of sampled_at
``counts/stream=NAME.parquet``      sentinel counts, one row per (site, day, known_at)
``arrivals/day=YYYY-MM-DD.parquet``
``dims/places.parquet``             lake key <-> sender's place id, kind, village, WGS-84 point

Instants are UTC ``timestamp('s')``; a missing time_out is null, never invented here.
"""

from __future__ import annotations

import pyarrow as pa

SECONDS = pa.timestamp("s", tz="UTC")

VISITS = pa.schema(
    [
        ("person", pa.int64()),  # pseudonym
        ("place", pa.int32()),  # lake key, see PLACES
        ("time_in", SECONDS),
        ("time_out", SECONDS),  # nullable
        ("source", pa.dictionary(pa.int8(), pa.string())),
        ("recorded_at", SECONDS),  # known_at of the fact
    ]
)

PLACES = pa.schema(
    [
        ("place", pa.int32()),
        ("place_id", pa.string()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("village_code", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
    ]
)

TESTS = pa.schema(
    [
        ("person", pa.int64()),
        ("sample_no", pa.string()),
        ("sampled_at", SECONDS),
        ("received_at", SECONDS),
        ("reported_at", SECONDS),  # known_at
        ("lab_id", pa.string()),
        ("method", pa.string()),
        ("result", pa.string()),
        ("ct", pa.float32()),
    ]
)

COUNTS = pa.schema(
    [
        ("stream", pa.string()),  # fever_clinic | pharmacy_sales | school_absences
        ("site_id", pa.string()),
        ("county_code", pa.string()),
        ("date", pa.date32()),
        ("count", pa.int64()),
        ("denominator", pa.int64()),  # nullable
        ("known_at", SECONDS),
    ]
)

ARRIVALS = pa.schema(
    [
        ("person", pa.int64()),
        ("arrived_at", SECONDS),
        ("from_province", pa.string()),
        ("mode", pa.string()),
        ("number", pa.string()),
        ("to_county", pa.string()),
    ]
)
