"""How many parcels a day must bring, at least, so that all come in time and no day is a peak."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Job:
    """first, due: days counted from today; what is late is due today."""

    drop: str
    rank: int
    parcels: int
    first: int
    due: int


def least(jobs: Sequence[Job]) -> int:
    """The smallest number of parcels a day with which earliest-due-first is in time for all."""
    low, high = 0, sum(job.parcels for job in jobs)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _in_time(jobs, middle) else (middle + 1, high)
    return low


def today(jobs: Sequence[Job]) -> list[Job]:
    """All that is due, and of what may come early as much as keeps the days level, whole drops."""
    most, chosen, count = least(jobs), [], 0
    for job in sorted(jobs, key=lambda job: (job.due, job.rank, job.drop)):
        if job.due == 0 or (job.first <= 0 and count < most):
            chosen.append(job)
            count += job.parcels
    return chosen


def _in_time(jobs: Sequence[Job], most: int) -> bool:
    left = [job.parcels for job in jobs]
    order = sorted(range(len(jobs)), key=lambda n: jobs[n].due)
    for day in range(max((job.due for job in jobs), default=-1) + 1):
        room = most
        for n in order:
            if jobs[n].first <= day:
                taken = min(room, left[n])
                left[n] -= taken
                room -= taken
            if jobs[n].due == day and left[n]:
                return False
    return True
