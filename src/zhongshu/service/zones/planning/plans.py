"""Zonings asked for, the figures of a drawing, and the record of both."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from zhongshu.engines.zoning.planning import curve, figures, model, prepare, solve
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.rules.model import Pack
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.units import facade as units
from zhongshu.service.zones.models import ZonePlan
from zhongshu.service.zones.planning import answer, simulated
from zhongshu.service.zones.planning.ground import Ground

# Work of the search, not of the outbreak: a county's answer within seconds on one processor.
_RESTARTS, _MOVES, _STEPS, _NODES = 2, 40_000, 200, 40
_CURVE_MOVES = 4_000
_SECONDS = 6.0  # a duty officer waits; what is found and proven by then is told
_STEP = 0.05  # of the share, between the points of the price curve


@dataclasses.dataclass(frozen=True)
class Wish:
    """What is asked for.  share: of the evidence to cover, 0..1; zones: at most so many.

    zone_cost: person-days the headquarters holds equal to one more zone.  people_per_zone,
    people_total, person_days: maxima, None for none.  seconds: for search and proof.
    """

    share: float = 1.0
    zones: int = 1
    zone_cost: float = 0.0
    people_per_zone: float | None = None
    people_total: float | None = None
    person_days: float | None = None

    def aims(self) -> model.Aims:
        return model.Aims(**dataclasses.asdict(self))


def price(ground: Ground, wish: Wish, codes: Collection[str]) -> dict[str, Any]:
    """Figures of a drawing, with each maximum passed.  Refuses an unknown village, bad aims, and
    a county without evidence."""
    prepare.check_aims(wish.aims())
    read = prepare.read(ground.cells, ground.adjacent)
    return answer.option("drawn", ground, figures.price(read, wish.aims(), codes))


def within(ground: Ground, ring: Sequence[tuple[float, float]]) -> list[str]:
    """Villages whose middle lies inside the polygon (lon, lat), by the even-odd rule.  Refuses
    fewer than three corners."""
    if len(ring) < 3:
        raise BadInput("zones.plan_polygon", "A polygon has at least three corners.")
    found = []
    for code, (x, y) in ground.points.items():
        odd = False
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                odd = not odd
        if odd:
            found.append(code)
    return found


def plan(
    *,
    ground: Ground,
    wish: Wish,
    pack: Pack,
    actor: Actor,
    now: dt.datetime,
    clock: Callable[[], float],
) -> ZonePlan:
    """Search, prove, keep the answer, and have its zonings simulated: a comparison of the plan
    waits for the worker, or the plan says why there is none.  clock: monotonic seconds, to tell
    how long it took."""
    aims = wish.aims()
    effort = model.Effort(
        seed=incidents.current().pk,
        restarts=_RESTARTS,
        moves=_MOVES,
        steps=_STEPS,
        nodes=_NODES,
        seconds=_SECONDS,
        clock=clock,
    )
    began = clock()
    found = solve.plan(cells=ground.cells, adjacent=ground.adjacent, aims=aims, effort=effort)
    read = prepare.read(ground.cells, ground.adjacent)
    light = dataclasses.replace(effort, moves=_CURVE_MOVES, seconds=None, clock=None)
    prices = curve.curve(read, aims, _shares(wish.share), light)
    told = answer.whole(ground, found, prices, pack=pack) | {"seconds": clock() - began}
    unit = units.get(ground.unit["code"])
    row = ZonePlan.objects.create(
        incident=incidents.current(),
        unit=unit,
        unit_path=unit.path,
        actor=actor.name,
        user_id=actor.user_id,
        asked=dataclasses.asdict(wish),
        answer=told,
        as_of=ground.as_of,
        at=now,
        pack_version=pack.version,
        inputs_hash=found.card.inputs["cells"][:64],
    )
    audit.record(
        actor=actor,
        action="zones.plan",
        object_=f"zone_plan:{row.pk}",
        at=now,
        facts={"unit": unit.code, "options": len(told["options"])},
    )
    simulated.ask(row, actor=actor, now=now)
    return row


def _shares(asked: float) -> list[float]:
    """From half the evidence to all of it, and the share asked for."""
    steps = [round(1 - _STEP * n, 2) for n in range(round(0.5 / _STEP) + 1)]
    return sorted({*steps, round(asked, 4)})


def listed(*, scope: Scope, as_of: dt.datetime) -> QuerySet[ZonePlan]:
    """Plans asked for by `as_of`."""
    return scope.filter(ZonePlan.objects.filter(at__lte=as_of))


def get(plan_id: int, scope: Scope, as_of: dt.datetime) -> ZonePlan:
    row = listed(scope=scope, as_of=as_of).filter(pk=plan_id).select_related("unit").first()
    if row is None:
        raise NotFound("zones.no_plan", f"There is no plan {plan_id} within your rights.")
    return row
