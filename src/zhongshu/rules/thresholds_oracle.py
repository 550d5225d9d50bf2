"""`thresholds.crossed` one group, one window and one row at a time: slow, and documentation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from zhongshu.kernel.time import DAY
from zhongshu.rules import expression, judgement
from zhongshu.rules.model import Criterion, Pack, Threshold

Row = Mapping[str, Any]


def crossed(
    pack: Pack,
    rows: Sequence[Row],
    *,
    of: str,
    on: dt.date,
    since: dt.date | None = None,
    sizes: Mapping[str, Mapping[str, float]] | None = None,
) -> set[tuple[str, str, dt.date, int, int]]:
    """{(threshold, group, last day of the window, count, at most)}.

    sizes: group to its size columns.
    """
    found = set()
    for threshold in pack.thresholds.values():
        if threshold.of != of:
            continue
        groups = {str(row[threshold.per]) for row in rows if row.get(threshold.per) is not None}
        for group in groups:
            mine = [row for row in rows if str(row.get(threshold.per)) == group]
            mine = [row for row in mine if _counts(pack, threshold, row)]
            best = None
            end = since or on
            while end <= on:
                reached = _reached(pack, threshold, mine, end, (sizes or {}).get(group, {}))
                if reached is not None and (best is None or reached[0] >= best[0]):
                    best = (reached[0], end, reached[1], reached[2])
                end += DAY
            if best is not None:
                found.add((threshold.id, group, best[1], best[2], best[3]))
    return found


def _counts(pack: Pack, threshold: Threshold, row: Row) -> bool:
    if threshold.site_kinds and row.get("site_kind") not in threshold.site_kinds:
        return False
    return _holds(pack, threshold.where, row)


def _holds(pack: Pack, condition: Any, row: Row) -> bool:
    if condition is None:
        return True
    figures = judgement.lookup(pack)
    return expression.explain(condition, judgement.plain(row), figures=figures).held


def _reached(
    pack: Pack, threshold: Threshold, rows: list[Row], end: dt.date, sizes: Mapping[str, float]
) -> tuple[int, int, int] | None:
    """(most people of any criterion, people and at most of the first that holds), or None."""
    judged = [
        _judge(pack, threshold, one, rows, end=end, sizes=sizes) for one in threshold.criteria
    ]
    held = [one for one in judged if one[0]]
    if not (len(held) == len(judged) if threshold.mode == "all" else held):
        return None
    return max(one[1] for one in judged), held[0][1], held[0][2]


def _judge(
    pack: Pack,
    threshold: Threshold,
    one: Criterion,
    rows: list[Row],
    *,
    end: dt.date,
    sizes: Mapping[str, float],
) -> tuple[bool, int, int]:
    """(holds, people, at most) of one criterion in the window that ends on `end`."""
    counted = [row for row in rows if _holds(pack, one.where, row)]
    if one.on_each_of_days is not None and one.at_least is not None:
        least = pack.number(one.at_least)
        run = int(pack.number(one.on_each_of_days))
        days = [_people(threshold, counted, end - n * DAY, end - n * DAY) for n in range(run)]
        # A day below the least is no day of a run: nothing of it is told.
        told = days[0] if days[0][0] >= least else (0, 0)
        return all(day[0] >= least for day in days), told[0], told[1]
    first = end - (int(pack.number(threshold.within_days)) - 1) * DAY
    people, most = _people(threshold, counted, first, end)
    if not any(first <= row["day"] <= end for row in counted):
        return False, 0, 0
    if one.at_least is not None:
        return people >= pack.number(one.at_least), people, most
    assert one.at_least_pct is not None
    assert one.of_total is not None
    total = sizes.get(one.of_total)
    if total is None:
        sent = [row.get(one.of_total) for row in counted if first <= row["day"] <= end]
        total = max((size for size in sent if size is not None), default=None)
    needed = pack.number(one.at_least_pct)
    return bool(total and 100 * people >= needed * total), people, most


def _people(
    threshold: Threshold, rows: list[Row], first: dt.date, last: dt.date
) -> tuple[int, int]:
    """(at least, at most) so many people fell ill on these days."""
    inside = [row for row in rows if first <= row["day"] <= last]
    alone = [row for row in inside if row.get("count") is None]
    counts = [row for row in inside if row.get("count") is not None]
    summed = sum(int(row["count"]) for row in counts)
    if threshold.distinct_by is None:
        return len(alone) + summed, len(alone) + summed
    by = threshold.distinct_by
    named = len({str(row[by]) for row in alone if row.get(by) is not None})
    daily: dict[dt.date, int] = {}
    for row in counts:
        daily[row["day"]] = daily.get(row["day"], 0) + int(row["count"])
    return named + max(daily.values(), default=0), named + summed
