"""Administrative units: five levels, several identifiers each, who came before."""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import PathField


class Unit(models.Model):
    """code: 12 digits.  level: 1 province .. 5 village.  host: the county that answers for a
    development zone.  population: residents by `population_source`, null where not counted.
    """

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=120)
    level = models.SmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = PathField(unique=True)
    zone = models.BooleanField(default=False)
    host = models.ForeignKey("self", models.PROTECT, null=True, related_name="hosted")
    host_rule = models.CharField(max_length=200, blank=True)
    population = models.BigIntegerField(null=True)
    population_source = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="unit_name"),
            models.Index(fields=["level", "code"], name="unit_level"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Identifier(models.Model):
    """What an authority (nbs, mca) calls the unit, and from when to when."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="identifiers")
    authority = models.CharField(max_length=16)
    value = models.CharField(max_length=32, db_index=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "authority", "value"], name="identifier_once")
        ]


class Succession(models.Model):
    """A unit that ended and the one that took its place.  suspect: the source's link cannot be
    right (it crosses a border it cannot have crossed)."""

    old_code = models.CharField(max_length=12, db_index=True)
    old_name = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="predecessors")
    year = models.SmallIntegerField(null=True)
    kind = models.CharField(max_length=40, blank=True)
    suspect = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old_code", "unit"], name="succession_once")]
