"""Who is under which measure now: contacts with their days, and areas with their conditions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import polars as pl

from zhongshu.kernel.divisions import Level
from zhongshu.rules import zones
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.zones import facade as zone_register

# What people have decided; a machine's proposal alone restricts nobody.
DECIDED = ("confirmed", "isolating")


def known_contacts(frame: Frame) -> pl.DataFrame:
    """All contacts known, with the days the pack in force gives them: columns of
    `contacts.known`, then schedule, rule_id, central_until, ends_on (null: no schedule for them
    under this edition)."""
    return contacts.with_days(contacts.known(frame.as_of), frame.pack, frame.today)


@dataclasses.dataclass(frozen=True, slots=True)
class Area:
    """A risk area in force, as its last evaluation found it.

    kind: of its unit (village, township ...); releasable_on: day from which it could have been
    released, None while it cannot; expected_on: the earliest day it can end.
    """

    zone_id: int
    unit: str
    kind: str
    level: str
    since: dt.date | None
    releasable_on: dt.date | None
    expected_on: dt.date | None
    residents: int


_KINDS = {
    Level.PROVINCE: "province",
    Level.CITY: "city",
    Level.COUNTY: "county",
    Level.TOWNSHIP: "township",
    Level.VILLAGE: "village",
}


def areas(frame: Frame) -> list[Area]:
    """Risk areas in force."""
    scope = Scope((frame.tree.get(frame.scope_unit).path,))
    rows = zone_register.listed(
        scope=scope, as_of=frame.as_of, state="active", kind="risk_area"
    ).order_by("id")
    found = []
    for one in zone_register.then(rows):
        release = one.evaluation.release
        expected = _day(release.get("earliest_on"))
        free = _free(release)
        found.append(
            Area(
                zone_id=one.zone.pk,
                unit=one.zone.unit_id,
                kind=_kind(frame, one.zone.unit_id),
                level=one.level,
                since=one.evaluation.since,
                releasable_on=expected if free else None,
                expected_on=expected,
                residents=one.evaluation.residents,
            )
        )
    return found


def _free(release: dict[str, Any]) -> bool:
    """All conditions of the last evaluation were met."""
    conditions = release.get("conditions", [])
    return bool(conditions) and all(one["met"] for one in conditions)


def _day(told: str | None) -> dt.date | None:
    return dt.date.fromisoformat(told) if told else None


def _kind(frame: Frame, code: str) -> str:
    """The kind of unit; what the register of units does not know is a part of a village."""
    return _KINDS[frame.tree.get(code).level] if code in frame.tree else zones.UNITS[0]
