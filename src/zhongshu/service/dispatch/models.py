"""Plans of dispatch, the jobs they become when approved, and what is told of each job."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class DispatchPlan(InUnit):
    """One question to a planner and its answer; never changed once answered, only followed.

    form, words, events: as asked (`planners.shapes`).  follows: the plan it was made from.
    headline: {figures, gap, seconds, unserved, changed, synthetic}; detail: {answer, tables,
    features, bars}; kept: {jobs, takings, recipients, again}, for approval and for re-planning.
    refusal: {"code", "sentence", "facts"} of a failed one.  state: ``rules.lives`` "dispatch".
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    planner = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    form = models.JSONField(default=dict)
    words = models.JSONField(default=list)
    events = models.JSONField(default=list)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    seed = models.BigIntegerField()
    as_of = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    state = models.CharField(max_length=10)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    refusal = models.JSONField(null=True)
    headline = models.JSONField(null=True)
    detail = models.JSONField(null=True)
    kept = models.JSONField(null=True)
    proposal_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path"], name="dispatch_path"),
            models.Index(fields=["-created_at", "-id"], name="dispatch_newest"),
        ]


class PlanRow(models.Model):
    """Row `no` (from 1) of a table of a plan."""

    plan = models.ForeignKey(DispatchPlan, models.CASCADE, related_name="rows", db_index=False)
    table = models.CharField(max_length=24)
    no = models.IntegerField()
    row = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "table", "no"], name="dispatch_row_once")
        ]


class Job(InUnit):
    """What one vehicle, site, store, point, hospital or team has to do, by an approved plan.

    planner: of its plan, which may lie above the scope of whoever has the job.
    code: of who does it.  steps: list of `planners.shapes.Step` as JSON, numbered from 1 by their
    place.  state: ``rules.lives`` "job".  instead: the job that took its place, when re-planned.
    """

    plan = models.ForeignKey(DispatchPlan, models.PROTECT, related_name="jobs")
    planner = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=100)
    title = models.JSONField()
    state = models.CharField(max_length=10)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    steps = models.JSONField()
    steps_total = models.IntegerField()
    steps_done = models.IntegerField(default=0)
    instead = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "due_at", "id"], name="job_scope_due"),
        ]
        constraints = [models.UniqueConstraint(fields=["plan", "kind", "code"], name="job_once")]


class Receipt(models.Model):
    """What was told of one step of a job.  Never changed: what was told wrongly is told again.

    what: ``receipts.WHAT``; asks: it asks for another plan, until `answered_by` was made.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="receipts")
    step = models.IntegerField()
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    told_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    note = models.CharField(max_length=500, blank=True)
    asks = models.BooleanField(default=False)
    answered_by = models.ForeignKey(DispatchPlan, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["job"],
                name="receipt_asks",
                condition=models.Q(asks=True, answered_by=None),
            ),
        ]
