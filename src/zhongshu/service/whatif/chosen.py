"""Options put before the headquarters, and what each says of beds day by day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.whatif.models import Comparison
from zhongshu.service.whatif.propose import KIND

BEDS = "beds."
_MOST = 5  # newest proposals that are looked at
Row = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Chosen:
    """An option that was approved, or that waits for a decision (`decided` False).

    as_of: what was known when it was asked; computed_at: when it was answered.
    beds: of each tier (median, upper end of the 80 % interval) of the beds in use at the end of
    each day; found: median of the cases found on it; ran_out: share of the runs in which somebody
    had waited for a bed by then.
    """

    comparison: int
    option: str
    unit_path: str
    as_of: dt.datetime
    computed_at: dt.datetime
    decided: bool
    calibrated: bool
    synthetic: bool
    beds: Mapping[str, Mapping[dt.date, tuple[float, float]]]
    found: Mapping[dt.date, float]
    ran_out: Mapping[dt.date, float]


def chosen(*, scope: Scope, as_of: dt.datetime) -> list[Chosen]:
    """As known at `as_of`: approved ones first, then those that wait, the newest first."""
    rows = periods.listed(scope=scope, as_of=as_of, kind=KIND).order_by("-pk")
    over = rows.filter(state__in=("approved", "amended"), closed_at__lte=as_of)
    open_ = rows.filter(periods.waiting(as_of))
    return [
        found
        for decided, some in ((True, over), (False, open_))
        for subject in some.values_list("subject", flat=True)[:_MOST]
        for found in _read(subject, as_of, decided=decided)
    ]


def _read(subject: Row, as_of: dt.datetime, *, decided: bool) -> Iterator[Chosen]:
    one = Comparison.objects.filter(pk=subject["whatif"], finished_at__lte=as_of).first()
    if one is None or one.answer is None or one.finished_at is None:
        return
    option, days = subject["option"], [dt.date.fromisoformat(day) for day in one.answer["days"]]
    series = {
        row["measure"]: row for row in one.answer["series"] if row["option"] == option
    }  # of a name that the answer does not have there is nothing to read
    if not series:
        return
    yield Chosen(
        comparison=one.pk,
        option=option,
        unit_path=one.unit_path,
        as_of=one.as_of,
        computed_at=one.finished_at,
        decided=decided,
        calibrated=one.answer["label"] == "calibrated",
        synthetic=bool(one.answer["synthetic_population"]),
        beds={
            measure.removeprefix(BEDS): {
                day: (median, upper)
                for day, median, upper in zip(days, row["q50"], row["q90"], strict=True)
                if None not in (median, upper)
            }
            for measure, row in series.items()
            if measure.startswith(BEDS)
        },
        found=_daily(days, series["detected"]["q50"]),
        ran_out=_daily(days, series["p_beds_out"]["mean"]),
    )


def _daily(days: list[dt.date], values: list[float | None]) -> dict[dt.date, float]:
    return {day: one for day, one in zip(days, values, strict=True) if one is not None}
