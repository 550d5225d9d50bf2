"""Notices: places where too many met a case to name them; their visitors are told instead."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from zhongshu.kernel.time import DAY, beijing, start_of_day
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft

KIND = "notice"
_ROWS = 200


def run(frame: Frame) -> Outcome:
    """One proposal per county: publish notices for these places and hours."""
    scope = Scope((frame.tree.get(frame.scope_unit).path,))
    standing = contacts.notices(scope=scope, as_of=frame.as_of)
    by_county: dict[str, list[dict[str, Any]]] = defaultdict(list)
    names = {row["place"]: row for row in frame.lake.places().to_pylist()}
    # Whoever was there longer ago than any incubation lasts has nothing to fear from it.
    oldest = start_of_day(frame.today) - frame.pack.number("trace.incubation_max_days") * DAY
    recent = standing.filter(time_to__gte=oldest)
    for notice in recent.order_by("-persons", "place", "time_from"):
        place = names[notice.place]
        county = frame.county(place["village_code"] or "") or frame.county(notice.unit_id)
        if county:
            by_county[county].append(
                {
                    "place": place["name"],
                    "kind": say(f"kind.{place['kind']}"),
                    "from": beijing(notice.time_from).isoformat(timespec="minutes"),
                    "to": beijing(notice.time_to).isoformat(timespec="minutes"),
                    "persons": notice.persons,
                }
            )
    drafts = tuple(_draft(frame, county, rows) for county, rows in sorted(by_county.items()))
    summary = {"notices": sum(map(len, by_county.values())), "counties": len(by_county)}
    return Outcome(summary, drafts, (KIND,))


def _draft(frame: Frame, county: str, rows: list[dict[str, Any]]) -> Draft:
    places = len({row["place"] for row in rows})
    facts = {
        "county": frame.name(county),
        "places": places,
        "limit": frame.pack.value("trace.heavy_place_persons"),
    }
    return Draft(
        kind=KIND,
        key=f"{KIND}:{county}",
        unit=county,
        title=say("notice.title", **facts),
        reasons=[
            reason("notice.why", pack=frame.pack, figure="trace.heavy_place_persons", **facts)
        ],
        cost=[
            cost("persons_told", sum(row["persons"] for row in rows), "persons"),
            cost("places", places, "places"),
        ],
        directive=say("notice.directive", **facts),
        **frame.terms("notice"),
        priority=40,
        if_nothing=say("notice.if_nothing", **facts),
        recipients=[county],
        detail={
            "columns": [
                column("place"),
                column("kind"),
                column("from"),
                column("to"),
                column("persons"),
            ],
            "rows": rows[:_ROWS],
            "total": len(rows),
        },
    )
