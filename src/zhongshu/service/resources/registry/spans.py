"""How much of a pool is taken over a span of time: the arithmetic of the ledger."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """`amount` taken from `begins` on, until just before `ends` (None: open)."""

    begins: dt.datetime
    ends: dt.datetime | None
    amount: int


@dataclasses.dataclass(frozen=True, slots=True)
class Pool:
    """total: what there is; reported: what the report of `reported_at` called free, None without
    a report."""

    total: int
    reported: int | None = None
    reported_at: dt.datetime | None = None


def peak(spans: Iterable[Span], begins: dt.datetime, ends: dt.datetime | None) -> int:
    """The most that is taken at one moment of [begins, ends).

    It changes only where a span begins, so these moments and the first one are enough.
    """
    met = [one for one in spans if _meets(one, begins, ends)]
    moments = {begins} | {one.begins for one in met if one.begins > begins}
    return max(sum(one.amount for one in met if _at(one, moment)) for moment in moments)


def free(pool: Pool, spans: Sequence[Span], begins: dt.datetime, ends: dt.datetime | None) -> int:
    """What can still be taken through all of [begins, ends); never below zero.

    Two bounds, the smaller counts: the whole pool less everything in the ledger, and what the
    newest report called free less what the ledger has beginning after it (who had come by the
    report is in it already).
    """
    left = pool.total - peak(spans, begins, ends)
    if pool.reported is not None and pool.reported_at is not None:
        later = [one for one in spans if one.begins > pool.reported_at]
        left = min(left, pool.reported - peak(later, begins, ends))
    return max(0, left)


def pools(
    capacity: Mapping[str, int], reported: Mapping[str, int] | None, at: dt.datetime | None
) -> dict[str, Pool]:
    told = reported or {}
    return {
        name: Pool(total, told.get(name), at if name in told else None)
        for name, total in capacity.items()
    }


def _meets(one: Span, begins: dt.datetime, ends: dt.datetime | None) -> bool:
    return (ends is None or one.begins < ends) and (one.ends is None or one.ends > begins)


def _at(one: Span, moment: dt.datetime) -> bool:
    return one.begins <= moment and (one.ends is None or moment < one.ends)
