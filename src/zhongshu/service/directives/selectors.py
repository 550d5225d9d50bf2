"""Reading directives: lists, one with its tree, receipts over a subtree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TypedDict

from django.db.models import Min, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.service.directives.models import Directive
from zhongshu.service.kit.scope import Scope, path_end


class Receipts(TypedDict):
    total: int
    signed: int
    reported: int


def overdue(then: dt.datetime) -> Q:
    """At `then`: not signed though it was time to sign, or not reported though it was due."""

    def still_open(moment: str) -> Q:
        return Q(**{moment: None}) | Q(**{f"{moment}__gt": then})

    late_to_sign = Q(sign_due_at__lt=then) & still_open("signed_at")
    late_to_report = Q(due_at__lt=then) & still_open("reported_at")
    return (late_to_sign | late_to_report) & still_open("closed_at")


def is_overdue(one: Directive, then: dt.datetime) -> bool:
    """`overdue` for one row in hand."""

    def still_open(moment: dt.datetime | None) -> bool:
        return moment is None or moment > then

    late_to_sign = one.sign_due_at < then and still_open(one.signed_at)
    late_to_report = one.due_at < then and still_open(one.reported_at)
    return (late_to_sign or late_to_report) and still_open(one.closed_at)


def listed(
    *,
    scope: Scope,
    as_of: dt.datetime,
    state: str = "",
    mine: Collection[str] | None = None,
    overdue_only: bool = False,
) -> QuerySet[Directive]:
    """Directives to units within scope, issued by `as_of`.  mine: only to these units."""
    rows = scope.filter(Directive.objects.filter(issued_at__lte=as_of))
    if state:
        rows = rows.filter(state=state)
    if mine is not None:
        rows = rows.filter(unit_id__in=mine)
    return rows.filter(overdue(as_of)) if overdue_only else rows


def get(directive_id: int, scope: Scope) -> Directive:
    directive = scope.filter(Directive.objects.filter(pk=directive_id)).first()
    if directive is None:
        raise NotFound("directives.unknown", f"There is no directive {directive_id}.")
    return directive


def above(directive: Directive, scope: Scope) -> list[Directive]:
    """Those it descends from and that lie within scope, from the first one down."""
    ids = [int(part) for part in directive.trail.split("/") if part][:-1]
    return list(scope.filter(Directive.objects.filter(pk__in=ids)).order_by("trail"))


def receipts(directives: Collection[Directive], scope: Scope) -> Mapping[int, Receipts]:
    """Of each directive: how many recipients its subtree has within scope, how many of them have
    signed and reported.  A directive that gathers others does not count itself."""
    trees = Q(pk__in=[])
    for one in directives:
        trees |= Q(trail__gte=one.trail, trail__lt=path_end(one.trail))
    rows = scope.filter(Directive.objects.filter(trees)).values_list(
        "trail", "signed_at", "reported_at"
    )
    found = list(rows)
    answer: dict[int, Receipts] = {}
    for one in directives:
        below = [row for row in found if row[0].startswith(one.trail)]
        leaves = [row for row in below if row[0] != one.trail] or below
        answer[one.pk] = {
            "total": len(leaves),
            "signed": sum(signed is not None for _, signed, _ in leaves),
            "reported": sum(reported is not None for _, _, reported in leaves),
        }
    return answer


def first_reports(proposal_ids: Collection[int]) -> dict[int, dt.datetime]:
    """When the unit a proposal's directive was given to first reported; absent where none has.

    What it passed on to others is its own business.
    """
    rows = (
        Directive.objects.filter(
            proposal_id__in=proposal_ids, parent=None, reported_at__isnull=False
        )
        .values_list("proposal_id")
        .annotate(first=Min("reported_at"))
    )
    return {int(proposal): first for proposal, first in rows if proposal is not None}


def children_counts(ids: Collection[int], scope: Scope) -> Mapping[int, int]:
    rows = scope.filter(Directive.objects.filter(parent_id__in=ids)).values_list(
        "parent_id", flat=True
    )
    counts: dict[int, int] = {}
    for parent in rows:
        if parent is not None:
            counts[parent] = counts.get(parent, 0) + 1
    return counts
