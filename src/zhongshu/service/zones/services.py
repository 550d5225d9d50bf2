"""Taking a run's zones in, and moving them on when a decision says so."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from zhongshu.kernel.time import beijing_day
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.units import facade as units
from zhongshu.service.zones import clockfacts
from zhongshu.service.zones.models import Zone, ZoneEvaluation


@dataclasses.dataclass(frozen=True, slots=True)
class ZoneDraft:
    """What a run found about one unit; fields as in `ZoneEvaluation`.

    level: high, medium or low; ``none`` when an active zone's release condition holds.
    """

    unit: str
    kind: str
    level: str
    residents: int
    households: int
    person_days: float
    evidence: Mapping[str, Any]
    release: Mapping[str, Any]
    rule_id: str
    pack_version: str
    since: dt.date | None = None
    overdue_release: bool = False
    geometry: Mapping[str, Any] | None = None


_EVALUATED = (
    "level",
    "since",
    "residents",
    "households",
    "person_days",
    "evidence",
    "release",
    "overdue_release",
    "rule_id",
    "pack_version",
)


def upsert(
    *, drafts: Sequence[ZoneDraft], run_id: int, as_of: dt.datetime, actor: Actor = CYCLE
) -> dict[tuple[str, str], int]:
    """Take a run's zones in; {(unit, kind): zone id}.

    A unit drawn for the first time, or again after its zone ended, starts a new zone, proposed.
    A proposed zone that is not drawn any more is withdrawn; an active one stays until a decision
    releases it.  The same drafts again change nothing.
    """
    incident = incidents.current()
    known = units.refs(draft.unit for draft in drafts)
    with transaction.atomic():
        open_zones = {
            (zone.unit_id, zone.kind): zone
            for zone in Zone.objects.select_for_update().filter(incident=incident, ended_at=None)
        }
        fresh = [
            Zone(
                incident=incident,
                unit_id=draft.unit,
                unit_path=known[draft.unit]["path"],
                kind=Zone.Kind(draft.kind),
                state=states.initial("zone"),
                geometry=draft.geometry,
                known_at=as_of,
            )
            for draft in drafts
            if (draft.unit, draft.kind) not in open_zones
        ]
        for zone in Zone.objects.bulk_create(fresh):
            open_zones[zone.unit_id, zone.kind] = zone
        drawn = {(draft.unit, draft.kind) for draft in drafts}
        gone = _withdraw(open_zones, drawn, as_of)
        changed = _evaluate(open_zones, drafts, run_id, as_of)
        if fresh or gone or changed:
            clockfacts.told(list(open_zones.values()), actor=actor, now=as_of)
            facts = {"new": len(fresh), "withdrawn": gone, "evaluated": changed}
            audit.record(
                actor=actor, action="zones.draw", object_=f"run:{run_id}", at=as_of, facts=facts
            )
    return {key: open_zones[key].pk for key in drawn}


def _withdraw(
    zones: Mapping[tuple[str, str], Zone], drawn: Collection[tuple[str, str]], as_of: dt.datetime
) -> int:
    """End the proposed zones that are not drawn; a later run's zones are not ours to end."""
    gone = [
        zone
        for key, zone in zones.items()
        if key not in drawn and zone.state == "proposed" and zone.known_at <= as_of
    ]
    for zone in gone:
        zone.state = states.check_may_do("zone", "withdraw", state=zone.state)
        zone.ended_at = as_of
    Zone.objects.bulk_update(gone, ["state", "ended_at"])
    return len(gone)


def _evaluate(
    zones: Mapping[tuple[str, str], Zone],
    drafts: Sequence[ZoneDraft],
    run_id: int,
    as_of: dt.datetime,
) -> int:
    """Write the evaluations that are new or differ; how many."""
    rows = [
        ZoneEvaluation(
            zone=zones[draft.unit, draft.kind],
            as_of=as_of,
            run_id=run_id,
            **{name: getattr(draft, name) for name in _EVALUATED},
        )
        for draft in drafts
    ]
    ids = [row.zone_id for row in rows]
    there = {
        row.zone_id: row for row in ZoneEvaluation.objects.filter(zone_id__in=ids, as_of=as_of)
    }
    changed = [
        row
        for row in rows
        if row.zone_id not in there
        or any(getattr(row, name) != getattr(there[row.zone_id], name) for name in _EVALUATED)
    ]
    ZoneEvaluation.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["zone", "as_of"],
        update_fields=["run_id", *_EVALUATED],
    )
    return len(changed)


def move(
    *,
    zone_ids: Collection[int],
    action: str,
    actor: Actor,
    now: dt.datetime,
    level: str | None = None,
    except_units: Collection[str] = (),
) -> int:
    """activate, step or release zones by the state table; how many.

    step: down to `level`, in force from the Beijing day of `now`.
    Zones whose state does not allow the action are passed over: another decision came first.
    So are those of `except_units`, which an amendment left out.
    """
    with transaction.atomic():
        rows = [
            zone
            for zone in Zone.objects.select_for_update().filter(pk__in=set(zone_ids))
            if states.may_do("zone", action, state=zone.state) and zone.unit_id not in except_units
        ]
        for zone in rows:
            zone.state = states.check_may_do("zone", action, state=zone.state)
            if action == "activate":
                zone.activated_at = now
            elif action == "release":
                zone.ended_at = now
            elif level is not None:
                _step(zone, level, now)
        Zone.objects.bulk_update(rows, ["state", "activated_at", "ended_at"])
        if rows:
            clockfacts.told(rows, actor=actor, now=now)
            facts = {"zones": [zone.pk for zone in rows]} | ({"level": level} if level else {})
            audit.record(
                actor=actor,
                action=f"zone.{action}",
                object_=f"zone:{rows[0].pk}" if len(rows) == 1 else "zones",
                at=now,
                facts=facts,
            )
    return len(rows)


def _step(zone: Zone, level: str, now: dt.datetime) -> None:
    """The zone's last evaluation again, at the level decided."""
    last = zone.evaluations.order_by("-as_of").first()
    if last is None:
        return
    last.pk, last._state.adding = None, True
    last.as_of, last.level, last.since = now, level, beijing_day(now)
    last.overdue_release = False
    last.save()
