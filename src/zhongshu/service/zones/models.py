"""Risk areas and county colours: each day's evaluation, and the life of each spell."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class Zone(InUnit):
    """One spell of a unit being a risk area (or a coloured county).

    Proposed by a run, activated by a decision, released by a decision; a unit that is drawn
    again later starts a new spell.
    """

    class Kind(models.TextChoices):
        RISK_AREA = "risk_area"
        COUNTY = "county"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12)
    geometry = models.JSONField(null=True)
    known_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="zone_path")]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "unit", "kind"],
                condition=models.Q(ended_at=None),
                name="zone_one_spell",
            )
        ]


class ZoneEvaluation(models.Model):
    """What one run found about a zone: level, evidence, cost, and what would release it.

    level ``none`` says that the rules no longer draw the zone.  person_days: restricted so far.
    evidence: {"cases": [{"id", "case_no"}], "places": [..], "windows": [..]};
    release: {"conditions": [{"rule_id", "text", "met", "due_on"}], "earliest_on"}.
    """

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="evaluations")
    as_of = models.DateTimeField()
    run_id = models.BigIntegerField()
    level = models.CharField(max_length=8)
    since = models.DateField(null=True)
    residents = models.IntegerField()
    households = models.IntegerField()
    person_days = models.FloatField()
    evidence = models.JSONField()
    release = models.JSONField()
    overdue_release = models.BooleanField(default=False)
    rule_id = models.CharField(max_length=80)
    pack_version = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "as_of"], name="evaluation_once")]


class ZonePlan(InUnit):
    """Zonings at least cost that somebody asked for: who, by the knowledge of which moment, what
    was asked and what was answered.  proposal_id, option: what of it was proposed, if anything.

    asked: the fields of `planning.plans.Wish`; answer: `planning.answer`.  comparison: its zonings
    run through the outbreak model; None with answer["unsimulated"], the refusal, where they could
    not be, and in plans older than that.
    """

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    actor = models.CharField(max_length=150)
    user_id = models.BigIntegerField(null=True)
    asked = models.JSONField()
    answer = models.JSONField()
    as_of = models.DateTimeField()
    at = models.DateTimeField()
    pack_version = models.CharField(max_length=80)
    inputs_hash = models.CharField(max_length=64)
    proposal_id = models.BigIntegerField(null=True)
    option = models.CharField(max_length=16, blank=True)
    comparison = models.ForeignKey("whatif.Comparison", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-at", "-id"], name="zone_plan_scope_at")]
