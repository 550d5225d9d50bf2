"""Cases as reported and as they became; every change is kept by trigger."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhongshu.service.kit.fields import InUnit


@pghistory.track()
class Case(InUnit):
    """person: pseudonym.  village_code: as sent.  known_at: when the headquarters learnt it
    (the report's time); taken_at: when the line list was read in.

    flags: e.g. ``unit_unknown`` (filed under the incident's scope unit), ``person_unknown``
    (not in the population register).
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    case_no = models.CharField(max_length=64)
    person = models.BigIntegerField(db_index=True)
    category = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    village_code = models.CharField(max_length=12)
    sex = models.CharField(max_length=1, blank=True)
    age_years = models.SmallIntegerField(null=True)
    onset_date = models.DateField(null=True)
    sampled_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()
    found_by = models.CharField(max_length=20, blank=True)
    severity = models.CharField(max_length=12, blank=True)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    known_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "case_no"], name="case_once")]
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="case_reported"),
            models.Index(fields=["unit_path", "-reported_at"], name="case_scope_reported"),
        ]
