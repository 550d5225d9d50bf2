"""What is ordered where and until when, from the plan to the receipt of the goods."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.service import builders as b
from tests.service import scenes
from tests.service.plans import acted, approved, asked, cells, computed, figures, job_of, told
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.periods import facade as periods
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry

pytestmark = pytest.mark.django_db


def store(quantity: float, used: float, item: str = "n95") -> None:
    row = {"store_id": "S1", "store_name": "县库", "item": item, "quantity": quantity,
           "used_per_day": used, "county_code": b.COUNTY, "as_of": b.NOW,
           "unit": "只"}  # fmt: skip
    resources.take_stocks(b.feed("stocks", row), b.NOW)


def enterprise(code: str, lead_days: int, per_day: int = 1_000) -> None:
    draft = registry.Draft(
        kind="enterprise", code=code, name=f"企业{code}", unit=b.COUNTY,
        capacity={"units_per_day": per_day}, facts={"goods": "n95", "lead_days": lead_days},
        lon=112.5, lat=37.8,
    )  # fmt: skip
    registry.enter(drafts=[draft], scope=b.scope(), actor=b.actor(), now=b.NOW)


def planned() -> dispatch.DispatchPlan:
    plan = computed(asked("procurement", order_days=14))
    assert plan.state == "ready", plan.refusal
    return plan


def ordered(plan: dispatch.DispatchPlan) -> list[dict[str, Any]]:
    return [row for row in cells(plan, "orders") if row["to"] == "县库"]


def test_an_order_says_until_when_it_can_wait_and_who_else_could_deliver() -> None:
    scenes.two_cities()
    store(quantity=50, used=10)  # lasts for five days, the eighth to the twelfth
    enterprise("E1", lead_days=2)
    enterprise("E2", lead_days=9, per_day=3)
    plan = planned()
    order = next(row for row in ordered(plan) if row["supplier_id"] == "E1")
    assert order["runs_out"] == "2022-11-13"
    assert (order["order_by"], order["days_left"]) == ("2022-11-11", 3)
    assert order["arrives"] == "2022-11-13"
    (other,) = [
        row for row in cells(plan, "others") if (row["to"], row["instead_of"]) == ("县库", "企业E1")
    ]
    assert (other["supplier_id"], other["lead_days"], other["could_give"]) == ("E2", 9, 0)
    assert other["order_by"] == "2022-11-04"  # it would have had to be asked before today


def test_a_latest_day_that_has_passed_is_said() -> None:
    scenes.two_cities()
    store(quantity=15, used=10)  # short on the ninth
    enterprise("E1", lead_days=4)
    plan = planned()
    (late,) = [row for row in cells(plan, "late") if row["store"] == "县库"]
    assert (late["runs_out"], late["order_by"], late["days_late"]) == (
        "2022-11-09", "2022-11-05", 3,
    )  # fmt: skip
    assert late["supplier"] == "企业E1"
    assert figures(plan)["too_late"] >= 1


def test_approval_issues_the_orders_and_receipts_close_them() -> None:
    scenes.two_cities()
    store(quantity=50, used=10)
    enterprise("E1", lead_days=2)
    plan = planned()
    approved(plan)
    plan = dispatch.get(plan.pk, b.scope())
    proposal = periods.get(plan.proposal_id or 0, b.scope())
    assert (proposal.kind, plan.state) == ("procurement", "issued")
    job = job_of(plan)
    assert (job.kind, job.code) == ("supplier", "E1")
    assert {step["kind"] for step in job.steps} == {"order", "goods"}
    assert job.starts_at.date() == dt.date.fromisoformat(
        min(row["order_by"] for row in cells(plan, "orders"))
    )
    for step in job.steps:
        job = told(job, step["no"], "accepted" if step["kind"] == "order" else "handed_over")
    assert job.state == "done"
    assert dispatch.get(plan.pk, b.scope()).state == "done"


def test_what_is_on_its_way_is_not_ordered_twice() -> None:
    scenes.two_cities()
    store(quantity=50, used=10)
    enterprise("E1", lead_days=2)
    first = planned()
    approved(first)
    assert [row for row in ordered(first) if row["runs_out"]]
    assert not [row for row in ordered(planned()) if row["runs_out"]]


def test_an_enterprise_that_declines_is_asked_for_nothing_more() -> None:
    scenes.two_cities()
    store(quantity=50, used=10)
    enterprise("E1", lead_days=2)
    enterprise("E2", lead_days=3)
    plan = planned()
    approved(plan)
    jobs = dispatch.jobs(scope=b.scope(), plan=plan.pk).defer(None)
    job = jobs.first()
    assert job is not None
    told(job, 1, "declined")
    (event,) = dispatch.open_events(scope=b.scope(), as_of=b.NOW)
    thing = next(step["thing"] for step in job.steps if step["no"] == event.step)
    again = computed(
        planning.happened(
            plan_id=plan.pk, events=[planning.Event("declined", thing, b.NOW)], **acted()
        )
    )
    rows = cells(again, "orders")
    assert rows
    assert job.code not in {row["supplier_id"] for row in rows}


def test_a_unit_without_enterprises_is_refused() -> None:
    scenes.two_cities()
    store(quantity=50, used=10)
    plan = computed(asked("procurement"))
    assert plan.refusal is not None
    assert (plan.state, plan.refusal["code"]) == ("failed", "dispatch.no_enterprises")
