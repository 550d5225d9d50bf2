"""What goes wrong between a department's desk and the file it sends.

`dirty` takes clean tables (`feeds`) and returns them as typed: missing cells, full-width digits,
codes that were retired, rows entered twice, identity numbers mistyped and entered again, site days
that were never reported.  Nothing that is true is lost for good but what was never reported or
left blank: a mistyped row is an additional one.  Late rows come from the world itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.world.arrays import I64
from zhongshu.engines.world.sending.text import as_text, full_width
from zhongshu.kernel.feeds import FEEDS, Kind
from zhongshu.kernel.random import stream


@dataclasses.dataclass(frozen=True)
class Rates:
    """Shares of rows (or of cells, for `blank` and `wide`)."""

    twice: float = 0.002
    mistyped_id: float = 0.0005
    blank: float = 0.01  # of optional cells that have a value
    wide: float = 0.004  # of numbers and dates
    spelled: float = 0.1  # of numbers of trains and flights, written as people say them
    wrong_code: float = 0.003
    silent: float = 0.01  # of sentinel site days
    visits_twice: float = 0.0015
    visits_mistyped: float = 0.00001


DEFAULT = Rates()
# The line list is filled in by hand, in haste: more of everything.
BY_HAND = Rates(twice=0.02, mistyped_id=0.01, blank=0.03, wide=0.02, wrong_code=0.015)
SENTINELS = ("fever_clinic", "pharmacy_sales", "school_absences")
# Optional cells whose value or absence means something: never lost on the way.
KEPT = {("persons", "special_need"), ("prices", "yuan")}


def dirty(
    tables: Mapping[str, pa.Table],
    *,
    seed: int,
    day: int,
    retired_codes: Sequence[str] = (),
    rates: Rates = DEFAULT,
    by_hand: Rates = BY_HAND,
) -> dict[str, pa.Table]:
    """Feed name -> table as sent: `visits` keeps its types, the others become text."""
    found = {}
    for name, table in tables.items():
        rng = stream(seed, "mess", name, day)
        if name == "visits":
            found[name] = _visits(table, rng, rates)
        else:
            used = by_hand if name == "cases" else rates
            found[name] = _typed(name, as_text(name, table), rng, used, retired_codes)
    return found


def _typed(
    name: str, table: pa.Table, rng: np.random.Generator, rates: Rates, retired: Sequence[str]
) -> pa.Table:
    if table.num_rows == 0:
        return table
    if name in SENTINELS:
        table = table.filter(pa.array(rng.random(table.num_rows) >= rates.silent))
    for column in FEEDS[name].columns:
        index = table.column_names.index(column.name)
        cells = table[column.name]
        if not column.required and (name, column.name) not in KEPT:
            cells = _change(cells, _some(rng, table, rates.blank), lambda _: None)
        if column.kind in (Kind.INTEGER, Kind.NUMBER, Kind.DATE):
            cells = _change(cells, _some(rng, table, rates.wide), full_width)
        if column.kind is Kind.SERVICE:
            cells = _change(cells, _some(rng, table, rates.spelled), _as_spoken)
        if column.kind is Kind.DIVISION:
            chosen = _some(rng, table, rates.wrong_code)
            cells = _change(cells, chosen, _Retired(retired, column.name, rng))
        table = table.set_column(index, column.name, cells)
    return _entered_again(name, table, rng, rates)


def _entered_again(name: str, table: pa.Table, rng: np.random.Generator, rates: Rates) -> pa.Table:
    """Rows entered twice, and rows with a mistyped number that were entered right as well."""
    parts = [table, table.take(pa.array(_some(rng, table, rates.twice)))]
    ids = [column.name for column in FEEDS[name].columns if column.kind is Kind.ID_NO]
    if ids:
        wrong = table.take(pa.array(_some(rng, table, rates.mistyped_id)))
        index = wrong.column_names.index(ids[0])
        cells = pa.array([mistype(value) for value in wrong[ids[0]].to_pylist()], pa.string())
        parts.insert(0, wrong.set_column(index, ids[0], cells))
    return pa.concat_tables(parts)


def _visits(table: pa.Table, rng: np.random.Generator, rates: Rates) -> pa.Table:
    """Duplicates, and a few additional scans with a number that fails its checksum."""
    again = table.take(pa.array(_some(rng, table, rates.visits_twice)))
    wrong = table.take(pa.array(_some(rng, table, rates.visits_mistyped)))
    if wrong.num_rows == 0:
        return pa.concat_tables([table, again])
    cells = [mistype(value) for value in wrong["id_no"].to_pylist()]
    typed = pa.array(cells, pa.string()).dictionary_encode().cast(table["id_no"].type)
    wrong = wrong.set_column(0, table.schema.field("id_no"), typed)
    return pa.concat_tables([table, again, wrong]).unify_dictionaries()


def mistype(id_no: str) -> str:
    """The number with its check character replaced by a wrong one."""
    return id_no[:-1] + ("1" if id_no[-1] != "1" else "2")


def _as_spoken(number: str) -> str:
    """``Ｇ 1234次`` for G1234."""
    letters = "".join(sign for sign in number if not sign.isdigit())
    return f"{letters} {full_width(number[len(letters) :])}次"


def _some(rng: np.random.Generator, table: pa.Table, share: float) -> I64:
    """Row indices: a Poisson number of different rows, about `share` of them."""
    count = min(int(rng.poisson(share * table.num_rows)), table.num_rows)
    return np.sort(rng.choice(table.num_rows, size=count, replace=False)).astype(np.int64)


def _change(cells: pa.ChunkedArray, rows: I64, change: object) -> pa.ChunkedArray:
    """The column with `change` applied to the non-null cells of `rows`."""
    if len(rows) == 0:
        return cells
    assert callable(change)
    flat = cells.combine_chunks()
    old = flat.take(pa.array(rows)).to_pylist()
    new = pa.array([None if value is None else change(value) for value in old], pa.string())
    mask = np.zeros(len(flat), dtype=np.bool_)
    mask[rows] = True
    return pa.chunked_array([pc.replace_with_mask(flat, pa.array(mask), new)])


class _Retired:
    """Replaces a code by one that is not valid (any more): a retired county's prefix where one is
    known, else a number that was never given."""

    def __init__(self, retired: Sequence[str], column: str, rng: np.random.Generator) -> None:
        self._prefixes = sorted({code[:6] for code in retired})
        self._village = column == "village_code"
        self._rng = rng

    def __call__(self, code: str) -> str:
        if self._prefixes:
            prefix = self._prefixes[int(self._rng.integers(len(self._prefixes)))]
            return prefix + (code[6:] if self._village else "000000")
        return code[:-3] + "998" if self._village else code[:4] + "99000000"
