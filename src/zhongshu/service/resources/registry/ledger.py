"""Taking some of a thing's pool and giving it back; nothing is ever taken twice.

Every change locks the row of the thing first, in the order of their numbers, so two dispatchers
in the same second wait for each other and the second reads what the first has written.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.service.audit import facade as audit
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources.models import Hold, Thing
from zhongshu.service.resources.registry import kinds, spans


@dataclasses.dataclass(frozen=True, slots=True)
class Want:
    """`amount` of a thing's `pool` from `begins` until `ends` (None: open)."""

    thing_id: int
    pool: str
    amount: int
    begins: dt.datetime
    ends: dt.datetime | None = None
    note: str = ""


def capacity_of(thing: Thing) -> Mapping[str, int]:
    """Its pools in the mode it is in."""
    if thing.mode == Thing.Mode.EMERGENCY and thing.emergency is not None:
        return dict(thing.emergency)
    return dict(thing.capacity)


def hold(
    *, wants: Sequence[Want], holder: str, scope: Scope, actor: Actor, now: dt.datetime
) -> list[Hold]:
    """Take all of `wants` for `holder` (``plan:12``, ``job:3``, ``person``), or nothing.

    Refuses (WrongState resources.taken) what is not free through the whole span, naming the
    first; (resources.not_usable) a thing that cannot be used by then; (BadInput) a pool it has
    not, an amount below one, an end not after the beginning; (NotFound) a thing out of scope.
    """
    _check(wants)
    with transaction.atomic():
        things = locked({one.thing_id for one in wants}, scope)
        standing = _standing(things)
        made = []
        for want in wants:
            thing = things[want.thing_id]
            _check_usable(thing, want, now)
            spans_there = standing.setdefault((thing.pk, want.pool), [])
            _check_free(thing, want, spans_there)
            spans_there.append(spans.Span(want.begins, want.ends, want.amount))
            made.append(_made(want, holder, actor, now))
        Hold.objects.bulk_create(made)
        _record("resources.hold", holder, made, actor, now)
    return made


def release(
    *,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
    holder: str = "",
    hold_ids: Iterable[int] = (),
    thing_id: int | None = None,
) -> int:
    """Give back what `holder` has, or the holds named (both given: what both say), of all things
    or of one; how many.  Released ones are passed over, so asking twice is asking once.  Refuses
    (BadInput) when neither is named."""
    ids = sorted(set(hold_ids))
    if not holder and not ids:
        raise BadInput("resources.release", "Say which holds are to be given back, or whose.")
    rows = scope.filter(Hold.objects.filter(released_at=None), "thing__unit_path")
    rows = rows.filter(holder=holder) if holder else rows
    rows = rows.filter(pk__in=ids) if ids else rows
    rows = rows if thing_id is None else rows.filter(thing_id=thing_id)
    with transaction.atomic():
        locked(set(rows.values_list("thing_id", flat=True)), scope)
        gone = list(Hold.objects.filter(pk__in=rows.values("pk")))
        for one in gone:
            one.released_at, one.released_by = now, actor.name
        Hold.objects.bulk_update(gone, ["released_at", "released_by"])
        _record("resources.release", holder or "holds", gone, actor, now)
    return len(gone)


def free(
    *,
    thing_id: int,
    pool: str,
    scope: Scope,
    begins: dt.datetime,
    ends: dt.datetime | None = None,
) -> int:
    """What of the pool nobody has through [begins, ends), whatever the thing's state; by default
    from `begins` for good.  Refuses as `hold` does."""
    thing = scope.filter(Thing.objects.filter(pk=thing_id)).first()
    if thing is None:
        raise _no_thing(thing_id)
    known = _standing({thing.pk: thing}).get((thing.pk, pool), [])
    return spans.free(_pool(thing, pool), known, begins, ends)


