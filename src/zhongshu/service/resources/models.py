"""What the headquarters has: each table keeps every report, the latest one counts.

known_at: when the headquarters learnt it.  lon, lat: WGS-84.  unit_known is false when the
sender's code is unknown here (then the unit is the incident's scope unit).
"""

from __future__ import annotations

from django.db import models

from zhongshu.service.kit.fields import InUnit


class Report(InUnit):
    """One report of one thing; `code` is the unit's code as sent."""

    code = models.CharField(max_length=12)
    unit_known = models.BooleanField(default=True)
    as_of = models.DateTimeField()
    known_at = models.DateTimeField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta:
        abstract = True


class BedReport(Report):
    hospital_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    tier = models.CharField(max_length=20)
    beds_total = models.IntegerField()
    beds_free = models.IntegerField()
    icu_total = models.IntegerField()
    icu_free = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="bed_path")]
        constraints = [models.UniqueConstraint(fields=["hospital_id", "as_of"], name="bed_once")]


class RoomReport(Report):
    site_id = models.CharField(max_length=64)
    site_name = models.CharField(max_length=200)
    room_no = models.CharField(max_length=20)
    floor = models.SmallIntegerField()
    capacity = models.SmallIntegerField()
    state = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="room_path")]
        constraints = [
            models.UniqueConstraint(fields=["site_id", "room_no", "as_of"], name="room_once")
        ]


class VehicleReport(Report):
    vehicle_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    depot_name = models.CharField(max_length=200)
    seats = models.SmallIntegerField()
    state = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="vehicle_path")]
        constraints = [models.UniqueConstraint(fields=["vehicle_id", "as_of"], name="vehicle_once")]


class StockReport(Report):
    store_id = models.CharField(max_length=64)
    store_name = models.CharField(max_length=200)
    item = models.CharField(max_length=20)
    unit_name = models.CharField(max_length=20)
    quantity = models.FloatField()
    used_per_day = models.FloatField()
    expires_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="stock_path")]
        constraints = [
            models.UniqueConstraint(fields=["store_id", "item", "as_of"], name="stock_once")
        ]


class PriceReport(Report):
    """yuan None: the point had nothing to sell."""

    point_id = models.CharField(max_length=64)
    point_name = models.CharField(max_length=200)
    item = models.CharField(max_length=20)
    yuan = models.FloatField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "as_of"], name="price_path")]
        constraints = [
            models.UniqueConstraint(fields=["point_id", "item", "as_of"], name="price_once")
        ]


class SamplingPoint(Report):
    point_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    desks_max = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="point_path")]
        constraints = [models.UniqueConstraint(fields=["point_id"], name="point_once")]


class LaboratoryReport(Report):
    lab_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    tubes_per_day = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="lab_path")]
        constraints = [models.UniqueConstraint(fields=["lab_id", "as_of"], name="lab_once")]


class Thing(InUnit):
    """One resource of the registry; unlike the reports above, one row for its whole life.

    kind, state: ``registry.kinds``; code: its own name, unique in the kind (a room's is
    ``site/room``); part_of: code of what it stands in (a room's site, a lot's store).
    capacity: {pool: whole number}; emergency: the capacity in emergency mode, None when the same.
    reported: what the newest report at `reported_at` called free, by pool.
    opens_in_h: hours from the order until it can be used, None when it cannot be told.
    facts: what else is known (goods, expiry, type ...); synthetic: made, not seen.
    """

    class Mode(models.TextChoices):
        ORDINARY = "ordinary"
        EMERGENCY = "emergency"

    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    part_of = models.CharField(max_length=100, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    capacity = models.JSONField(default=dict)
    emergency = models.JSONField(null=True)
    reported = models.JSONField(null=True)
    reported_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12)
    state_since = models.DateTimeField()
    state_by = models.CharField(max_length=150)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.ORDINARY)
    opens_in_h = models.PositiveIntegerField(null=True)
    facts = models.JSONField(default=dict)
    origin = models.CharField(max_length=10)  # feed, person or made
    known_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["unit_path"], name="thing_path"),
            models.Index(fields=["kind", "part_of"], name="thing_part_of"),
        ]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="thing_once")]


class Conversion(InUnit):
    """The things of a unit turned from ordinary to emergency use, or back, in one step."""

    mode = models.CharField(max_length=10, choices=Thing.Mode.choices)
    kinds = models.JSONField()
    why = models.CharField(max_length=2000)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    things = models.IntegerField()
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-at", "-id"], name="conversion_scope_at")]


class ThingChange(models.Model):
    """One change of a thing's state or mode: who, when, why.  Never changed afterwards.

    before and after: a state of its kind, or a mode when `what` is mode; empty before: it was
    entered.
    """

    thing = models.ForeignKey(Thing, models.CASCADE, related_name="changes")
    what = models.CharField(max_length=5)  # state or mode
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=2000, blank=True)
    conversion = models.ForeignKey(Conversion, models.PROTECT, null=True, related_name="changes")

    class Meta:
        indexes = [models.Index(fields=["thing", "-at"], name="thing_change_at")]


class Hold(models.Model):
    """Some of a thing's pool, taken for somebody from `begins` until `ends` (None: open).

    holder: ``plan:12``, ``job:3`` or ``person``.  A released hold stays on the record.
    """

    thing = models.ForeignKey(Thing, models.PROTECT, related_name="holds")
    pool = models.CharField(max_length=40)
    amount = models.PositiveIntegerField()
    begins = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    holder = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["thing", "pool"],
                name="hold_standing",
                condition=models.Q(released_at=None),
            ),
            models.Index(fields=["holder"], name="hold_holder"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="hold_some"),
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gt=models.F("begins")),
                name="hold_lasts",
            ),
        ]
