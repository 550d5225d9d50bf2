"""Colours of health codes that are not green, each with its reason and its end."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class Code(InUnit):
    """One spell of a person having one colour by one rule.

    person: pseudonym; since: moment of the run (or report) that set it; until: when it ends by
    itself, null where the rule names no time; set_by: ``cycle``, or who reported it from outside;
    judgement: as `rules.judgement.Judgement.stored` keeps it, {} for a colour from outside.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    person = models.BigIntegerField(db_index=True)
    colour = models.CharField(max_length=12)
    rule_id = models.CharField(max_length=40, blank=True)
    verified = models.BooleanField()
    pack_version = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    set_by = models.CharField(max_length=150)
    judgement = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)
    run_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "person"],
                condition=models.Q(ended_at=None),
                name="code_one_open",
            )
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="code_path"),
            models.Index(fields=["since", "id"], name="code_since"),
        ]
