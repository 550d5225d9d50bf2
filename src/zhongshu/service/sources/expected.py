"""How many reports a day should have brought, learnt from what each site sent before.

A site is expected on a day when it reported on at least the usual share of the same weekdays in
the weeks before.  Those weeks end with the last day before it on which anybody of the group
reported: silence, however long, does not lower what is expected.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

WEEK = 7
UNKNOWN = -1

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """What counts as usual, late, due and complete.  Figures of the pack.

    window_d: days told of.  baseline_weeks, usual_share: what makes a site expected.
    late_h, due_h: hours after 0:00 Beijing time of the day reported on.  complete_share: of the
    expected reports.  zero_usual: usual count from which zeros of all sites are doubted.
    """

    window_d: int
    baseline_weeks: int
    usual_share: float
    late_h: float
    due_h: float
    complete_share: float
    zero_usual: float


@dataclasses.dataclass(frozen=True, slots=True)
class Reports:
    """What came.  Sites by day; the last column is today, the first the first day of all.

    group: (sites,) number of the group (a stream of a county) a site belongs to.
    came: (sites, days).  prompt: (sites, days), came by the hour at which the day is due.
    total: (groups, days), the sum of what the sites of a group counted.
    """

    group: I64
    came: Flags
    prompt: Flags
    total: I64


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """Groups by the days of the window, the last is today.

    received: sites that reported.  expected: how many usually do, `UNKNOWN` in the first week of
    a group.  met, prompt: of the expected ones, how many reported, and by the hour it was due.
    doubted: all reported zero where there usually is a count.  last: (groups, days) number of the
    last day before it with any report, -1 for none.
    """

    received: I64
    expected: I64
    met: I64
    prompt: I64
    doubted: Flags
    last: I64


def tell(reports: Reports, *, groups: int, days: int, terms: Terms) -> Told:
    """The last `days` days of every group; there are at least as many columns."""
    came, group = reports.came, reports.group
    width = came.shape[1]
    received = np.stack([np.bincount(group[day], minlength=groups) for day in came.T], axis=1)
    last = _last_before(received > 0)
    first_site = np.where(came.any(axis=1), came.argmax(axis=1), width)
    first_group = np.where((received > 0).any(axis=1), (received > 0).argmax(axis=1), width)
    columns = range(width - days, width)
    parts = []
    for day in columns:
        back = _weekdays(last[:, day], day, terms.baseline_weeks)
        expected = _expected(came, first_site, back[group], terms.usual_share)
        counted = np.bincount(group[expected], minlength=groups)
        known = first_group <= day - WEEK
        parts.append(
            (
                np.where(known, counted, UNKNOWN),
                np.bincount(group[expected & came[:, day]], minlength=groups),
                np.bincount(group[expected & reports.prompt[:, day]], minlength=groups),
                _doubted(reports.total, received, back, day, terms.zero_usual),
            )
        )
    expected_, met, prompt, doubted = (np.stack(part, axis=1) for part in zip(*parts, strict=True))
    window = slice(width - days, width)
    return Told(received[:, window], expected_, met, prompt, doubted, last[:, window])


def _last_before(any_: Flags) -> I64:
    """For each group and day the last day before it with a report, -1 for none."""
    number = np.where(any_, np.arange(any_.shape[1]), -1)
    upto = np.maximum.accumulate(number, axis=1)
    return np.concatenate([np.full((len(any_), 1), -1), upto[:, :-1]], axis=1).astype(np.int64)


def _weekdays(last: I64, day: int, weeks: int) -> I64:
    """(groups, weeks) the days of the weekday of `day`, up to `last`; below 0 where there is
    none."""
    newest = np.where(last >= 0, last - (last - day) % WEEK, -1)
    return newest[:, None] - WEEK * np.arange(weeks)[None, :]


def _expected(came: Flags, first: I64, back: I64, share: float) -> Flags:
    """Sites that reported on at least `share` of the days `back` (sites, weeks) since their
    first."""
    asked = (back >= 0) & (back >= first[:, None])
    there = asked & np.take_along_axis(came, np.maximum(back, 0), axis=1)
    times = asked.sum(axis=1)
    usual: Flags = (times > 0) & (there.sum(axis=1) >= share * times)
    return usual


def _doubted(total: I64, received: I64, back: I64, day: int, usual: float) -> Flags:
    """Groups whose sites all reported zero on `day` though their usual count is large: the median
    of the days `back` on which anybody reported."""
    at = np.maximum(back, 0)
    there = (back >= 0) & (np.take_along_axis(received, at, axis=1) > 0)
    counts = np.where(there, np.take_along_axis(total, at, axis=1), np.nan)
    zero = (received[:, day] > 0) & (total[:, day] == 0) & there.any(axis=1)
    found = np.zeros(len(zero), dtype=np.bool_)
    found[zero] = np.nanmedian(counts[zero], axis=1) >= usual if zero.any() else False
    return found
