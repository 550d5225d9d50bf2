"""What a run asks of the planners of dispatch."""

from __future__ import annotations

from typing import Any

from zhongshu.kernel.errors import Refused
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.periods.cycle.frame import Frame


class Plans:
    """The plans of one step, with what the step's summary says of them; what a planner refuses is
    told there, and the others go on."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.summary: dict[str, Any] = {"card": {}}

    def made(self, name: str, **form: Any) -> dispatch.DispatchPlan | None:
        """None where the planner refuses."""
        try:
            plan = dispatch.answered(
                name=name,
                form=form,
                ground=self.frame,
                seed=self.frame.seed,
                run_id=self.frame.run_id,
            )
        except Refused as refusal:
            self.summary[name] = {"refused": refusal.code, "message": refusal.message}
            return None
        self.summary[name] = figures(plan)
        self.summary["card"][name] = (plan.detail or {})["answer"]["card"]
        return plan


def figures(plan: dispatch.DispatchPlan) -> dict[str, float]:
    return {one["key"]: one["value"] for one in (plan.headline or {})["figures"]}


def has_jobs(plan: dispatch.DispatchPlan) -> bool:
    return bool((plan.kept or {})["jobs"])
