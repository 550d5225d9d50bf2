"""Clocks: what must be done by when, by whom; and who was told.

A clock is moved by facts (`follow`), by the sweep (its steps), and by people (reminding,
waiving).  Overdue is no state: it is a running clock after its time.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zhongshu.service.clocks import triggers
from zhongshu.service.kit.fields import InUnit, PathField


class Kind(models.Model):
    """A clock of a pack as it stood in one version, with its words, so that an old clock can be
    read whatever became of the pack.  key: SHA-256 of all of it; a changed pack is a new kind.

    length: in `unit` (hour, calendar_day, day_number); None where the fact `due_fact` says when.
    stop_fact "": it ends by itself when due.
    """

    key = models.CharField(max_length=64, unique=True)
    pack_id = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=120)
    clock = models.CharField(max_length=60, db_index=True)
    name = models.JSONField()
    rule_id = models.CharField(max_length=80)
    verified = models.BooleanField()
    rule = models.JSONField()
    legal_basis = models.JSONField(null=True)
    of = models.CharField(max_length=16)
    anchor_fact = models.CharField(max_length=60)
    stop_fact = models.CharField(max_length=60, blank=True)
    due_fact = models.CharField(max_length=60, blank=True)
    length = models.FloatField(null=True)
    unit = models.CharField(max_length=16)
    owner_level = models.CharField(max_length=16)


class Rung(models.Model):
    """A step of a kind's ladder: at `pct` per cent of the clock's time, `levels_up` above."""

    kind = models.ForeignKey(Kind, models.CASCADE, related_name="rungs")
    ord = models.SmallIntegerField()
    step = models.CharField(max_length=24)
    pct = models.FloatField()
    levels_up = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "ord"], name="rung_once"),
            models.UniqueConstraint(fields=["kind", "step"], name="rung_step_once"),
        ]


class Clock(InUnit):
    """One clock of one subject.  unit: who must act.  label: what the subject is called, e.g. a
    case number; never a person.

    ended_at: the fact that stopped it (its own due time where it ends by itself);
    ended_known_at: when the headquarters learnt of that; known_at: when of the clock.
    done: steps taken, in order; arming: counts how often a correction took steps back, so that a
    step is told once per arming.  next_at: when `next_step` comes; null when there is none.
    """

    class Reason(models.TextChoices):
        DUPLICATE = "duplicate"
        NOT_APPLICABLE = "not_applicable"
        DONE_ELSEWHERE = "done_elsewhere"
        ORDERED_OTHERWISE = "ordered_otherwise"
        ANCHOR_WITHDRAWN = "anchor_withdrawn"  # a fact's reason, never a person's

    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", db_index=False)
    pack_id = models.CharField(max_length=60)
    clock = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    subject_path = PathField()
    label = models.CharField(max_length=120, blank=True)
    anchor_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    ends_itself = models.BooleanField()
    ended_at = models.DateTimeField(null=True)
    ended_known_at = models.DateTimeField(null=True)
    waived_reason = models.CharField(max_length=20, blank=True)
    waived_note = models.TextField(blank=True)
    waived_by = models.CharField(max_length=150, blank=True)
    waived_at = models.DateTimeField(null=True)
    done = ArrayField(models.CharField(max_length=24), default=list)
    arming = models.SmallIntegerField(default=0)
    next_step = models.CharField(max_length=24, blank=True)
    next_at = models.DateTimeField(null=True)
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "pack_id", "clock"], name="clock_once"
            )
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="clock_state_due"),
            models.Index(
                fields=["unit_path", "due_at"],
                include=["id", "kind", "ends_itself"],
                condition=Q(state="running"),
                name="clock_running_at",
            ),
            models.Index(
                # What runs, said without its state, so that the index above is no choice for it.
                fields=["clock", "due_at", "id"],
                condition=Q(ended_at__isnull=True, waived_at__isnull=True),
                name="clock_open_of",
            ),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="clock_next"),
            models.Index(
                fields=["due_at"],
                condition=Q(state="running", ends_itself=True),
                name="clock_ending",
            ),
        ]
        triggers = triggers.COUNTED

    @property
    def step(self) -> str:
        """The last step taken, or ""."""
        return self.done[-1] if self.done else ""


class ClockEvent(models.Model):
    """What happened to a clock.  before and after: what of {state, anchor_at, due_at, ended_at}
    changed; to_unit: who was told."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=24)
    by = models.CharField(max_length=150)
    to_unit = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="clock_event_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]


class Notification(InUnit):
    """Word to a unit that a clock reached a step, or that somebody reminds of it.

    at: when the step came; told_at: when the sweep got to it.  Once per clock, arming and step.
    """

    REMINDED = "reminded"

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="notifications")
    arming = models.SmallIntegerField()
    step = models.CharField(max_length=24)
    at = models.DateTimeField()
    told_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    note = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "arming", "step"],
                condition=~Q(step="reminded"),
                name="notification_once",
            )
        ]
        indexes = [
            models.Index(fields=["unit", "-at", "-id"], name="notification_to_unit"),
            models.Index(
                fields=["unit"],
                include=["unit_path"],
                condition=Q(read_at__isnull=True),
                name="notification_waiting",
            ),
        ]


class Delta(models.Model):
    """How the number of running clocks of one unit and kind, due in one minute, changed: written
    by triggers, only ever added, folded into `Cell` by the sweep."""

    unit_path = PathField()
    kind_id = models.BigIntegerField()
    ends_itself = models.BooleanField()
    due_minute = models.DateTimeField()
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit_path"], name="delta_path")]


class Cell(models.Model):
    """Running clocks in the subtree of a unit, due within one minute or hour from `start`.

    kind_id 0: of all kinds.  What deltas have not been folded yet is not in here.
    """

    # No index holds `n`, so that counting up rewrites no index.
    pk = models.CompositePrimaryKey("unit_path", "width_min", "kind_id", "start", "ends_itself")
    unit_path = PathField()
    width_min = models.SmallIntegerField()
    kind_id = models.BigIntegerField()
    start = models.DateTimeField()
    ends_itself = models.BooleanField()
    n = models.IntegerField()
