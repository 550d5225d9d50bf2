"""What a planner looks at: a moment, the edition in force, and the divisions of its unit."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.kernel.divisions import DivisionTree, Level
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.rules.model import Pack


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ground:
    """as_of: what is known then counts.  tree: the divisions that may be asked about.
    scope_unit: whose affair it is."""

    as_of: dt.datetime
    pack: Pack
    tree: DivisionTree
    scope_unit: str

    @property
    def today(self) -> dt.date:
        return beijing_day(self.as_of)

    def other(self, topic: str) -> Pack:
        """The pack for any disease that holds here today for `topic`, e.g. ``signals``."""
        path = self.tree.get(self.scope_unit).path
        return reader.applicable(disease=reader.ANY, topic=topic, on=self.today, path=path)

    def county(self, code: str) -> str | None:
        """The county a unit lies in, or None for one above counties or outside the tree."""
        if code not in self.tree:
            return None
        unit = self.tree.ancestor(code, Level.COUNTY)
        return unit.code if unit else None

    def name(self, code: str) -> str:
        return self.tree.get(code).name if code in self.tree else code
