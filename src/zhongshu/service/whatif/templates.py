"""What a question can be made of: areas, what there is, and options to start from.

Days come from the pack for control in force, the rest from the pack `what-if`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.feeds import PLACE_KINDS
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import means, place
from zhongshu.service.zones import facade as zones

TOPIC = "whatif"
COSTED = (
    "tests", "tubes", "transfers", "person_days_central", "person_days_home", "person_days_locked",
)  # fmt: skip


def form(*, unit: str, scope: Scope, as_of: dt.datetime) -> dict[str, Any]:
    """As the API shows it.  Refuses a unit outside the scope or below the county."""
    row = units.get(unit, scope)
    within = Scope((row.path,))
    asked = place.place(row)
    pack = assumed(asked, as_of)
    known = means.capacities(scope=within, as_of=as_of, pack=pack)
    return {
        "unit": asked.unit,
        "as_of": as_of,
        "cases": cases.listed(scope=within, as_of=as_of).count(),
        "unseen": pack.number("whatif.start.unseen") if asked.whole else None,
        "areas": asked.areas(),
        "capacities": known,
        "templates": templates(asked, pack, known, within, as_of),
    }


def templates(
    asked: place.Place, pack: Pack, known: dict[str, Any], scope: Scope, as_of: dt.datetime
) -> list[dict[str, Any]]:
    """Options, the least first; those of areas only where areas are drawn."""
    common = {"capacities": known, "costs": costs_of(pack)}
    traced = common | tracing_of(control_of(asked, as_of), pack)
    everything = [one.code for one in asked.counties]
    struck = everything if asked.whole else _struck(asked, scope, as_of)
    made = [_named("nothing_more", common), _named("trace_only", traced)]
    if asked.whole:
        active, drawn = _zones(asked, as_of)
        if active:
            made.append(_named("in_force", traced | locked_in(active, asked, pack, as_of)))
        if set(drawn) - set(active):
            made.append(_named("zones_closed", traced | locked_in(drawn, asked, pack, as_of)))
    if struck:
        made += [
            _named("three_rounds", traced | {"rounds": [_rounds(struck, pack)]}),
            _named("county_locked", traced | locked_in(struck, asked, pack, as_of)),
        ]
    return made


def assumed(asked: place.Place, as_of: dt.datetime) -> Pack:
    """The pack that says what a what-if begins with, in force there and then."""
    disease, path = incidents.current().disease, asked.unit["path"]
    return reader.applicable(disease=disease, topic=TOPIC, on=beijing_day(as_of), path=path)


def _named(code: str, option: dict[str, Any]) -> dict[str, Any]:
    return {"name": code, "told": code, **option}


def control_of(asked: place.Place, as_of: dt.datetime) -> Pack | None:
    """The pack for control in force; None where the disease has none that day."""
    try:
        return reader.applicable(
            disease=incidents.current().disease, on=beijing_day(as_of), path=asked.unit["path"]
        )
    except NotFound:
        return None


def _figure(control: Pack | None, key: str) -> Any:
    found = control.get(key) if control else None
    return found.value if found else None


def tracing_of(control: Pack | None, pack: Pack) -> dict[str, Any]:
    """Tracing and isolation as the pack for control has them; nothing where it has none."""
    days = _figure(control, "isolation.close_contact.central_days")
    depth = _figure(control, "trace.degrees")
    if not days or not depth:
        return {}
    # The model keeps all contacts in one kind of place; an edition that keeps contacts of contacts
    # at home is asked about the first degree, whose places are those that run out.
    if not _figure(control, "isolation.second.central_days"):
        depth = 1
    trace = pack.group("whatif.trace")
    return {
        "tracing": {
            "depth": int(depth),
            "delay_h": int(trace["delay_h"]),
            "recall": trace["recall"],
            "recall_home": trace["recall_home"],
            "recall_places": trace["recall_places"],
            **_close(control, trace["near_in_vehicle"]),
            "since_d": int(_figure(control, "trace.window_days_before") or 0),
            "false_per_case": trace["false_per_case"],
        },
        "isolation": {
            "contacts": "central",
            "cases": "hospital",
            "days": int(days),
            "case_days": int(_figure(control, "isolation.case.stay_days") or 0),
            "tests_d": list(_figure(control, "isolation.close_contact.test_days") or ()),
            "sensitivity": pack.number("whatif.test.sensitivity"),
            "home_household": pack.number("whatif.lock.confined"),
        },
    }


def _close(control: Pack | None, near_in_vehicle: float) -> dict[str, Any]:
    """Which meetings in places make a contact by the edition: those of its kinds, long enough, in a
    vehicle near enough.  What waits for field judgement is no contact by itself."""
    kinds = control.group("trace.contact_kind") if control else {}
    least = control.group("trace.min_overlap_min") if control else {}
    counted = [[kind, least[kind]] for kind in PLACE_KINDS
               if kind in least and kinds.get(kind) not in {None, "field_judgement"}]  # fmt: skip
    near = [[kind, near_in_vehicle] for kind, _ in counted if kinds[kind] == "vehicle"]
    return {"close_min": counted, "near": near} if counted else {}


def locked_in(
    codes: Sequence[str], asked: place.Place, pack: Pack, as_of: dt.datetime
) -> dict[str, Any]:
    return {"areas": [area_of(codes, asked, pack, as_of)]}


def area_of(
    codes: Sequence[str], asked: place.Place, pack: Pack, as_of: dt.datetime
) -> dict[str, Any]:
    """Closed until so many days without a case, as a high-risk area is."""
    area = {
        "units": list(codes),
        "kind": "lockdown",
        "from_hour": int(pack.number("whatif.measure.from_h")),
        "strictness": pack.number("whatif.lock.strictness"),
        "compliance": pack.number("whatif.lock.compliance"),
    }
    clean = clean_days(asked, as_of)
    if clean:
        area["release_clear_d"] = clean
    return area


def clean_days(asked: place.Place, as_of: dt.datetime) -> int:
    """Days without a case after which a high-risk area is freed; 0 where no edition says so."""
    return int(_figure(control_of(asked, as_of), "zone.high.release_clean_days") or 0)


def _rounds(codes: Sequence[str], pack: Pack) -> dict[str, Any]:
    test = pack.group("whatif.test")
    return {
        "units": list(codes),
        "start_hour": int(pack.number("whatif.measure.from_h")),
        "hours": int(test["round_h"]),
        "every_d": int(test["every_d"]),
        "count": int(test["rounds"]),
        "pool_size": int(test["pool_size"]),
        "sensitivity": test["sensitivity"],
        "dilution_loss": test["dilution"],
        "coverage": test["coverage"],
    }


def costs_of(pack: Pack) -> list[list[Any]]:
    return [[name, pack.number(f"whatif.cost.{name}")] for name in COSTED]


def _zones(asked: place.Place, as_of: dt.datetime) -> tuple[list[str], list[str]]:
    """(in force, in force or proposed): high-risk areas among those that options may name."""
    known = {one.code for one in asked.below}
    rows = [
        row
        for row in zones.current(as_of).to_pylist()
        if row["kind"] == "risk_area" and row["level"] == "high" and row["unit"] in known
    ]
    active = sorted({row["unit"] for row in rows if row["state"] == "active"})
    return active, sorted({row["unit"] for row in rows})


def _struck(asked: place.Place, scope: Scope, as_of: dt.datetime) -> list[str]:
    """The counties with a case."""
    paths = set(cases.listed(scope=scope, as_of=as_of).values_list("unit_path", flat=True))
    return [one.code for one in asked.counties if any(path.startswith(one.path) for path in paths)]
