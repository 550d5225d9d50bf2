"""What the zoning engine is told: cases, stays, units, zones in force, tests, homes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping

import polars as pl
import pyarrow as pa

from zhongshu.engines.zoning import coverage, model
from zhongshu.kernel import tables
from zhongshu.kernel.divisions import Level
from zhongshu.kernel.time import DAY
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.zones import facade as zones

_BEIJING = "Asia/Shanghai"
# A case that was already kept apart when found carries no risk outside.
APART = ("isolating",)


@dataclasses.dataclass(frozen=True)
class Facts:
    """The engine's tables as frames; schemas in `zoning.model`.

    wide_spread: some county has so many recent community cases that it is coloured high.
    county_of: unit -> county.  county_people: county -> (people, households) registered.
    """

    cases: pl.DataFrame
    exposures: pl.DataFrame
    units: pl.DataFrame
    zones: pl.DataFrame
    coverage: pl.DataFrame
    homes: pl.DataFrame
    county_of: Mapping[str, str]
    county_people: Mapping[str, tuple[int, int]]
    place_names: Mapping[int, str]
    wide_spread: bool

    def tables(self) -> dict[str, pa.Table]:
        schemas = {
            "cases": model.CASES,
            "exposures": model.EXPOSURES,
            "units": model.UNITS,
            "zones": model.ZONES,
            "coverage": model.COVERAGE,
            "homes": model.HOMES,
        }
        return {
            name: getattr(self, name).select(schema.names).to_arrow().cast(schema)
            for name, schema in schemas.items()
        }

    def within(self, county: str) -> Facts:
        """Only what lies in one county, and the cases seen there."""
        units = [unit for unit, inside in self.county_of.items() if inside == county]
        here = pl.col("unit_code").is_in(units)
        stays = self.exposures.filter(here)
        return dataclasses.replace(
            self,
            cases=self.cases.filter(here | pl.col("case_id").is_in(stays["case_id"].implode())),
            exposures=stays,
            units=self.units.filter(here).with_columns(
                pl.when(pl.col("kind") == "county").then(None).otherwise("parent").alias("parent")
            ),
            zones=self.zones.filter(here),
            coverage=self.coverage.filter(here),
            homes=self.homes.filter(here),
        )


def gather(frame: Frame) -> Facts:
    """Everything known at the run's moment."""
    homes = tables.frame(people.households())
    villages = tables.frame(people.villages())
    units = _units(frame, villages)
    places = tables.frame(frame.lake.places())
    county_of = {
        code: county for code in units["unit_code"] if (county := frame.county(code)) is not None
    }
    counties = units.filter(pl.col("kind") == "county")
    in_force = _zones(frame)
    known = _cases(frame)
    return Facts(
        cases=known,
        wide_spread=_wide_spread(frame, known, county_of),
        exposures=_exposures(frame, places),
        units=units,
        zones=in_force,
        coverage=_coverage(frame, homes, in_force),
        homes=homes.unique("household").select(pl.col("unit").alias("unit_code"), "lon", "lat"),
        county_of=county_of,
        county_people={
            row["unit_code"]: (row["people"], row["households"])
            for row in counties.iter_rows(named=True)
        },
        place_names=dict(zip(places["place"], places["name"], strict=True)),
    )


def _cases(frame: Frame) -> pl.DataFrame:
    known = tables.frame(contacts.known(frame.as_of))
    apart = known.filter(pl.col("state").is_in(APART))["person"].unique()
    return tables.frame(cases.open_cases(frame.as_of)).select(
        "case_id",
        "person",
        pl.col("unit").alias("unit_code"),
        pl.col("onset_date").alias("onset"),
        pl.col("confirmed_at").dt.convert_time_zone(_BEIJING).dt.date().alias("confirmed_on"),
        pl.col("person").is_in(apart.implode()).alias("in_quarantine"),
        (pl.col("found_by") == "arrival").fill_null(value=False).alias("imported"),
    )


