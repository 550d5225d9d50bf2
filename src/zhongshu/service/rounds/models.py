"""Rounds of testing, their points, and the counts told of them."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class Round(InUnit):
    """One round of one unit.  expected: persons, 0 where nobody knows.  due_at: when the last
    result is planned.  closed_at: no count is taken any more.  published_at: hours and queues of
    its points are told to everybody since then, None: to nobody."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expected = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-opens_at", "-id"], name="round_scope_at")]


class RoundPoint(InUnit):
    """A sampling point of a round, with its hours."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="points")
    code = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    desks = models.PositiveIntegerField(default=0)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="round_point_path")]
        constraints = [models.UniqueConstraint(fields=["round", "code"], name="round_point_once")]


class Tally(InUnit):
    """`n` samples more of what a point, a courier or a laboratory did (`counts.WHAT`), filed under
    the point they were taken at; of ``queue``, the persons waiting at the moment.

    at: when it was so; known_at: when it was told.  key: the sender's, so that the same count sent
    twice counts once.  Never changed: a wrong count is made good by one below zero.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="tallies")
    point = models.CharField(max_length=100)
    laboratory = models.CharField(max_length=100, blank=True)
    what = models.CharField(max_length=12)
    n = models.IntegerField()
    at = models.DateTimeField()
    known_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    key = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path"], name="tally_path"),
            models.Index(fields=["round", "point", "-at"], name="tally_point_at"),
        ]
        constraints = [models.UniqueConstraint(fields=["round", "key"], name="tally_once")]
