"""What the headquarters knows: the feeds as they came, late and dirty, read row by row.

A row that names nobody on file, or lacks what makes it a row, is counted and left; doubles are
dropped; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model as tracing
from zhongshu.kernel.time import BEIJING, start_of_day
from zhongshu.service.drills.county import Register
from zhongshu.service.drills.model import DAY_S, Case


class Known:
    """Grows by one evening at a time.  cases: by person; isolated_s: by person, since when he has
    been in isolation as ordered, which the headquarters knows without being told."""

    def __init__(self, register: Register, start: dt.date, *, keep_days: int) -> None:
        self.register = register
        self.zero = round(start_of_day(start).timestamp())
        self.cases: dict[int, Case] = {}
        self.isolated_s: dict[int, int] = {}
        self.rejected = 0
        self._keep_days = keep_days
        self._visits: list[pa.Table] = []

    def take(self, day: int, tables: Mapping[str, pa.Table]) -> None:
        """The files of `day`: `visits` and `cases`, as `engines.world.mess` sends them."""
        self._visits = [*self._visits[-self._keep_days + 1 :], self._read_visits(tables["visits"])]
        self.take_cases(day, tables["cases"])

    def take_cases(self, day: int, table: pa.Table) -> list[Case]:
        """A file of the line list; those of its cases who were not known yet."""
        before = len(self.cases)
        for row in table.to_pylist():
            self._read_case(day, row)
        return list(self.cases.values())[before:]

    def visits(self) -> pa.Table:
        """All visits known, in the columns of `engines.tracing`."""
        if not self._visits:
            return tracing.VISITS.empty_table()
        return pa.concat_tables(self._visits)

    def until(self, day: int) -> dt.datetime:
        """The end of a day."""
        return dt.datetime.fromtimestamp(self.zero + (day + 1) * DAY_S, dt.UTC)

    def at(self, second: int) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.zero + second, dt.UTC)

    def _read_visits(self, table: pa.Table) -> pa.Table:
        person = _found(table["id_no"], self.register.id_no)
        place = _found(table["place_id"], self.register.place_id)
        good = pc.and_(pc.is_valid(person), pc.is_valid(place))
        self.rejected += table.num_rows - int(pc.sum(good).as_py() or 0)
        return (
            pa.table(
                {
                    "person": person,
                    "place": place,
                    "time_in": table["time_in"],
                    "time_out": table["time_out"],
                    "recorded_at": table["recorded_at"],
                }
            )
            .filter(good)
            .cast(tracing.VISITS)
        )

    def _read_case(self, day: int, row: Mapping[str, str | None]) -> None:
        at = self.register.index.get(str(row["id_no"]))
        sampled, confirmed = (self._second(row[name]) for name in ("sampled_at", "confirmed_at"))
        if at is None or sampled is None or confirmed is None:
            self.rejected += 1
            return
        if at in self.cases:  # entered twice
            return
        onset = self._onset(row["onset_date"])
        self.cases[at] = Case(
            person=at,
            anchor_s=sampled if onset is None else onset,
            sampled_s=sampled,
            confirmed_s=confirmed,
            known_day=day,
            isolated=self.isolated_s.get(at, 1 << 62) <= sampled,
        )

    def _second(self, text: str | None) -> int | None:
        if text is None:
            return None
        try:
            told = dt.datetime.fromisoformat(unicodedata.normalize("NFKC", text))
        except ValueError:
            return None
        return round(told.replace(tzinfo=BEIJING).timestamp()) - self.zero

    def _onset(self, text: str | None) -> int | None:
        """The beginning of the day of onset; None where none was told, or not legibly."""
        return None if text is None else self._second(f"{text} 00:00:00")


def _found(column: pa.ChunkedArray, options: pa.Array) -> pa.Array:
    """Index of each value of a dictionary-encoded column among `options`, null where not there."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.unify_dictionaries().combine_chunks() if whole.num_chunks else None
    if whole is None:
        return pa.array([], pa.int32())
    if not pa.types.is_dictionary(whole.type):
        return pc.index_in(whole, value_set=options)
    return pc.index_in(whole.dictionary, value_set=options).take(whole.indices)
