"""Comparisons of options: what was asked, by whom, and what the engine answered."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class Comparison(InUnit):
    """Some options over the same luck, from the cases known at `as_of`.

    options: as `engines.whatif.options.from_dict` takes them; against: the name of the one that
    the others are compared with.  refusal: {"code", "sentence", "facts"} of a failed one.
    unseen: expected number of infected whom no registered case infected; null: as the pack says.
    answer: the JSON of `answering.told`.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    days = models.SmallIntegerField()
    runs = models.SmallIntegerField()
    against = models.CharField(max_length=120)
    options = models.JSONField()
    unseen = models.FloatField(null=True)
    as_of = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    refusal = models.JSONField(null=True)
    answer = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path"], name="comparison_path"),
            models.Index(fields=["-created_at", "-id"], name="comparison_newest"),
        ]
