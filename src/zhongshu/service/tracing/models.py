"""What each case was last traced on, so that the next trace asks only for what changed; and who
asked what about places and persons."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from zhongshu.service.kit.fields import InUnit


class Basis(models.Model):
    """What a trace looked at besides its case; one row serves all cases of that trace.

    days: visit day to what its file held (`basis.Day`).  places_to, places: the greatest place key
    then, and a checksum of all places up to it.  alias_event: the last merge or split known.
    clocks: checksum of the offsets of device clocks, empty where all were right.
    """

    as_of = models.DateTimeField()
    days = models.JSONField()
    places_to = models.IntegerField()
    places = models.CharField(max_length=64)
    alias_event = models.BigIntegerField()
    clocks = models.CharField(max_length=64, default="", blank=True)


class Traced(models.Model):
    """The last trace of a case: what was asked, and a digest of what it rested on.

    person: canonical pseudonym.  read_from: beginning of the first window of all cases asked.
    rules: of pack and method.  homes: of who lives with him and his close contacts.
    isolations: of since when these are kept apart.  stands_to: the last moment as of which the
    answer is the same if nothing but time passes, null: always.  basis: what there was when the
    answer was last found, or known to be the same.
    """

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="+")
    person = models.BigIntegerField()
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    read_from = models.DateTimeField()
    rules = models.CharField(max_length=64)
    homes = models.CharField(max_length=16)
    isolations = models.CharField(max_length=16)
    stands_to = models.DateTimeField(null=True)
    basis = models.ForeignKey(Basis, models.PROTECT, related_name="traced")


class Inquiry(InUnit):
    """A reverse question: who asked (for the unit of his post), for which purpose, what, and how
    much was answered.

    kind: venue, timeline, common, companions.  what: the question by ids, never a person; answered:
    counts as they were told, small cells hidden.  as_of: the knowledge asked for; at and wall_at:
    headquarters and wall clock.
    """

    actor = models.CharField(max_length=150)
    user_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=32)
    note = models.CharField(max_length=500)
    kind = models.CharField(max_length=16)
    what = models.JSONField()
    answered = models.JSONField()
    as_of = models.DateTimeField()
    at = models.DateTimeField()
    wall_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="inquiry_at"),
            models.Index(fields=["unit_path", "-at"], name="inquiry_scope_at"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="inquiry_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
