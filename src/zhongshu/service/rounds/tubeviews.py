"""Reading the register of positive tubes as it was known at a moment."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.rounds.models import Tube, TubeMember

STATES = ("open", "done", "withdrawn")


@dataclasses.dataclass(frozen=True, slots=True)
class Sums:
    """Of a tube's members: known, sampled again, with a result, and of those the positive."""

    members: int = 0
    recollected: int = 0
    resulted: int = 0
    positive: int = 0


def listed(*, scope: Scope, as_of: dt.datetime, state: str = "") -> QuerySet[Tube]:
    """Those whose result was known by then, newest first by (reported_at, id)."""
    rows = Tube.objects.filter(incident=incidents.current(), known_at__lte=as_of)
    over = Q(confirmed_at__lte=as_of)
    gone = Q(withdrawn_at__lte=as_of)
    which = {"open": ~over & ~gone, "done": over & ~gone, "withdrawn": gone}
    if state:
        rows = rows.filter(which[state])
    return scope.filter(rows).select_related("unit").order_by("-reported_at", "-id")


def get(tube_id: int, scope: Scope) -> Tube:
    found = scope.filter(Tube.objects.filter(pk=tube_id)).select_related("unit").first()
    if found is None:
        raise NotFound("tubes.unknown", f"There is no positive tube {tube_id} within your rights.")
    return found


def members(tube: Tube) -> QuerySet[TubeMember]:
    """All of a tube that was found within scope, wherever they live, by (swabbed_at, id)."""
    rows = TubeMember.objects.filter(tube=tube).select_related("unit")
    return rows.order_by("swabbed_at", "id")


def sums(tubes: Iterable[Tube], as_of: dt.datetime) -> Mapping[int, Sums]:
    """By tube; one query, whatever there is."""
    wanted = [one.pk for one in tubes]
    told = Q(resulted_at__lte=as_of)
    rows = (
        TubeMember.objects.filter(tube__in=wanted)
        .values_list("tube")
        .annotate(
            members=Count("pk"),
            recollected=Count("pk", filter=Q(recollected_known_at__lte=as_of)),
            resulted=Count("pk", filter=told),
            positives=Count("pk", filter=told & Q(result="positive")),
        )
    )
    return {tube: Sums(*counts) for tube, *counts in rows}


def state_of(tube: Tube, as_of: dt.datetime) -> str:
    if tube.withdrawn_at is not None and tube.withdrawn_at <= as_of:
        return "withdrawn"
    return "done" if tube.confirmed_at is not None and tube.confirmed_at <= as_of else "open"
