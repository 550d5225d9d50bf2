"""Row scope, in one place: which units a person may see and act in.

A path is ``140000000000/140100000000/`` (codes from the root down, each followed by a slash) in
a column with the C collation, so that "below" is one index range.  The range operators are
leakproof in PostgreSQL, so the index serves under row-level security too; LIKE would not be.
"""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from zhongshu.kernel.errors import NotFound

M = TypeVar("M", bound=Model)
_AFTER_SLASH = "0"  # the character that follows "/" in the C collation


def path_end(path: str) -> str:
    """The first text after every path that starts with `path`."""
    return path[:-1] + _AFTER_SLASH


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """Paths of the units whose records may be seen; no path, nothing."""

    paths: tuple[str, ...]

    def q(self, field: str = "unit_path") -> Q:
        condition = Q(pk__in=[])
        for path in self.paths:
            condition |= Q(**{f"{field}__gte": path, f"{field}__lt": path_end(path)})
        return condition

    def filter(self, rows: QuerySet[M], field: str = "unit_path") -> QuerySet[M]:
        return rows.filter(self.q(field))

    def covers(self, path: str) -> bool:
        return any(path.startswith(own) for own in self.paths)

    def narrow(self, path: str, *, code: str) -> Scope:
        """This scope restricted to `path`; outside looks the same as not existing."""
        if self.covers(path):
            return Scope((path,))
        raise NotFound("units.unknown", f"There is no unit {code} within your rights.", code=code)


NOTHING = Scope(())
