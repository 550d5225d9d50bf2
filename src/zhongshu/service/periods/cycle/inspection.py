"""Inspect: what stands against a rule today.  Findings open and resolve by themselves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.divisions import Level
from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.rules import colour, isolation, judge, zones
from zhongshu.rules.judge import Judgement
from zhongshu.rules.model import Pack
from zhongshu.service.codes import facade as codes
from zhongshu.service.findings import facade as findings
from zhongshu.service.findings.facade import Found
from zhongshu.service.kit.text import Text
from zhongshu.service.people import facade as people
from zhongshu.service.periods.cycle import codes as coloured
from zhongshu.service.periods.cycle import standing, zonefacts
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.standing import Area
from zhongshu.service.periods.cycle.words import say

Kind = findings.Finding.Kind
# Today's results come in until tomorrow: both days are looked at.
_DAYS = 2
# A round counts as region-wide by the share of a township's residents sampled on one day.
_REGION_SHARE = "test.region_wide_share_pct"


def run(frame: Frame) -> Outcome:
    """Look at every measure, area, test and colour in force, and keep the register of findings."""
    places = standing.areas(frame)
    found = [
        *_contacts(frame),
        *_areas(frame, places),
        *_codes(frame),
        *_tests(frame),
    ]
    changed = findings.take(found=found, kinds=list(Kind), run_id=frame.run_id, as_of=frame.as_of)
    kinds = Counter(one.kind for one in found)
    return Outcome(
        {"findings": len(found), **{str(k): n for k, n in sorted(kinds.items())}, **changed}
    )


def _one(
    frame: Frame,
    kind: Kind,
    subject: tuple[str, str],
    judged: Judgement,
    *,
    label: Text,
    text: Text,
    unit: str,
    since: dt.date,
    facts: dict[str, Any],
) -> Found:
    rule = frame.pack.rules.get(judged.rule_id)
    return Found(
        kind=kind.value,
        subject=subject,
        label=label,
        text=text,
        unit=unit,
        rule_id=judged.rule_id,
        verified=rule is not None and rule.verified,
        pack_version=frame.pack.version,
        since=since,
        facts=judge.plain(facts),
        judgement=judged.stored(),
    )


def _contacts(frame: Frame) -> list[Found]:
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
    since = ends + DAY if ends is not None else _in_force_since(frame.pack)
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
    return _one(
        frame,
        Kind.MEASURE_PAST_RELEASE,
        ("contact", str(row["contact_id"])),
        judged or _edition(frame.pack, facts),
        label=say("finding.label.contact", id=row["contact_id"], degree=row["degree"]),
        text=text,
        unit=row["unit"],
        since=since,
        facts=told,
    )


def _in_force_since(pack: Pack) -> dt.date:
    """The day from which this very version decides."""
    return max([pack.effective_from, *(one.effective_from for one in pack.amendments)])


def _edition(pack: Pack, facts: dict[str, Any]) -> Judgement:
    """The rule by which this edition isolates contacts, or not: for somebody it says nothing of."""
    for rule_id in ("ISO-3", "WHO-6", "ISO-1"):
        if rule_id in pack.rules:
            return judge.of_words(pack, rule_id, facts=facts)
    return judge.of_words(pack, next(iter(pack.rules)), facts=facts)


def _areas(frame: Frame, places: list[Area]) -> list[Found]:
    """Areas open past their release, larger than allowed, or of a level this edition ended."""
    known = zones.levels(frame.pack)
    wide = bool(places) and bool(known) and zonefacts.spread_is_wide(frame)
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
    judged = _by_rule(frame.pack, figure.rule_id, facts) or judge.of_figure(
        frame.pack, figure.key, facts=facts
    )
    return _one(
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


def _by_rule(pack: Pack, rule_id: str, facts: dict[str, Any]) -> Judgement | None:
    """The rule's own judgement, where it has logic and holds of these facts."""
    if rule_id not in pack.rules or pack.rules[rule_id].logic is None:
        return None
    judged = judge.judge(pack, rule_id, facts)
    return judged if judged.held else None


