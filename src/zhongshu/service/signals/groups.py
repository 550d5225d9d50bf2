"""Groups of signals: what is probably one outbreak, counted within one's rights."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals.borders import Borders, touching
from zhongshu.service.signals.grades import rank, ranked
from zhongshu.service.signals.models import Signal
from zhongshu.service.signals.selectors import awake, listed
from zhongshu.service.units import facade as units

Key = tuple[int, float, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """id: the number of its first signal.  signals, first, last, units and streams: of what is
    within scope and was known then.  open: signals somebody still has to act on.  worst: of each
    stream the worst by grade, then by z, among those asked for; the worst of them first."""

    id: int
    signals: int
    first: dt.date
    last: dt.date
    units: tuple[str, ...]
    streams: tuple[str, ...]
    open: int
    worst: tuple[Signal, ...]

    @property
    def top(self) -> Signal:
        return self.worst[0]


def page(
    asked: QuerySet[Signal], *, scope: Scope, as_of: dt.datetime, after: Key | None, limit: int
) -> tuple[list[Group], Key | None]:
    """Groups with at least one of the signals `asked` for, the worst first, and the key that the
    next page begins after."""
    best = _keyed(asked).values("key").annotate(worst=Min(ranked()), most=Coalesce(Max("z"), 0.0))
    if after:
        best = best.filter(_beyond(*after))
    found = list(best.order_by("worst", "-most", "key")[: limit + 1])
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    key = (last["worst"], last["most"], last["key"]) if last else None
    return _groups([row["key"] for row in shown], asked, scope=scope, as_of=as_of), key


def counted(
    numbers: Iterable[int], *, scope: Scope, as_of: dt.datetime
) -> dict[int, dict[str, Any]]:
    """{group: signals, first, last, units, streams, open} of what is within scope."""
    rows = _keyed(listed(scope=scope, as_of=as_of)).filter(key__in=set(numbers)).values("key")
    found = rows.annotate(
        signals=Count("id"),
        open=Count("id", filter=awake(as_of)),
        first=Min("date"),
        last=Max("date"),
        units=ArrayAgg("unit", distinct=True),
        streams=ArrayAgg("stream", distinct=True),
    )
    return {row.pop("key"): dict(row) for row in found}


def number(one: Signal) -> int:
    """The group a signal is in; one nothing has grouped is a group of its own."""
    return one.group or one.pk


def beside(
    rows: Sequence[Signal], *, scope: Scope, as_of: dt.datetime
) -> dict[int, list[tuple[str, float]]]:
    """For each signal (unit, z) of bordering counties: what their counts said, where the run kept
    it, else the signals of its stream and day there."""
    borders = touching()
    kept = {one.pk: one.evidence["neighbours"] for one in rows if "neighbours" in one.evidence}
    around = {row["unit"] for told in kept.values() for row in told}
    seen = _within(around, scope) if around else set()
    found = {
        key: [(row["unit"], row["z"]) for row in told if row["unit"] in seen]
        for key, told in kept.items()
    }
    rest = [one for one in rows if one.pk not in found]
    there = _signalled(rest, borders, scope=scope, as_of=as_of) if rest else {}
    return found | {
        one.pk: [
            (code, there[one.stream, one.date, code])
            for code in sorted(borders.get(one.unit_id, ()))
            if (one.stream, one.date, code) in there
        ]
        for one in rest
    }


def _within(codes: Iterable[str], scope: Scope) -> set[str]:
    rows = scope.filter(units.Unit.objects.filter(code__in=set(codes)), "path")
    return set(rows.values_list("code", flat=True))


def _signalled(
    rows: Sequence[Signal], borders: Borders, *, scope: Scope, as_of: dt.datetime
) -> dict[tuple[str, dt.date, str], float]:
    """z of signals by stream, day and county, those that border on any of `rows`."""
    near = listed(scope=scope, as_of=as_of).filter(
        unit__in={code for one in rows for code in borders.get(one.unit_id, ())},
        stream__in={one.stream for one in rows},
        date__in={one.date for one in rows},
        z__isnull=False,
    )
    found = near.order_by("z").values_list("unit_id", "stream", "date", "z")
    return {(stream, date, unit): float(z or 0.0) for unit, stream, date, z in found}


def _keyed(rows: QuerySet[Signal]) -> Any:
    return rows.annotate(key=Coalesce("group", "id", output_field=BigIntegerField()))


def _beyond(worst: int, most: float, key: int) -> Q:
    same = Q(worst=worst)
    return Q(worst__gt=worst) | same & (Q(most__lt=most) | Q(most=most, key__gt=key))


def _groups(
    numbers: Sequence[int], asked: QuerySet[Signal], *, scope: Scope, as_of: dt.datetime
) -> list[Group]:
    facts = counted(numbers, scope=scope, as_of=as_of)
    rows = _keyed(asked).filter(key__in=numbers).select_related("unit")
    ordered = rows.order_by("key", "stream", ranked(), F("z").desc(nulls_last=True), "id")
    worst: dict[int, list[Signal]] = {key: [] for key in numbers}
    for one in ordered.distinct("key", "stream"):
        worst[one.key].append(one)
    return [
        Group(
            id=key,
            worst=tuple(
                sorted(worst[key], key=lambda one: (rank(one.grade), -(one.z or 0.0), one.pk))
            ),
            **facts[key] | {name: tuple(facts[key][name]) for name in ("units", "streams")},
        )
        for key in numbers
    ]
