"""From facts to the clocks they make: set-based, no database."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.time import BEIJING, beijing_day
from zhongshu.rules import clocks as rules
from zhongshu.rules.expression import vector
from zhongshu.rules.model import Clock, Pack
from zhongshu.rules.reader import ANY
from zhongshu.service.clocks.kinds import Said, said
from zhongshu.service.clocks.rulebook import Rulebook, command

MICROS = pa.timestamp("us", tz="UTC")
_EPOCH = dt.date(1970, 1, 1)
_CODE = 13  # a code of twelve digits and a slash
_BEIJING_US, _DAY_US = 8 * 3_600_000_000, 24 * 3_600_000_000
# What every row has beside the facts of its kind.
GIVEN = {
    "subject_id": pa.int64(),
    "unit_path": pa.string(),
    "label": pa.string(),
    "known_at": MICROS,
}
FOUND = pa.schema(
    [
        ("key", pa.string()),
        ("pack_id", pa.string()),
        ("clock", pa.string()),
        ("subject_id", pa.int64()),
        ("subject_path", pa.string()),
        ("unit", pa.string()),
        ("unit_path", pa.string()),
        ("label", pa.string()),
        ("anchor_at", MICROS),
        ("due_at", MICROS),
        ("stop_at", MICROS),
        ("ends_itself", pa.bool_()),
        ("known_at", MICROS),
    ]
)


def table_of(rows: pa.Table | Sequence[Mapping[str, Any]], *, now: dt.datetime) -> pa.Table:
    """Rows as a table with all of `GIVEN`; not known since when: since now."""
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist([dict(r) for r in rows])
    for name, kind in GIVEN.items():
        if name not in table.column_names:
            empty = pa.scalar("") if pa.types.is_string(kind) else pa.scalar(None, kind)
            table = table.append_column(name, pa.repeat(empty, table.num_rows))
        place = table.column_names.index(name)
        table = table.set_column(place, name, table[name].cast(kind))
    known = pc.fill_null(table["known_at"], pa.scalar(now, MICROS))
    return table.set_column(table.column_names.index("known_at"), "known_at", known)


def found(
    subject_kind: str, table: pa.Table, *, book: Rulebook, now: dt.datetime
) -> tuple[pa.Table, dict[str, Said]]:
    """The clocks (schema `FOUND`) that the facts in `table` make, and what they say by key.

    A subject's clock follows the version that applies to the day of its anchor.  There is no
    clock without its anchor, or where its due time is a fact that is missing; nor where the fact
    that would stop it is not among the columns: nobody here records it, so nobody could stop it.
    What the disease's own pack times is not timed again by a pack for any disease.
    """
    parts, kinds = [FOUND.empty_table()], {}
    versions = list(_versions(table, book, subject_kind, now))
    own = {_span(c) for pack, *_ in versions if pack.disease != ANY for c in pack.clocks.values()}
    for pack, above, anchors in versions:
        for clock in pack.clocks.values():
            general = pack.disease == ANY and _span(clock) in own
            recorded = clock.stop is None or clock.stop in table.column_names
            if clock.of != subject_kind or clock.anchor not in anchors or general or not recorded:
                continue
            one = said(pack, clock, command=above)
            rows = _rows(one, table.filter(anchors[clock.anchor]), now)
            if rows.num_rows:
                parts.append(rows)
                kinds[one.key] = one
    return pa.concat_tables(parts), kinds


def _span(clock: Clock) -> tuple[str, str, str | None]:
    return clock.of, clock.anchor, clock.stop


def _versions(
    table: pa.Table, book: Rulebook, subject_kind: str, now: dt.datetime
) -> Iterator[tuple[Pack, Pack | None, dict[str, pa.Array]]]:
    """Each version that applies to a row by the day of an anchor, with the chain of command that
    applies beside it, and which rows by the anchor.

    Places under one set of rules are looked at together.
    """
    places = _places(table, book)
    anchors = _anchors(subject_kind, book, places, now)
    versions: dict[tuple[str, str], tuple[Pack, Pack | None, dict[str, Any]]] = {}
    for name in anchors:
        days = _days(moments(table, name))
        for place, path in enumerate(places.paths):
            here = places.of_row == place
            for day in np.unique(days[here & (days >= 0)]):
                rows = here & (days == day)
                packs = book.packs(_EPOCH + dt.timedelta(days=int(day)), path)
                above = command(packs)
                for pack in packs:
                    key = (pack.version, above.version if above else "")
                    *_, by_anchor = versions.setdefault(key, (pack, above, {}))
                    by_anchor[name] = by_anchor.get(name, False) | rows
    for pack, above, by_anchor in versions.values():
        yield pack, above, {name: pa.array(rows) for name, rows in by_anchor.items()}


def _anchors(subject_kind: str, book: Rulebook, places: _Places, now: dt.datetime) -> list[str]:
    """Anchor facts of the kind's clocks, by the newest versions and by the oldest."""
    packs = [
        pack
        for path in places.paths
        for day in (beijing_day(now), _EPOCH)
        for pack in book.packs(day, path)
    ]
    clocks = (clock for pack in packs for clock in pack.clocks.values())
    return sorted({clock.anchor for clock in clocks if clock.of == subject_kind})


