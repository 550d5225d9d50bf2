"""The vault: the only place where a pseudonym meets a name.  Entered by `facade` alone."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from zhongshu.service.kit.fields import InUnit


class Household(InUnit):
    """household_no: the sender's number.  village_code: as sent, even when it is unknown here;
    then `unit` is the incident's scope unit and `unit_known` is false.  lon, lat: WGS-84."""

    household_no = models.CharField(max_length=64)
    village_code = models.CharField(max_length=12)
    unit_known = models.BooleanField(default=True)
    building = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=250, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    known_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="household_path")]
        constraints = [models.UniqueConstraint(fields=["household_no"], name="household_once")]


class Person(InUnit):
    """pseudonym: what everything outside the vault knows a person by (see `pseudonym`)."""

    pseudonym = models.BigIntegerField(primary_key=True)
    id_no = models.CharField(max_length=18)
    name = models.CharField(max_length=100)
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="people")
    occupation = models.CharField(max_length=60, blank=True)
    special_need = models.CharField(max_length=120, blank=True)
    known_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="person_path")]
        constraints = [models.UniqueConstraint(fields=["id_no"], name="person_once")]


class Dormitory(InUnit):
    """A room people share: dormitory_no is the sender's number.  village_code and unit: as of a
    household."""

    dormitory_no = models.CharField(max_length=64)
    village_code = models.CharField(max_length=12)
    unit_known = models.BooleanField(default=True)
    known_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="dormitory_path")]
        constraints = [models.UniqueConstraint(fields=["dormitory_no"], name="dormitory_once")]


class DormitoryStay(models.Model):
    """Who lives in a dormitory from when to when (Beijing days, both included; null: still).

    The person need not be registered, so only the pseudonym is kept.
    """

    dormitory = models.ForeignKey(Dormitory, models.PROTECT, related_name="stays")
    pseudonym = models.BigIntegerField(db_index=True)
    moved_in = models.DateField()
    moved_out = models.DateField(null=True)
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dormitory", "pseudonym", "moved_in"], name="dormitory_stay_once"
            )
        ]


class Alias(models.Model):
    """`person` is another pseudonym of `canonical`, who is never an alias himself.

    into: whom he was merged with; the rows form trees, `canonical` is the root, kept flat so that
    nobody has to walk.  reason: why they are one person.
    """

    person = models.BigIntegerField(primary_key=True)
    into = models.BigIntegerField()
    canonical = models.BigIntegerField(db_index=True)
    reason = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()


class AliasEvent(models.Model):
    """A merge or a split, and whose canonical pseudonym became another by it."""

    action = models.CharField(max_length=8)
    person = models.BigIntegerField()
    into = models.BigIntegerField()
    affected = ArrayField(models.BigIntegerField())
    reason = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="alias_event_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class Edition(models.Model):
    """How often something about persons that tracing reads was changed: ``homes``, ``aliases``.

    Whoever holds a copy compares the number instead of the rows.
    """

    name = models.CharField(max_length=16, primary_key=True)
    number = models.BigIntegerField()


class AccessRecord(models.Model):
    """An opened identity: who, for which purpose, whose, when (headquarters and wall clock)."""

    actor = models.CharField(max_length=150, db_index=True)
    user_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=32)
    note = models.CharField(max_length=500, blank=True)
    pseudonyms = ArrayField(models.BigIntegerField())
    at = models.DateTimeField()
    wall_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="access_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
