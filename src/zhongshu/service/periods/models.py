"""Operational periods, the cycle's runs, what they propose and what people decided."""

from __future__ import annotations

import pgtrigger
from django.db import models

from zhongshu.service.kit.fields import InUnit, PathField


class Period(models.Model):
    """A Beijing day of an incident (the default length of an operational period)."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="periods")
    day = models.DateField()
    state = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "day"], name="period_once")]


class Run(models.Model):
    """The cycle as of one moment.  Running it again continues this row (`attempts`)."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        PARTIAL = "partial"  # a step failed; the others' results stand
        FAILED = "failed"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="runs")
    period = models.ForeignKey(Period, models.PROTECT, related_name="runs")
    as_of = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices)
    attempts = models.IntegerField(default=1)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    card = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "as_of"], name="run_once")]


class RunStep(models.Model):
    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=32)
    position = models.SmallIntegerField()
    state = models.CharField(max_length=8, choices=Run.State.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)
    error = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="step_once")]


class Proposal(InUnit):
    """What a run would do, why, at what cost, and instead of what.

    `content` holds the rest of the API's shape: reasons, cost, alternatives, if_nothing,
    recipients, detail, directive.  subject: {"zones"|"contacts"|"signals": [ids]}, the records
    that an approval moves on.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="proposals")
    run = models.ForeignKey(Run, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=200)
    title = models.JSONField()
    waiting_cost = models.JSONField(null=True)
    state = models.CharField(max_length=12)
    priority = models.IntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    geometry = models.JSONField(null=True)
    subject = models.JSONField(default=dict)
    pack_id = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=80)
    inputs_hash = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "key"],
                condition=models.Q(state="waiting"),
                name="proposal_one_waiting",
            )
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="proposal_path"),
            models.Index(fields=["state", "-priority", "-id"], name="proposal_queue"),
            models.Index(fields=["incident", "key"], name="proposal_key"),
        ]


class Decision(models.Model):
    """A person's verdict on a proposal; final, kept with what it was judged on.

    judgements: what the rules had said (`rules.judgement.Judgement.stored`), to be done again.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=8)
    reason = models.TextField(blank=True)
    amendment = models.JSONField(default=dict)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    post_unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    post_path = PathField()
    roles = models.JSONField(default=list)
    at = models.DateTimeField()
    pack_version = models.CharField(max_length=80)
    content_hash = models.CharField(max_length=64)
    judgements = models.JSONField(default=list)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
