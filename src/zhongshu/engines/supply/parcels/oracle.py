"""The slow twin of `level`: every way to give single parcels a day, and its highest day."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Sequence

from zhongshu.engines.supply.parcels.level import Job


def least(jobs: Sequence[Job]) -> int:
    days = [range(max(job.first, 0), job.due + 1) for job in jobs for _ in range(job.parcels)]
    return min(
        max(collections.Counter(given).values(), default=0) for given in itertools.product(*days)
    )
