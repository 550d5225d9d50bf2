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