def _abolished(frame: Frame, area: Area) -> Found:
    since = _in_force_since(frame.pack)
    facts = {"level": area.level, "now": frame.as_of}
    rules = [
        r.rule_id for r in frame.pack.rules.values() if r.logic and r.logic.of == zones.SUBJECT
    ]
    judged = next(
        (one for rule in rules if (one := _by_rule(frame.pack, rule, facts)) is not None), None
    )
    return _one(
        frame,
        Kind.MEASURE_PAST_RELEASE,
        ("zone", str(area.zone_id)),
        judged or _edition(frame.pack, facts),
        label=_area_words(frame, area),
        text=say("finding.zone_abolished", pack=frame.pack.version),
        unit=area.unit,
        since=since,
        facts={"residents": area.residents, "days": (frame.today - since).days},
    )


def _too_large(frame: Frame, area: Area, judged: Judgement) -> Found:
    largest = str(judged.outcome["value"])
    return _one(
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
        since=max(area.since or frame.today, _in_force_since(frame.pack)),
        facts={"unit": area.kind, "largest": largest, "residents": area.residents},
    )


def _codes(frame: Frame) -> list[Found]:
    """Colours no epidemic rule of the edition supports now, shown past their end or never earned.

    Those the cycle set itself end when their rule does; what is found here came from outside.
    """
    shown = codes.open_codes(frame.as_of)
    outside = shown.filter(pc.not_equal(shown["set_by"], "cycle"))
    outside = outside.filter(pc.not_equal(outside["colour"], colour.GREEN))
    if outside.num_rows == 0:
        return []
    asked = coloured.persons(frame)
    earned = set(coloured.coloured(frame, asked)["person"].to_pylist())
    rows = [row for row in outside.to_pylist() if row["person"] not in earned]
    return [_code(frame, row) for row in rows]


def _code(frame: Frame, row: dict[str, Any]) -> Found:
    until = row["until"]
    if until is not None and until <= frame.as_of:
        kind, since, key = Kind.MEASURE_PAST_RELEASE, beijing_day(until), "finding.code_past"
    else:
        kind, since, key = Kind.COLOUR_WITHOUT_REASON, beijing_day(row["since"]), "finding.code"
    facts = {
        "colour": row["colour"],
        "colour_rule_id": row["rule_id"] or None,
        "colour_manual": True,
        "now": frame.as_of,
    }
    return _one(
        frame,
        kind,
        ("code", str(row["code_id"])),
        _colour_rule(frame.pack, facts),
        label=say("finding.label.code", id=row["code_id"]),
        text=say(key, colour=say(f"code.{row['colour']}"), by=row["set_by"]),
        unit=row["unit"],
        since=since,
        facts={name: value for name, value in facts.items() if name != "now"}
        | {"set_by": row["set_by"]},
    )


def _colour_rule(pack: Pack, facts: dict[str, Any]) -> Judgement:
    """HC-2: a colour is set by an epidemic rule and for no other reason."""
    judged = _by_rule(pack, "HC-2", facts)
    if judged is not None:
        return judged
    if "HC-2" in pack.rules:
        return judge.of_words(pack, "HC-2", facts=facts)
    return _edition(pack, facts)


def _tests(frame: Frame) -> list[Found]:
    """People sampled more often on a day than allowed, and rounds of a region where forbidden."""
    most = frame.pack.get("test.max_per_day")
    first = frame.today - (_DAYS - 1) * DAY
    taken = pl.from_arrow(frame.lake.tests(first, frame.today, known_at=frame.as_of))
    assert isinstance(taken, pl.DataFrame)
    tests = taken.select(
        "person",
        "result",
        pl.col("sampled_at").dt.convert_time_zone("Asia/Shanghai").dt.date().alias("day"),
    )
    if tests.height == 0:
        return []
    found = [] if most is None else _doubled(frame, tests, int(frame.pack.number(most.key)))
    return found + _regions(frame, tests)


