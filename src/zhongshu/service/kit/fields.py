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
    """A record that belongs to a unit; `unit_path` is what scope and row security look at."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = PathField(db_index=True)

    class Meta:
        abstract = True
