"""Reading runs and proposals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import Max, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods.models import Proposal, Run


def listed(
    *, scope: Scope, as_of: dt.datetime, state: str = "", kind: str = ""
) -> QuerySet[Proposal]:
    """Proposals within scope made by `as_of`.  Asked for waiting ones, it gives those that were
    waiting then, whatever became of them."""
    rows = scope.filter(Proposal.objects.filter(created_at__lte=as_of))
    if state == "waiting":
        rows = rows.filter(waiting(as_of))
    elif state:
        rows = rows.filter(state=state, closed_at__lte=as_of)
    return rows.filter(kind=kind) if kind else rows


def waiting(as_of: dt.datetime) -> Q:
    """Made by `as_of` and not closed by then."""
    return Q(created_at__lte=as_of) & (Q(closed_at=None) | Q(closed_at__gt=as_of))


def first_run_as_of() -> dt.datetime | None:
    """The moment of the earliest run that finished."""
    rows = Run.objects.exclude(state=Run.State.RUNNING)
    return rows.order_by("as_of").values_list("as_of", flat=True).first()


def get(proposal_id: int, scope: Scope) -> Proposal:
    proposal = scope.filter(Proposal.objects.filter(pk=proposal_id)).first()
    if proposal is None:
        raise NotFound("proposals.unknown", f"There is no proposal {proposal_id}.")
    return proposal


def numbers(keys: Collection[str], *, scope: Scope, as_of: dt.datetime) -> Mapping[str, int]:
    """The newest proposal of the current incident under each key that was made by `as_of`."""
    rows = scope.filter(Proposal.objects.filter(key__in=set(keys), created_at__lte=as_of))
    found = rows.filter(incident__closed_at=None).order_by("key", "-id").distinct("key")
    return dict(found.values_list("key", "pk"))


def decided_groups(keys: Collection[str]) -> Mapping[tuple[str, str], int]:
    """(proposal key, group) to the largest size of it that somebody has decided about, for
    proposals of the current incident whose subject names groups with their sizes."""
    rows = Proposal.objects.filter(
        key__in=set(keys), state__in=("approved", "amended", "rejected"), incident__closed_at=None
    )
    found: dict[tuple[str, str], int] = {}
    for key, subject in rows.values_list("key", "subject"):
        for group, size in subject.get("groups", {}).items():
            found[key, group] = max(size, found.get((key, group), 0))
    return found


def latest_run(as_of: dt.datetime) -> Run | None:
    """The last finished run at or before `as_of`, of any incident."""
    rows = Run.objects.filter(as_of__lte=as_of).exclude(state=Run.State.RUNNING)
    return rows.order_by("-as_of").prefetch_related("steps").first()


def last_as_of() -> dt.datetime | None:
    """The moment of the newest run of the incident opened last, whatever became of it."""
    found = Run.objects.filter(incident__closed_at=None).aggregate(last=Max("as_of"))
    last: dt.datetime | None = found["last"]
    return last


def run_at(as_of: dt.datetime) -> Run | None:
    """The run of that very moment, in whatever state, of the incident opened last."""
    return Run.objects.filter(as_of=as_of, incident__closed_at=None).order_by("-id").first()


def runs() -> QuerySet[Run]:
    return Run.objects.prefetch_related("steps")


def get_run(run_id: int) -> Run:
    run = runs().filter(pk=run_id).first()
    if run is None:
        raise NotFound("runs.unknown", f"There is no run {run_id}.")
    return run
