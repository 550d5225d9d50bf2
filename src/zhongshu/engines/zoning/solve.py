"""Risk areas and county colours of one day: the smallest the pack allows, and how they end."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.engines.zoning import areas, compare, counties, evidence, model, shape
from zhongshu.engines.zoning.areas import Facts, Row
from zhongshu.engines.zoning.units import Units
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash


def draw(
    *,
    cases: pa.Table,
    exposures: pa.Table,
    units: pa.Table,
    zones: pa.Table,
    coverage: pa.Table,
    homes: pa.Table,
    rules: model.ZoneRules,
    on: dt.date,
) -> model.ZoningResult:
    """Areas to draw, keep, raise, step down or release on the day `on`.

    Tables: schemas in model (CASES, EXPOSURES, UNITS, ZONES in force, COVERAGE, HOMES), holding
    what was known at the time asked about.  Every area in force appears exactly once; evidence
    that draws nothing is in `withheld` with the rule.  Refuses broken units, and zones in force
    that begin after `on` or lie in unknown units.
    Does not: judge an area by eye, or choose between several ways of cutting a village.
    """
    tree = Units(units)
    in_force = _in_force(zones, tree, on)
    findings = evidence.collect(cases, exposures, rules, on=on)
    candidates, withheld = evidence.gather(findings, tree, rules, existing=set(in_force))
    facts = Facts(
        units=tree,
        rules=rules,
        on=on,
        cases=_by_unit(cases, tree, set(in_force), on),
        coverage=_coverage(coverage),
    )
    reviewed = [areas.review(zone, candidates.get(code), facts) for code, zone in in_force.items()]
    rows = [row for row, _ in reviewed]
    rows += [areas.draw(found, facts) for code, found in candidates.items() if code not in in_force]
    conditions = [condition for _, group in reviewed for condition in group]
    shown = {row["unit_code"] for row in rows if row["action"] != "release"}
    codes = [row["unit_code"] for row in units.to_pylist() if row["kind"] == "county"]
    county_table = counties.colours(codes, rows, cases, tree, rules, on=on)
    return model.ZoningResult(
        areas=pa.Table.from_pylist(rows, schema=model.AREAS),
        conditions=pa.Table.from_pylist(conditions, schema=model.CONDITIONS),
        counties=county_table,
        withheld=withheld,
        alternatives=compare.alternatives(rows, findings.pairs, tree, rules),
        shapes=shape.outlines(homes, shown, buffer_m=rules.shape_buffer_m),
        totals=_totals(rows),
        card=RunCard(
            engine="zoning.draw",
            version=model.VERSION,
            parameters={**dataclasses.asdict(rules), "on": on.isoformat()},
            inputs={
                "cases": table_hash(cases),
                "exposures": table_hash(exposures),
                "units": table_hash(units),
                "zones": table_hash(zones),
                "coverage": table_hash(coverage),
            },
        ),
    )


def _in_force(zones: pa.Table, tree: Units, on: dt.date) -> dict[str, Row]:
    tables.require(zones, "zones", model.ZONES.names)
    rows = zones.to_pylist()
    for row in rows:
        if tree.get(row["unit_code"]) is None or row["level"] not in ("medium", "high"):
            raise BadInput(
                "zoning.bad_zone",
                f"The zone in force {row['unit_code']} ({row['level']}) lies in no known unit "
                "or is neither medium nor high.",
                unit_code=row["unit_code"],
            )
        if row["since"] > on:
            raise BadInput(
                "zoning.zone_from_the_future",
                f"The zone {row['unit_code']} begins on {row['since']}, after {on}.",
                unit_code=row["unit_code"],
            )
    if len({row["unit_code"] for row in rows}) < len(rows):
        raise BadInput("zoning.zone_twice", "A unit has two zones in force; end one of them.")
    return {row["unit_code"]: row for row in rows}


def _by_unit(cases: pa.Table, tree: Units, codes: set[str], on: dt.date) -> dict[str, list[Row]]:
    """Cases living inside each of `codes`."""
    found: dict[str, list[Row]] = {}
    for row in cases.to_pylist():
        if row["confirmed_on"] <= on:
            for unit in tree.line(row["unit_code"]):
                if unit.code in codes:
                    found.setdefault(unit.code, []).append(row)
    return found


def _coverage(table: pa.Table) -> dict[str, list[Row]]:
    tables.require(table, "coverage", model.COVERAGE.names)
    tables.not_negative(table, "coverage", ["inside", "tested", "positive"])
    found: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        found.setdefault(row["unit_code"], []).append(row)
    return found


def _totals(rows: list[Row]) -> dict[str, Any]:
    shown = [row for row in rows if row["action"] != "release"]
    return {
        "areas": len(shown),
        "residents": sum(row["residents"] for row in shown),
        "person_days": float(sum(row["person_days"] for row in shown)),
        "overdue": sum(row["overdue_days"] > 0 for row in rows),
    }
