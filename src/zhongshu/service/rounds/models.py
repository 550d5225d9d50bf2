"""Rounds of testing, their points, the counts told of them, and tubes that were positive."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit, PathField


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


class Tube(InUnit):
    """A tube of several persons' swabs that a laboratory found positive or suspect; its unit is
    that of the point.  Kept in line with the lake by `tubes.follow`.

    swabs: as the laboratory counts them.  known_at: when the headquarters was first told.
    withdrawn_at: the laboratory took the result back.  recollected_at: everybody of it has been
    sampled again; confirmed_at: everybody has a result of his own.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    code = models.CharField(max_length=64)
    laboratory = models.CharField(max_length=100)
    swabs = models.PositiveIntegerField()
    result = models.CharField(max_length=12)
    sampled_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()
    known_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    recollected_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-reported_at", "-id"], name="tube_scope_at")]
        constraints = [models.UniqueConstraint(fields=["incident", "code"], name="tube_once")]


class TubeMember(InUnit):
    """Who gave a swab to a positive tube; the unit is that of the home, the tube's where none is
    known.  tube_path: of the tube's unit, by which a row may be seen too.

    recollected_at: sampled again, alone, after the tube's result; told by a receipt or by the
    result of that sample, at recollected_known_at.  result: of that sample, empty until it is
    there.
    """

    tube = models.ForeignKey(Tube, models.CASCADE, related_name="members")
    tube_path = PathField()
    person = models.BigIntegerField()
    swabbed_at = models.DateTimeField()
    recollected_at = models.DateTimeField(null=True)
    recollected_known_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, blank=True)
    resulted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "tube"], name="tube_member_path"),
            models.Index(fields=["person"], name="tube_member_person"),
        ]
        constraints = [models.UniqueConstraint(fields=["tube", "person"], name="tube_member_once")]
