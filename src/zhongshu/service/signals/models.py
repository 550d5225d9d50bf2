"""Something unusual in a county's counts, and who looked into it."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit
from zhongshu.service.signals.checks.models import Break, SelfTest, TestsDone  # noqa: F401

JOINT = "joint"  # the stream of a signal of several streams together


class Signal(InUnit):
    """stream: what was counted, `JOINT` for several together, whose figures are those of the stream
    that `evidence["lead"]` names.  method: that judged it, "rule" for a rule of a pack; then
    rule: "pack:threshold or rule", and expected, sd, z, p_value are null: a rule expects nothing.
    probability: that it is an outbreak, null where nobody can know.  evidence: see
    docs/explanation/warning.md.

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
    expected = models.FloatField(null=True)
    sd = models.FloatField(null=True)
    z = models.FloatField(null=True)
    p_value = models.FloatField(null=True)
    probability = models.FloatField(null=True)
    rule = models.CharField(max_length=120, blank=True)
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
                fields=["incident", "unit", "stream", "date", "method", "rule"], name="signal_once"
            )
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="signal_path"),
            models.Index(fields=["-date", "-id"], name="signal_date"),
            models.Index(fields=["group"], name="signal_group"),
        ]


class BudgetDay(models.Model):
    """What one run decided of one day within the alert budget, and where it left the level for the
    next.  Only the same run again writes it anew.

    known_at: as-of of the run.  level: log10 odds that an alert needed, left:
    those of the next day.  able: units tested and not under follow-up; by_chance: alerts to be
    expected without any outbreak.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    date = models.DateField()
    known_at = models.DateTimeField()
    alerts_a_week = models.FloatField()
    level = models.FloatField()
    left = models.FloatField()
    tested = models.IntegerField()
    able = models.IntegerField()
    raised = models.IntegerField()
    by_chance = models.FloatField()
    run_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "date", "known_at"], name="signal_budget_once"
            )
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
