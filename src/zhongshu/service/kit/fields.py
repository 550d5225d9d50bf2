"""Model fields used by more than one app."""

from __future__ import annotations

from django.db import models


class PathField(models.CharField):  # type: ignore[type-arg]
    """A unit's materialised path.  C collation: prefix and range searches use a plain index."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("db_collation", "C")
        super().__init__(**kwargs)  # type: ignore[arg-type]


class InUnit(models.Model):
    """A record that belongs to a unit; `unit_path` is what scope and row security look at.

    Each model indexes `unit_path` in its Meta: a plain index serves ranges in the C collation,
    where ``db_index`` would add a second one for LIKE.
    """

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = PathField()

    class Meta:
        abstract = True
