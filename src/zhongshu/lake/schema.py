"""Tables of the evidence lake.  Persons are pseudonyms only; places are lake keys.

Layout under the lake's root (``var/lake``):

``visits/day=YYYY-MM-DD.parquet``   by (place, time_in), packed as `kernel.visitfiles` says; the
                                    day is that of time_in, Beijing
``visits/day=....by-person.parquet``  the same facts by (person, time_in)
``visits/persons.parquet``          number of a person in those files <-> pseudonym
``tests/day=YYYY-MM-DD.parquet``    the day is that of sampled_at
``tubes/day=YYYY-MM-DD.parquet``    who gave a swab to which tube; the day is that of sampled_at
``tube_results/day=YYYY-MM-DD.parquet``  of tubes; the day is that of the first swab
``counts/stream=NAME.parquet``      sentinel counts, one row per (site, day, known_at)
``arrivals/day=YYYY-MM-DD.parquet`` the day is that of arrived_at
``dims/places.parquet``             lake key <-> sender's place id, kind, village, WGS-84 point,
                                    the whole a sub-place is part of and its number there
``dims/clocks.parquet``             how far clocks are off, by source and time
``receipts/NNNNNN.json``            what was deleted, by which rule; each with the hash before it
``hot/``                            the hot index, a copy of visits (`lake.hot`)
``<folder>/manifest.json``          rows, bytes and SHA-256 of every file beside it

Instants are UTC ``timestamp('s')``; a missing time_out is null, never invented here.

A row is one *version* of a fact: its key says which fact, its known-at column when this version
was known.  Stored rows carry one more column, ``superseded_at``: when the next version of the same
fact was known, null for the newest.  What was known at T is therefore one cheap filter:
``known <= T and (superseded_at is null or superseded_at > T)``.
"""

from __future__ import annotations

import dataclasses

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
        ("parent", pa.int32()),  # key of the whole it is part of; null: it is part of nothing
        ("number", pa.int32()),  # its order along the parent (floor, row, bay); null: none
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

TUBES = pa.schema(
    [
        ("tube", pa.string()),
        ("person", pa.int64()),
        ("sampled_at", SECONDS),
        ("recorded_at", SECONDS),  # known_at
    ]
)

TUBE_RESULTS = pa.schema(
    [
        ("tube", pa.string()),
        ("village_code", pa.string()),  # of the point
        ("swabs", pa.int64()),
        ("sampled_at", SECONDS),  # the first swab
        ("received_at", SECONDS),
        ("reported_at", SECONDS),  # known_at
        ("lab_id", pa.string()),
        ("result", pa.string()),
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
        ("known_at", SECONDS),  # when the file was received: the feed has no time of its own
    ]
)

SUPERSEDED_AT = pa.field("superseded_at", SECONDS)
UNKNOWN_PLACE = "unknown"  # kind of a place that visits name and no place feed has described


@dataclasses.dataclass(frozen=True, slots=True)
class LakeTable:
    """One versioned table of the lake.

    folder: its directory under the root.
    part: the column that decides the file a row belongs to; an instant means its Beijing day.
    key: columns that name the fact.  known: the column that says when a version was known.
    order: sorting inside a file: the key in the order readers look it up, then `known`.
    stamped: `known` is our time of receipt, not the sender's; a version that repeats the one
        before it then says nothing new and is dropped.
    """

    folder: str
    schema: pa.Schema
    part: str
    key: tuple[str, ...]
    known: str
    order: tuple[str, ...]
    stamped: bool = False

    @property
    def stored(self) -> pa.Schema:
        return self.schema.append(SUPERSEDED_AT)

    @property
    def daily(self) -> bool:
        return bool(pa.types.is_timestamp(self.schema.field(self.part).type))


VISIT_TABLE = LakeTable(
    "visits",
    VISITS,
    part="time_in",
    key=("person", "place", "time_in", "source"),
    known="recorded_at",
    order=("place", "time_in", "person", "source", "recorded_at"),
)
TEST_TABLE = LakeTable(
    "tests",
    TESTS,
    part="sampled_at",
    key=("sample_no",),
    known="reported_at",
    order=("sample_no", "reported_at"),
)
TUBE_TABLE = LakeTable(
    "tubes",
    TUBES,
    part="sampled_at",
    key=("tube", "person"),
    known="recorded_at",
    order=("tube", "person", "recorded_at"),
)
TUBE_RESULT_TABLE = LakeTable(
    "tube_results",
    TUBE_RESULTS,
    part="sampled_at",
    key=("tube",),
    known="reported_at",
    order=("tube", "reported_at"),
)
COUNT_TABLE = LakeTable(
    "counts",
    COUNTS,
    part="stream",
    key=("site_id", "date"),
    known="known_at",
    order=("site_id", "date", "known_at"),
)
ARRIVAL_TABLE = LakeTable(
    "arrivals",
    ARRIVALS,
    part="arrived_at",
    key=("person", "arrived_at"),
    known="known_at",
    order=("arrived_at", "person", "known_at"),
    stamped=True,
)
