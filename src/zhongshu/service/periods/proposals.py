"""What a run proposes: kept by key, renewed while it waits, left alone once decided."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.kit.text import Text
from zhongshu.service.periods import clockfacts
from zhongshu.service.periods.models import Proposal, Run
from zhongshu.service.units import facade as units

DECIDED = ("approved", "amended", "rejected")


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """A proposal as a run makes it; shapes of the parts are those of the API (api.md).

    key: stable over runs that mean the same thing.  recipients: unit codes that get a directive
    on approval (none: no directive).  directive: its text.  sign_hours, due_hours: its clocks,
    counted from the decision.  subject: {"zones": [ids]} to activate or, with "action":
    "release", to release, or with "step" and "level", to step down; {"contacts": [ids]} to
    confirm; {"signals": [ids]} for reference.
    detail: {"columns": [{key, label, unit?}], "rows": [...], "total": n}, pseudonyms only.
    """

    kind: str
    key: str
    unit: str
    title: Text
    reasons: Sequence[Mapping[str, Any]]
    cost: Sequence[Mapping[str, Any]]
    pack_id: str
    pack_version: str
    inputs_hash: str
    directive: Text
    sign_hours: float
    due_hours: float
    priority: int = 0
    alternatives: Sequence[Mapping[str, Any]] = ()
    if_nothing: Text | None = None
    waiting_cost: Text | None = None
    recipients: Sequence[str] = ()
    geometry: Mapping[str, Any] | None = None
    detail: Mapping[str, Any] | None = None
    subject: Mapping[str, Any] = dataclasses.field(default_factory=dict)


_CONTENT = (
    "reasons",
    "cost",
    "alternatives",
    "if_nothing",
    "recipients",
    "detail",
    "directive",
    "sign_hours",
    "due_hours",
)


def _plain(value: object) -> Any:
    """As the database will give it back, so that unchanged content compares equal."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _content(draft: Draft) -> dict[str, Any]:
    content: dict[str, Any] = _plain({name: getattr(draft, name) for name in _CONTENT})
    return content


def _hash(draft: Draft) -> str:
    """Over all a person judges, not over which inputs it came from."""
    judged = _content(draft) | _plain(
        {
            "title": draft.title,
            "unit": draft.unit,
            "geometry": draft.geometry,
            "subject": dict(draft.subject),
            "priority": draft.priority,
            "waiting_cost": draft.waiting_cost,
            "pack": draft.pack_version,
        }
    )
    text = json.dumps(judged, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def propose(*, run: Run, draft: Draft, now: dt.datetime, actor: Actor = CYCLE) -> Proposal:
    """Put the draft before the headquarters, once.

    A waiting proposal with the same key is renewed if its content changed.  A decision is the
    answer to the content it was taken on; when that has changed, a new proposal waits.
    """
    with transaction.atomic():
        rows = Proposal.objects.select_for_update().filter(incident=run.incident, key=draft.key)
        waiting = rows.filter(state="waiting").first()
        decided = rows.filter(state__in=DECIDED).order_by("-id").first()
        content_hash = _hash(draft)
        if waiting is None and decided is not None and decided.content_hash == content_hash:
            return decided
        if waiting is not None and waiting.content_hash == content_hash:
            if waiting.run_id != run.pk:
                waiting.run, waiting.as_of = run, run.as_of
                waiting.save(update_fields=["run", "as_of"])
            return waiting
        proposal = waiting or Proposal(
            incident=run.incident,
            key=draft.key,
            state=states.initial("proposal"),
            created_at=run.as_of,
        )
        before = proposal.subject.get("dispatch")
        _fill(proposal, draft, run, content_hash)
        proposal.save()
        _plans(before, proposal, actor, now)
        audit.record(
            actor=actor,
            action="proposal.renew" if waiting else "proposal.make",
            object_=f"proposal:{proposal.pk}",
            at=now,
            facts={"key": draft.key, "content": content_hash, "run": run.pk},
        )
        clockfacts.told([proposal], actor=actor, now=now)
    return proposal


def _plans(before: int | None, proposal: Proposal, actor: Actor, now: dt.datetime) -> None:
    """The plan of dispatch it asks for is put forward; the one it asked for before is let go."""
    after = proposal.subject.get("dispatch")
    if before and before != after:
        dispatch.let_go(plan_id=before, actor=actor, now=now)
    if after and after != before:
        dispatch.put_forward(plan_id=after, proposal_id=proposal.pk, actor=actor, now=now)


def _fill(proposal: Proposal, draft: Draft, run: Run, content_hash: str) -> None:
    unit = units.get(draft.unit)
    proposal.run, proposal.as_of = run, run.as_of
    proposal.kind, proposal.title = draft.kind, draft.title
    proposal.unit_id, proposal.unit_path = unit.code, unit.path
    proposal.priority, proposal.waiting_cost = draft.priority, draft.waiting_cost
    proposal.content, proposal.content_hash = _content(draft), content_hash
    proposal.geometry = _plain(draft.geometry)
    proposal.subject = _plain(dict(draft.subject))
    proposal.pack_id, proposal.pack_version = draft.pack_id, draft.pack_version
    proposal.inputs_hash = draft.inputs_hash


def supersede_absent(
    *, run: Run, kinds: Collection[str], now: dt.datetime, actor: Actor = CYCLE
) -> int:
    """Close the waiting proposals of `kinds` that this run did not make again; how many.

    kinds: those whose steps were done; what a failed step proposed earlier goes on waiting.
    """
    with transaction.atomic():
        rows = list(
            Proposal.objects.select_for_update()
            .filter(incident=run.incident, state="waiting", kind__in=kinds, as_of__lte=run.as_of)
            .exclude(run=run)
        )
        for row in rows:
            row.state = states.check_may_do("proposal", "supersede", state=row.state)
            row.closed_at = now
        Proposal.objects.bulk_update(rows, ["state", "closed_at"])
        clockfacts.told(rows, actor=actor, now=now)
        for row in rows:
            if plan := row.subject.get("dispatch"):
                dispatch.let_go(plan_id=plan, actor=actor, now=now)
        if rows:
            audit.record(
                actor=actor,
                action="proposal.supersede",
                object_=f"run:{run.pk}",
                at=now,
                facts={"proposals": [row.pk for row in rows]},
            )
    return len(rows)
