"""What the daily tests rest on and how they are checked: breaks, tests done, self-tests."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class Break(InUnit):
    """From `day` on a stream counts something else than before (a new definition, other sites):
    older counts say nothing about what is usual now.

    It holds for every county of `unit`.  stream: blank for every stream.  removed_at: when
    somebody found that it was none.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    stream = models.CharField(max_length=32, blank=True)
    day = models.DateField()
    reason = models.TextField()
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=150, blank=True)
    removed_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "unit", "stream", "day"],
                condition=models.Q(removed_at=None),
                name="break_once",
            )
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="break_path"),
            models.Index(fields=["-day", "-id"], name="break_day"),
        ]


class TestsDone(models.Model):
    """What one run tested of one day, beside what it raised; never changed.

    known_at: as-of of the run.  untested: {reason: series}.  below: {p: tests whose p-value was
    smaller}; empty for a method that has none.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    known_at = models.DateTimeField()
    date = models.DateField()
    stream = models.CharField(max_length=32)
    method = models.CharField(max_length=40)
    tested = models.IntegerField()
    raised = models.IntegerField()
    untested = models.JSONField()
    below = models.JSONField()
    run_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "date", "stream", "method", "known_at"], name="tests_done_once"
            )
        ]


class SelfTest(InUnit):
    """A synthetic outbreak put into a copy of the counts in memory, to see whether the daily run
    finds it.  No register, no lake and no picture of the situation holds anything of it.

    unit: the county chosen.  week: the Monday; number: from 1 within it.  at: the counts were
    those known then.  added: {stream: cases added, by day from `start` on}; size: all of them;
    size_sd: of the highest day, in sd of the stream.  found_after_days: 0 on the first day, null
    when it was missed.  method: that found it, or by which it was sought.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    week = models.DateField()
    number = models.SmallIntegerField()
    at = models.DateTimeField()
    streams = models.JSONField()
    start = models.DateField()
    days = models.SmallIntegerField()
    size_sd = models.FloatField()
    size = models.IntegerField()
    added = models.JSONField()
    found_after_days = models.SmallIntegerField(null=True)
    method = models.CharField(max_length=40)
    seed = models.BigIntegerField()
    synthetic = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "week", "number"], name="selftest_once_a_week"
            ),
            models.CheckConstraint(
                condition=models.Q(synthetic=True), name="selftest_is_synthetic"
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="selftest_path"),
            models.Index(fields=["-at", "-id"], name="selftest_at"),
        ]
