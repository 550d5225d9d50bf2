"""Reading clocks and notifications, now and as they were at a moment."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from zhongshu.kernel.errors import NotFound
from zhongshu.service.clocks.models import Clock, ClockEvent, Kind, Notification, Rung
from zhongshu.service.clocks.wall import Then
from zhongshu.service.kit.scope import Scope
from zhongshu.service.rowsecurity import facade as rowsecurity

OVERDUE, RUNNING = "overdue", "running"
STATES = (RUNNING, OVERDUE, "met", "met_late", "waived")


def running(then: Then, *, of: str = "") -> Q:
    """Not yet ended at that moment.  of: for one clock, said as the index of clocks has it."""
    if not then.past:
        return Q(ended_at=None, waived_at=None) if of else Q(state=RUNNING)
    later = Q(state__in=("met", "met_late"), ended_known_at__gt=then.at)
    waived = Q(state="waived", waived_at__gt=then.at)
    return Q(known_at__lte=then.at) & (Q(state=RUNNING) | later | waived)


def in_bucket(bucket: str, then: Then, *, of: str = "") -> Q:
    """Running and due in this bucket of the wall.  What ends by itself is never overdue."""
    first, before = then.span(bucket)
    found = running(then, of=of)
    if first is not None:
        found &= Q(due_at__gte=first)
    if before is not None:
        found &= Q(due_at__lt=before)
    return found & Q(ends_itself=False) if bucket == OVERDUE else found


def in_state(state: str, then: Then, *, of: str = "") -> Q:
    if state == OVERDUE:
        return in_bucket(OVERDUE, then, of=of)
    if state == RUNNING:
        return running(then, of=of) & (Q(due_at__gte=then.at) | Q(ends_itself=True))
    if not then.past:
        return Q(state=state)
    known = Q(waived_at__lte=then.at) if state == "waived" else Q(ended_known_at__lte=then.at)
    return Q(state=state, known_at__lte=then.at) & known


def state_then(clock: Clock, then: Then) -> str:
    """``overdue`` as its own word, and what had ended after the moment still running."""
    ended = clock.waived_at if clock.state == "waived" else clock.ended_known_at
    if clock.state != RUNNING and not (then.past and ended is not None and ended > then.at):
        return clock.state
    if clock.due_at >= then.at:
        return RUNNING
    return "met" if clock.ends_itself else OVERDUE


def listed(
    *,
    scope: Scope,
    then: Then,
    bucket: str = "",
    state: str = "",
    clock: str = "",
    owner: tuple[str, bool] | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
) -> QuerySet[Clock]:
    """Clocks within scope; without bucket, state and subject those that run.

    owner: (path, below): of that unit alone, or of all its subtree.
    """
    meant = functools.partial(_meant, bucket=bucket, state=state, then=then, subject_id=subject_id)
    named = Clock.objects.filter(meant(of=clock))
    if clock:
        named = named.filter(clock=clock)
    if subject_kind:
        named = named.filter(subject_kind=subject_kind)
    if owner is not None and not scope.covers(owner[0]):
        return named.none()
    if owner is not None and not owner[1]:
        return named.filter(unit_path=owner[0])
    place = scope if owner is None else Scope((owner[0],))
    placed = Clock.objects.filter(meant())
    of = {name: value for name, value in (("clock", clock), ("of", subject_kind)) if value}
    return _within(named, place, few=placed.filter(kind_id__in=_kind_ids(of)) if of else placed)


def _meant(*, bucket: str, state: str, then: Then, subject_id: int | None, of: str = "") -> Q:
    meant = Q()
    if bucket:
        meant &= in_bucket(bucket, then, of=of)
    if state:
        meant &= in_state(state, then, of=of)
    if subject_id is not None:
        meant &= Q(subject_id=subject_id)
    elif not bucket and not state:
        meant &= running(then, of=of)
    return meant


_FEW = 3_000


def _kind_ids(of: Mapping[str, str]) -> list[int]:
    return list(Kind.objects.filter(**of).values_list("pk", flat=True))


def _within(rows: QuerySet[Clock], scope: Scope, *, few: QuerySet[Clock]) -> QuerySet[Clock]:
    """The rows within scope, so that their first page is quick whichever share of all they are.

    few: the same rows, asked for by what the index of places has.
    Few are found by their place, in the index alone.  Many are met soon on the way through all by
    due time; their place is then compared in a form that no index serves, because the database,
    which cannot guess how many rows a scope leaves, would go by place again.
    """
    if len(scope.paths) != 1:
        return scope.filter(rows)
    found = list(scope.filter(few).order_by().values_list("pk", flat=True)[: _FEW + 1])
    if len(found) <= _FEW:
        return rows.filter(pk__in=found)
    (path,) = scope.paths
    return rows.annotate(head=Left("unit_path", len(path))).filter(head=path)


@contextlib.contextmanager
def by_due_time() -> Iterator[None]:
    """Within a transaction: read a page in the order of an index instead of sorting all first.

    The database expects row-level security to leave almost nothing, and would sort; see `_within`.
    """
    names = ("enable_sort", "enable_bitmapscan", "max_parallel_workers_per_gather")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
        before = cursor.fetchone()
        cursor.execute(_SET, ["off", "off", "0"])
    yield
    with connection.cursor() as cursor:
        cursor.execute(_SET, before)


_SET = (
    "SELECT set_config('enable_sort', %s, true), set_config('enable_bitmapscan', %s, true),"
    " set_config('max_parallel_workers_per_gather', %s, true)"
)


def get(clock_id: int, scope: Scope) -> Clock:
    clock = scope.filter(Clock.objects.filter(pk=clock_id)).first()
    if clock is None:
        raise NotFound("clocks.unknown", f"There is no clock {clock_id} within your rights.")
    return clock


def of_subject(subject_kind: str, subject_id: int, *, then: Then) -> list[tuple[Clock, Kind]]:
    """The clocks of one record the asker may see, whoever must act; by due time."""
    with rowsecurity.unscoped():
        rows = list(
            Clock.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
            .exclude(state="waived")
            .order_by("due_at", "id")
        )
        known = kinds(rows)
    return [(row, known[row.kind_id]) for row in rows if not then.past or row.known_at <= then.at]


def kinds(rows: Collection[Clock]) -> Mapping[int, Kind]:
    return Kind.objects.in_bulk({row.kind_id for row in rows})


def rungs(kind_id: int) -> list[Rung]:
    return list(Rung.objects.filter(kind_id=kind_id).order_by("ord"))


def events(clock: Clock) -> list[ClockEvent]:
    return list(ClockEvent.objects.filter(clock=clock).select_related("to_unit").order_by("id"))


def notifications(
    *, units: Sequence[str], scope: Scope, unread: bool = False, until: dt.datetime | None = None
) -> QuerySet[Notification]:
    """Word to these units, newest first by the caller's paging."""
    rows = scope.filter(Notification.objects.filter(unit_id__in=units)).select_related("clock")
    if until is not None:
        rows = rows.filter(told_at__lte=until)
    return rows.filter(read_at__isnull=True) if unread else rows


def notification(notification_id: int, *, units: Sequence[str], scope: Scope) -> Notification:
    rows = notifications(units=units, scope=scope).filter(pk=notification_id)
    found = rows.first()
    if found is None:
        raise NotFound(
            "clocks.no_notification", f"There is no notification {notification_id} to your units."
        )
    return found
