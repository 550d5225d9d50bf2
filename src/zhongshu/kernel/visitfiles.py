"""How the visits of the evidence lake lie in their Parquet files, and the one way to read them.

A row holds small numbers instead of instants and pseudonyms, because a province has billions:
the person's number in the lake (``persons.parquet`` says whose), seconds instead of instants,
the stay instead of the time out, the delay instead of the time of recording.  `columns` says in
SQL what the plain columns are; DuckDB and Spark both take it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from zhongshu.kernel.errors import BadInput

PACKED = pa.schema(
    [
        ("place", pa.int32()),  # lake key
        ("time_in_s", pa.int64()),  # since 1970, as sent
        ("person_no", pa.int32()),  # see PERSONS; null if nobody is named
        ("stay_s", pa.int32()),  # time out minus time in; null without a time out
        ("source", pa.dictionary(pa.int8(), pa.string())),
        ("delay_s", pa.int32()),  # recorded-at minus time out, or minus time in without one
        ("superseded_s", pa.int32()),  # superseded-at minus recorded-at; null for the newest
    ]
)
PERSONS = pa.schema(
    [
        ("person_no", pa.int32()),
        ("person", pa.int64()),  # pseudonym; null once none of his visits is left
    ]
)
DUCKDB, SPARK = "to_timestamp", "timestamp_seconds"  # instant from seconds, in either dialect


@dataclasses.dataclass(frozen=True, slots=True)
class Offset:
    """Clocks of `source` run `offset_s` ahead of true time from `from_s` (their own time) until
    `until_s`, seconds since 1970; None: for good."""

    source: str
    from_s: int
    until_s: int | None
    offset_s: int


@dataclasses.dataclass(frozen=True, slots=True)
class VisitFiles:
    """Files of visits to be read in place, and all that is needed to understand them.

    paths: of one order.  persons: PERSONS.  offsets: of clocks, to be taken off.
    begin, end: a visit counts if it truly began in [begin, end), aware; None: all.
    known_at: aware; only what was the newest version then counts; None: the newest of all.
    """

    paths: tuple[Path, ...]
    persons: pa.Table
    offsets: tuple[Offset, ...] = ()
    begin: dt.datetime | None = None
    end: dt.datetime | None = None
    known_at: dt.datetime | None = None

    def select(self, persons: str, *, files: str | None = None, dialect: str = DUCKDB) -> str:
        """SELECT person, place, time_in, time_out, source, recorded_at: the visits that count.

        persons: the table or view that holds `self.persons` there.  files: what stands after
        FROM; left out, DuckDB's read_parquet of the paths.
        """
        names = ", ".join(f"'{_quoted(str(path))}'" for path in self.paths)
        source = files or f"read_parquet([{names}])"
        plain = columns(self.offsets, dialect=dialect)
        wanted = ", ".join(f"{plain[name]} AS {name}" for name in plain if name != "superseded_at")
        conditions = " AND ".join([*self._known(), *self._within()]) or "true"
        return (
            f"SELECT p.person, {wanted} FROM {source} AS v "
            f"LEFT JOIN {persons} AS p ON p.person_no = v.person_no WHERE {conditions}"
        )

    def _known(self) -> list[str]:
        if self.known_at is None:
            return ["v.superseded_s IS NULL"]
        moment = _seconds(self.known_at)
        recorded = _RECORDED
        return [
            f"{recorded} <= {moment}",
            f"(v.superseded_s IS NULL OR {recorded} + v.superseded_s > {moment})",
        ]

    def _within(self) -> list[str]:
        began = _less(self.offsets, "v.time_in_s")
        found = []
        if self.begin is not None:
            found.append(f"{began} >= {_seconds(self.begin)}")
        if self.end is not None:
            found.append(f"{began} < {_seconds(self.end)}")
        return found


_RECORDED = "(v.time_in_s + coalesce(v.stay_s, 0) + v.delay_s)"


def columns(offsets: Sequence[Offset] = (), *, dialect: str = DUCKDB) -> dict[str, str]:
    """Plain column -> SQL expression over a packed row called ``v``; the person is joined."""
    return {
        "place": "v.place",
        "time_in": f"{dialect}({_less(offsets, 'v.time_in_s')})",
        "time_out": f"{dialect}({_less(offsets, 'v.time_in_s + v.stay_s')})",
        "source": "v.source",
        "recorded_at": f"{dialect}{_RECORDED}",
        "superseded_at": f"{dialect}({_RECORDED} + v.superseded_s)",
    }


def _less(offsets: Sequence[Offset], seconds: str) -> str:
    """SQL: `seconds` less what the clock of row ``v`` ran ahead."""
    cases = [
        f"WHEN v.source = '{_quoted(each.source)}' AND v.time_in_s >= {each.from_s}"
        + (f" AND v.time_in_s < {each.until_s}" if each.until_s is not None else "")
        + f" THEN {each.offset_s}"
        for each in offsets
    ]
    return f"({seconds} - CASE {' '.join(cases)} ELSE 0 END)" if cases else seconds


def _seconds(moment: dt.datetime) -> int:
    if moment.tzinfo is None:
        raise BadInput("time.naive", f"{moment.isoformat()} has no time zone; add one.")
    return int(moment.timestamp() // 1)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
