"""Red findings: what stands against a rule today, since when, and how it was seen."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class Finding(InUnit):
    """One thing that is against a rule, from the first run that found it to the last.

    since: the Beijing day from which it was so; opened_at: moment of the first run that found it;
    resolved_at: of the first that did not any more.  label, text: {zh, en}; judgement: as
    `rules.judgement.Judgement.stored` keeps it, so that the trace can be shown again.
    """

    class Kind(models.TextChoices):
        MEASURE_PAST_RELEASE = "measure_past_release"
        ZONE_TOO_LARGE = "zone_too_large"
        TEST_OVER_MAXIMUM = "test_over_maximum"
        COLOUR_WITHOUT_REASON = "colour_without_reason"
        SELFTEST_MISSED = "selftest_missed"
        PRICE_RISE = "price_rise"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.CharField(max_length=80)
    label = models.JSONField()
    text = models.JSONField()
    rule_id = models.CharField(max_length=40)
    verified = models.BooleanField()
    pack_version = models.CharField(max_length=80)
    since = models.DateField()
    facts = models.JSONField()
    judgement = models.JSONField()
    opened_at = models.DateTimeField()
    seen_as_of = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    run_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind", "subject_kind", "subject_id"],
                condition=models.Q(resolved_at=None),
                name="finding_one_open",
            )
        ]
        indexes = [
            models.Index(fields=["unit_path"], name="finding_path"),
            models.Index(fields=["since", "id"], name="finding_since"),
        ]
