"""The columns of every shipped table; the build script writes them, the reader promises them."""

from __future__ import annotations

import pyarrow as pa

AGE_BANDS = (
    "0",
    "1_4",
    *(f"{low}_{low + 4}" for low in range(5, 85, 5)),
    "85p",
)
"""The census' age bands in years, as they end the columns ``m_<band>`` and ``f_<band>``."""

# Persons and households; these add up over counties.
COUNTED = (
    "pop",
    "male",
    "female",
    "urban",
    "rural",
    "households",
    "household_pop",
    "one_person_hh",
    *(f"{sex}_{band}" for band in AGE_BANDS for sex in ("m", "f")),
    "hh_with_65plus",
    "reg_elsewhere_same_county",
    "reg_other_county_same_prov",
    "reg_other_prov",
    "never_schooled_m",
    "never_schooled_f",
    # 10 % long-form sample counts
    "longform_hh",
    "longform_hh_own_car",
    "longform_employed",
    "longform_emp_health",
    "longform_emp_education",
    "longform_emp_transport",
    "longform_emp_retail",
    "longform_emp_catering",
)

SCHEMAS: dict[str, pa.Schema] = {
    "divisions": pa.schema(
        [
            ("code", pa.string()),  # 12 digits, NBS list of 2023-06-30
            ("name", pa.string()),
            ("level", pa.int8()),  # 1 province .. 5 village
            ("parent", pa.string()),  # null for a province
            ("zone", pa.bool_()),  # development zone counted as a county; no polygon
            ("path", pa.string()),
        ]
    ),
    "identifiers": pa.schema(
        [
            ("code", pa.string()),  # the unit, by its code in `divisions`
            ("authority", pa.string()),  # nbs | mca
            ("value", pa.string()),
            ("valid_from", pa.date32()),  # null: before the record begins; only the year is known
            ("valid_to", pa.date32()),  # null: still valid
        ]
    ),
    "changes": pa.schema(
        [
            ("year", pa.int16()),
            ("kind", pa.string()),  # as the source words it, e.g. 撤县设区
            ("level", pa.int8()),
            ("old_code", pa.string()),
            ("old_name", pa.string()),
            ("new_code", pa.string()),
            ("new_name", pa.string()),
            ("document", pa.string()),
            ("suspect", pa.bool_()),  # the link crosses a border it cannot have crossed
        ]
    ),
    "census": pa.schema(
        [
            ("code", pa.string()),
            ("name", pa.string()),
            ("row_kind", pa.string()),  # province | city | county | zone
            ("origin", pa.string()),  # tabulated | city_minus_counties
            *((name, pa.int64()) for name in COUNTED),
            ("hh_size", pa.float64()),  # persons per family household
        ]
    ),
    "zone_hosts": pa.schema(
        [
            ("zone_code", pa.string()),
            ("host_code", pa.string()),
            ("population", pa.int64()),
            ("rule", pa.string()),
            ("evidence_zh", pa.string()),
            ("evidence_en", pa.string()),
            ("verified", pa.bool_()),
        ]
    ),
    "adjacency": pa.schema(
        [
            ("code_a", pa.string()),
            ("code_b", pa.string()),
            ("border_km", pa.float64()),
            ("centroid_km", pa.float64()),
            ("layer", pa.string()),  # shanxi | nanchang
        ]
    ),
    "areas": pa.schema(
        [
            ("code", pa.string()),
            ("name", pa.string()),
            ("area_km2", pa.float64()),  # geodesic, GRS80
            ("centroid_lon", pa.float64()),
            ("centroid_lat", pa.float64()),
        ]
    ),
    "places": pa.schema(
        [
            ("geonameid", pa.int64()),
            ("name", pa.string()),
            ("lon", pa.float64()),
            ("lat", pa.float64()),
            ("population", pa.int64()),  # 0: not known
            ("county_code", pa.string()),
            ("township_code", pa.string()),
        ]
    ),
    "transmission_pairs": pa.schema(
        [
            ("infector_onset", pa.date32()),
            ("infector_confirmed", pa.date32()),
            ("infectee_onset", pa.date32()),
            ("infectee_confirmed", pa.date32()),
            ("household", pa.bool_()),
        ]
    ),
}

BOUNDARIES = ("shanxi_counties", "shanxi_cities", "nanchang_districts")
