"""Visits in the lake: two files a day with the same facts, by place and by person.

``day=D.parquet`` is sorted by (place, time in), ``day=D.by-person.parquet`` by (person, time in);
both are packed (`lake.packed`) and name persons by number (`lake.persons`).  They stand in one
folder with one manifest, so that a write replaces both and the list of persons, or nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import manifest, packed, parquet, persons
from zhongshu.lake.schema import VISIT_TABLE, VISITS
from zhongshu.lake.store import DAY, Content, Store, Written, day_file, day_of, parts
from zhongshu.lake.versions import frame, order, union

FOLDER = VISIT_TABLE.folder
Days = tuple[dt.date, dt.date]


def by_person(day: dt.date) -> str:
    return day_file(day).removesuffix(".parquet") + ".by-person.parquet"


def files_of(day: dt.date) -> tuple[str, str]:
    return day_file(day), by_person(day)


def days(store: Store) -> list[dt.date]:
    """Days with visits, in order; their files are not read."""
    there = map(day_of, manifest.read(store.root / FOLDER))
    return sorted(day for day in there if day is not None)


@dataclasses.dataclass(frozen=True, slots=True)
class Size:
    """What a day takes: versions of visits, bytes of the file in either order."""

    day: dt.date
    rows: int
    by_place: int
    by_person: int


def sizes(store: Store) -> list[Size]:
    """By day, as the manifest says."""
    entries = manifest.read(store.root / FOLDER)
    found = []
    for day in days(store):
        one, other = (entries.get(file) for file in files_of(day))
        if one is not None:
            found.append(Size(day, one.rows, one.bytes, other.bytes if other else 0))
    return found


def write(store: Store, rows: pa.Table) -> Written:
    """Union rows of `schema.VISITS` into the days they began on.

    Refuses a row without a time in or a time of recording.
    """
    incoming = frame(rows, VISITS)
    if incoming.select(pl.col("time_in", "recorded_at").null_count()).sum_horizontal().item():
        raise BadInput(
            "lake.time_blank", "A visit without a time in or a time of recording has no place."
        )
    with store.lock():
        known = persons.read(store)
        everyone, numbered = persons.entered(known, incoming)
        ready: dict[dt.date, pl.DataFrame] = {}
        new = 0
        for file, part in parts(numbered, VISIT_TABLE):
            day = day_of(file)
            assert day is not None
            old = _day(store, day)
            merged = union(old, part, VISIT_TABLE)
            new += merged.height - (0 if old is None else old.height)
            if old is None or not merged.equals(old):
                ready[day] = merged
        put(store, ready, everyone if everyone is not known else None)
    return Written(incoming.height, new, tuple(day_file(day) for day in sorted(ready)))


def put(
    store: Store,
    ready: Mapping[dt.date, pl.DataFrame],
    everyone: pa.Table | None = None,
    *,
    gone: Sequence[dt.date] = (),
) -> None:
    """Replace whole days (rows in PLACE_ORDER), and the list of persons if given; take away the
    days in `gone`."""
    tables: dict[str, pa.Table | Content] = {} if everyone is None else {persons.FILE: everyone}
    layouts: dict[str, parquet.Layout] = {}
    for day, rows in sorted(ready.items()):
        one, other = files_of(day)
        by_place = packed.table(rows)
        tables[one], layouts[one] = by_place, packed.BY_PLACE
        tables[other] = functools.partial(_by_person, rows, by_place)
        layouts[other] = packed.BY_PERSON
    store.replace(
        FOLDER, tables, layouts=layouts, gone=[file for day in gone for file in files_of(day)]
    )


def _by_person(rows: pl.DataFrame, by_place: pa.Table) -> pa.Table:
    """The packed rows in the other order."""
    return by_place.take(pa.array(order(rows, packed.PERSON_ORDER)))


def _day(store: Store, day: dt.date) -> pl.DataFrame | None:
    paths = store.paths(FOLDER, [day_file(day)])
    return packed.frame(parquet.read(paths[0])) if paths else None


def paths(store: Store, first: dt.date, last: dt.date, *, person_order: bool = False) -> list[Path]:
    """Sound files of the days `first`..`last` in one order."""
    named = by_person if person_order else day_file
    count = max((last - first).days + 1, 0)
    return store.paths(FOLDER, [named(first + n * DAY) for n in range(count)])


def read(store: Store, first: dt.date, last: dt.date, known_at: int | None) -> pa.Table:
    """`schema.VISITS` of these days, as sent, by day, place and time.

    known_at: seconds since 1970; only the versions newest then.  None: newest of all.
    """
    found = [parquet.read(path) for path in paths(store, first, last)]
    return _plain(store, [_known(table, known_at) for table in found])


def of_persons(
    store: Store, wanted: pa.Array, first: dt.date, last: dt.date, known_at: int | None
) -> pa.Table:
    """`schema.VISITS` of the pseudonyms `wanted`, as sent, by person and time.

    Reads only the parts of the person-sorted files that can hold them.
    """
    files = paths(store, first, last, person_order=True)
    mine = persons.numbers(persons.read(store), wanted).drop_null().sort()
    found = [_known(_mine(path, mine), known_at) for path in files] if len(mine) else []
    return _plain(store, found)


def _mine(path: Path, numbers: pa.Array) -> pa.Table:
    file = pq.ParquetFile(path)
    ids = numbers.to_numpy()
    column = file.schema_arrow.get_field_index("person_no")
    groups = []
    for group in range(file.metadata.num_row_groups):
        span = file.metadata.row_group(group).column(column).statistics
        if span is None or not span.has_min_max:
            continue  # nobody is named there
        at = np.searchsorted(ids, span.min)
        if at < len(ids) and ids[at] <= span.max:
            groups.append(group)
    try:
        rows = file.read_row_groups(groups)
    except (pa.ArrowInvalid, OSError) as error:
        raise manifest.damaged(path, "it is not a readable Parquet file") from error
    return rows.filter(pc.is_in(rows["person_no"], numbers))


def _known(table: pa.Table, known_at: int | None) -> pl.DataFrame:
    if known_at is None:
        return packed.frame(table.filter(pc.is_null(table["superseded_s"])))
    rows = packed.frame(table)
    newest = pl.col("superseded_at").is_null() | (pl.col("superseded_at") > known_at)
    return rows.filter((pl.col("recorded_at") <= known_at) & newest)


def _plain(store: Store, found: Sequence[pl.DataFrame]) -> pa.Table:
    """Numbers of persons become pseudonyms again."""
    if not found:
        return VISITS.empty_table()
    rows = pl.concat(found)
    return packed.plain(rows, persons.pseudonyms(persons.read(store)))


# two orders, the same facts ---------------------------------------------------------------


def verify(store: Store) -> list[BadInput]:
    """Days whose two orders differ or of which one is missing; damage is `Store.verify`'s."""
    entries = manifest.read(store.root / FOLDER)
    held = {file.split(".", maxsplit=1)[0] for file in entries if file.startswith("day=")}
    found = []
    for name in sorted(held):
        day = dt.date.fromisoformat(name.removeprefix("day="))
        try:
            if not _agree(store, day):
                found.append(_apart(store, day))
        except BadInput:
            continue
    return found


