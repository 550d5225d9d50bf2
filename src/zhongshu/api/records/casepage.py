"""What a case page tells beyond the list: window, timeline, who may have infected him, clocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhongshu.api import messages
from zhongshu.api.records.rulebook import pack_on
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.rules import windows
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit import places
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people

NOBODY: people.Masked = {"name": "", "id_no": "", "address": "", "masked": True}
# Fields that say who it is or where a record came from; a history of them helps nobody.
_UNTOLD = {"person", "taken_at", "known_at", "incident", "unit_path", "id"}


def read(one: cases.Case, *, scope: Scope, as_of: dt.datetime, now: dt.datetime) -> dict[str, Any]:
    pack = pack_on(as_of)
    window = window_of(one, pack, as_of)
    return {
        "identity": people.masked([one.person]).get(one.person, NOBODY),
        "window": window,
        "timeline": _timeline(one, window, as_of),
        "infector_candidates": _candidates(one, scope, as_of),
        "history": history(one),
        "clocks": _clocks(one, clocks.Then.of(as_of, now=now)),
    }


def window_of(one: cases.Case, pack: Pack, as_of: dt.datetime) -> dict[str, Any]:
    """The period for which contacts are sought; the very rule tracing uses."""
    found = windows.infectious(
        pack,
        onset=one.onset_date,
        sampled_at=one.sampled_at or one.reported_at,
        confirmed_at=one.confirmed_at or one.reported_at,
        until=as_of,
    )
    figure = pack.figure(found.figure)
    return {
        "from": found.begin,
        "to": found.end,
        "rule_id": figure.rule_id,
        "verified": figure.verified,
    }


def _item(at: dt.datetime, kind: str, **more: object) -> dict[str, Any]:
    label = messages.label(f"timeline.{kind}")
    return {"at": at, "to": None, "kind": kind, "label": label} | more


def _timeline(one: cases.Case, window: dict[str, Any], as_of: dt.datetime) -> list[dict[str, Any]]:
    items = [
        _item(window["from"], "exposure_window", to=window["to"]),
        _item(one.reported_at, "reported"),
    ]
    if one.onset_date:
        items.append(_item(start_of_day(one.onset_date), "onset"))
    if one.sampled_at:
        items.append(_item(one.sampled_at, "sample"))
    if one.confirmed_at:
        items.append(_item(one.confirmed_at, "confirmed"))
    items += _visits(one, window, as_of)
    return sorted(items, key=lambda item: (item["at"], item["kind"]))


def _visits(one: cases.Case, window: dict[str, Any], as_of: dt.datetime) -> list[dict[str, Any]]:
    rows = places.visits(
        one.person,
        first=beijing_day(window["from"]),
        last=beijing_day(window["to"]),
        known_at=as_of,
    )
    named = places.by_key({row["place"] for row in rows})
    return [
        _item(
            row["time_in"],
            "visit",
            to=row["time_out"],
            place=named.get(row["place"]),
            # No leaving time was sent; the engine's estimate is not a fact of this page.
            imputed=row["time_out"] is None,
        )
        for row in rows
    ]


def _candidates(one: cases.Case, scope: Scope, as_of: dt.datetime) -> list[dict[str, Any]]:
    """Cases whose contact this person was."""
    rows = list(contacts.infectors(one.person, scope=scope, as_of=as_of)[:20])
    numbers = cases.numbers([row.case_id for row in rows])
    return [
        {
            "case_id": row.case_id,
            "case_no": numbers[row.case_id],
            "reason": messages.label(
                # Minutes at home are recorded nowhere: none means that they live together.
                "case.candidate" if row.minutes else "case.candidate_home",
                degree=row.degree,
                minutes=row.minutes,
                rule_id=row.rule_id,
            ),
        }
        for row in rows
        if row.case_id in numbers
    ]


def history(one: cases.Case) -> list[dict[str, Any]]:
    """Each change of the record: what was before and after, by whom, newest first."""
    events = cases.events(one)
    names = [f.name for f in one._meta.concrete_fields if f.name not in _UNTOLD]
    told, before = [], None
    for event in events:
        context = event.pgh_context.metadata if event.pgh_context else {}
        now = {name: getattr(event, _column(name)) for name in names}
        changes = {
            name: [_plain(before[name]) if before else None, _plain(value)]
            for name, value in now.items()
            if before is None or before[name] != value
        }
        told.append(
            {
                "at": context.get("at", event.pgh_created_at),
                "action": context.get("action", event.pgh_label),
                "by": context.get("by", ""),
                "changes": changes,
            }
        )
        before = now
    return told[::-1]


def _column(name: str) -> str:
    return "unit_id" if name == "unit" else name


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def _clocks(one: cases.Case, then: clocks.Then) -> list[dict[str, Any]]:
    """The case's clocks, whoever must act."""
    return [
        {
            "id": clock.pk,
            "clock": clock.clock,
            "rule_id": kind.rule_id,
            "name": kind.name,
            "due_at": clock.due_at,
            "state": clocks.state_then(clock, then),
        }
        for clock, kind in clocks.of_subject("case", one.pk, then=then)
    ]
