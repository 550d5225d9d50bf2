"""What was tested, beside what was raised: the daily log, and what it says about said p-values."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from zhongshu.engines.warning.model import DetectResult
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.signals.checks.models import TestsDone
from zhongshu.service.signals.checks.rates import Bin

# Where said and real error are compared: the usual levels of a test.
LEVELS = (0.001, 0.01, 0.05, 0.1)


@dataclasses.dataclass(frozen=True, slots=True)
class Tested:
    """Of one stream and method over some days, each day as its last run tested it.  untested:
    {reason: series and days}; tested and raised: series and days too."""

    stream: str
    method: str
    tested: int
    raised: int
    untested: Mapping[str, int]


def take(results: Mapping[dt.date, DetectResult], *, run_id: int, as_of: dt.datetime) -> int:
    """Keep what the run as of `as_of` tested of each day; rows written.  What that very run had
    logged before gives way."""
    incident = incidents.current()
    rows = [
        TestsDone(
            incident=incident, known_at=as_of, date=day, run_id=run_id, stream=stream,
            method=method, tested=len(p_values), raised=raised, untested=dict(untested),
            below=_below(p_values),
        )
        for day, result in results.items()
        for stream, method, p_values, raised, untested in _counted(result)
    ]  # fmt: skip
    with transaction.atomic():
        TestsDone.objects.filter(incident=incident, known_at=as_of, date__in=results).delete()
        TestsDone.objects.bulk_create(rows)
    return len(rows)


_Counted = tuple[str, str, list[float | None], int, Mapping[str, int]]


def _counted(result: DetectResult) -> list[_Counted]:
    """(stream, method, p-values, raised, untested) of one day; what was not tested stands beside
    the stream's first method."""
    tests: dict[tuple[str, str], list[float | None]] = {}
    for row in result.tests.to_pylist():
        tests.setdefault((row["stream"], row["method"]), []).append(row["p_value"])
    raised = collections.Counter(
        (row["stream"], row["method"])
        for row in result.signals.select(["stream", "method"]).to_pylist()
    )
    untested: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in result.untested.to_pylist():
        untested[row["stream"]][row["reason"]] += 1
    rows: list[_Counted] = []
    for stream, method in sorted({*tests, *raised}):
        p_values = tests.get((stream, method), [])
        beside = untested.pop(stream, collections.Counter())
        rows.append((stream, method, p_values, raised[stream, method], beside))
    return rows + [(stream, "", [], 0, why) for stream, why in sorted(untested.items())]


def _below(p_values: Sequence[float | None]) -> dict[str, int]:
    known = [p for p in p_values if p is not None]
    return {f"{level:g}": sum(p < level for p in known) for level in LEVELS} if known else {}


def listed(*, first: dt.date, last: dt.date, as_of: dt.datetime) -> QuerySet[TestsDone]:
    """Of each day from `first` to `last`, what the last run known at `as_of` tested of it."""
    known = TestsDone.objects.filter(
        incident=incidents.current(), known_at__lte=as_of, date__gte=first, date__lte=last
    )
    later = TestsDone.objects.filter(
        incident=OuterRef("incident"),
        date=OuterRef("date"),
        known_at__gt=OuterRef("known_at"),
        known_at__lte=as_of,
    )
    return known.exclude(Exists(later)).order_by("date", "stream", "method")


def summed(rows: Sequence[TestsDone]) -> list[Tested]:
    """By stream and method."""
    found: dict[tuple[str, str], list[TestsDone]] = {}
    for one in rows:
        found.setdefault((one.stream, one.method), []).append(one)
    told = []
    for (stream, method), group in sorted(found.items()):
        why: collections.Counter[str] = collections.Counter()
        for one in group:
            why.update(one.untested)
        tested, raised = sum(one.tested for one in group), sum(one.raised for one in group)
        told.append(Tested(stream, method, tested, raised, why))
    return told


def levels(rows: Sequence[TestsDone]) -> list[Bin]:
    """Each said p-value against the share of all tests with a smaller one; none without any.
    Outbreaks are among the tests, so that the real share may rightly be somewhat higher."""
    with_p = [one for one in rows if one.below]
    tests = sum(one.tested for one in with_p)
    if not tests:
        return []
    return [
        Bin(level, sum(one.below[f"{level:g}"] for one in with_p) / tests, tests)
        for level in LEVELS
    ]
