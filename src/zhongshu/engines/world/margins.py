"""What is true of the real province and must stay true of the synthetic one."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.world.arrays import F64, I32, I64
from zhongshu.kernel.errors import BadInput

T = TypeVar("T")
AGE_FROM = np.array([0, 1, *range(5, 86, 5)], dtype=np.int64)
AGE_TO = np.array([1, 5, *range(10, 86, 5), 96], dtype=np.int64)  # years, exclusive; 85+ open
BANDS = ("0", "1_4", *(f"{low}_{low + 4}" for low in range(5, 85, 5)), "85p")


@dataclasses.dataclass(frozen=True)
class Targets:
    """What the 1,407 real pairs say; the generator is calibrated to it.

    serial_interval_*: onset to onset, days, pairs with both dates.
    household_share: share of pairs that live together.
    confirm_quartiles_d: onset to confirmation, days, of cases found by their symptoms.
    """

    serial_interval_mean_d: float
    serial_interval_median_d: float
    serial_interval_sd_d: float
    household_share: float
    confirm_quartiles_d: tuple[float, float, float] = (2.0, 4.0, 8.0)


@dataclasses.dataclass(frozen=True)
class Margins:
    """The counties with a census row and a polygon, in the order of their codes.

    cells: (counties, 19 age bands, 2 sexes: male, female) people.
    household_size: persons per family household; one_person: share of one-person households.
    neighbours: (n, 2) county indices, both directions; neighbour_km: between their centroids.
    villages: code, name, county index and township index, in the order of county and code.
    polygons: for each county its rings, each (points, 2) lon/lat, WGS-84; holes included,
        inside is decided by the even-odd rule.
    retired_codes: division codes that were valid once, for the wrong codes of the feeds.
    """

    county_codes: tuple[str, ...]
    county_names: tuple[str, ...]
    city_codes: tuple[str, ...]
    city_names: tuple[str, ...]
    cells: I64
    household_size: F64
    one_person: F64
    area_km2: F64
    neighbours: I32
    neighbour_km: F64
    village_codes: tuple[str, ...]
    village_names: tuple[str, ...]
    village_county: I32
    village_township: I32
    township_names: tuple[str, ...]
    polygons: tuple[tuple[F64, ...], ...]
    other_provinces: tuple[str, ...]
    retired_codes: tuple[str, ...]
    targets: Targets

    @property
    def population(self) -> I64:
        """(counties,) people of the census."""
        people: I64 = self.cells.sum(axis=(1, 2))
        return people

    def alone(self, codes: Sequence[str]) -> Margins:
        """These counties and nothing beyond them; each is a city of its own, so that any can be
        the focus.  Refuses (`BadInput`) a code without margins."""
        for code in codes:
            if code not in self.county_codes:
                raise BadInput(
                    "world.unknown_county", f"There are no margins of a county {code}.", value=code
                )
        kept = [at for at, code in enumerate(self.county_codes) if code in set(codes)]
        new = np.full(len(self.county_codes), -1, dtype=np.int32)
        new[kept] = np.arange(len(kept))
        near = (new[self.neighbours] >= 0).all(axis=1)
        mine = np.flatnonzero(new[self.village_county] >= 0)

        def of_county(values: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(values[at] for at in kept)

        return dataclasses.replace(
            self,
            county_codes=of_county(self.county_codes),
            county_names=of_county(self.county_names),
            city_codes=of_county(self.county_codes),
            city_names=of_county(self.county_names),
            cells=self.cells[kept],
            household_size=self.household_size[kept],
            one_person=self.one_person[kept],
            area_km2=self.area_km2[kept],
            neighbours=new[self.neighbours[near]],
            neighbour_km=self.neighbour_km[near],
            village_codes=tuple(self.village_codes[at] for at in mine),
            village_names=tuple(self.village_names[at] for at in mine),
            village_county=new[self.village_county[mine]],
            village_township=self.village_township[mine],
            polygons=of_county(self.polygons),
        )

    def digest(self) -> str:
        """SHA-256 over everything the world is built from."""
        digest = hashlib.sha256()
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                digest.update(np.ascontiguousarray(value).tobytes())
            elif field.name == "polygons":
                for ring in (ring for rings in value for ring in rings):
                    digest.update(np.ascontiguousarray(ring).tobytes())
            else:
                digest.update(repr(value).encode())
        return digest.hexdigest()

    @classmethod
    def from_tables(
        cls,
        *,
        divisions: pa.Table,
        census: pa.Table,
        adjacency: pa.Table,
        areas: pa.Table,
        boundaries: Mapping[str, Any],
        pairs: pa.Table,
        province: str = "140000000000",
        zone_hosts: pa.Table | None = None,
        retired_codes: Sequence[str] = (),
    ) -> Margins:
        """From the reference tables (columns as `zhongshu.reference` publishes them).

        Refuses (`BadInput`) when a county lacks its polygon or its area.
        Development zones have no polygon: with `zone_hosts` (zone_code, host_code) their people
        are counted with the host, without it they are left out.  `retired_codes` that are
        valid in the province today are dropped.
        """
        units = _Units(divisions, province)
        rows = [row for row in census.to_pylist() if row["code"] in units.counties]
        rows.sort(key=lambda row: str(row["code"]))
        codes = tuple(str(row["code"]) for row in rows)
        index = {code: position for position, code in enumerate(codes)}
        cells = np.stack([_cells(row) for row in rows])
        _add_zones(cells, index, census, zone_hosts)
        city_codes = tuple(units.parent[code] for code in codes)
        villages, townships = units.villages(index)
        neighbours, neighbour_km = _neighbours(adjacency, index)
        return cls(
            county_codes=codes,
            county_names=tuple(units.name[code] for code in codes),
            city_codes=city_codes,
            city_names=tuple(units.name[code] for code in city_codes),
            cells=cells,
            household_size=np.array([row["hh_size"] for row in rows], dtype=np.float64),
            one_person=np.array([row["one_person_hh"] / row["households"] for row in rows]),
            area_km2=_areas(areas, codes),
            neighbours=neighbours,
            neighbour_km=neighbour_km,
            village_codes=tuple(code for code, _, _ in villages),
            village_names=tuple(units.name[code] for code, _, _ in villages),
            village_county=np.array([county for _, county, _ in villages], dtype=np.int32),
            village_township=np.array([town for _, _, town in villages], dtype=np.int32),
            township_names=tuple(units.name[code] for code in townships),
            polygons=_polygons(boundaries, codes),
            other_provinces=units.other_provinces,
            retired_codes=tuple(sorted(set(retired_codes) - set(units.name))),
            targets=_targets(pairs),
        )


class _Units:
    """The part of the division table that lies under one province."""

    def __init__(self, divisions: pa.Table, province: str) -> None:
        tops = divisions.filter(pc.field("level") == 1)["code"].to_pylist()
        self.other_provinces = tuple(sorted(code for code in tops if code != province))
        inside = divisions.filter(pc.starts_with(pc.field("path"), f"{province}/"))
        rows = inside.select(["code", "name", "level", "parent", "zone"]).to_pylist()
        self.name = {str(row["code"]): str(row["name"]) for row in rows}
        self.parent = {str(row["code"]): str(row["parent"]) for row in rows}
        self.counties = {str(row["code"]) for row in rows if row["level"] == 3 and not row["zone"]}
        self._village_codes = sorted(str(row["code"]) for row in rows if row["level"] == 5)

    def villages(
        self, county_index: Mapping[str, int]
    ) -> tuple[list[tuple[str, int, int]], list[str]]:
        """(code, county index, township index) of each village, and the townships' codes."""
        townships: dict[str, int] = {}
        villages: list[tuple[str, int, int]] = []
        for code in self._village_codes:
            township = self.parent[code]
            county = county_index.get(self.parent[township])
            if county is not None:
                position = townships.setdefault(township, len(townships))
                villages.append((code, county, position))
        villages.sort(key=lambda village: (village[1], village[0]))
        return villages, list(townships)


