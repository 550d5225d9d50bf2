"""What the zoning engine takes and gives: risk areas, their release, county colours.

An *area* is one unit (building, village, township ...) at one level.  Units come as one table with
a parent column, so the same engine draws villages under one edition and buildings under the next.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pyarrow as pa

from zhongshu.kernel.runcard import RunCard

VERSION = "1"
SECONDS = pa.timestamp("s", tz="UTC")

# Small to large.  A pack names the largest kind it allows.
KINDS = ("household", "building", "village", "township", "county")
LEVELS = ("low", "medium", "high")  # in rising order; an area is drawn at medium or high

# Inputs.
UNITS = pa.schema(
    [
        ("unit_code", pa.string()),
        ("kind", pa.string()),  # one of KINDS
        ("parent", pa.string()),  # nullable above the county
        ("people", pa.int64()),  # residents of the whole unit, smaller units included
        ("households", pa.int64()),
    ]
)
CASES = pa.schema(
    [
        ("case_id", pa.int64()),
        ("person", pa.int64()),
        ("unit_code", pa.string()),  # of the home; the smallest unit known; nullable
        ("onset", pa.date32()),  # nullable
        ("confirmed_on", pa.date32()),  # Beijing day; the day the clock restarts from
        ("in_quarantine", pa.bool_()),  # found while isolated: no risk outside
        ("imported", pa.bool_()),  # arrived with it and was found on arrival: not a local case
    ]
)
EXPOSURES = pa.schema(
    [
        ("case_id", pa.int64()),
        ("place", pa.int32()),
        ("unit_code", pa.string()),  # of the place; nullable
        ("time_from", SECONDS),
        ("time_to", SECONDS),
        ("minutes", pa.float64()),
        ("persons", pa.int64()),  # others met there
    ]
)
ZONES = pa.schema(  # those in force
    [
        ("unit_code", pa.string()),
        ("level", pa.string()),
        ("since", pa.date32()),  # since when at this level
        ("stepped", pa.bool_()),  # came down from high; else drawn at this level
    ]
)
COVERAGE = pa.schema(  # tests of everyone inside, one row per unit and day
    [
        ("unit_code", pa.string()),
        ("date", pa.date32()),
        ("inside", pa.int64()),  # people to be tested
        ("tested", pa.int64()),
        ("positive", pa.int64()),
    ]
)
HOMES = pa.schema([("unit_code", pa.string()), ("lon", pa.float64()), ("lat", pa.float64())])

# Results.
AREAS = pa.schema(
    [
        ("unit_code", pa.string()),
        ("kind", pa.string()),
        ("county_code", pa.string()),
        ("level", pa.string()),  # the level proposed; for release: the level left
        ("was", pa.string()),  # the level in force, null for a new area
        ("action", pa.string()),  # draw | raise | keep | prolong | step_down | release
        ("since", pa.date32()),
        ("rule_id", pa.string()),
        ("reasons", pa.list_(pa.string())),  # codes, see REASONS below
        ("case_ids", pa.list_(pa.int64())),
        ("places", pa.list_(pa.int32())),
        ("window_from", SECONDS),  # of the exposures, null without any
        ("window_to", SECONDS),
        ("residents", pa.int64()),
        ("households", pa.int64()),
        ("days", pa.float64()),  # expected until free of restriction, if no case comes
        ("person_days", pa.float64()),  # residents x strictness x days, level by level
        ("clean_days", pa.int32()),  # counted by the pack's convention; null for a new area
        ("earliest_release", pa.date32()),  # of the next step, if no case comes
        ("overdue_days", pa.int32()),  # days the step has been possible and not taken
    ]
)
CONDITIONS = pa.schema(
    [
        ("unit_code", pa.string()),
        ("rule_id", pa.string()),
        ("code", pa.string()),  # clean_days | all_negative
        ("needed", pa.int64()),  # days; people inside
        ("have", pa.int64()),  # clean days; people tested negative
        ("met", pa.bool_()),
        ("due_on", pa.date32()),  # when it can be met at the earliest
    ]
)
COUNTIES = pa.schema(
    [
        ("county_code", pa.string()),
        ("colour", pa.string()),  # high | medium | low | none
        ("local_cases", pa.int64()),  # within the look-back, imported ones not counted
        ("community_cases", pa.int64()),  # of them not found in quarantine
        ("areas_high", pa.int64()),
        ("areas_medium", pa.int64()),
        ("residents_restricted", pa.int64()),
        ("person_days", pa.float64()),
        ("low_zone", pa.bool_()),  # the rest of the county is a low-risk zone
        ("rule_id", pa.string()),
    ]
)
WITHHELD = pa.schema(  # what was not drawn, and why
    [
        ("unit_code", pa.string()),  # null when unknown
        ("level", pa.string()),
        ("reason", pa.string()),  # no_local_case | unit_too_large | unit_unknown
        ("rule_id", pa.string()),
        ("case_ids", pa.list_(pa.int64())),
        ("places", pa.list_(pa.int32())),
    ]
)
ALTERNATIVES = pa.schema(
    [
        ("key", pa.string()),  # homes | chosen | township | county
        ("areas", pa.int64()),
        ("people", pa.int64()),
        ("person_days", pa.float64()),
        ("evidence_share", pa.float64()),  # of the evidence weight inside the areas
        ("in_pack", pa.bool_()),  # not larger than the largest unit allowed
        ("chosen", pa.bool_()),
    ]
)
SHAPES = pa.schema([("unit_code", pa.string()), ("geojson", pa.string())])

REASONS = (
    "home_of_case",  # Z9-1: a case lives there
    "place_high",  # busy place with a case
    "place_medium",  # a case stayed some time
    "several_cases_at_place",
    "new_case_inside",  # the clock starts again
    "clean_and_negative",  # the release conjunction holds
    "clean",  # the same where the rule asks for days only
    "level_abolished",  # the edition in force knows no such level
    "waits_for_days",
    "waits_for_tests",
)


@dataclasses.dataclass(frozen=True)
class LevelRule:
    """How a level is drawn and left.

    largest_unit: one of KINDS; no area is larger.
    clean_days: without a new infection before the next step.
    stepped_days: the same for an area that came down to this level (None: clean_days).
    steps_to: the level below, or None when the area is then free.
    all_negative: everyone inside must also have tested negative, at most
    `negative_within_days` before the last clean day.
    strictness: weight of a person-day at this level (1 = may not leave the home).
    """

    rule_id: str
    largest_unit: str
    clean_days: int
    steps_to: str | None
    strictness: float
    stepped_days: int | None = None
    all_negative: bool = True
    negative_within_days: int = 0


@dataclasses.dataclass(frozen=True)
class PlaceRule:
    """A place counts when cases spent `minutes` there and met `persons`, or `cases` were there."""

    minutes: float
    persons: int
    cases: int


@dataclasses.dataclass(frozen=True)
class ColourRule:
    """County colour by community cases within `days`; 1 local case or an open area gives low."""

    rule_id: str
    days: int
    high_cases: int
    medium_cases: int


@dataclasses.dataclass(frozen=True)
class ZoneRules:
    """The pack's zoning rules.

    medium: None where the edition knows only high and low; places then count as high only.
    lookback_days: evidence older than this draws nothing.
    first_day: 0 when the day after the anchor is clean day 1, 1 when the anchor day counts.
    quarantined_restart: whether a case found in quarantine restarts the clock of its home area.
    shape_buffer_m: drawn around the outermost homes.
    """

    high: LevelRule
    medium: LevelRule | None
    place_high: PlaceRule
    place_medium: PlaceRule | None
    colour: ColourRule
    local_case_rule_id: str
    lookback_days: int
    first_day: int
    quarantined_restart: bool
    shape_buffer_m: float

    def level(self, name: str) -> LevelRule | None:
        return {"high": self.high, "medium": self.medium}.get(name)


@dataclasses.dataclass(frozen=True)
class ZoningResult:
    """areas: one row per new or existing area, releases included.  chosen: key in alternatives."""

    areas: pa.Table
    conditions: pa.Table
    counties: pa.Table
    withheld: pa.Table
    alternatives: pa.Table
    shapes: pa.Table
    totals: Mapping[str, float]
    card: RunCard
