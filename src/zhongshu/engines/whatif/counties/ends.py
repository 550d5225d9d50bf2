"""What is in force on a day, and which restrictions end at the end of it, run by run."""

from __future__ import annotations

from zhongshu.engines.whatif.counties.model import FOUND
from zhongshu.kernel.compiled import njit


@njit(cache=True, nogil=True)
def restrict(doing, day, ended, mixing, border):  # type: ignore[no-untyped-def]
    """Write what measures leave of mixing and of borders on a day, without what has ended; returns
    whether a border is another than the day before."""
    changed = day == 0
    for county in range(mixing.size):
        left, open_ = doing.mixing[day, county], doing.border[day, county]
        for at in range(doing.end_first.size):
            if day < ended[at]:
                left *= doing.end_mixing[at, day, county]
                open_ *= doing.end_border[at, day, county]
        changed |= open_ != border[county]
        mixing[county], border[county] = left, open_
    return changed


@njit(cache=True, nogil=True)
def release(doing, day, counted, found_on, ended):  # type: ignore[no-untyped-def]
    """At the end of a day: what had no case in the community long enough ends.

    found_on: last day with one among the residents of each, and in the province; counted: of the
    day.  ended: see `model.Futures`.
    """
    every = doing.end_first.size
    for county in range(counted.shape[0]):
        if counted[county, FOUND] > 0:
            found_on[every] = day
            for at in range(every):
                if doing.end_where[at, county]:
                    found_on[at] = day
    if doing.all_clear >= 0 and day - found_on[every] >= doing.all_clear:
        ended[every] = min(ended[every], day + 1)
    for at in range(every):
        since = max(found_on[at], doing.end_first[at] - 1)
        clear = 0 <= doing.end_clear[at] <= day - since and day >= doing.end_first[at]
        if clear or ended[every] <= day + 1:
            ended[at] = min(ended[at], day + 1)
