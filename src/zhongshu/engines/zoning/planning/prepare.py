"""From the tables to blocks: cells that may not be parted are joined, and all is checked."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from zhongshu.engines.zoning.planning import model
from zhongshu.engines.zoning.planning.model import Aims, Floats, Mask
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput

Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Ground:
    """The cells and who they border on, in blocks; arrays by block unless said otherwise.

    of_cell: block of each cell, in the order of the table.  a, b, length_m: bordering blocks,
    a < b; joined: whether a zone may hold both; along: whether the border is that of a named block
    (else it runs through the inside of one).
    """

    ids: tuple[str, ...]
    of_cell: Ints
    people: Floats
    risk: Floats
    person_days: Floats
    present: Mask
    counts: dict[str, Ints]  # per cell
    a: Ints
    b: Ints
    length_m: Floats
    joined: Mask
    along: Mask

    @property
    def blocks(self) -> int:
        return len(self.people)


def read(cells: pa.Table, adjacent: pa.Table, together: pa.Table | None = None) -> Ground:
    """Refuses repeated or unknown cells, figures below zero or missing, no risk at all, and a
    household or building that lies in two units of the largest kind."""
    tables.require(cells, "cells", model.CELLS.names)
    tables.require(adjacent, "adjacent", model.ADJACENT.names)
    figures = ["risk", "strictness", "days", *model.COUNTS]
    _finite(cells, "cells", figures)
    _finite(adjacent, "adjacent", ["length_m"])
    ids = tables.texts(cells, "cell_id")
    index = {cell: n for n, cell in enumerate(ids)}
    if len(index) < len(ids):
        raise BadInput("zoning.cell_twice", "A cell is listed twice; list each cell once.")
    risk = tables.floats(cells, "risk")
    if not risk.sum() > 0:
        raise BadInput(
            "zoning.no_risk", "No cell has any risk; there is nothing to cover and no zone to draw."
        )
    of_cell = _blocks(index, together)
    blocks = int(of_cell.max()) + 1
    people = tables.ints(cells, "people", null=0)
    days = people * tables.floats(cells, "strictness") * tables.floats(cells, "days")

    def total(values: Floats | Ints) -> Floats:
        return np.bincount(of_cell, values, blocks).astype(np.float64)

    largest = _largest(cells, of_cell, blocks)
    a, b, length_m, along = _borders(adjacent, index, cells, of_cell)
    return Ground(
        ids=tuple(ids),
        of_cell=of_cell,
        people=total(people),
        risk=total(risk) / risk.sum(),
        person_days=total(days),
        present=total(_flags(cells, "present")) > 0,
        counts={name: tables.ints(cells, name, null=0) for name in model.COUNTS},
        a=a,
        b=b,
        length_m=length_m,
        joined=largest[a] == largest[b],
        along=along,
    )


def check_aims(aims: Aims) -> None:
    """Refuses a share outside 0..1, fewer than one zone, and costs or maxima below zero."""
    costs = (aims.zone_cost, aims.inside_per_m, aims.named_per_m, aims.opening, aims.closing)
    maxima = [
        v for v in (aims.people_per_zone, aims.people_total, aims.person_days) if v is not None
    ]
    if not 0 <= aims.share <= 1 or aims.zones < 1:
        raise BadInput(
            "zoning.bad_aims",
            f"The share to cover is between 0 and 1 and there is at least one zone; "
            f"asked for {aims.share} and {aims.zones}.",
        )
    if (
        not all(np.isfinite(costs))
        or min(costs) < 0
        or min(maxima, default=0) < 0
        or aims.closing > 1
    ):
        raise BadInput(
            "zoning.bad_aims",
            "Costs and maxima are not below zero, and freeing a cell costs at most what keeping "
            "it costs (closing <= 1).",
        )


def _finite(table: pa.Table, name: str, columns: list[str]) -> None:
    tables.not_negative(table, name, columns)
    for column in columns:
        if column not in model.COUNTS and not np.isfinite(tables.floats(table, column)).all():
            raise BadInput(
                "zoning.missing_figure",
                f"A row of '{name}' has no usable {column}; fill it in or leave the row out.",
                column=column,
            )


def _flags(table: pa.Table, column: str) -> Ints:
    return tables.ints(table.set_column(0, "flag", table[column].cast(pa.int64())), "flag", null=0)


def _blocks(index: dict[str, int], together: pa.Table | None) -> Ints:
    """Block of each cell: those that share a key, directly or by way of others, are one."""
    n = len(index)
    if together is None or not together.num_rows:
        return np.arange(n)
    tables.require(together, "together", model.TOGETHER.names)
    cells = _known(tables.texts(together, "cell_id"), index, "together")
    keys: dict[str, int] = {}
    of_key = np.array([keys.setdefault(k, n + len(keys)) for k in tables.texts(together, "key")])
    size = n + len(keys)
    graph = sparse.coo_matrix((np.ones(len(cells)), (cells, of_key)), shape=(size, size))
    labels = csgraph.connected_components(graph, directed=False)[1][:n]
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _known(names: list[str], index: dict[str, int], table: str) -> Ints:
    unknown = next((name for name in names if name not in index), None)
    if unknown is not None:
        raise BadInput(
            "zoning.unknown_cell",
            f"The table '{table}' names the cell {unknown}, which is not in 'cells'.",
            cell=unknown,
        )
    return np.array([index[name] for name in names], dtype=np.int64)


def _codes(cells: pa.Table, column: str) -> Ints:
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(v, len(codes)) for v in tables.texts(cells, column)])


def _largest(cells: pa.Table, of_cell: Ints, blocks: int) -> Ints:
    codes = _codes(cells, "largest")
    found = np.zeros(blocks, dtype=np.int64)
    found[of_cell] = codes
    parted = np.flatnonzero(found[of_cell] != codes)
    if len(parted):
        cell = cells["cell_id"][int(parted[0])].as_py()
        raise BadInput(
            "zoning.parted_unit",
            f"The building or household of cell {cell} lies in two of the largest units a zone may "
            "be; say to which one it belongs.",
            cell=cell,
        )
    return found


def _borders(
    adjacent: pa.Table, index: dict[str, int], cells: pa.Table, of_cell: Ints
) -> tuple[Ints, Ints, Floats, Mask]:
    first = _known(tables.texts(adjacent, "a"), index, "adjacent")
    second = _known(tables.texts(adjacent, "b"), index, "adjacent")
    named = _codes(cells, "named")
    along = named[first] != named[second]
    a, b = np.minimum(of_cell[first], of_cell[second]), np.maximum(of_cell[first], of_cell[second])
    apart = a != b
    kinds = (a * len(of_cell) + b) * 2 + along
    kept, where = np.unique(kinds[apart], return_inverse=True)
    length_m = np.bincount(where, tables.floats(adjacent, "length_m")[apart], len(kept))
    pairs, is_along = kept // 2, kept % 2 == 1
    cells_n = len(of_cell)
    return pairs // cells_n, pairs % cells_n, length_m.astype(np.float64), np.asarray(is_along)