def _wide_spread(frame: Frame, known: pl.DataFrame, county_of: Mapping[str, str]) -> bool:
    first = frame.today - frame.pack.number("zone.county.window_days") * DAY
    community = known.filter(
        (pl.col("confirmed_on") > first) & ~pl.col("in_quarantine") & ~pl.col("imported")
    )
    counted = Counter(county_of.get(unit) for unit in community["unit_code"])
    return max(counted.values(), default=0) >= frame.pack.number("zone.county.high_cases")


def spread_is_wide(frame: Frame) -> bool:
    """As `Facts.wide_spread`, without gathering the rest."""
    known = _cases(frame)
    counties = {unit: frame.county(unit) for unit in known["unit_code"].unique()}
    return _wide_spread(
        frame, known, {unit: county for unit, county in counties.items() if county is not None}
    )


def _exposures(frame: Frame, places: pl.DataFrame) -> pl.DataFrame:
    return tables.frame(contacts.stays(frame.as_of)).join(
        places.select("place", pl.col("village_code").alias("unit_code")), on="place", how="left"
    )


def _units(frame: Frame, villages: pl.DataFrame) -> pl.DataFrame:
    """Villages with residents, and the townships and counties above them, people added up."""
    rows: dict[str, list[int]] = {}
    for row in villages.iter_rows(named=True):
        code: str | None = row["village_code"]
        while code is not None and code in frame.tree:
            unit = frame.tree.get(code)
            if unit.level < Level.COUNTY:
                break
            people_households = rows.setdefault(code, [0, 0])
            people_households[0] += row["residents"]
            people_households[1] += row["households"]
            code = unit.parent
    # Counties without anybody registered still get a colour.
    for unit in frame.tree:
        if unit.level == Level.COUNTY and not unit.zone:
            rows.setdefault(unit.code, [0, 0])
    kinds = {Level.VILLAGE: "village", Level.TOWNSHIP: "township", Level.COUNTY: "county"}
    return pl.DataFrame(
        [
            {
                "unit_code": code,
                "kind": kinds[frame.tree.get(code).level],
                "parent": _parent(frame, code),
                "people": people_,
                "households": households,
            }
            for code, (people_, households) in sorted(rows.items())
        ],
        schema={
            "unit_code": pl.String,
            "kind": pl.String,
            "parent": pl.String,
            "people": pl.Int64,
            "households": pl.Int64,
        },
    )


def _parent(frame: Frame, code: str) -> str | None:
    unit = frame.tree.get(code)
    return unit.parent if unit.level > Level.COUNTY else None


def _zones(frame: Frame) -> pl.DataFrame:
    """Risk areas in force.  A level that began after the area did was stepped down to."""
    current = tables.frame(zones.current(frame.as_of)).filter(
        (pl.col("kind") == "risk_area")
        & (pl.col("state") == "active")
        & pl.col("level").is_in(["high", "medium"])
    )
    began = pl.col("activated_at").dt.convert_time_zone(_BEIJING).dt.date()
    return current.select(
        pl.col("unit").alias("unit_code"),
        "level",
        "since",
        (pl.col("since") > began).alias("stepped"),
    )


def _coverage(frame: Frame, homes: pl.DataFrame, zones_: pl.DataFrame) -> pl.DataFrame:
    """Tests of everybody who lives in an area in force, by area and day, as known now.

    A round may run over midnight: who was sampled on either day has taken part.
    """
    members = homes.filter(pl.col("unit").is_in(zones_["unit_code"].implode()))
    days = math.ceil(frame.pack.number("test.round_hours") / 24) + 1
    # A release asks for negatives since its level began, or since the last case after that; the
    # round of the first day may have begun before it.
    began: dt.date = min([frame.today, *zones_["since"].drop_nulls()])
    first = began - (days - 1) * DAY
    tests = tables.frame(frame.lake.tests(first, frame.today, known_at=frame.as_of))
    taken = tests.select(
        "person",
        pl.col("sampled_at").dt.convert_time_zone(_BEIJING).dt.date().alias("date"),
        (pl.col("result") == "positive").alias("positive"),
    )
    return tables.frame(
        coverage.rounds(
            taken.to_arrow().cast(coverage.TESTS),
            members.select("person", pl.col("unit").alias("unit_code"))
            .to_arrow()
            .cast(coverage.MEMBERS),
            window_days=days,
        )
    )
