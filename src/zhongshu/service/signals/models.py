"""Something unusual in a county's counts, and who looked into it."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit
from zhongshu.service.signals.checkmodels import Break as Break
from zhongshu.service.signals.checkmodels import SelfTest as SelfTest
from zhongshu.service.signals.checkmodels import TestsDone as TestsDone


class Signal(InUnit):
    """evidence: {"history": [{"date", "count"|null}], "expected_upper", "tested"}.

    known_at: as-of of the first run that raised it.  verified_at: somebody said whether it was
    true or a false alarm.  checked_at: somebody went and looked.  risk: low, moderate, high or
    very_high, as it was assessed.  group: the least number of the signals that are one outbreak
    with it; null until the run that raised it has grouped it.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    stream = models.CharField(max_length=32)
    date = models.DateField()
    method = models.CharField(max_length=40)
    observed = models.FloatField()
    expected = models.FloatField()
    sd = models.FloatField()
    z = models.FloatField()
    p_value = models.FloatField()
    grade = models.CharField(max_length=8)
    evidence = models.JSONField()
    state = models.CharField(max_length=16)
    handled_by = models.CharField(max_length=150, blank=True)
    handled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    check_note = models.TextField(blank=True)
    assessed_at = models.DateTimeField(null=True)
    risk = models.CharField(max_length=16, blank=True)
    risk_note = models.TextField(blank=True)
    known_at = models.DateTimeField()
    withdrawn_as_of = models.DateTimeField(null=True)
    run_id = models.BigIntegerField()
    group = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "unit", "stream", "date", "method"], name="signal_once"
            )
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="signal_path"),
            models.Index(fields=["-date", "-id"], name="signal_date"),
            models.Index(fields=["group"], name="signal_group"),
        ]


class Snooze(InUnit):
    """Signals of a county and stream are not to be shown for a while, unless they are worse.

    signal: the one that was looked at.  grade: its grade then; what is worse is shown all the
    same.  woken_at: when it ended, at `until` or before, once that has been told.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    stream = models.CharField(max_length=32)
    grade = models.CharField(max_length=8)
    reason = models.TextField()
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    woken_at = models.DateTimeField(null=True)
    woken_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "unit", "stream"],
                condition=models.Q(woken_at=None),
                name="snooze_once",
            )
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="snooze_path"),
            models.Index(fields=["until", "id"], name="snooze_until"),
        ]
