"""The measures in force while the cases were found to which a calibration is fitted, as an option:
closed areas by their hours, and tracing where contacts were on file by the middle of it."""

from __future__ import annotations

import datetime as dt

from zhongshu.engines.whatif import options as engine
from zhongshu.kernel.time import start_of_day
from zhongshu.rules.model import Pack
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.scope import Scope
from zhongshu.service.whatif import templates
from zhongshu.service.whatif.place import Place
from zhongshu.service.zones import facade as zones

HOUR_S = 3600
NAME = "in force"


def option(where: Place, pack: Pack, *, first_day: dt.date, as_of: dt.datetime) -> engine.Option:
    """Hours are counted from 00:00 of `first_day`, when the fit begins.

    Zones act by villages and townships; of several counties none does, for the model of the
    counties knows nothing below them."""
    raw: dict[str, object] = {"name": NAME}
    path = where.unit["path"]
    # Who begins to trace today had not traced while the cases were found.
    begun = start_of_day(first_day)
    midway = begun + (as_of - begun) / 2
    if any(row["unit_path"].startswith(path) for row in contacts.known(midway).to_pylist()):
        raw |= templates.tracing_of(templates.control_of(where, as_of), pack)
    if where.whole:
        raw["areas"] = _areas(where, pack, first_day, as_of)
    return engine.from_dict(raw)


def _areas(
    where: Place, pack: Pack, first_day: dt.date, as_of: dt.datetime
) -> list[dict[str, object]]:
    """High-risk areas that were in force for a while; those of the same hours are one area."""
    known = {one.code for one in where.below}
    rows = zones.then(zones.listed(scope=Scope((where.unit["path"],)), as_of=as_of))
    hours: dict[tuple[int, int | None], list[str]] = {}
    for row in rows:
        zone = row.zone
        if row.level != "high" or zone.kind != "risk_area" or zone.activated_at is None:
            continue
        ended = None if zone.ended_at is None else _hour(zone.ended_at, first_day)
        if zone.unit_id in known and (ended is None or ended > 0):
            key = max(0, _hour(zone.activated_at, first_day)), ended
            hours.setdefault(key, []).append(zone.unit_id)
    # The model tells so many restrictions apart; the earliest, which acted longest, come first.
    kept = sorted(hours.items(), key=lambda one: one[0][0])[: engine.MOST_AREAS]
    share = pack.group("whatif.lock")
    return [
        {
            "units": sorted(codes),
            "from_hour": since,
            "to_hour": until,
            "strictness": share["strictness"],
            "compliance": share["compliance"],
        }
        for (since, until), codes in kept
    ]


def _hour(moment: dt.datetime, first_day: dt.date) -> int:
    return int((moment - start_of_day(first_day)).total_seconds() // HOUR_S)


def unseen(option_: engine.Option, seen: engine.Option) -> bool:
    """Whether an option has a kind of measure that was not in force while the fit looked."""
    kinds = {area.kind for area in option_.areas} - {area.kind for area in seen.areas}
    traced = option_.tracing.depth > seen.tracing.depth
    masked = option_.masks.share * option_.masks.effect > 0
    return bool(kinds or option_.rounds or option_.closures or traced or masked)
