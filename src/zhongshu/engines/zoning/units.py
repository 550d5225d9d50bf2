"""The units table as a tree to climb."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pyarrow as pa

from zhongshu.engines.zoning import model
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True, slots=True)
class Unit:
    code: str
    kind: str
    parent: str | None
    people: int
    households: int

    @property
    def rank(self) -> int:
        return model.KINDS.index(self.kind)


class Units:
    """Refuses unknown kinds, negative residents and repeated codes."""

    def __init__(self, table: pa.Table) -> None:
        tables.require(table, "units", model.UNITS.names)
        tables.not_negative(table, "units", ["people", "households"])
        rows = table.select(model.UNITS.names).to_pylist()
        self._units = {
            row["unit_code"]: Unit(
                row["unit_code"],
                row["kind"],
                row["parent"],
                int(row["people"] or 0),
                int(row["households"] or 0),
            )
            for row in rows
        }
        unknown = sorted({row["kind"] for row in rows} - set(model.KINDS))
        if unknown or len(self._units) < len(rows):
            raise BadInput(
                "zoning.bad_units",
                "Each unit is listed once and its kind is one of "
                f"{', '.join(model.KINDS)}; found {', '.join(map(str, unknown)) or 'a repeat'}.",
            )

    def get(self, code: str | None) -> Unit | None:
        return self._units.get(code) if code is not None else None

    def line(self, code: str | None) -> Iterator[Unit]:
        """The unit and those above it, smallest first."""
        unit = self.get(code)
        while unit is not None:
            yield unit
            unit = self.get(unit.parent)

    def above(self, code: str | None, kind: str) -> str | None:
        """The unit of `kind` that holds `code` (itself possibly), or None."""
        return next((unit.code for unit in self.line(code) if unit.kind == kind), None)

    def within(self, code: str | None, codes: set[str]) -> str | None:
        """The first of `codes` at or above `code`, or None."""
        return next((unit.code for unit in self.line(code) if unit.code in codes), None)
