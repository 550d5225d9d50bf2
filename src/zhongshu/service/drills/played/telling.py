"""What a player is shown of an evening, and of the truth once it is opened.

An evening holds what the headquarters knows and what the engines propose, and nothing else.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from zhongshu.service.drills.loop import Evening, Outcome, Room
from zhongshu.service.drills.model import DEGREES, Case
from zhongshu.service.drills.played import choices, sitting
from zhongshu.service.drills.policies import OURS
from zhongshu.service.drills.propose import stay

RECENT_D = 7


def evening(told: Evening, room: Room) -> dict[str, Any]:
    """All that is on the table: cases, contacts, areas, costs so far, and what `ours` would do."""
    shown, so_far = told.proposals, told.tally.so_far()
    cases = list(told.known.cases.values())
    return {
        "day": shown.day,
        "date": _date(room, shown.day).isoformat(),
        "mark": sitting.mark(told),
        "cases": _by_day(cases, until=shown.day),
        "villages": _villages(cases, room, day=shown.day),
        "contacts": _contacts(told, room),
        "areas": _areas(told, room),
        "round_due": shown.round_due,
        "lock_due": shown.county,
        "crowded": len(shown.places),
        "still": shown.still,
        "so_far": dataclasses.asdict(so_far)
        | {
            "person_days": round(so_far.person_days),
            "rooms_of": room.rooms,
            "isolated": len(told.known.isolated_s),
            "rejected": told.known.rejected,
        },
        "proposed": choices.of(OURS.decide(shown), shown).as_json(),
    }


def brief(shown: dict[str, Any]) -> dict[str, Any]:
    """What the list of decisions keeps of an evening."""
    last = shown["cases"][-1]
    return {
        "day": shown["day"],
        "date": shown["date"],
        "known": sum(one["community"] + one["isolated"] for one in shown["cases"]),
        "new": last["community"] + last["isolated"],
        "contacts": sum(one["people"] for one in shown["contacts"]),
        "areas": len(shown["areas"]),
        "person_days": shown["so_far"]["person_days"],
    }


def result(outcomes: Sequence[Outcome], room: Room, cases: Sequence[Case]) -> dict[str, Any]:
    """The truth: each outcome's score and its days, all as long as the longest."""
    length = max(len(one.restricted) for one in outcomes)
    return {
        "dates": [_date(room, day).isoformat() for day in range(length)],
        "known": [sum(day.values()) for day in _counted(cases, until=length - 1)],
        "rows": [
            one.score.as_json()
            | {
                "infected": _padded(one.infected, length),
                "restricted": [round(days, 1) for days in _padded(one.restricted, length)],
            }
            for one in outcomes
        ],
    }


def _padded(values: Sequence[Any], length: int) -> list[Any]:
    """A drill that ended early had nothing more to tell."""
    return [*values[:length], *[0] * (length - len(values))]


def _date(room: Room, day: int) -> dt.date:
    return dt.date.fromisoformat(room.scenario.on) + dt.timedelta(days=day)


def _counted(cases: Sequence[Case], *, until: int) -> list[dict[str, int]]:
    days = [{"community": 0, "isolated": 0} for _ in range(until + 1)]
    for one in cases:
        days[min(one.known_day, until)]["isolated" if one.isolated else "community"] += 1
    return days


def _by_day(cases: Sequence[Case], *, until: int) -> list[dict[str, Any]]:
    return [{"day": day} | one for day, one in enumerate(_counted(cases, until=until))]


def _villages(cases: Sequence[Case], room: Room, *, day: int) -> list[dict[str, Any]]:
    """Villages where a case lives, with the point of the village."""
    static = room.world.statics
    codes, names = static.village_codes(), _names(room)
    counts: dict[int, list[Case]] = collections.defaultdict(list)
    for one in cases:
        counts[int(static.village_of_person[one.person])].append(one)
    return [
        {
            "code": (code := codes[at].as_py()),
            "name": names[code],
            "lon": round(float(static.settlement.point[at, 0]), 5),
            "lat": round(float(static.settlement.point[at, 1]), 5),
            "cases": len(found),
            "recent": sum(day - one.known_day < RECENT_D for one in found),
        }
        for at, found in sorted(counts.items())
    ]


def _names(room: Room) -> dict[str, str]:
    margins = room.world.statics.margins
    return dict(zip(margins.village_codes, margins.village_names, strict=True))


def _contacts(told: Evening, room: Room) -> list[dict[str, Any]]:
    """By degree: how many, how many of them are isolated already, where they would be tomorrow."""
    shown, held = told.proposals, told.known.isolated_s
    found = []
    for degree in DEGREES:
        who = [one for one in shown.contacts.values() if one.degree == degree]
        where = [stay(one, room.figures, day=shown.day + 1) for one in who]
        found.append(
            {
                "degree": degree,
                "people": len(who),
                "held": sum(one.person in held for one in who),
                "central": where.count("central"),
                "home": where.count("home"),
            }
        )
    return found


def _areas(told: Evening, room: Room) -> list[dict[str, Any]]:
    """Each proposed area: how many live there, and the cases for which it is proposed."""
    register, names = room.register, _names(room)
    people = np.bincount(register.area, minlength=len(register.area_id))
    index = {code: at for at, code in enumerate(register.area_id.to_pylist())}
    cases = collections.defaultdict(list)
    for one in told.known.cases.values():
        if not one.isolated:
            cases[int(register.area[one.person])].append(one.known_day)
    found = []
    for code in told.proposals.areas:
        village, _, building = code.partition("-")
        at = index[code]
        found.append(
            {
                "code": code,
                "village": names[village],
                "building": int(building) if building else None,
                "people": int(people[at]),
                "cases": len(cases[at]),
                "last_day": max(cases[at], default=None),
            }
        )
    return found
