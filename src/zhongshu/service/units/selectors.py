"""Reading the register of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.scope import Scope
from zhongshu.service.units.models import Unit

LEVELS = {1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}
_TO_COUNTY = ("province", "city", "county")
_PATHS = pa.schema([("code", pa.string()), ("path", pa.string())])


class UnitRef(TypedDict):
    code: str
    name: str
    level: str
    path: str


def ref(unit: Unit) -> UnitRef:
    return {"code": unit.code, "name": unit.name, "level": LEVELS[unit.level], "path": unit.path}


def get(code: str, scope: Scope | None = None) -> Unit:
    """The unit, if it is within `scope`; outside looks the same as not existing."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None or (scope is not None and not scope.covers(unit.path)):
        raise NotFound("units.unknown", f"There is no unit {code} within your rights.", code=code)
    return unit


def refs(codes: Iterable[str]) -> Mapping[str, UnitRef]:
    """Code to UnitRef, in one query; unknown codes are left out."""
    return {unit.code: ref(unit) for unit in Unit.objects.filter(code__in=set(codes))}


def refs_on_paths(paths: Iterable[str]) -> Mapping[str, UnitRef]:
    """UnitRefs of every unit named in the paths (the units themselves and those above)."""
    return refs(code for path in set(paths) for code in path.split("/") if code)


def county_of(path: str, known: Mapping[str, UnitRef]) -> UnitRef | None:
    """The county on `path`; of a unit above county level, that unit itself."""
    line = [known[code] for code in path.split("/") if code in known]
    at_or_above = [unit for unit in line if unit["level"] in _TO_COUNTY]
    return at_or_above[-1] if at_or_above else None


def on_path(path: str, level: str, known: Mapping[str, UnitRef]) -> UnitRef | None:
    """The unit of `level` on `path`, or None."""
    units = (known[code] for code in path.split("/") if code in known)
    return next((unit for unit in units if unit["level"] == level), None)


def ancestors(unit: Unit) -> list[UnitRef]:
    """The units above, from the root down."""
    known = refs(code for code in unit.path.split("/") if code)
    return [known[code] for code in unit.path.split("/") if code and code != unit.code]


def children(code: str, scope: Scope) -> QuerySet[Unit]:
    return scope.filter(Unit.objects.filter(parent_id=code), "path").order_by("code")


def search(text: str, scope: Scope, limit: int) -> list[Unit]:
    """Units within scope whose name contains, or whose code starts with, `text`; larger first."""
    rows = scope.filter(Unit.objects.all(), "path")
    found = (
        rows.filter(code__startswith=text) if text.isdigit() else rows.filter(name__contains=text)
    )
    return list(found.order_by("level", "code")[:limit])


def resolve(codes: pa.Array | pa.ChunkedArray, *, fallback: str) -> pa.Table:
    """For each code: ``unit`` and ``unit_path`` to file it under, and ``unit_known``.

    An unknown (or null) code is filed under the unit `fallback`, with unit_known false; the
    caller keeps the code as it was sent.
    """
    asked = pc.unique(codes).drop_null().to_pylist()
    known = fetch("SELECT code, path FROM units_unit WHERE code = ANY (%s)", _PATHS, [asked])
    home = get(fallback)
    at = pc.index_in(codes, value_set=known["code"].combine_chunks())
    return pa.table(
        {
            "unit": pc.fill_null(pc.take(known["code"], at), home.code),
            "unit_path": pc.fill_null(pc.take(known["path"], at), home.path),
            "unit_known": pc.is_valid(at),
        }
    )
