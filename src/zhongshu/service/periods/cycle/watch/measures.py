"""Measures in force: people kept apart, and areas kept closed, longer or larger than allowed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from zhongshu.kernel.time import DAY
from zhongshu.rules import isolation, judge, zones
from zhongshu.rules.judge import Judgement
from zhongshu.service.findings.facade import Found
from zhongshu.service.kit.text import Text
from zhongshu.service.periods.cycle.areas import facts as evidence
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.watch import standing
from zhongshu.service.periods.cycle.watch.finding import (
    Kind,
    by_edition,
    by_rule,
    found_as,
    in_force_since,
)
from zhongshu.service.periods.cycle.watch.standing import Area
from zhongshu.service.periods.cycle.words import say


def contacts(frame: Frame) -> list[Found]:
    """People still apart whose days are over, or whom this edition does not isolate at all."""
    known = standing.known_contacts(frame).filter(
        (pl.col("state") == "isolating") & ~pl.col("is_case")
    )
    last = (
        known.sort("ends_on", "contact_id", nulls_last=False)
        .group_by("person")
        .last()
        .sort("person")
    )
    over = last.filter(pl.col("ends_on").is_null() | (pl.col("ends_on") < frame.today))
    return [_contact(frame, row) for row in over.iter_rows(named=True)]


def _contact(frame: Frame, row: dict[str, Any]) -> Found:
    facts = {"degree": row["degree"], "last_exposure": row["last_exposure"], "now": frame.as_of}
    judged = isolation.judge_days(frame.pack, "contact", facts, on=frame.today)
    ends: dt.date | None = row["ends_on"]
    since = ends + DAY if ends is not None else in_force_since(frame.pack)
    told = {
        "degree": row["degree"],
        "ends_on": ends,
        "days": max(0, (frame.today - since).days),
    }
    text = (
        say("finding.contact_past", ends=ends.isoformat())
        if ends is not None
        else say("finding.contact_no_rule", pack=frame.pack.version)
    )
    return found_as(
        frame,
        Kind.MEASURE_PAST_RELEASE,
        ("contact", str(row["contact_id"])),
        judged or by_edition(frame.pack, facts),
        label=say("finding.label.contact", id=row["contact_id"], degree=row["degree"]),
        text=text,
        unit=row["unit"],
        since=since,
        facts=told,
    )


def areas(frame: Frame) -> list[Found]:
    """Areas open past their release, larger than allowed, or of a level this edition ended."""
    known, places = zones.levels(frame.pack), standing.areas(frame)
    wide = bool(places) and bool(known) and evidence.spread_is_wide(frame)
    found = []
    for area in places:
        if area.level not in known:
            found.append(_abolished(frame, area))
            continue
        if area.releasable_on is not None and area.releasable_on < frame.today:
            found.append(_open_too_long(frame, area, area.releasable_on))
        larger = zones.too_large(
            frame.pack, {"level": area.level, "unit": area.kind}, wide_spread=wide
        )
        if larger.held:
            found.append(_too_large(frame, area, larger))
    return found


def _area_words(frame: Frame, area: Area) -> Text:
    level = say(f"level.{area.level}")
    return say("finding.label.zone", unit=frame.name(area.unit), level=level)


def _open_too_long(frame: Frame, area: Area, since: dt.date) -> Found:
    facts = {"level": area.level, "releasable_on": since, "now": frame.as_of}
    figure = frame.pack.figure("zone.max_days_past_release")
    judged = by_rule(frame.pack, figure.rule_id, facts) or judge.of_figure(
        frame.pack, figure.key, facts=facts
    )
    return found_as(
        frame,
        Kind.MEASURE_PAST_RELEASE,
        ("zone", str(area.zone_id)),
        judged,
        label=_area_words(frame, area),
        text=say("finding.zone_past", since=since.isoformat(), residents=area.residents),
        unit=area.unit,
        since=since,
        facts={"residents": area.residents, "days": (frame.today - since).days},
    )


def _abolished(frame: Frame, area: Area) -> Found:
    since = in_force_since(frame.pack)
    facts = {"level": area.level, "now": frame.as_of}
    rules = [
        r.rule_id for r in frame.pack.rules.values() if r.logic and r.logic.of == zones.SUBJECT
    ]
    judged = next(
        (one for rule in rules if (one := by_rule(frame.pack, rule, facts)) is not None), None
    )
    return found_as(
        frame,
        Kind.MEASURE_PAST_RELEASE,
        ("zone", str(area.zone_id)),
        judged or by_edition(frame.pack, facts),
        label=_area_words(frame, area),
        text=say("finding.zone_abolished", pack=frame.pack.version),
        unit=area.unit,
        since=since,
        facts={"residents": area.residents, "days": (frame.today - since).days},
    )


def _too_large(frame: Frame, area: Area, judged: Judgement) -> Found:
    largest = str(judged.outcome["value"])
    return found_as(
        frame,
        Kind.ZONE_TOO_LARGE,
        ("zone", str(area.zone_id)),
        judged,
        label=_area_words(frame, area),
        text=say(
            "finding.zone_too_large",
            unit=say(f"unit.{area.kind}"),
            largest=say(f"unit.{largest}"),
            residents=area.residents,
        ),
        unit=area.unit,
        since=max(area.since or frame.today, in_force_since(frame.pack)),
        facts={"unit": area.kind, "largest": largest, "residents": area.residents},
    )
