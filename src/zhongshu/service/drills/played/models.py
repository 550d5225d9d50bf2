"""Drills played by people: the scenario, the seed and every decision, from which all is rebuilt."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class Drill(InUnit):
    """One drill.  Its synthetic county is never stored: scenario, seed and decisions make it again.

    scenario: fields of `drills.model.Scenario`.  step: decisions taken so far.
    evening: what is shown for the next one (`telling.evening`), null while nobody is to decide.
    refusal: {"code", "sentence", "facts"} of a failed one.
    result: the opened truth (`telling.result`), null before the end.
    """

    class State(models.TextChoices):
        PREPARING = "preparing"
        WAITING = "waiting"
        STEPPING = "stepping"
        SCORING = "scoring"
        DONE = "done"
        FAILED = "failed"
        ABANDONED = "abandoned"

    title = models.CharField(max_length=200)
    scenario = models.JSONField()
    seed = models.IntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    step = models.SmallIntegerField(default=0)
    evening = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)
    refusal = models.JSONField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path"], name="drill_path"),
            models.Index(fields=["-created_at", "-id"], name="drill_newest"),
        ]


class DrillDecision(models.Model):
    """What one person decided on one evening, and in brief what he was shown.

    mark: digest of what the drill knew then (`sitting.mark`); played again it must be the same.
    """

    drill = models.ForeignKey(Drill, models.CASCADE, related_name="decisions")
    step = models.SmallIntegerField()
    mark = models.CharField(max_length=64)
    shown = models.JSONField()
    choice = models.JSONField()
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drill", "step"], name="drill_decided_once"),
        ]
        ordering = ["drill", "step"]