def _cells(row: Mapping[str, Any]) -> I64:
    """(19, 2) people of one census row."""
    return np.array([[row[f"m_{band}"], row[f"f_{band}"]] for band in BANDS], dtype=np.int64)


def _add_zones(
    cells: I64, index: Mapping[str, int], census: pa.Table, zone_hosts: pa.Table | None
) -> None:
    if zone_hosts is None:
        return
    rows = {str(row["code"]): row for row in census.to_pylist()}
    for zone in zone_hosts.to_pylist():
        row, host = rows.get(str(zone["zone_code"])), index.get(str(zone["host_code"]))
        if row is not None and host is not None:
            cells[host] += _cells(row)


def _areas(areas: pa.Table, codes: Sequence[str]) -> F64:
    known = dict(zip(areas["code"].to_pylist(), areas["area_km2"].to_pylist(), strict=True))
    missing = [code for code in codes if code not in known]
    if missing:
        raise BadInput("world.no_area", f"No area is known of {missing[0]}.", codes=missing)
    return np.array([known[code] for code in codes], dtype=np.float64)


def _neighbours(adjacency: pa.Table, index: Mapping[str, int]) -> tuple[I32, F64]:
    """Both directions of every adjacency inside the province, sorted by (from, to)."""
    found: list[tuple[int, int, float]] = []
    for row in adjacency.to_pylist():
        a, b = index.get(str(row["code_a"])), index.get(str(row["code_b"]))
        if a is not None and b is not None:
            found += [(a, b, float(row["centroid_km"])), (b, a, float(row["centroid_km"]))]
    found.sort()
    pairs = np.array([(a, b) for a, b, _ in found], dtype=np.int32).reshape(-1, 2)
    return pairs, np.array([km for _, _, km in found], dtype=np.float64)


def _polygons(boundaries: Mapping[str, Any], codes: Sequence[str]) -> tuple[tuple[F64, ...], ...]:
    shapes = {
        str(feature["properties"]["code"]): feature["geometry"]
        for feature in boundaries["features"]
    }
    missing = [code for code in codes if code not in shapes]
    if missing:
        raise BadInput("world.no_polygon", f"No polygon is known of {missing[0]}.", codes=missing)
    return tuple(_rings(shapes[code]) for code in codes)


def _rings(geometry: Mapping[str, Any]) -> tuple[F64, ...]:
    parts = geometry["coordinates"]
    polygons = parts if geometry["type"] == "MultiPolygon" else [parts]
    return tuple(np.asarray(ring, dtype=np.float64)[:, :2] for rings in polygons for ring in rings)


def _targets(pairs: pa.Table) -> Targets:
    """From (infector_onset, infectee_onset, household); pairs without both dates are left out
    of the serial interval only."""
    days = pc.days_between(pairs["infector_onset"], pairs["infectee_onset"]).drop_null()
    interval = days.to_numpy().astype(np.float64)
    return Targets(
        serial_interval_mean_d=float(interval.mean()),
        serial_interval_median_d=float(np.median(interval)),
        serial_interval_sd_d=float(interval.std(ddof=1)),
        household_share=float(np.mean(pairs["household"].to_numpy(zero_copy_only=False))),
    )
