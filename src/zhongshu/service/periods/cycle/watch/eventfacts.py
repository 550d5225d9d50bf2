"""What thresholds count: cases with the places they attended, and absences of schools."""

from __future__ import annotations

import dataclasses

import polars as pl
import pyarrow as pa

from zhongshu.kernel import tables
from zhongshu.kernel.divisions import Level
from zhongshu.kernel.time import DAY
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people
from zhongshu.service.periods.cycle.frame import Frame

_BEIJING = "Asia/Shanghai"
_ABSENCES = "school_absences"
# Columns that group the ill by where they live; any other is of the places they attended.
HOMES = ("household", "village", "township", "county", "city")
# Severities that nobody has outside a hospital.
_IN_HOSPITAL = ("severe", "critical")


@dataclasses.dataclass(frozen=True)
class Rows:
    """ill: a row per case, by where he lives; attended: a row per case and place he met others at
    in his infectious window; absent: a row per school and day.  Columns: facts of ``illness`` and
    ``absence``.

    A case's day is that of his diagnosis: a threshold looks at what became known within its
    window, however late the onset was reported.  names: site to its name.
    """

    ill: pa.Table
    attended: pa.Table
    absent: pa.Table
    names: dict[str, str]


def gather(frame: Frame, disease: str) -> Rows:
    """Everything known at the run's moment."""
    ill = _ill(frame, disease)
    places = tables.frame(frame.lake.places())
    return Rows(
        ill=ill.to_arrow(),
        attended=_attended(frame, ill, places).to_arrow(),
        absent=_absent(frame).to_arrow(),
        names={str(row["place"]): row["name"] for row in places.iter_rows(named=True)},
    )


def _ill(frame: Frame, disease: str) -> pl.DataFrame:
    known = tables.frame(cases.open_cases(frame.as_of))
    rows = known.select(
        "case_id",
        pl.col("person").cast(pl.String),
        pl.coalesce("confirmed_at", "sampled_at", "reported_at")
        .dt.convert_time_zone(_BEIJING)
        .dt.date()
        .alias("day"),
        "onset_date",
        pl.lit(disease).alias("disease"),
        pl.col("category").alias("status"),
        (pl.col("state") == "died").alias("died"),
        (
            (pl.col("state") == "admitted")
            | pl.col("severity").is_in(_IN_HOSPITAL).fill_null(False)
        ).alias("hospitalised"),
        (pl.col("found_by") == "arrival").fill_null(value=False).not_().alias("local"),
        pl.col("unit"),
        pl.col("unit_path").alias("path"),
    )
    placed = rows.join(_ancestors(frame, rows["unit"].unique().to_list()), on="unit", how="left")
    return placed.join(_households(), on="person", how="left")


def _households() -> pl.DataFrame:
    return tables.frame(people.households()).select(
        pl.col("person").cast(pl.String), pl.col("household").cast(pl.String)
    )


def _ancestors(frame: Frame, codes: list[str]) -> pl.DataFrame:
    """unit, village, township, county, city of each code."""
    levels = {
        "village": Level.VILLAGE,
        "township": Level.TOWNSHIP,
        "county": Level.COUNTY,
        "city": Level.CITY,
    }
    found = []
    for code in codes:
        row: dict[str, str | None] = {"unit": code}
        for name, level in levels.items():
            above = frame.tree.ancestor(code, level) if code in frame.tree else None
            row[name] = above.code if above is not None else None
        found.append(row)
    return pl.DataFrame(found, schema=dict.fromkeys(["unit", *levels], pl.String))


def _attended(frame: Frame, ill: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The case rows once for every place the case was at with others, with that place's county."""
    stays = (
        tables.frame(contacts.stays(frame.as_of))
        .select("case_id", "place")
        .unique(maintain_order=True)
    )
    described = places.select(
        "place",
        pl.col("place").cast(pl.String).alias("site"),
        pl.col("kind").alias("site_kind"),
        pl.col("village_code").alias("site_village"),
    )
    rows = ill.join(stays, on="case_id").join(described, on="place")
    counties = {code: frame.county(code) for code in rows["site_village"].drop_nulls().unique()}
    where = pl.Series(
        "site_county", [counties.get(code) for code in rows["site_village"]], pl.String
    )
    # A cluster at a site is that site's county's, wherever its cases live.
    return rows.with_columns(pl.coalesce(where, pl.col("county")).alias("county"))


def _absent(frame: Frame) -> pl.DataFrame:
    counts = tables.frame(frame.lake.counts(frame.as_of)).filter(pl.col("stream") == _ABSENCES)
    counties = {code: frame.county(code) for code in counts["county_code"].unique()}
    county = pl.Series("county", [counties[code] for code in counts["county_code"]], pl.String)
    return counts.select(
        pl.col("date").alias("day"),
        "count",
        pl.col("denominator").alias("enrolled"),
        pl.col("site_id").alias("site"),
        pl.lit("school").alias("site_kind"),
        county,
    ).sort("site", "day")


def baseline(rows: pa.Table, pack: Pack, frame: Frame) -> pa.Table:
    """Today's and yesterday's absences with ``baseline``: the mean of the school's reports of the
    days before, as many as the pack counts; null where it sent none."""
    days = _baseline_days(pack)
    if days is None:
        return rows.slice(0, 0).append_column("baseline", pa.array([], pa.float64()))
    absent = tables.frame(rows)
    recent = absent.filter(pl.col("day") >= frame.today - DAY)
    # A report of yesterday does not count in today's baseline: it may be of the same outbreak.
    before = absent.filter(
        pl.col("day").is_between(frame.today - (days + 1) * DAY, frame.today - 2 * DAY)
    )
    usual = before.group_by("site").agg(pl.col("count").mean().alias("baseline"))
    return recent.join(usual, on="site", how="left").to_arrow()


def _baseline_days(pack: Pack) -> int | None:
    days = pack.get("trigger.absence.baseline_days")
    return None if days is None else int(pack.number(days.key))