def frees(things: Sequence[Thing], at: dt.datetime) -> dict[int, dict[str, int]]:
    """{thing: {pool: free at the moment `at`}}; one query for all holds."""
    standing = _standing({one.pk: one for one in things})
    instant = at + dt.timedelta(microseconds=1)
    return {
        one.pk: {
            name: spans.free(pool, standing.get((one.pk, name), []), at, instant)
            for name, pool in _pools(one).items()
        }
        for one in things
    }


def fits(thing: Thing) -> bool:
    """Whether all that is held of it fits into the pools it has now."""
    capacity = capacity_of(thing)
    return all(
        spans.peak(standing, min(one.begins for one in standing), None) <= capacity.get(pool, 0)
        for (_, pool), standing in _standing({thing.pk: thing}).items()
    )


def _check(wants: Sequence[Want]) -> None:
    for want in wants:
        if want.amount < 1:
            raise BadInput("resources.amount", "Take at least one.")
        if want.ends is not None and want.ends <= want.begins:
            raise BadInput("resources.span", "What is taken has to end after it begins.")


def locked(ids: Iterable[int], scope: Scope) -> dict[int, Thing]:
    """The things, their rows locked in one order, so that no two wait for each other."""
    wanted = sorted(set(ids))
    rows = scope.filter(Thing.objects.filter(pk__in=wanted)).order_by("pk").select_for_update()
    found = {one.pk: one for one in rows}
    missing = next((one for one in wanted if one not in found), None)
    if missing is not None:
        raise _no_thing(missing)
    return found


def _standing(things: Mapping[int, Thing]) -> dict[tuple[int, str], list[spans.Span]]:
    found: dict[tuple[int, str], list[spans.Span]] = {}
    for one in Hold.objects.filter(thing_id__in=things, released_at=None):
        span = spans.Span(one.begins, one.ends, one.amount)
        found.setdefault((one.thing_id, one.pool), []).append(span)
    return found


def _pools(thing: Thing) -> dict[str, spans.Pool]:
    return spans.pools(capacity_of(thing), thing.reported, thing.reported_at)


def _pool(thing: Thing, pool: str) -> spans.Pool:
    known = _pools(thing)
    if pool not in known:
        raise BadInput(
            "resources.pool",
            f"{thing.name} has no '{pool}'; it has {', '.join(known) or 'nothing to be taken'}.",
            name=thing.name,
            pool=pool,
        )
    return known[pool]


def _check_usable(thing: Thing, want: Want, now: dt.datetime) -> None:
    if thing.state in kinds.LIVES[thing.kind].usable:
        return
    wait = thing.opens_in_h
    if wait is not None and want.begins >= now + dt.timedelta(hours=wait):
        return
    raise WrongState(
        "resources.not_usable",
        f"{thing.name} is {thing.state} and cannot be used by then.",
        name=thing.name,
        state=thing.state,
    )


def _check_free(thing: Thing, want: Want, standing: Sequence[spans.Span]) -> None:
    left = spans.free(_pool(thing, want.pool), standing, want.begins, want.ends)
    if want.amount > left:
        raise WrongState(
            "resources.taken",
            f"Of {thing.name} only {left} ({want.pool}) are free then; {want.amount} were asked.",
            name=thing.name,
            pool=want.pool,
            free=left,
            asked=want.amount,
        )


def _made(want: Want, holder: str, actor: Actor, now: dt.datetime) -> Hold:
    return Hold(
        thing_id=want.thing_id,
        pool=want.pool,
        amount=want.amount,
        begins=want.begins,
        ends=want.ends,
        holder=holder,
        note=want.note,
        by=actor.name,
        at=now,
    )


def _record(
    action: str, holder: str, holds: Sequence[Hold], actor: Actor, now: dt.datetime
) -> None:
    if holds:
        taken = [[one.thing_id, one.pool, one.amount] for one in holds]
        audit.record(actor=actor, action=action, object_=holder, at=now, facts={"holds": taken})


def _no_thing(thing_id: int) -> NotFound:
    return NotFound(
        "resources.unknown", f"There is no resource {thing_id} within your rights.", id=thing_id
    )
