"""The small areas of a county as the headquarters knows them: who lives there, what is there, how
much of the evidence lies there, and how long a closure would take."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import functools
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.engines.zoning import areas
from zhongshu.engines.zoning import evidence as findings
from zhongshu.engines.zoning import model as zoning
from zhongshu.engines.zoning.planning import model, nearby
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.kit.zonerules import zone_rules
from zhongshu.service.people import facade as people
from zhongshu.service.units import facade as units
from zhongshu.service.zones import selectors

_BEIJING = "Asia/Shanghai"
_APART = ("isolating",)  # kept apart already: no risk outside
# What a kind of place in the lake counts as.
PLACES = {"shop": "shops", "market": "shops", "pharmacy": "clinics", "hospital": "clinics",
          "school": "schools"}  # fmt: skip
_LEVELS = ("county", "township")
_KEPT = 8
Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Ground:
    """The villages of one county or township at `as_of`.

    cells, adjacent, evidence: schemas of `planning.model`; what a register does not hold counts
    as zero there and is named in `unknown`.  contacts: close contacts living in each village who
    are not kept apart.  largest: the largest unit the edition allows.
    """

    unit: units.UnitRef
    as_of: dt.datetime
    cells: pa.Table
    adjacent: pa.Table
    evidence: pa.Table
    rules: zoning.ZoneRules
    points: Mapping[str, tuple[float, float]]
    names: Mapping[str, str]
    places: Mapping[int, str]
    contacts: Mapping[str, int]
    unknown: tuple[str, ...]

    def village(self, code: str) -> Row:
        """One village with its own part of the figures; what no register holds is None."""
        row = self.rows[code]
        inside = {name: None if name in self.unknown else row[name] for name in model.COUNTS}
        risk = row["risk"] / self.risk if self.risk else 0.0
        days = row["people"] * row["strictness"] * row["days"]
        return {
            "code": code,
            "name": self.names[code],
            "present": row["present"],
            "contacts": self.contacts.get(code, 0),
            "inside": inside | {"person_days": days, "risk": risk},
        }

    @functools.cached_property
    def rows(self) -> dict[str, Row]:
        """Cells by id."""
        return {row["cell_id"]: row for row in self.cells.to_pylist()}

    @functools.cached_property
    def risk(self) -> float:
        """Pieces of evidence in all."""
        return float(sum(row["risk"] for row in self.rows.values()))

    @property
    def largest(self) -> str:
        return self.rules.high.largest_unit


_lock = threading.Lock()
_kept: collections.OrderedDict[tuple[Any, ...], Ground] = collections.OrderedDict()


def at(*, unit: units.Unit, scope: Scope, as_of: dt.datetime, pack: Pack, lake: Path) -> Ground:
    """The ground, kept for the next question about the same moment within the same rights: a
    drawing asks many times.  Refuses a unit larger than a county or smaller than a township."""
    key = (unit.code, scope.paths, as_of, pack.version, lake)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = gather(unit=unit, as_of=as_of, pack=pack, lake=lake)
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def gather(*, unit: units.Unit, as_of: dt.datetime, pack: Pack, lake: Path) -> Ground:
    """Read it: who lives there from the register as it is now, everything else as at `as_of`."""
    ref = units.ref(unit)
    if ref["level"] not in _LEVELS:
        raise BadInput(
            "zones.plan_unit",
            f"Zones are planned for one county or township; {unit.name} is neither.",
            unit=unit.code,
        )
    on = beijing_day(as_of)
    living = people.living(Scope((unit.path,)))
    places = tables.frame(Lake(lake).places())
    case_rows, stays = _cases(as_of), _stays(as_of, places)
    rules = zone_rules(pack)
    found = findings.collect(
        case_rows.to_arrow().cast(zoning.CASES),
        stays.to_arrow().cast(zoning.EXPOSURES),
        rules,
        on=on,
    )
    codes = {path.rstrip("/").rsplit("/", 1)[-1]: path for path in living}
    codes |= {
        pair.unit_code: "" for pair in found.pairs if pair.unit_code and pair.unit_code not in codes
    }
    known = units.refs(codes)
    inside = {
        code: one
        for code, one in sorted(known.items())
        if one["level"] == "village" and one["path"].startswith(unit.path)
    }  # fmt: skip
    here = places.filter(pl.col("village_code").is_in(list(inside)))
    counts, unknown = _counts(here, living, inside)
    risk = collections.Counter(pair.unit_code for pair in found.pairs)
    in_force = _in_force(as_of)
    points = {
        code: (one.lon, one.lat)
        for code, ref_ in inside.items()
        if (one := living.get(ref_["path"])) and one.lon is not None and one.lat is not None
    }
    cells = _cells(inside, living, counts, risk, in_force=in_force, rules=rules)
    nowhere = (np.nan, np.nan)
    middles = np.array([points.get(code, nowhere) for code in inside], float).reshape(-1, 2)
    return Ground(
        unit=ref,
        as_of=as_of,
        cells=cells,
        adjacent=nearby.neighbours(list(inside), middles[:, 0], middles[:, 1]),
        evidence=_evidence(case_rows, stays, found, inside),
        rules=rules,
        points=points,
        names={code: one["name"] for code, one in inside.items()},
        places=dict(zip(here["place"], here["name"], strict=True)),
        contacts=_contacts(as_of, inside),
        unknown=unknown,
    )


def _cases(as_of: dt.datetime) -> pl.DataFrame:
    known = tables.frame(contacts.known(as_of))
    apart = known.filter(pl.col("state").is_in(_APART))["person"].unique()
    return (
        tables.frame(cases.open_cases(as_of))
        .select(
            "case_id",
            "person",
            pl.col("unit").alias("unit_code"),
            pl.col("onset_date").alias("onset"),
            pl.col("confirmed_at").dt.convert_time_zone(_BEIJING).dt.date().alias("confirmed_on"),
            pl.col("person").is_in(apart.implode()).alias("in_quarantine"),
            (pl.col("found_by") == "arrival").fill_null(value=False).alias("imported"),
        )
        .filter(pl.col("confirmed_on").is_not_null())
    )


def _stays(as_of: dt.datetime, places: pl.DataFrame) -> pl.DataFrame:
    return (
        tables.frame(contacts.stays(as_of))
        .join(
            places.select("place", pl.col("village_code").alias("unit_code")),
            on="place",
            how="left",
        )
        .select(zoning.EXPOSURES.names)
    )


def _contacts(as_of: dt.datetime, inside: Mapping[str, Any]) -> dict[str, int]:
    close = tables.frame(contacts.known(as_of)).filter(
        (pl.col("degree") == 1)
        & ~pl.col("is_case")
        & ~pl.col("state").is_in(_APART)
        & pl.col("unit").is_in(list(inside))
    )
    counted = close.group_by("unit").agg(pl.col("person").n_unique())
    return dict(zip(counted["unit"], counted["person"], strict=True))


def _in_force(as_of: dt.datetime) -> set[str]:
    current = selectors.current(incident_id=incidents.current().pk, as_of=as_of).to_pylist()
    return {
        row["unit"] for row in current if row["kind"] == "risk_area" and row["state"] == "active"
    }


def _counts(
    here: pl.DataFrame, living: Mapping[str, people.Living], inside: Mapping[str, Any]
) -> tuple[dict[tuple[str, str], int], tuple[str, ...]]:
    """(village, what) to how many; and what no register of this unit holds at all."""
    counted: collections.Counter[tuple[str, str]] = collections.Counter(
        (village, PLACES[kind])
        for village, kind in here.select("village_code", "kind").iter_rows()
        if kind in PLACES
    )
    held = {what for _, what in counted}
    unknown = [what for what in ("shops", "clinics", "schools") if what not in held]
    within = [living[one["path"]] for one in inside.values() if one["path"] in living]
    if not any(one.special_needs for one in within):
        unknown.insert(0, "special_needs")
    return dict(counted), tuple(unknown)


def _cells(
    inside: Mapping[str, units.UnitRef],
    living: Mapping[str, people.Living],
    counts: Mapping[tuple[str, str], int],
    risk: Mapping[str | None, int],
    *,
    in_force: set[str],
    rules: zoning.ZoneRules,
) -> pa.Table:
    days, weighted = areas.course("high", rules)
    nobody = people.Living(0, 0, 0, None, None)
    rows = []
    for code, ref in inside.items():
        one = living.get(ref["path"], nobody)
        rows.append(
            {
                "cell_id": code,
                "risk": float(risk.get(code, 0)),
                "strictness": weighted / days if days else 0.0,
                "days": days,
                "named": code,
                "largest": _largest(ref["path"], rules.high.largest_unit),
                "present": code in in_force,
                "people": one.people,
                "households": one.households,
                "special_needs": one.special_needs,
                **{what: counts.get((code, what), 0) for what in ("shops", "clinics", "schools")},
            }
        )
    return pa.Table.from_pylist(rows, schema=model.CELLS)


def _largest(path: str, kind: str) -> str | None:
    """The unit of the largest kind allowed that holds a village.  Where that is smaller than a
    village, the village: the registers know nothing smaller."""
    line = path.rstrip("/").split("/")
    if kind == "county":
        return None
    return line[-2] if kind == "township" else line[-1]


def _evidence(
    case_rows: pl.DataFrame,
    stays: pl.DataFrame,
    found: findings.Findings,
    inside: Mapping[str, Any],
) -> pa.Table:
    recent = {row["case_id"]: row for row in found.recent}
    rows = [
        {"cell_id": row["unit_code"], "case_id": row["case_id"], "place": None, "time_from": None,
         "time_to": None, "confirmed_on": row["confirmed_on"],
         "in_quarantine": row["in_quarantine"]}
        for row in found.recent
        if row["unit_code"] in inside and not row["in_quarantine"]
    ]  # fmt: skip
    rows += [
        {"cell_id": row["unit_code"], "case_id": row["case_id"], "place": row["place"],
         "time_from": row["time_from"], "time_to": row["time_to"],
         "confirmed_on": recent[row["case_id"]]["confirmed_on"],
         "in_quarantine": recent[row["case_id"]]["in_quarantine"]}
        for row in stays.iter_rows(named=True)
        if row["unit_code"] in inside and row["case_id"] in recent
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=model.EVIDENCE)
