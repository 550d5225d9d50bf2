"""Contacts of cases, the evidence for each, and what people decided about them."""

from __future__ import annotations

import pgtrigger
from django.db import models

from zhongshu.service.kit.fields import InUnit


class Contact(InUnit):
    """A person near a case, found by a trace or named by hand.  Degree 2 came by way of
    `via_person`.

    known_at: the earliest trace's as-of that found it; seen_as_of: the latest of its case that
    did; withdrawn_as_of: the trace that no longer found it (the row stays).  A person's decision
    (state, decided_*) outlives every re-tracing.  minutes: overlap, summed.  kind: one of the
    pack's `trace.contact_kinds`.  places: of exposure.  two_places: some evidence shows somebody
    in two places at once.  by_hand: named by a person, `note` says why; no trace withdraws it.
    run_id: 0 for what no run of the cycle found.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    person = models.BigIntegerField(db_index=True)
    degree = models.SmallIntegerField()
    via_person = models.BigIntegerField(null=True)
    first_exposure = models.DateTimeField()
    last_exposure = models.DateTimeField()
    exposures_count = models.IntegerField()
    minutes = models.FloatField()
    imputed = models.BooleanField()
    rule_id = models.CharField(max_length=80)
    score = models.FloatField()
    reason = models.TextField()
    is_case = models.BooleanField()
    unit_known = models.BooleanField()
    state = models.CharField(max_length=16)
    release_on = models.DateField(null=True)
    known_at = models.DateTimeField()
    seen_as_of = models.DateTimeField()
    withdrawn_as_of = models.DateTimeField(null=True)
    run_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, default="")
    places = models.IntegerField(default=0)
    two_places = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="contact_once")]
        indexes = [
            models.Index(fields=["unit_path", "degree"], name="contact_scope_degree"),
            models.Index(fields=["known_at"], name="contact_known"),
        ]


class Exposure(models.Model):
    """One meeting: `source_person` with the contact, in a household, at a place (lake key), or
    as a person has stated it (setting ``by_hand``)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="exposures")
    source_person = models.BigIntegerField()
    setting = models.CharField(max_length=12)
    place = models.IntegerField(null=True)
    time_from = models.DateTimeField()
    time_to = models.DateTimeField()
    overlap_min = models.FloatField()
    imputed = models.BooleanField()
    rule_id = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "source_person", "setting", "place", "time_from"],
                nulls_distinct=False,
                name="exposure_once",
            )
        ]


class ContactDecision(models.Model):
    """What a person decided about a contact, and why."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="contact_decision_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]


class ContactChange(models.Model):
    """What a trace or a person changed about a contact of `case`, and why.

    what: added, removed or changed.  reason: why the case was traced (`REASONS`).  run_id: 0 for
    what no run of the cycle did.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="changes")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=8)
    reason = models.CharField(max_length=24)
    at = models.DateTimeField()
    run_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="change_of_case")]
        triggers = [
            pgtrigger.Protect(
                name="contact_change_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]


class Notice(InUnit):
    """A place where too many were near a case to trace one by one: the public is told instead."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    place = models.IntegerField()
    time_from = models.DateTimeField()
    time_to = models.DateTimeField()
    persons = models.IntegerField()
    known_at = models.DateTimeField()
    withdrawn_as_of = models.DateTimeField(null=True)
    run_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "place", "time_from"], name="notice_once")
        ]
