"""The weekly self-test: synthetic outbreaks in a copy of the counts, which must be found.

Nothing of them leaves memory but the row that says what was tried and whether it was found.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import QuerySet

from zhongshu.engines.warning.model import DetectResult
from zhongshu.kernel import random, tables
from zhongshu.kernel.errors import WrongState
from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals import figures
from zhongshu.service.signals.checks.models import SelfTest
from zhongshu.service.signals.models import JOINT, Signal
from zhongshu.service.units import facade as units

Detector = Callable[[pa.Table, dt.date], DetectResult]
_FIGURES = ("a_week", "peak_sd", "rise_days", "days", "usual_days", "usual_least")


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """Figures ``selftest.*`` of the pack for signals.  peak_sd: cases added on the highest day, in
    sd of the stream over the usual_days before; it is reached on day rise_days, and fades evenly
    until day `days`.  usual_least: reports there must be among the usual days."""

    a_week: int
    peak_sd: float
    rise_days: int
    days: int
    usual_days: int
    usual_least: int

    def shape(self) -> list[float]:
        """Of each day the share of the highest one."""
        fall = max(self.days - self.rise_days, 0) + 1
        return [
            min((day + 1) / self.rise_days, (self.days - day) / fall) for day in range(self.days)
        ]


@dataclasses.dataclass(frozen=True, slots=True)
class Outbreak:
    """added: {stream: cases by day from `start` on}."""

    unit: str
    start: dt.date
    added: Mapping[str, tuple[int, ...]]


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """after_days: null when it was missed.  method: that found it, or by which it was sought."""

    after_days: int | None
    method: str


def terms(now: dt.datetime) -> Terms:
    found = {name: figures.number(f"selftest.{name}", now=now) for name in _FIGURES}
    whole = {name: int(found[name]) for name in _FIGURES if name != "peak_sd"}
    return Terms(peak_sd=found["peak_sd"], **whole)


def week_of(now: dt.datetime) -> dt.date:
    """The Monday of the headquarters' week."""
    day = beijing_day(now)
    return day - day.weekday() * DAY


def listed(*, scope: Scope, as_of: dt.datetime) -> QuerySet[SelfTest]:
    return scope.filter(SelfTest.objects.filter(at__lte=as_of))


def of_week(now: dt.datetime) -> list[SelfTest]:
    """The self-tests of the current week that are done."""
    rows = SelfTest.objects.filter(incident=incidents.current(), week=week_of(now))
    return list(rows.order_by("number"))


def run(
    *, series: pa.Table, detect: Detector, now: dt.datetime, seed: int, actor: Actor = CYCLE
) -> list[SelfTest]:
    """The self-tests of the current week; those done already are given back as they are.

    series: the counts (unit, stream, date, count) as known now; detect: the daily run's own.
    Each outbreak has a copy of its own.  Refuses when no county reported a stream on every day.
    """
    done = of_week(now)
    if done:
        return done
    how = terms(now)
    last = beijing_day(now) - DAY  # reports of today are still coming in
    # The counts as they are, judged once for all outbreaks of the week.
    plain = functools.cache(lambda on: detect(_until(series, on), on))
    busy = _followed(last - (how.days - 1) * DAY, now)
    made = []
    for number in range(1, how.a_week + 1):
        chance = random.stream(seed, "selftest", week_of(now).isoformat(), number)
        drawn = draw(series, how, last=last, chance=chance, busy=busy)
        row = _row(drawn, seek(series, drawn, detect=detect, plain=plain, days=how.days), how)
        row.number, row.at, row.week, row.seed = number, now, week_of(now), seed
        made.append(row)
    return _keep(made, actor, now)


def _followed(start: dt.date, now: dt.datetime) -> frozenset[str]:
    """Counties with an alert so near that the daily run would raise no other there: somebody is
    looking at them already."""
    quiet = figures.number("signal.quiet_days", now=now)
    rows = Signal.objects.filter(
        incident=incidents.current(),
        stream=JOINT,
        rule="",
        withdrawn_as_of=None,
        date__gte=start - quiet * DAY,
    )
    return frozenset(rows.values_list("unit_id", flat=True))


def draw(
    series: pa.Table,
    how: Terms,
    *,
    last: dt.date,
    chance: np.random.Generator,
    busy: Collection[str] = (),
) -> Outbreak:
    """An outbreak that ends on the day `last`, in some streams of a county.

    Only streams with enough usual days before, and a report on each of its days whose weekday they
    usually report on, are taken: what an outage hides is told by the sources.
    busy: counties to be left out while there are others.
    """
    start = last - (how.days - 1) * DAY
    sd_of = _usual(tables.frame(series), how, start=start, last=last)
    if not sd_of:
        raise WrongState(
            "signals.selftest_no_series",
            f"No county reported a stream on all its usual days from {start} to {last}, so that no "
            "self-test can be done; see the sources.",
        )
    counties = {unit for unit, _ in sd_of}
    county = str(chance.choice(sorted(counties.difference(busy) or counties)))
    streams = sorted(stream for unit, stream in sd_of if unit == county)
    many = int(chance.integers(1, len(streams), endpoint=True))
    chosen = sorted(str(one) for one in chance.choice(streams, size=many, replace=False))
    return Outbreak(
        county, start, {name: _added(sd_of[county, name], how, chance) for name in chosen}
    )


