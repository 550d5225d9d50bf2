"""Plans of dispatch as tests ask, compute, approve and read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.service import builders as b
from zhongshu.jobs import dispatch as job_runner
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.dispatch.planning import telling
from zhongshu.service.dispatch.planning.constraints import CONSTRAINTS
from zhongshu.service.periods import facade as periods

WORDS = json.loads(Path("console/src/shared/i18n/zh.json").read_text(encoding="utf-8"))


def acted() -> dict[str, Any]:
    return {"scope": b.scope(), "actor": b.actor(), "now": b.NOW}


def computed(plan: dispatch.DispatchPlan) -> dispatch.DispatchPlan:
    """As the worker does it.  Whatever binds, there are words for it, and for every unit."""
    job_runner.run(plan.pk)
    made = dispatch.get(plan.pk, b.scope())
    units = {one["unit"] for one in (made.headline or {"figures": ()})["figures"]} - {""}
    assert {f"unit.{one}" for one in units} <= WORDS.keys()
    assert {*(made.detail or {"answer": {"binding": ()}})["answer"]["binding"]} <= {*CONSTRAINTS}
    return made


def asked(planner: str, **form: Any) -> dispatch.DispatchPlan:
    question = planning.Question(planner, b.COUNTY, "今晚", form)
    return planning.ask(question=question, **acted())


def approved(plan: dispatch.DispatchPlan, verdict: str = "approve", **given: Any) -> None:
    """As the commander decides it.  Whatever its proposal shows, there are words for it."""
    proposed = planning.propose(plan_id=plan.pk, reason="", **acted())
    assert proposed.proposal_id is not None
    columns = telling.asked_for(proposed)["detail"]["columns"]
    assert [one["key"] for one in columns if one["label"]["zh"] == one["key"]] == []
    periods.decide(
        proposal_id=proposed.proposal_id,
        verdict=periods.Verdict(verdict, **given),
        by_name="总指挥",
        **acted(),
    )


def figures(plan: dispatch.DispatchPlan) -> dict[str, float]:
    assert plan.headline is not None, plan.refusal
    return {one["key"]: one["value"] for one in plan.headline["figures"]}


def cells(plan: dispatch.DispatchPlan, table: str) -> list[dict[str, Any]]:
    return [one.row for one in dispatch.rows(plan, table).order_by("no")]


def told(job: dispatch.Job, step: int, what: str, **given: Any) -> dispatch.Job:
    dispatch.tell(job_id=job.pk, told=dispatch.Told(step, what, **given), **acted())
    return dispatch.job(job.pk, b.scope())


def job_of(plan: dispatch.DispatchPlan) -> dispatch.Job:
    return dispatch.job(dispatch.jobs(scope=b.scope(), plan=plan.pk).get().pk, b.scope())
