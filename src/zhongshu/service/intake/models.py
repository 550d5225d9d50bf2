"""Files as received.  Contents lie outside the database, under the raw folder."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class FeedFile(models.Model):
    """One content: sent again under any name it is the same file.

    sha256: null when the file was too large to read.  reason: {"code", "zh", "en"} of a refusal.
    cells: rejected cells by "column:reason"; flags: rows by "column:flag"; notices: about the
    whole file.  repair_path, raw_path: below the raw folder, "" for none.
    first_day, last_day: Beijing days the rows speak of.
    """

    class State(models.TextChoices):
        TAKEN = "taken"
        REFUSED = "refused"

    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40, blank=True)
    sender = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, unique=True, null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices)
    reason = models.JSONField(null=True)
    rows_in = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    flagged = models.BigIntegerField(default=0)
    cells = models.JSONField(default=dict)
    flags = models.JSONField(default=dict)
    notices = models.JSONField(default=list)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    repair_path = models.CharField(max_length=400, blank=True)
    raw_path = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rows_in=F("accepted") + F("rejected")), name="feed_rows_conserved"
            ),
            models.CheckConstraint(
                condition=Q(duplicates__lte=F("accepted"), flagged__lte=F("accepted")),
                name="feed_parts_within",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="feed_received"),
            models.Index(fields=["kind", "-received_at"], name="feed_kind_received"),
        ]
