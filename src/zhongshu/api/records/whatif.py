"""What if: options compared from the cases known now; computed by a worker."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja import Query, Router, Status

from zhongshu.api import messages
from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.whatifshapes import (
    Comparison,
    ComparisonItem,
    WhatIfForm,
    WhatIfFormAsked,
    WhatIfProposed,
    WhatIfProposeIn,
    WhatIfQuestion,
)
from zhongshu.api.shapes import AskedList, Page
from zhongshu.rules.permissions import Permission
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import facade as whatif

router = Router(tags=["records"])


@router.get("/whatif", response=Page[ComparisonItem])
@needs(Permission.WHATIF_READ)
def comparisons(request: HttpRequest, asked: Query[AskedList]) -> object:
    """Newest first."""
    view = here(request).view(asked)
    rows = whatif.listed(scope=view.scope, as_of=view.as_of)
    order = ("-created_at", "-id")
    found, following = page(rows, order=order, after=asked.after, limit=asked.limit)
    return {"items": [_item(one) for one in found], "next": following}


@router.post("/whatif", response={202: ComparisonItem})
@needs(Permission.WHATIF_ASK)
def ask(request: HttpRequest, body: WhatIfQuestion, key: Key) -> object:
    """Queue a comparison; a worker computes it.  Bad options are refused at once: `facts.option`
    says which one."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = whatif.ask(
            question=whatif.Question(**body.dict()),
            scope=asking.scope,
            as_of=asking.now,
            actor=asking.actor,
            now=asking.now,
        )
        # The queue lies outside the scoped role; the unit was checked against the scope above.
        with rowsecurity.unscoped():
            import_string(settings.ZHONGSHU_QUEUE_WHATIF)(made.pk)
        return _item(whatif.get(made.pk, asking.scope))

    return Status(202, once(request, key, write))


@router.get("/whatif/form", response=WhatIfForm)
@needs(Permission.WHATIF_READ)
def form(request: HttpRequest, asked: Query[WhatIfFormAsked]) -> object:
    """What a question about a unit can be made of, as known now."""
    asking = here(request)
    view = asking.view(asked.place())
    return whatif.form(unit=view.unit["code"], scope=view.scope, as_of=view.as_of)


@router.get("/whatif/{id}", response=Comparison)
@needs(Permission.WHATIF_READ)
def comparison(request: HttpRequest, id: int) -> object:
    one = whatif.get(id, here(request).scope)
    return _item(one) | {
        "options": one.options,
        "unseen": one.unseen,
        "answer": one.answer,
    }


@router.post("/whatif/{id}/withdraw", response=ComparisonItem)
@needs(Permission.WHATIF_ASK)
def withdraw(request: HttpRequest, id: int, key: Key) -> object:
    """While it waits."""
    asking = here(request)

    def write() -> dict[str, Any]:
        whatif.withdraw(comparison_id=id, scope=asking.scope, actor=asking.actor, now=asking.now)
        return _item(whatif.get(id, asking.scope))

    return once(request, key, write)


@router.post("/whatif/{id}/propose", response=WhatIfProposed)
@needs(Permission.WHATIF_ASK)
def propose(request: HttpRequest, id: int, body: WhatIfProposeIn, key: Key) -> object:
    """Put one option before the headquarters; this comparison is its evidence."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = whatif.propose(
            comparison_id=id,
            option=body.option,
            reason=body.reason,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return {"proposal": made}

    return once(request, key, write)


def _item(one: whatif.Comparison) -> dict[str, Any]:
    names = (
        "id", "title", "days", "runs", "against", "as_of", "created_at", "created_by", "state",
        "started_at", "finished_at", "label", "synthetic_population", "pareto",
    )  # fmt: skip
    told = {name: getattr(one, name) for name in names}
    return told | {
        "unit": units.ref(one.unit),
        "refusal": messages.of_kept(one.refusal),
        "headline": told.pop("pareto") or [],
    }
