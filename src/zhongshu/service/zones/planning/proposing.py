"""A zoning chosen by people, put before the headquarters as the runs put theirs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound, Refused, WrongState
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import states
from zhongshu.rules.model import Pack
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units
from zhongshu.service.zones import clockfacts
from zhongshu.service.zones.models import Zone, ZoneEvaluation, ZonePlan
from zhongshu.service.zones.planning import evidence, plans, simulated
from zhongshu.service.zones.planning.words import cost, say

_PRIORITY = 80  # as a run's own proposal to draw

Row = dict[str, Any]


def propose(
    *,
    plan_id: int,
    option: str,
    unsimulated: bool = False,
    scope: Scope,
    pack: Pack,
    actor: Actor,
    now: dt.datetime,
) -> ZonePlan:
    """Draw the option's villages as proposed areas and propose them; asked again, the same one.

    It waits until it is decided, or until the next run judges by newer facts.  Refuses a plan
    outside `scope`, an option the plan does not have, one that passes a maximum, closes nobody or
    is in force already,
    a plan already proposed with another option or made under another edition, one whose zonings
    the outbreak model has not answered (but `unsimulated`: the asker wants it all the same, and the
    proposal says so), and a headquarters without any run.
    """
    found = plans.get(plan_id, scope, now)
    told = simulated.read(found)
    with rowsecurity.unscoped(), transaction.atomic():
        row = ZonePlan.objects.select_for_update().get(pk=found.pk)
        if row.proposal_id is not None and row.option == option:
            return row
        chosen = _chosen(row, option, pack)
        if not told.done and not unsimulated:
            raise WrongState(
                "zones.not_simulated",
                f"The outbreak model has not answered for plan {row.pk}; wait for it, or say that"
                " you propose without it.",
            )
        run = periods.latest_run(now)
        if run is None or run.incident_id != row.incident_id:
            raise Refused("zones.no_run", "No run has finished yet; propose after the first one.")
        ids = _draw(row, chosen, run.pk, pack=pack, actor=actor, now=now)
        if not ids:
            raise Refused("zones.all_in_force", "All areas of this zoning are in force already.")
        draft = _draft(row, chosen, ids, pack, told)
        made = periods.propose(run=run, draft=draft, now=now, actor=actor)
        row.proposal_id, row.option = made.pk, option
        row.save(update_fields=["proposal_id", "option"])
    return row


def _chosen(row: ZonePlan, option: str, pack: Pack) -> Row:
    chosen: Row | None = next((one for one in row.answer["options"] if one["key"] == option), None)
    if chosen is None:
        raise NotFound("zones.no_option", f"Plan {row.pk} has no option '{option}'.")
    if row.proposal_id is not None:
        raise Refused("zones.proposed", f"Plan {row.pk} is already proposed; ask for a new one.")
    if row.pack_version != pack.version:
        raise Refused(
            "zones.other_edition", "Another edition is in force than the plan was made under."
        )
    if chosen["passed"] or not chosen["villages"]:
        raise BadInput(
            "zones.plan_passes",
            "The zoning passes a maximum or closes nobody; choose another or ask for another.",
        )
    return chosen


def _draw(
    row: ZonePlan, chosen: Row, run_id: int, *, pack: Pack, actor: Actor, now: dt.datetime
) -> list[int]:
    """Proposed areas for villages without one, and what was found about each; their ids."""
    known = units.refs(chosen["villages"])
    there = {
        zone.unit_id: zone
        for zone in Zone.objects.select_for_update().filter(
            incident=row.incident_id, kind=Zone.Kind.RISK_AREA, unit__in=known, ended_at=None
        )
    }
    fresh = [
        Zone(
            incident_id=row.incident_id,
            unit_id=code,
            unit_path=known[code]["path"],
            kind=Zone.Kind.RISK_AREA,
            state=states.initial("zone"),
            known_at=now,
        )
        for code in chosen["villages"]
        if code not in there
    ]
    for zone in Zone.objects.bulk_create(fresh):
        there[zone.unit_id] = zone
    rule = pack.figure("zone.high.largest_unit").rule_id
    ZoneEvaluation.objects.bulk_create(
        [
            _evaluation(there[village["code"]], zone, village, run_id, rule=rule, row=row, now=now)
            for zone in chosen["zones"]
            for village in zone["villages"]
            if there[village["code"]] in fresh
        ]
    )
    clockfacts.told(list(there.values()), actor=actor, now=now)
    return sorted(zone.pk for zone in there.values() if zone.state == states.initial("zone"))


def _evaluation(
    zone: Zone, stated: Row, village: Row, run_id: int, *, rule: str, row: ZonePlan,
    now: dt.datetime,
) -> ZoneEvaluation:  # fmt: skip
    own = village["inside"]
    return ZoneEvaluation(
        zone=zone,
        as_of=now,
        run_id=run_id,
        level="high",
        since=beijing_day(now),
        residents=own["people"],
        households=own["households"],
        person_days=own["person_days"],
        evidence={
            "cases": stated["cases"],
            "places": sorted({one["place"] for one in stated["windows"]}),
            "windows": [{"from": one["from"], "to": one["to"]} for one in stated["windows"]],
            "plan": row.pk,
        },
        release={"conditions": stated["conditions"], "earliest_on": stated["releases_on"]},
        rule_id=rule,
        pack_version=row.pack_version,
    )


def _draft(
    row: ZonePlan, chosen: Row, ids: list[int], pack: Pack, model: simulated.Simulation
) -> periods.Draft:
    name = row.unit.name
    facts = {
        "unit": name,
        "areas": chosen["areas"],
        "people": chosen["inside"]["people"],
        "person_days": chosen["cost"]["person_days"],
        "share": chosen["share"],
    }
    gap = row.answer["gap"]
    told = {"verified": None, "source": None}
    county = row.unit.code
    return periods.Draft(
        kind="zone",
        key=f"zone:plan:{county}",
        unit=county,
        title=say("title", **facts),
        reasons=[
            {"text": say("reason", **facts), "rule_id": None, "facts": facts} | told,
            {"text": say("no_bound") if gap is None else say("bound", gap=gap),
             "rule_id": None, "facts": {"gap": gap}} | told,
            *(one | told for one in evidence.reasons(model, chosen["key"])),
        ],
        cost=_costs(chosen, model),
        pack_id=pack.id,
        pack_version=pack.version,
        inputs_hash=row.inputs_hash,
        directive=say("directive", **facts),
        sign_hours=pack.number("directive.sign_h"),
        due_hours=pack.number("directive.due_h.zone"),
        priority=_PRIORITY,
        alternatives=[
            *({"key": one["key"], "label": say("option", number=n), "costs": _costs(one, model),
               "chosen": one["key"] == chosen["key"]}
              for n, one in enumerate(row.answer["options"], start=1)),
            *evidence.no_zone(model),
        ],
        if_nothing=evidence.if_nothing(model),
        recipients=[county],
        geometry=_middles(row, chosen),
        detail=_detail(chosen),
        subject={"zones": ids, "plan": row.pk},
    )  # fmt: skip


def _middles(row: ZonePlan, chosen: Row) -> Row | None:
    """The villages as dots, since their borders are not known."""
    known = row.answer.get("points", {})
    at = [known[code] for code in chosen["villages"] if code in known]
    return {"type": "MultiPoint", "coordinates": at} if at else None


def _costs(one: Row, model: simulated.Simulation) -> list[Row]:
    by_model = model.of(one["key"])
    return [
        cost("areas", one["areas"], "areas"),
        cost("residents", one["inside"]["people"], "persons"),
        cost("person_days", round(one["cost"]["person_days"]), "person_days"),
        cost("share", round(one["share"], 3), "share"),
        *(evidence.costs(by_model) if by_model else []),
    ]


def _detail(chosen: Row) -> Row:
    rows = [
        {
            "unit": village["name"],
            "residents": village["inside"]["people"],
            "person_days": round(village["inside"]["person_days"]),
            "risk": f"{village['inside']['risk']:.1%}",
        }
        for zone in chosen["zones"]
        for village in zone["villages"]
    ]
    columns = [{"key": key, "label": say(key)} for key in ("unit", "residents", "person_days")]
    return {
        "columns": [*columns, {"key": "risk", "label": say("risk")}],
        "rows": rows,
        "total": len(rows),
    }
