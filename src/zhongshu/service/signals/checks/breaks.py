"""Marking from which day on a stream counts something else than before."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import polars as pl
import pyarrow as pa
from django.db import transaction
from django.db.models import Q, QuerySet

from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.kernel.feeds import FEEDS
from zhongshu.kernel.time import beijing_day
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals.checks.models import Break
from zhongshu.service.units import facade as units

Key = tuple[str, str]  # county, stream
EVERY = ""  # stream of a break of all streams
# Feeds that count something in a county on a day.
STREAMS = frozenset(
    spec.name
    for spec in FEEDS.values()
    if {"county_code", "date", "reported_at"} <= {column.name for column in spec.columns}
)
_COUNTY = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Marked:
    """Breaks that were marked: (path of the unit, stream or `EVERY`, first day of the new)."""

    rows: tuple[tuple[str, str, dt.date], ...]

    def latest(
        self, keys: Iterable[Key], *, on: dt.date, path_of: Callable[[str], str]
    ) -> dict[Key, dt.date]:
        """Of each (county, stream) that has one up to the day `on`, the last."""
        found: dict[Key, dt.date] = {}
        for unit, stream in keys:
            days = [
                day
                for path, of, day in self.rows
                if day <= on and of in (EVERY, stream) and path_of(unit).startswith(path)
            ]
            if days:
                found[unit, stream] = max(days)
        return found

    def begins(self, *, after: dt.date, upto: dt.date) -> bool:
        """Whether one of any stream is of a day past `after`, up to `upto`."""
        return any(after < day <= upto for _, _, day in self.rows)

    def kept(self, series: pa.Table, *, on: dt.date, path_of: Callable[[str], str]) -> pa.Table:
        """The rows (unit, stream, date ...) that say something about the day `on`: none from
        before the last break up to it."""
        if not self.rows:
            return series
        rows = tables.frame(series)
        keys = rows.select("unit", "stream").unique().iter_rows()
        found = self.latest(keys, on=on, path_of=path_of)
        if not found:
            return series
        begun = pl.DataFrame(
            [(unit, stream, day) for (unit, stream), day in found.items()],
            schema={"unit": pl.String, "stream": pl.String, "begun": pl.Date},
            orient="row",
        )
        whole = rows.join(begun, on=["unit", "stream"], how="left", maintain_order="left")
        left = whole.filter(pl.col("begun").is_null() | (pl.col("date") >= pl.col("begun")))
        return left.drop("begun").to_arrow().cast(series.schema)


def in_force(as_of: dt.datetime) -> Marked:
    """All breaks of the incident that stood at the moment."""
    rows = Break.objects.filter(standing(as_of), incident=incidents.current())
    return Marked(tuple(rows.order_by("pk").values_list("unit_path", "stream", "day")))


def standing(as_of: dt.datetime) -> Q:
    """Marked by `as_of` and not removed by then."""
    return Q(made_at__lte=as_of) & (Q(removed_at=None) | Q(removed_at__gt=as_of))


def listed(*, scope: Scope, as_of: dt.datetime, removed: bool = False) -> QuerySet[Break]:
    """Breaks within scope known at `as_of`: those that stood, with `removed` also the others."""
    known = Q(made_at__lte=as_of) if removed else standing(as_of)
    return scope.filter(Break.objects.filter(known))


def mark(
    *,
    unit: str,
    stream: str,
    day: dt.date,
    reason: str,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
) -> Break:
    """From `day` on the stream (`EVERY`: all) counts something else in the counties of `unit`.

    Refuses without a reason, a unit below counties or outside the scope, a stream there is not, a
    day to come, and what is marked already.
    """
    _check_reason(reason, "mark a break")
    if stream not in (EVERY, *STREAMS):
        raise BadInput(
            "signals.stream_unknown",
            f"There is no stream {stream}; there are {', '.join(sorted(STREAMS))}.",
            stream=stream,
        )
    if day > beijing_day(now):
        raise BadInput(
            "signals.break_day", f"The day {day} has not come yet; mark the break when it has."
        )
    with transaction.atomic():
        place = units.get(unit, scope)
        if place.level > _COUNTY:
            raise BadInput(
                "signals.break_unit", "Counts are watched by county; name a county or a unit above."
            )
        made, new = Break.objects.get_or_create(
            incident=incidents.current(),
            unit=place,
            stream=stream,
            day=day,
            removed_at=None,
            defaults={
                "unit_path": place.path, "reason": reason, "by": actor.name, "made_at": now
            },
        )  # fmt: skip
        if not new:
            raise WrongState(
                "signals.break_twice", f"A break of {day} is marked there already.", id=made.pk
            )
        facts = {"unit": place.code, "stream": stream, "day": day, "reason": reason}
        _record("mark", made, actor, now, facts)
    return made


def remove(*, break_id: int, reason: str, scope: Scope, actor: Actor, now: dt.datetime) -> Break:
    """It was no break, or not there; it stays on the record.  Refuses without a reason, and what
    is removed already."""
    _check_reason(reason, "remove a break")
    with transaction.atomic():
        rows = Break.objects.select_for_update().filter(pk=break_id)
        one = scope.filter(rows).first()
        if one is None:
            raise NotFound("signals.break_unknown", f"There is no break {break_id}.")
        if one.removed_at is not None:
            raise WrongState("signals.break_removed", "That break is removed already.")
        one.removed_at, one.removed_by, one.removed_reason = now, actor.name, reason
        one.save(update_fields=["removed_at", "removed_by", "removed_reason"])
        _record("remove", one, actor, now, {"reason": reason})
    return one


def get(break_id: int, scope: Scope) -> Break:
    one = scope.filter(Break.objects.select_related("unit").filter(pk=break_id)).first()
    if one is None:
        raise NotFound("signals.break_unknown", f"There is no break {break_id}.")
    return one


def _check_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise BadInput("signals.reason", f"To {what}, say why.", action=what)


def _record(
    what: str, one: Break, actor: Actor, now: dt.datetime, facts: Mapping[str, object]
) -> None:
    # "signal." makes the next run look again, as after everything people do about signals.
    audit.record(
        actor=actor, action=f"signal.break_{what}", object_=f"break:{one.pk}", at=now, facts=facts
    )
