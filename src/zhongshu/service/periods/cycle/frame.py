"""What every step of one run looks at."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.divisions import DivisionTree
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.rules.model import Pack

Summary = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Frame:
    """One run: what is known at `as_of`, under `pack` as in force that day.

    tree: the divisions under the incident's unit.  seed: of every draw of this run.
    """

    run_id: int
    as_of: dt.datetime
    pack: Pack
    lake: Lake
    tree: DivisionTree
    scope_unit: str
    seed: int

    @property
    def today(self) -> dt.date:
        return beijing_day(self.as_of)
