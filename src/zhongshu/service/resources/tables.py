"""Each kind of resource report: its table, what identifies a thing, and the columns it brings."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pyarrow as pa

from zhongshu.service.kit.moments import SECONDS

_I, _F, _T = "integer", "double precision", "text"
_ARROW = {
    _I: pa.int64(),
    _F: pa.float64(),
    _T: pa.string(),
    "date": pa.date32(),
    "timestamptz": SECONDS,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """feed: its name in ``kernel.feeds``; key: columns that name the thing; columns: name in the
    feed -> SQL type; code: the feed's column with the division code; renamed: feed's name ->
    table's name where they differ; dated: every report counts from its as_of;
    placed: the feed brings lon and lat."""

    feed: str
    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    code: str = "county_code"
    renamed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    dated: bool = True
    placed: bool = True

    @property
    def conflict(self) -> tuple[str, ...]:
        return (*self.key, "as_of") if self.dated else self.key

    def column(self, name: str) -> str:
        return self.renamed.get(name, name)

    @property
    def schema(self) -> pa.Schema:
        """What `selectors.latest` answers: the feed's columns, with the unit."""
        own = [(name, _ARROW[kind]) for name, kind in self.columns.items()]
        return pa.schema(
            [
                *own,
                (self.code, pa.string()),
                ("unit_path", pa.string()),
                ("lon", pa.float64()),
                ("lat", pa.float64()),
                ("as_of", SECONDS),
            ]
        )


KINDS: Mapping[str, Kind] = {
    kind.feed: kind
    for kind in (
        Kind(
            "hospital_beds",
            "resources_bedreport",
            ("hospital_id",),
            {
                "hospital_id": _T,
                "name": _T,
                "tier": _T,
                "beds_total": _I,
                "beds_free": _I,
                "icu_total": _I,
                "icu_free": _I,
            },
        ),
        Kind(
            "isolation_rooms",
            "resources_roomreport",
            ("site_id", "room_no"),
            {
                "site_id": _T,
                "site_name": _T,
                "room_no": _T,
                "floor": _I,
                "capacity": _I,
                "state": _T,
            },
        ),
        Kind(
            "vehicles",
            "resources_vehiclereport",
            ("vehicle_id",),
            {"vehicle_id": _T, "kind": _T, "depot_name": _T, "seats": _I, "state": _T},
        ),
        Kind(
            "stocks",
            "resources_stockreport",
            ("store_id", "item"),
            {
                "store_id": _T,
                "store_name": _T,
                "item": _T,
                "unit": _T,
                "quantity": _F,
                "used_per_day": _F,
                "expires_on": "date",
            },
            renamed={"unit": "unit_name"},
            placed=False,
        ),
        Kind(
            "prices",
            "resources_pricereport",
            ("point_id", "item"),
            {"point_id": _T, "point_name": _T, "item": _T, "yuan": _F},
        ),
        Kind(
            "sampling_points",
            "resources_samplingpoint",
            ("point_id",),
            {"point_id": _T, "name": _T, "desks_max": _I},
            code="village_code",
            dated=False,
        ),
        Kind(
            "laboratories",
            "resources_laboratoryreport",
            ("lab_id",),
            {"lab_id": _T, "name": _T, "tubes_per_day": _I},
        ),
    )
}
