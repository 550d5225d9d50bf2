"""What the headquarters is working on."""

from __future__ import annotations

from django.db import models


class Incident(models.Model):
    """level: I..IV or empty; mode: normal, alert, emergency, drill.

    clock_offset_s: headquarters' time = wall clock + offset (a demonstration lives in 2022).
    scope_unit: the headquarters' own unit; records with an unknown code are filed there.
    """

    class Mode(models.TextChoices):
        NORMAL = "normal"
        ALERT = "alert"
        EMERGENCY = "emergency"
        DRILL = "drill"

    key = models.CharField(max_length=64, unique=True)
    name = models.JSONField()
    disease = models.CharField(max_length=40)
    level = models.CharField(max_length=3, blank=True)
    mode = models.CharField(max_length=12, choices=Mode.choices)
    pack = models.CharField(max_length=60)
    scope_unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField()
    clock_offset_s = models.BigIntegerField(default=0)