def _usual(
    rows: pl.DataFrame, how: Terms, *, start: dt.date, last: dt.date
) -> dict[tuple[str, str], float]:
    """Of each (county, stream) that may be taken, the sd of its usual days: at least that of a
    Poisson count with their mean, and at least 1."""
    told = rows.filter(pl.col("count").is_not_null(), pl.col("count") >= 0).with_columns(
        pl.col("date").dt.weekday().alias("weekday")
    )
    keys = ["unit", "stream"]
    begin = start - how.usual_days * DAY
    before = told.filter(pl.col("date").is_between(begin, start, closed="left"))
    usual = before.group_by(keys).agg(
        pl.col("count").mean().alias("mean"), pl.col("count").var().alias("var"), pl.len()
    )
    could = before.group_by(keys).agg(pl.col("date").min().alias("first"))
    could = could.join(_days(begin, how.usual_days), how="cross").filter(
        pl.col("date") >= pl.col("first")
    )
    did = before.select(*keys, "date", pl.lit(1).alias("came"))
    weekdays = (
        could.join(did, on=[*keys, "date"], how="left")
        .group_by(*keys, "weekday")
        .agg((pl.col("came").count() * 2 >= pl.len()).alias("usual"))
        .filter("usual")
    )
    days = _days(start, how.days)
    silent = weekdays.join(days, on="weekday").join(told, on=[*keys, "date"], how="anti")
    able = usual.filter(pl.col("len") >= how.usual_least).join(silent, on=keys, how="anti")
    return {
        (row["unit"], row["stream"]): max(row["var"], row["mean"], 1.0) ** 0.5
        for row in able.iter_rows(named=True)
    }


def _days(first: dt.date, many: int) -> pl.DataFrame:
    days = pl.DataFrame({"date": [first + n * DAY for n in range(many)]})
    return days.with_columns(pl.col("date").dt.weekday().alias("weekday"))


def _added(sd: float, how: Terms, chance: np.random.Generator) -> tuple[int, ...]:
    """Poisson about the shape, and one case at least."""
    means = np.array(how.shape()) * how.peak_sd * sd
    cases = chance.poisson(means)
    if not cases.any():
        cases[int(means.argmax())] = 1
    return tuple(int(one) for one in cases)


def injected(series: pa.Table, outbreak: Outbreak) -> pa.Table:
    """A copy of the counts with the outbreak in it; a day without a report stays without."""
    rows = [
        (outbreak.unit, stream, outbreak.start + n * DAY, cases)
        for stream, added in outbreak.added.items()
        for n, cases in enumerate(added)
    ]
    more = pl.DataFrame(
        rows,
        schema={"unit": pl.String, "stream": pl.String, "date": pl.Date, "more": pl.Int64},
        orient="row",
    )
    both = tables.frame(series).join(
        more, on=["unit", "stream", "date"], how="left", maintain_order="left"
    )
    summed = both.with_columns(pl.col("count") + pl.col("more").fill_null(0))
    return summed.drop("more").to_arrow().cast(series.schema)


def seek(
    series: pa.Table,
    outbreak: Outbreak,
    *,
    detect: Detector,
    plain: Callable[[dt.date], DetectResult],
    days: int,
) -> Answer:
    """Detect day by day, each with the counts up to that day alone; plain: the same of the counts
    without the outbreak.  Found on the first day on which the county has a signal that those do
    not have.
    """
    shadow = injected(series, outbreak)
    method = ""
    for after in range(days):
        on = outbreak.start + after * DAY
        result = detect(_until(shadow, on), on)
        tests = result.tests.filter(pc.equal(result.tests["unit"], outbreak.unit))
        method = method or "+".join(sorted(set(tests["method"].to_pylist())))
        raised = _raised(result, outbreak.unit)
        if raised:
            fresh = raised.keys() - _raised(plain(on), outbreak.unit)
            if fresh:
                return Answer(after, raised[min(fresh)])
    return Answer(None, method)


def _until(series: pa.Table, on: dt.date) -> pa.Table:
    return series.filter(pc.less_equal(series["date"], pa.scalar(on)))


def _raised(result: DetectResult, unit: str) -> dict[str, str]:
    """{stream: method} of the county's signals."""
    rows = result.signals.select(["unit", "stream", "method"]).to_pylist()
    return {row["stream"]: row["method"] for row in rows if row["unit"] == unit}


def _row(drawn: Outbreak, answer: Answer, how: Terms) -> SelfTest:
    unit = units.get(drawn.unit)
    return SelfTest(
        incident=incidents.current(),
        unit=unit,
        unit_path=unit.path,
        streams=list(drawn.added),
        start=drawn.start,
        days=how.days,
        size_sd=how.peak_sd,
        size=sum(sum(cases) for cases in drawn.added.values()),
        added={stream: list(cases) for stream, cases in drawn.added.items()},
        found_after_days=answer.after_days,
        method=answer.method[:40],
    )


def _keep(made: Sequence[SelfTest], actor: Actor, now: dt.datetime) -> list[SelfTest]:
    """Two at once: the second finds the first one's and keeps those."""
    with transaction.atomic():
        incidents.Incident.objects.select_for_update().get(pk=incidents.current().pk)
        done = of_week(now)
        if done:
            return done
        SelfTest.objects.bulk_create(made)
        found = sum(one.found_after_days is not None for one in made)
        audit.record(
            actor=actor,
            action="selftest.run",
            object_=f"selftests:{week_of(now)}",
            at=now,
            facts={"run": len(made), "found": found},
        )
    return list(made)
