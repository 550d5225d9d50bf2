"""Deciding a proposal: one transaction from the verdict to the directives."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.directives import facade as directives
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import clockfacts
from zhongshu.service.periods.models import Decision, Proposal
from zhongshu.service.zones import facade as zones

VERDICTS = ("approve", "amend", "reject")


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """verdict: approve, amend or reject (the last two with a reason).

    due_hours, exclude_units and note amend the directives: another due time, units left out,
    a sentence added.
    judged: hash of the content that was read; "" where nobody read it on a screen.
    """

    verdict: str
    reason: str = ""
    due_hours: float | None = None
    exclude_units: tuple[str, ...] = ()
    note: str = ""
    judged: str = ""

    def amendment(self) -> dict[str, object]:
        given = {
            "due_hours": self.due_hours,
            "exclude_units": list(self.exclude_units),
            "note": self.note,
        }
        return {name: value for name, value in given.items() if value}


def decide(
    *,
    proposal_id: int,
    verdict: Verdict,
    scope: Scope,
    actor: Actor,
    by_name: str,
    now: dt.datetime,
) -> tuple[Decision, list[directives.Directive]]:
    """Decide a waiting proposal; on approval its subject moves on and directives go out.

    All of it, with the audit rows, in one transaction.  Refuses a proposal out of scope or not
    waiting, one renewed since it was read, an amendment or rejection without a reason, an
    amendment that amends nothing.
    """
    _check(verdict)
    with transaction.atomic():
        rows = Proposal.objects.select_for_update().filter(pk=proposal_id)
        proposal = scope.filter(rows).first()
        if proposal is None:
            raise NotFound("proposals.unknown", f"There is no proposal {proposal_id}.")
        if verdict.judged and verdict.judged != proposal.content_hash:
            raise WrongState(
                "proposals.changed",
                "The proposal was renewed since you read it; read it again, then decide.",
            )
        proposal.state = states.check_may_do("proposal", verdict.verdict, state=proposal.state)
        proposal.closed_at = now
        proposal.save(update_fields=["state", "closed_at"])
        decision = _taken(proposal, verdict, actor, by_name, now)
        if verdict.verdict == "reject":
            issued = _turned_down(proposal, actor, now)
        else:
            issued = _carry_out(decision, verdict, actor, now)
        clockfacts.told([proposal], actor=actor, now=now)
        audit.record(
            actor=actor,
            action=f"proposal.{verdict.verdict}",
            object_=f"proposal:{proposal.pk}",
            at=now,
            facts={
                "decision": decision.pk,
                "content": proposal.content_hash,
                "pack": proposal.pack_version,
                "reason": verdict.reason,
                "directives": [one.pk for one in issued],
            },
        )
    return decision, issued


def _taken(
    proposal: Proposal, verdict: Verdict, actor: Actor, by_name: str, now: dt.datetime
) -> Decision:
    return Decision.objects.create(
        proposal=proposal,
        verdict=verdict.verdict,
        reason=verdict.reason,
        amendment=verdict.amendment(),
        by=actor.name,
        by_name=by_name,
        post_unit_id=actor.unit_code,
        post_path=actor.unit_path,
        roles=list(actor.roles),
        at=now,
        pack_version=proposal.pack_version,
        content_hash=proposal.content_hash,
        judgements=judgements_of(proposal),
    )


def judgements_of(proposal: Proposal) -> list[dict[str, Any]]:
    """What the rules said when the proposal was made, in the order of its reasons."""
    reasons = proposal.content.get("reasons", [])
    return [one for reason in reasons for one in reason.get("judgements", [])]


def _check(verdict: Verdict) -> None:
    if verdict.verdict not in VERDICTS:
        raise BadInput("proposals.verdict", f"'{verdict.verdict}' is not approve, amend or reject.")
    if verdict.verdict != "approve" and not verdict.reason.strip():
        raise BadInput("proposals.reason", f"To {verdict.verdict} a proposal, say why.")
    if verdict.verdict == "amend" and not verdict.amendment():
        raise BadInput("proposals.amendment", "An amendment has to change something.")
    if verdict.due_hours is not None and verdict.due_hours <= 0:
        raise BadInput("proposals.due", "The time due must lie in the future.")


def _turned_down(proposal: Proposal, actor: Actor, now: dt.datetime) -> list[directives.Directive]:
    """No directive goes out; a plan of dispatch is over."""
    if plan := proposal.subject.get("dispatch"):
        dispatch.decline(plan_id=plan, actor=actor, now=now)
    return []


def _carry_out(
    decision: Decision, verdict: Verdict, actor: Actor, now: dt.datetime
) -> list[directives.Directive]:
    proposal = decision.proposal
    excluded = set(verdict.exclude_units)
    subject = proposal.subject
    if ids := subject.get("zones"):
        zones.move(
            zone_ids=ids,
            action=subject.get("action", "activate"),
            level=subject.get("level"),
            except_units=excluded,
            actor=actor,
            now=now,
        )
    if ids := subject.get("contacts"):
        reason = f"decision {decision.pk}"
        contacts.move_on(
            contact_ids=ids,
            from_state="proposed",
            action="confirm",
            reason=reason,
            actor=actor,
            now=now,
        )
    if plan := subject.get("dispatch"):
        if excluded:
            raise WrongState(
                "proposals.whole",
                "A plan of dispatch is decided as a whole; reject it and plan again without them.",
            )
        dispatch.issue(plan_id=plan, actor=actor, now=now)
    recipients = [code for code in proposal.content["recipients"] if code not in excluded]
    if not recipients:
        if proposal.content["recipients"]:
            raise WrongState("proposals.nobody_left", "The amendment leaves no recipient; reject.")
        return []
    return directives.issue(
        order=_order(decision, verdict, now), to_units=recipients, actor=actor, now=now
    )


def _order(decision: Decision, verdict: Verdict, now: dt.datetime) -> directives.Order:
    proposal, content = decision.proposal, decision.proposal.content
    due_hours = verdict.due_hours or content["due_hours"]
    text = dict(content["directive"])
    if verdict.note:
        text = {language: f"{line}\n{verdict.note}" for language, line in text.items()}
    return directives.Order(
        decision_id=decision.pk,
        proposal_id=proposal.pk,
        kind=proposal.kind,
        title=proposal.title,
        text={"zh": text["zh"], "en": text["en"]},
        sign_due_at=now + dt.timedelta(hours=min(content["sign_hours"], due_hours)),
        due_at=now + dt.timedelta(hours=due_hours),
    )


def carried_out(*, directive: directives.Directive, actor: Actor, now: dt.datetime) -> int:
    """What a unit's report says happened: its confirmed contacts are in isolation, or its event
    has been reported; how many contacts moved on.

    Other kinds of directive change no record by being reported.
    """
    proposal = Proposal.objects.filter(pk=directive.proposal_id or 0).first()
    if proposal is None:
        return 0
    clockfacts.told([proposal], actor=actor, now=now)
    if directive.kind != "isolate":
        return 0
    return contacts.move_on(
        contact_ids=proposal.subject.get("contacts", ()),
        from_state="confirmed",
        action="isolate",
        reason=f"directive {directive.pk}",
        scope=Scope((directive.unit_path,)),
        actor=actor,
        now=now,
    )


def of_proposals(ids: Sequence[int]) -> dict[int, Decision]:
    """Proposal id to its decision."""
    rows = Decision.objects.filter(proposal_id__in=ids).select_related("post_unit")
    return {row.proposal_id: row for row in rows}