@dataclasses.dataclass(frozen=True)
class _Places:
    """paths: one of each set of places under the same rules; of_row: index into them, (n,)."""

    paths: tuple[str, ...]
    of_row: np.ndarray[Any, np.dtype[np.int64]]


def _places(table: pa.Table, book: Rulebook) -> _Places:
    encoded = table["unit_path"].combine_chunks().dictionary_encode()
    paths = encoded.dictionary.to_pylist()
    keys = [tuple(code for code in path.split("/") if code in book.apart) for path in paths]
    firsts = {key: place for place, key in reversed(list(enumerate(keys)))}
    numbers = {key: number for number, key in enumerate(firsts)}
    of_path = np.array([numbers[key] for key in keys], dtype=np.int64)
    return _Places(
        tuple(paths[place] for place in firsts.values()),
        of_path[encoded.indices.to_numpy(zero_copy_only=False)],
    )


def moments(table: pa.Table, name: str) -> pa.Array:
    """A column as moments (`MICROS`): a day begins at 00:00 in Beijing; no column, nothing."""
    if name not in table.column_names:
        return pa.nulls(table.num_rows, MICROS)
    column = table[name].combine_chunks()
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), MICROS)
    if pa.types.is_date(column.type):
        local = column.cast(pa.timestamp("us"))
        return pc.assume_timezone(local, str(BEIJING)).cast(MICROS)
    return column.cast(MICROS)


def _days(column: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Days since 1970 on the Beijing clock, -1 where there is none."""
    micros = pc.fill_null(column.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    days: np.ndarray[Any, np.dtype[np.int64]] = (micros + _BEIJING_US) // _DAY_US
    return np.where(micros < 0, -1, days)


def _rows(one: Said, table: pa.Table, now: dt.datetime) -> pa.Table:
    clock = one.clock
    if clock.when is not None:
        table = table.filter(_holds(one, table, now))
    due = _due(one, table)
    there = pc.is_valid(due)
    table, due = table.filter(there), due.filter(there)
    path = _owner_path(clock.owner, table["unit_path"])
    rows = table.num_rows
    return pa.table(
        {
            "key": pa.repeat(one.key, rows),
            "pack_id": pa.repeat(one.pack.id, rows),
            "clock": pa.repeat(clock.id, rows),
            "subject_id": table["subject_id"],
            "subject_path": table["unit_path"],
            "unit": pc.utf8_slice_codeunits(path, -_CODE, -1),
            "unit_path": path,
            "label": table["label"],
            "anchor_at": moments(table, clock.anchor),
            "due_at": due,
            "stop_at": moments(table, clock.stop or ""),
            "ends_itself": pa.repeat(pa.scalar(clock.stop is None), rows),
            "known_at": table["known_at"],
        },
        schema=FOUND,
    )


def _owner_path(owner: str, paths: pa.ChunkedArray) -> pa.ChunkedArray:
    """`rules.owner_path` for a column; codes are all of one length."""
    if owner == "unit":
        return paths
    depth = rules.LEVELS.index(owner) + 1
    return pc.utf8_slice_codeunits(paths, 0, depth * _CODE)


def _due(one: Said, table: pa.Table) -> pa.Array:
    clock = one.clock
    if clock.due is not None:
        return moments(table, clock.due)
    anchors = moments(table, clock.anchor)
    if clock.top_up and "served" in table.column_names:
        facts = table.select(["served"]).to_pylist()
        return pa.array(
            [
                rules.due(clock, anchor, pack=one.pack, facts=row)
                for anchor, row in zip(anchors.to_pylist(), facts, strict=True)
            ],
            MICROS,
        )
    micros = anchors.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return pa.array(rules.due_many(clock, micros, pack=one.pack)).cast(MICROS)


def _holds(one: Said, table: pa.Table, now: dt.datetime) -> pa.Array:
    """For which rows the clock's condition holds; where a fact is unknown it does not."""
    told = table.append_column("now", pa.repeat(pa.scalar(now, MICROS), table.num_rows))
    held = vector.evaluate(one.clock.when, told, figures=one.pack.value)
    return pc.fill_null(held, False) if pa.types.is_boolean(held.type) else pc.is_valid(held)
