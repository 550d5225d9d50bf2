"""Administrative divisions: five levels, several identifiers, a path.

A parent comes from a column, never from slicing a code: prefecture-level cities without
counties, development zones and changed codes break the arithmetic.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Iterator, Mapping

from zhongshu.kernel.errors import NotFound


class Level(enum.IntEnum):
    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Division:
    """One unit of the tree.

    code: 12 digits, the statistical code of the edition loaded (text).
    path: codes from the root down, each followed by '/', e.g. ``140000000000/140100000000/``;
        scope tests are ``path.startswith(scope_path)``.
    zone: a development zone that statistics treat as a county; it has no polygon.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    path: str
    zone: bool = False


class DivisionTree:
    """Look-ups over a closed set of divisions, from (code, name, level, parent, zone) rows."""

    def __init__(self, rows: Iterable[tuple[str, str, int, str | None, bool]]) -> None:
        self._by_code: dict[str, Division] = {}
        self._children: dict[str, list[str]] = {}
        for code, name, level, parent, zone in sorted(rows, key=lambda row: (row[2], row[0])):
            above = self._by_code[parent].path if parent else ""
            unit = Division(code, name, Level(level), parent or None, f"{above}{code}/", zone)
            self._by_code[code] = unit
            if parent:
                self._children.setdefault(parent, []).append(code)

    def __iter__(self) -> Iterator[Division]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Division:
        try:
            return self._by_code[code]
        except KeyError:
            raise NotFound(
                "divisions.unknown", f"No division has the code {code}.", code=code
            ) from None

    def children(self, code: str) -> list[Division]:
        return [self._by_code[child] for child in self._children.get(code, [])]

    def ancestor(self, code: str, level: Level) -> Division | None:
        """The unit of `level` that holds `code` (itself if it is of that level), or None."""
        unit: Division | None = self.get(code)
        while unit is not None and unit.level > level:
            unit = self._by_code[unit.parent] if unit.parent else None
        return unit if unit is not None and unit.level == level else None

    def under(self, code: str, level: Level | None = None) -> list[Division]:
        """All units at or below `code`, optionally of one level."""
        prefix = self.get(code).path
        return [
            unit
            for unit in self
            if unit.path.startswith(prefix) and (level is None or unit.level == level)
        ]

    @property
    def paths(self) -> Mapping[str, str]:
        return {code: unit.path for code, unit in self._by_code.items()}
