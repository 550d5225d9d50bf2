"""Areas in force as the rules see them: the facts of the subject ``zone``, from cases, contacts
and tests, and what the pack's release rules say of each.  The engine advises, these decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from zhongshu.kernel import tables
from zhongshu.rules import judgement, zones
from zhongshu.rules.judge import Judgement
from zhongshu.rules.model import Pack
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.periods.cycle.areas.facts import Facts
from zhongshu.service.periods.cycle.frame import Frame

_BEIJING = "Asia/Shanghai"
# Facts that come from the contacts of an area's cases; gathered where the edition asks for them.
_OF_CONTACTS = {"last_exposure_on", "contacts_negative", "contacts_open"}
Row = Mapping[str, Any]


def judged(frame: Frame, facts: Facts, rows: Sequence[Row]) -> dict[str, Judgement]:
    """Unit to what the pack's rules say of leaving its level, for the areas in force among
    `rows` (of the engine) whose edition has such rules."""
    if not _has_rules(frame.pack):
        return {}
    in_force = [row for row in rows if row["was"] in zones.levels(frame.pack)]
    asked = _asked(frame.pack)
    told = subjects(frame, facts, in_force, contacts_too=bool(asked & _OF_CONTACTS))
    return {unit: zones.judge_step(frame.pack, one) for unit, one in told.items()}


def _has_rules(pack: Pack) -> bool:
    return any(
        rule.logic.release is not None
        for rule in judgement.judging(pack, zones.SUBJECT)
        if rule.logic
    )


def _asked(pack: Pack) -> set[str]:
    """Facts the zone rules and their releases name."""
    names: set[str] = set()
    for rule in judgement.judging(pack, zones.SUBJECT):
        assert rule.logic is not None
        names |= judgement.names(rule.logic.when)
        for one in rule.logic.release.conditions if rule.logic.release else ():
            names |= judgement.names(one.when)
    return names


def subjects(
    frame: Frame, facts: Facts, rows: Sequence[Row], *, contacts_too: bool
) -> dict[str, dict[str, Any]]:
    """Unit to the facts of the subject ``zone``.

    last_case_on is the later of the last case inside and the day the level began: an area whose
    cases were all found before it was drawn waits its days from the drawing.
    """
    began = {row["unit_code"]: row for row in facts.zones.iter_rows(named=True)}
    followed = _contacts(frame, _case_ids(frame, facts, rows)) if contacts_too else None
    found = {}
    for row in rows:
        unit = row["unit_code"]
        zone = began.get(unit)
        if zone is None:
            continue
        inside = _inside(frame, facts.cases, unit)
        community = inside.filter(~pl.col("in_quarantine"))
        since = zone["since"]
        one: dict[str, Any] = {
            "level": row["was"],
            "unit": row["kind"],
            "after_high": bool(zone["stepped"]),
            "level_since": since,
            "last_case_on": _later(inside, since),
            "last_open_case_on": _later(community, since),
            "all_negative_on": _all_negative(facts.coverage, unit),
            "cases_since_drawn": inside.filter(pl.col("confirmed_on") > since).height,
            "positives_since_level": inside.filter(pl.col("confirmed_on") > since).height,
            "residents": row["residents"],
            "now": frame.as_of,
        }
        if followed is not None:
            one |= _of_contacts(followed, row["case_ids"], inside["case_id"].to_list())
        found[unit] = one
    return found


def _inside(frame: Frame, cases: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Cases living in the unit or below it."""
    path = frame.tree.get(unit).path if unit in frame.tree else unit
    lives = [
        code == unit or (code in frame.tree and frame.tree.get(code).path.startswith(path))
        for code in cases["unit_code"]
    ]
    return cases.filter(pl.Series(lives, dtype=pl.Boolean))


def _later(inside: pl.DataFrame, since: Any) -> Any:
    return max([since, *inside["confirmed_on"].drop_nulls().to_list()])


def _all_negative(coverage: pl.DataFrame, unit: str) -> Any:
    """The last day on which everybody inside had been tested in one round and was negative."""
    complete = coverage.filter(
        (pl.col("unit_code") == unit)
        & (pl.col("inside") > 0)
        & (pl.col("tested") >= pl.col("inside"))
        & (pl.col("positive") == 0)
    )
    return complete["date"].max()


def _case_ids(frame: Frame, facts: Facts, rows: Sequence[Row]) -> list[int]:
    """The cases of these areas: their evidence, and those who live inside."""
    inside = (_inside(frame, facts.cases, row["unit_code"])["case_id"].to_list() for row in rows)
    return sorted({case for row in rows for case in row["case_ids"]}.union(*inside))


def _contacts(frame: Frame, case_ids: Sequence[int]) -> pl.DataFrame:
    """Close contacts of these cases with their last exposure and whether a negative result came
    after it.  Tests are read from the first of those exposures on: an earlier one says nothing."""
    known = tables.frame(contacts.known(frame.as_of))
    close = known.filter(
        (pl.col("degree") == 1) & ~pl.col("is_case") & pl.col("case_id").is_in(case_ids)
    )
    days = close["last_exposure"].dt.convert_time_zone(_BEIJING).dt.date()
    first: dt.date = min([frame.today, *days.drop_nulls().unique()])
    tests = tables.frame(frame.lake.tests(first, frame.today, known_at=frame.as_of))
    last = (
        tests.sort("sampled_at")
        .group_by("person")
        .agg(pl.col("sampled_at").last(), pl.col("result").last())
    )
    return close.join(last, on="person", how="left").select(
        "case_id",
        "person",
        "state",
        pl.col("last_exposure").dt.convert_time_zone(_BEIJING).dt.date().alias("day"),
        ((pl.col("result") == "negative") & (pl.col("sampled_at") > pl.col("last_exposure")))
        .fill_null(value=False)
        .alias("negative"),
    )


def _of_contacts(
    followed: pl.DataFrame, evidence: Sequence[int], inside: Sequence[int]
) -> dict[str, Any]:
    """Of the close contacts of the area's cases: the last exposure, whether all are negative."""
    mine = followed.filter(pl.col("case_id").is_in(sorted({*evidence, *inside})))
    return {
        "last_exposure_on": mine["day"].max(),
        "contacts_negative": bool(mine["negative"].all()),
        "contacts_open": mine.filter(pl.col("state").is_in(["confirmed", "isolating"])).height,
    }
