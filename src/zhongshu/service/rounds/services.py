"""Opening a round, taking its counts in, closing it."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Collection, Sequence

from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources import facade as resources
from zhongshu.service.rounds import counts
from zhongshu.service.rounds.models import Round, RoundPoint, Tally
from zhongshu.service.units import facade as units

COLUMNS = ("key", "what", "point", "laboratory", "n", "at")
MOST_ROWS = 20_000
MOST_N = 10_000_000


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """A round to be opened.  points: codes of the registry's; none, all of the unit."""

    unit: str
    title: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    due_at: dt.datetime
    expected: int = 0
    points: Sequence[str] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Count:
    """What one sender tells; fields as in `Tally`."""

    key: str
    what: str
    point: str
    n: int
    at: dt.datetime
    laboratory: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """fresh + again = what was sent; again: known by its key already."""

    fresh: int
    again: int


def begin(*, wish: Wish, scope: Scope, actor: Actor, now: dt.datetime) -> Round:
    """Refuses (BadInput) times out of order, no title, and a unit without sampling points."""
    if not wish.title.strip():
        raise BadInput("rounds.title", "Give the round a title.")
    if not wish.opens_at < wish.closes_at <= wish.due_at:
        raise BadInput("rounds.times", "A round opens, closes, and then has its last result.")
    unit = units.get(wish.unit, scope)
    things = resources.things(scope=Scope((unit.path,)), as_of=now, kind="point")
    things = things.filter(code__in=wish.points) if wish.points else things
    known = list(things.order_by("code"))
    missing = sorted(set(wish.points) - {one.code for one in known})
    if missing or not known:
        raise BadInput(
            "rounds.points",
            f"The registry knows no such sampling point in {unit.name}: "
            f"{', '.join(missing[:3]) or 'none at all'}.",
            points=missing[:3],
        )
    with transaction.atomic():
        made = Round.objects.create(
            incident=incidents.current(),
            unit=unit,
            unit_path=unit.path,
            title=wish.title.strip(),
            opens_at=wish.opens_at,
            closes_at=wish.closes_at,
            due_at=wish.due_at,
            expected=wish.expected,
            made_at=now,
            made_by=actor.name,
        )
        RoundPoint.objects.bulk_create(_point(made, one) for one in known)
        _record(made, "open", actor, now, {"points": len(known)})
    return made


def _point(made: Round, thing: resources.Thing) -> RoundPoint:
    return RoundPoint(
        round=made,
        unit_id=thing.unit_id,
        unit_path=thing.unit_path,
        code=thing.code,
        name=thing.name,
        lon=thing.lon,
        lat=thing.lat,
        desks=thing.capacity.get("desks", 0),
        opens_at=made.opens_at,
        closes_at=made.closes_at,
    )


def take(
    *, round_id: int, told: Sequence[Count], scope: Scope, actor: Actor, now: dt.datetime
) -> Taken:
    """Take counts in, all or none; those whose key is known are passed over.

    Refuses (BadInput) an unknown kind or point, a queue below zero, a count of the future and a
    laboratory's count without the laboratory; (WrongState) a round that is closed.
    """
    if len(told) > MOST_ROWS:
        raise BadInput("rounds.rows", f"Send at most {MOST_ROWS} counts at once.", most=MOST_ROWS)
    with transaction.atomic():
        held = locked(round_id, scope)
        if held.closed_at is not None:
            raise WrongState("rounds.closed", "This round is closed; its counts stand.")
        points = {one.code: one for one in scope.filter(RoundPoint.objects.filter(round=held))}
        for number, one in enumerate(told, start=1):
            _check(one, number, points, now)
        fresh = {one.key: one for one in told}
        known = set(Tally.objects.filter(round=held, key__in=fresh).values_list("key", flat=True))
        made = [
            _tally(held, points[one.point], one, actor, now)
            for key, one in fresh.items()
            if key not in known
        ]
        Tally.objects.bulk_create(made)
        if made:
            _record(held, "count", actor, now, {"counts": len(made)})
    return Taken(len(made), len(told) - len(made))


def take_file(*, round_id: int, text: str, scope: Scope, actor: Actor, now: dt.datetime) -> Taken:
    """As `take`, from a CSV table with the columns `COLUMNS`; refuses it whole at its first bad
    line, and names it."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(
            "rounds.columns",
            f"The table has no column {', '.join(missing)}; it needs {', '.join(COLUMNS)}.",
            columns=missing,
        )
    told = [_read(row, number) for number, row in enumerate(reader, start=1)]
    return take(round_id=round_id, told=told, scope=scope, actor=actor, now=now)


def _read(row: dict[str, str | None], number: int) -> Count:
    given = {name: (row[name] or "").strip() for name in COLUMNS}
    try:
        n, at = int(given["n"]), dt.datetime.fromisoformat(given["at"])
    except ValueError as error:
        raise BadInput(
            "rounds.row",
            f"Row {number}: n has to be a whole number and at a time like 2022-11-08T20:00+08:00.",
            row=number,
        ) from error
    return Count(given["key"], given["what"], given["point"], n, at, given["laboratory"])


def close(*, round_id: int, scope: Scope, actor: Actor, now: dt.datetime) -> Round:
    """No count is taken any more.  Refuses (WrongState) a round that is closed."""
    with transaction.atomic():
        held = locked(round_id, scope)
        if held.closed_at is not None:
            raise WrongState("rounds.closed", "This round is closed; its counts stand.")
        held.closed_at = now
        held.save(update_fields=["closed_at"])
        _record(held, "close", actor, now, {})
    return held


def locked(round_id: int, scope: Scope) -> Round:
    """The round, held until the transaction ends."""
    rows = scope.filter(Round.objects.filter(pk=round_id)).select_for_update()
    found = rows.first()
    if found is None:
        raise NotFound("rounds.unknown", f"There is no round {round_id} within your rights.")
    return found


def _check(one: Count, number: int, points: Collection[str], now: dt.datetime) -> None:
    wrong = ""
    if not one.key.strip() or len(one.key) > 80:
        wrong = "it needs a key of at most 80 characters"
    elif one.what not in counts.WHAT:
        wrong = f"'{one.what}' is none of {', '.join(counts.WHAT)}"
    elif one.point not in points:
        wrong = f"the round has no point '{one.point}'"
    elif one.what in counts.OF_LABORATORIES and not one.laboratory:
        wrong = "a laboratory's count names the laboratory"
    elif one.at.tzinfo is None or one.at > now:
        wrong = "its time needs a zone and must not lie in the future"
    elif abs(one.n) > MOST_N or (one.what == counts.QUEUE and one.n < 0):
        wrong = f"{one.n} cannot be"
    if wrong:
        raise BadInput("rounds.count", f"Row {number}: {wrong}.", row=number)


def _tally(held: Round, point: RoundPoint, one: Count, actor: Actor, now: dt.datetime) -> Tally:
    return Tally(
        round=held,
        unit_id=point.unit_id,
        unit_path=point.unit_path,
        point=one.point,
        laboratory=one.laboratory,
        what=one.what,
        n=one.n,
        at=one.at,
        known_at=now,
        by=actor.name,
        key=one.key,
    )


def _record(
    held: Round, action: str, actor: Actor, now: dt.datetime, facts: dict[str, int]
) -> None:
    audit.record(
        actor=actor, action=f"rounds.{action}", object_=f"round:{held.pk}", at=now, facts=facts
    )
