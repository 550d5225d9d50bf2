"""Letters that ask a county to find and control contacts, and its receipts."""

from __future__ import annotations

import pgtrigger
from django.db import models

from zhongshu.service.kit.fields import InUnit, PathField


class Letter(InUnit):
    """One case's contacts in one county.  `unit` has to find them; `from_unit` is the county of
    the case.  It is seen by both and by those above, and by nobody else.

    year, serial: of the number, one series for the headquarters.  kind: help (another county) or
    local (the case's own).  supplement_to: the first letter of this case to this county.
    due_at: when the answer is due by the pack in force at `made_at`; null where it has no clock.
    persons: rows that ask for somebody (rows that take somebody back are not counted).
    """

    HELP, LOCAL = "help", "local"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    kind = models.CharField(max_length=8)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    # Kept here because the receiving county does not see the case itself.
    case_no = models.CharField(max_length=64)
    from_unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    from_path = PathField()
    supplement_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    persons = models.IntegerField()
    note = models.TextField(blank=True)
    state = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    made_unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    rule_id = models.CharField(max_length=80)
    verified = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="letter_number_once")
        ]
        indexes = [
            models.Index(fields=["unit_path", "-made_at", "-id"], name="letter_to"),
            models.Index(fields=["from_path", "-made_at", "-id"], name="letter_from"),
            models.Index(fields=["-made_at", "-id"], name="letter_made"),
            models.Index(fields=["case", "unit"], name="letter_of_case"),
        ]

    @property
    def number(self) -> str:
        name = "协查" if self.kind == self.HELP else "通报"
        return f"{name}〔{self.year}〕第{self.serial}号"


class LetterRow(models.Model):
    """One contact as he was when the letter was made; never changed.

    change: new, changed (since the letter before) or dropped (nobody has to look for him any
    more, for `dropped_reason`).  places: names of the places of exposure.  measure: what the
    pack asks for, both languages, null where it asks for none.
    """

    NEW, CHANGED, DROPPED = "new", "changed", "dropped"

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="rows")
    ord = models.IntegerField()
    contact = models.ForeignKey("contacts.Contact", models.PROTECT, related_name="+")
    person = models.BigIntegerField()
    change = models.CharField(max_length=8)
    dropped_reason = models.CharField(max_length=16, blank=True)
    degree = models.SmallIntegerField()
    kind = models.CharField(max_length=24)
    home = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    first_exposure = models.DateTimeField()
    last_exposure = models.DateTimeField()
    places = models.JSONField()
    rule_id = models.CharField(max_length=80)
    measure = models.JSONField(null=True)
    release_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "contact"], name="letter_row_once")
        ]
        indexes = [
            models.Index(fields=["letter", "ord"], name="letter_row_order"),
            # Row security asks whether a person is on a letter one may see.
            models.Index(fields=["person"], name="letter_row_person"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="letter_row_frozen", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class Receipt(models.Model):
    """What the receiving county said: signed for it, found some so far, or answered.

    found + not_found are persons of the letter; controlled are those of found who are in the
    measure asked for.
    """

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="receipts")
    at = models.DateTimeField()
    action = models.CharField(max_length=12)
    by = models.CharField(max_length=150)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    found = models.IntegerField(null=True)
    controlled = models.IntegerField(null=True)
    not_found = models.IntegerField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="receipt_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