def _agree(store: Store, day: dt.date) -> bool:
    both = store.paths(FOLDER, list(files_of(day)))
    if len(both) < 2:
        return False
    one, other = (packed.frame(parquet.read(path)) for path in both)
    return one.sort(packed.PLACE_ORDER).equals(other.sort(packed.PLACE_ORDER))


def _apart(store: Store, day: dt.date) -> BadInput:
    return BadInput(
        "lake.orders_differ",
        f"The two copies of the visits of {day} do not hold the same; "
        "`zhongshu lake compact` makes the one by person anew from the one by place.",
        day=day.isoformat(),
        path=str(store.root / FOLDER / by_person(day)),
    )


def mend(store: Store) -> list[dt.date]:
    """Make the copy that is damaged, missing or different anew from the other; days mended.

    Where both are sound and differ, the one by place holds.  Refuses a day with none sound.
    """
    mended = []
    with store.lock():
        entries = manifest.read(store.root / FOLDER)
        held = {file.split(".", maxsplit=1)[0] for file in entries if file.startswith("day=")}
        for name in sorted(held):
            day = dt.date.fromisoformat(name.removeprefix("day="))
            sound = [found for file in files_of(day) if (found := _sound(store, file)) is not None]
            if not sound:
                store.paths(FOLDER, list(files_of(day)))  # says what is wrong
            if len(sound) < 2 or not sound[0].equals(sound[1]):
                put(store, {day: sound[0]})
                mended.append(day)
    return mended


def _sound(store: Store, file: str) -> pl.DataFrame | None:
    try:
        found = store.paths(FOLDER, [file])
        return packed.frame(parquet.read(found[0])).sort(packed.PLACE_ORDER) if found else None
    except BadInput:
        return None
