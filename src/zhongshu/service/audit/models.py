"""The record of who did what: hash-chained, append-only."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from zhongshu.service.kit.fields import PathField


class AuditEntry(models.Model):
    """One act.  `hash` covers the entry and the hash before it, so that a changed, missing or
    inserted row shows (see `facade.verify`).

    at: the headquarters' clock; wall_at: the database's own.  facts hold ids, never names.
    unit_path: of the post acted from; empty for a process.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    wall_at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=150)
    post = models.CharField(max_length=400, blank=True)
    unit_path = PathField(blank=True, default="", db_index=True)
    action = models.CharField(max_length=80)
    object = models.CharField(max_length=120)
    facts = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["actor", "-seq"], name="audit_actor"),
            models.Index(fields=["object", "-seq"], name="audit_object"),
            models.Index(fields=["action", "-seq"], name="audit_action"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="audit_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
