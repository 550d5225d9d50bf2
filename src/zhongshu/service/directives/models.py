"""Orders and their receipts: a tree from the headquarters down, with clocks."""

from __future__ import annotations

import pgtrigger
from django.db import models

from zhongshu.service.kit.fields import InUnit, PathField


class Directive(InUnit):
    """An order to one unit (`unit`).  `trail` is the path of directive ids from the first one
    down, each followed by a slash, so that receipts of a whole tree are one range.

    decision_id: the decision that made it; a forwarded one carries its parent's.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    trail = PathField(max_length=200, db_index=True)
    from_unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    decision_id = models.BigIntegerField(null=True)
    proposal_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=16)
    title = models.JSONField()
    text = models.JSONField()
    state = models.CharField(max_length=12)
    issued_at = models.DateTimeField()
    sign_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    report = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision_id", "parent", "unit"],
                nulls_distinct=False,
                condition=models.Q(decision_id__isnull=False),
                name="directive_once",
            )
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="directive_path"),
            models.Index(fields=["-issued_at", "-id"], name="directive_issued"),
        ]

    @property
    def number(self) -> str:
        return f"{self.issued_at.year}-{self.pk:06d}"


class DirectiveEvent(models.Model):
    """A step in a directive's life."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=12)
    by = models.CharField(max_length=150)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="directive_event_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]