def _doubled(frame: Frame, tests: pl.DataFrame, most: int) -> list[Found]:
    """One finding a county and day.  Whoever had a positive or invalid result that day was
    collected again for it (T-13): that is no second round."""
    again = pl.col("result").is_in(["positive", "invalid"]).any()
    over = (
        tests.group_by("person", "day")
        .agg(pl.len().alias("tests"), again.alias("again"))
        .filter((pl.col("tests") > most) & ~pl.col("again"))
        .sort("day", "person")
    )
    if over.height == 0:
        return []
    lives = people.traits(pa.chunked_array([over["person"].to_arrow()]), fallback=frame.scope_unit)
    counties = [frame.county(unit) or frame.scope_unit for unit in lives["unit"].to_pylist()]
    rows = over.with_columns(pl.Series("county", counties, pl.String))
    grouped = rows.group_by("county", "day").agg(
        pl.len().alias("persons"), pl.col("tests").max().alias("most")
    )
    return [_double(frame, row) for row in grouped.sort("day", "county").iter_rows(named=True)]


def _double(frame: Frame, row: dict[str, Any]) -> Found:
    key = "test.max_per_day"
    facts = {"tests_today": row["most"], "persons": row["persons"], "day": row["day"]}
    rule_id = frame.pack.figure(key).rule_id
    judged = _by_rule(frame.pack, rule_id, facts) or judge.of_figure(frame.pack, key, facts=facts)
    return _one(
        frame,
        Kind.TEST_OVER_MAXIMUM,
        ("unit_day", f"{row['county']}:{row['day'].isoformat()}"),
        judged,
        label=say("finding.label.day", unit=frame.name(row["county"]), day=row["day"].isoformat()),
        text=say(
            "finding.tested_twice",
            limit=frame.pack.value(key),
            persons=row["persons"],
            most=row["most"],
        ),
        unit=row["county"],
        since=row["day"],
        facts=facts,
    )


def _regions(frame: Frame, tests: pl.DataFrame) -> list[Found]:
    """Townships most of whose residents were sampled on a day, where the edition forbids it."""
    allowed, share = frame.pack.get("test.region_wide_allowed"), frame.pack.get(_REGION_SHARE)
    if allowed is None or allowed.value or share is None:
        return []
    homes = pl.from_arrow(people.households())
    assert isinstance(homes, pl.DataFrame)
    lived = homes["unit"].unique().to_list()
    towns = pl.DataFrame(
        [{"unit": code, "town": _town(frame, code)} for code in lived],
        schema={"unit": pl.String, "town": pl.String},
    )
    lives = homes.select("person", "unit").join(towns, on="unit").drop_nulls("town")
    residents = lives.group_by("town").agg(pl.len().alias("residents"))
    sampled = (
        tests.select("person", "day")
        .unique()
        .join(lives, on="person")
        .group_by("town", "day")
        .agg(pl.len().alias("sampled"))
        .join(residents, on="town")
        .filter(100 * pl.col("sampled") >= frame.pack.number(share.key) * pl.col("residents"))
    )
    return [_region(frame, row) for row in sampled.sort("day", "town").iter_rows(named=True)]


def _town(frame: Frame, code: str) -> str | None:
    above = frame.tree.ancestor(code, Level.TOWNSHIP) if code in frame.tree else None
    return above.code if above is not None else None


def _region(frame: Frame, row: dict[str, Any]) -> Found:
    facts = {"sampled": row["sampled"], "residents": row["residents"], "day": row["day"]}
    judged = judge.of_figure(frame.pack, "test.region_wide_allowed", facts=facts)
    return _one(
        frame,
        Kind.TEST_OVER_MAXIMUM,
        ("unit_day", f"{row['town']}:{row['day'].isoformat()}"),
        judged,
        label=say("finding.label.day", unit=frame.name(row["town"]), day=row["day"].isoformat()),
        text=say("finding.region_tested", sampled=row["sampled"], residents=row["residents"]),
        unit=row["town"],
        since=row["day"],
        facts=facts,
    )
