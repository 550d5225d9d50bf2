"""An answered plan, put before the headquarters as the runs put theirs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction

from zhongshu.kernel.errors import BadInput, Refused
from zhongshu.rules import states
from zhongshu.rules.model import Pack
from zhongshu.service.dispatch import selectors
from zhongshu.service.dispatch.models import DispatchPlan
from zhongshu.service.dispatch.planning import computing, telling
from zhongshu.service.dispatch.planning.asking import NOUN
from zhongshu.service.dispatch.planning.words import WORDS, say
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.rowsecurity import facade as rowsecurity

KIND = "dispatch"
# Planners whose proposals have a kind, and with it a time to carry them out, of their own.
OWN_KIND = frozenset({"parcels", "procurement", "recollect"})
_PRIORITY = 85  # as a run's own plan of transfers
_IF_NOTHING = {
    "parcels": "if_nothing_brought",
    "procurement": "if_nothing_ordered",
    "recollect": "if_nothing_recollected",
}

Row = dict[str, Any]


def propose(
    *, plan_id: int, reason: str, scope: Scope, actor: Actor, now: dt.datetime
) -> DispatchPlan:
    """Put it before the headquarters.  Nothing is taken by it: approval takes the things and
    issues the jobs.  Refuses a plan out of scope or not ready, one without a single job, and a
    headquarters without any run."""
    with rowsecurity.unscoped(), transaction.atomic():
        found = selectors.locked(plan_id, scope)
        states.check_may_do(NOUN, "propose", state=found.state)
        kept: Row = found.kept or {}
        if not kept["jobs"]:
            raise BadInput("dispatch.no_job", "This plan gives nobody anything to do.")
        run = periods.latest_run(now)
        if run is None or run.incident_id != found.incident_id:
            raise Refused("dispatch.no_run", "No run has finished yet; propose after the first.")
        pack = computing.ground(found.incident, now, found.unit_path).pack
        draft = _draft(found, reason.strip(), pack)
        periods.propose(run=run, draft=draft, now=now, actor=actor)
        found.refresh_from_db(fields=["proposal_id", "state"])
    return found


def _draft(plan: DispatchPlan, reason: str, pack: Pack) -> periods.Draft:
    planner = WORDS[plan.planner]
    facts = {"unit": plan.unit.name, "planner": planner, "title": plan.title, "plan": plan.pk}
    said = [telling.reason(plan, say("said", reason=reason))] if reason else []
    jobs = len((plan.kept or {})["jobs"])
    kind, clock = (plan.planner, plan.planner) if plan.planner in OWN_KIND else (KIND, "transfer")
    return periods.Draft(
        kind=kind,
        key=f"{kind}:{plan.pk}",
        unit=plan.unit_id,
        title=say("title", **facts),
        reasons=[*telling.explained(plan), *said],
        pack_id=pack.id,
        pack_version=pack.version,
        directive=say("directive", jobs=jobs, **facts),
        sign_hours=pack.number("directive.sign_h"),
        due_hours=pack.number(f"directive.due_h.{clock}"),
        priority=_PRIORITY,
        if_nothing=say(_IF_NOTHING.get(plan.planner, "if_nothing")),
        inputs_hash=_inputs(plan),
        **telling.asked_for(plan),
    )


def _inputs(plan: DispatchPlan) -> str:
    answer = (plan.detail or {})["answer"]
    stored = json.dumps([plan.form, plan.words, plan.events, answer], sort_keys=True)
    return hashlib.sha256(stored.encode()).hexdigest()
