"""Build src/zhongshu/reference/data from a folder of public source files.

    python scripts/build_reference.py SOURCE [--out DIR]

SOURCE holds divisions/, population/, boundaries/, places/ and linelists/.  The same input gives
the same bytes.  Prints one line per file; refuses when a control total does not come out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from reference_cards import CARDS, MAP_CAUTION, TIANDITU, ZONE_HOSTS

from zhongshu.kernel.divisions import DivisionTree
from zhongshu.reference.tables import BOUNDARIES, COUNTED, SCHEMAS

# Control totals of the bulletins; the build stops when a source does not give them.
SHANXI_POPULATION = 34_915_616
ZONE_POPULATIONS = {
    "140171000000": 258_826,
    "140271000000": 16_809,
    "140671000000": 71_744,
    "140971000000": 17_050,
}
FIRST_CLEAN_YEAR = 1984  # earlier change events are noisy by the source's own note
NEW_CODE_SAME_UNIT = {"同名改码", "撤县设区", "撤市设区", "撤县设市", "撤地设市"}


def read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema_length=0)


def divisions(source: Path) -> pl.DataFrame:
    lists = [
        read(source / "divisions" / name)
        for name in (
            "shanxi_five_level.csv.gz",
            "nanchang_five_level.csv.gz",
            "china_province_city_county.csv",
        )
    ]
    table = (
        pl.concat(lists)
        .unique()
        .select(
            "code",
            "name",
            pl.col("level").cast(pl.Int8),
            "parent",
            zone=pl.col("statistical_zone") == "1",
        )
        .sort("code")
    )
    if table["code"].n_unique() != table.height:
        raise SystemExit("divisions: one code has two different rows; compare the three lists")
    paths = DivisionTree(table.iter_rows()).paths
    return table.with_columns(path=pl.col("code").replace_strict(dict(paths)))


def changes(source: Path, units: pl.DataFrame) -> pl.DataFrame:
    here = set(units["code"])
    old, new = pl.col("old_code"), pl.col("new_code")

    def prefecture_exists(code: pl.Expr) -> pl.Expr:
        # Retired codes have no parent row anywhere, so here the digits are all there is.
        return (code.str.slice(0, 4) + "00000000").is_in(here)

    elsewhere = old.str.slice(0, 4) != new.str.slice(0, 4)
    suspect = (old.str.slice(0, 2) != new.str.slice(0, 2)) | (
        elsewhere & prefecture_exists(old) & prefecture_exists(new)
    )
    return (
        read(source / "divisions" / "code_changes_shanxi_jiangxi.csv")
        .select(
            pl.col("year").cast(pl.Int16),
            pl.col("type").alias("kind"),
            pl.col("level").cast(pl.Int8),
            "old_code",
            "old_name",
            "new_code",
            "new_name",
            pl.col("doc_no").alias("document"),
            suspect=suspect.fill_null(value=False),
        )
        .filter(pl.col("year") >= FIRST_CLEAN_YEAR)
        .sort("year", "old_code", "new_code", nulls_last=True)
    )


def retired(events: pl.DataFrame, here: set[str]) -> list[tuple[str, str, int]]:
    """(retired code, present code, last year) where each step leads to one unit only."""
    steps: dict[str, list[tuple[int, str]]] = {}
    for row in events.iter_rows(named=True):
        moved = row["kind"] in NEW_CODE_SAME_UNIT and row["old_code"] != row["new_code"]
        if moved and not row["suspect"]:
            steps.setdefault(row["old_code"], []).append((row["year"], row["new_code"]))
    found = []
    for start, options in steps.items():
        if start in here or len(options) != 1:
            continue
        (year, code), last = options[0], options[0][0]
        while code not in here and len(steps.get(code, [])) == 1:
            after, following = steps[code][0]
            if after < last:
                break
            code, last = following, after
        if code in here:
            found.append((start, code, year))
    return sorted(found)


def identifiers(source: Path, units: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    here = set(units["code"])
    born = {
        row["new_code"]: row["year"]
        for row in events.iter_rows(named=True)
        if row["new_code"] in here and row["new_code"] != row["old_code"]
    }
    rows: list[tuple[str, str, str, dt.date | None, dt.date | None]] = []
    for code, level, zone in units.select("code", "level", "zone").iter_rows():
        since = dt.date(born[code], 1, 1) if code in born else None
        rows.append((code, "nbs", code, since, None))
        if level <= 3 and not zone:
            rows.append((code, "mca", code, since, None))
    crosswalk = read(source / "divisions" / "township_code_crosswalk_nbs_mca.csv.gz")
    for code, value in (
        crosswalk.filter(pl.col("match") == "name").select("nbs_code", "mca_code").iter_rows()
    ):
        rows.append((code, "mca", value, None, None))
    for value, code, year in retired(events, here):
        rows.append((code, "mca", value, None, dt.date(year, 12, 31)))
    names = ["code", "authority", "value", "valid_from", "valid_to"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).sort(
        "code", "authority", "value"
    )


def census(source: Path, units: pl.DataFrame) -> pl.DataFrame:
    counted = [pl.col(name).cast(pl.Int64) for name in COUNTED]
    printed = pl.concat(
        [
            read(source / "population" / f"{name}_county_census2020.csv")
            for name in ("shanxi", "nanchang")
        ]
    ).join(units.select("code", "level", "zone", "parent"), on="code", how="left")
    kind = (
        pl.when(pl.col("zone"))
        .then(pl.lit("zone"))
        .otherwise(pl.col("level").replace_strict({1: "province", 2: "city", 3: "county"}))
    )
    table = printed.select(
        "code",
        "parent",
        *counted,
        pl.col("hh_size").cast(pl.Float64),
        name=pl.col("county"),
        row_kind=kind,
        origin=pl.lit("tabulated"),
    )
    table = pl.concat([table, unprinted_zones(table, units)], how="diagonal").sort("code")
    check_census(table)
    return table


def unprinted_zones(table: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """City minus its counties, where the list of divisions has one zone the volume leaves out."""
    rows = []
    zones = units.filter(
        pl.col("zone")
        & pl.col("code").is_in(list(ZONE_POPULATIONS))
        & ~pl.col("code").is_in(table["code"].to_list())
    )
    for code, name, parent in zones.select("code", "name", "parent").iter_rows():
        city = table.row(by_predicate=pl.col("code") == parent, named=True)
        below = table.filter(pl.col("parent") == parent).select(COUNTED).sum().row(0, named=True)
        left = {column: city[column] - below[column] for column in COUNTED}
        if min(left.values()) < 0:
            raise SystemExit(f"census: {code} would have a negative count")
        size = round(left["household_pop"] / left["households"], 2)
        rows.append(
            {
                "code": code,
                "name": name,
                "parent": parent,
                "row_kind": "zone",
                "origin": "city_minus_counties",
                "hh_size": size,
                **left,
            }
        )
    return pl.DataFrame(rows)


def check_census(table: pl.DataFrame) -> None:
    got = dict(table.filter(pl.col("row_kind") == "zone").select("code", "pop").iter_rows())
    if got != ZONE_POPULATIONS:
        raise SystemExit(f"census: zones are {got}, expected {ZONE_POPULATIONS}")
    lowest = table.filter(pl.col("row_kind").is_in(["county", "zone"]))
    shanxi = lowest.filter(pl.col("code").str.starts_with("14"))["pop"].sum()
    if shanxi != SHANXI_POPULATION:
        raise SystemExit(f"census: Shanxi adds to {shanxi:,}, expected {SHANXI_POPULATION:,}")


def zone_hosts() -> pl.DataFrame:
    return pl.DataFrame(ZONE_HOSTS).with_columns(
        population=pl.col("zone_code").replace_strict(ZONE_POPULATIONS),
        verified=pl.lit(value=False),
    )


def both(source: Path, stem: str) -> pl.DataFrame:
    return pl.concat(
        [
            read(source / "population" / f"{layer}_{stem}.csv").with_columns(layer=pl.lit(layer))
            for layer in ("shanxi", "nanchang")
        ]
    )


def places(source: Path) -> pl.DataFrame:
    table = read(source / "places" / "geonames_places_shanxi_jiangxi.csv.gz")
    return table.rename({"longitude": "lon", "latitude": "lat"}).sort(pl.col("geonameid").cast(int))


def transmission_pairs(source: Path) -> pl.DataFrame:
    table = read(source / "linelists" / "china_2020_transmission_pairs_1407.csv.gz")

    def day(column: str) -> pl.Expr:
        return pl.col(column).str.to_date("%Y/%m/%d", strict=False)

    return table.select(
        infector_onset=day("infector_onsetDate"),
        infector_confirmed=day("infector_labConfirmDate"),
        infectee_onset=day("infectee_onsetDate"),
        infectee_confirmed=day("infectee_labConfirmDate"),
        household=pl.col("isHousehold") == "yes",
    )


def tables(source: Path) -> dict[str, pl.DataFrame]:
    units = divisions(source)
    events = changes(source, units)
    return {
        "divisions": units,
        "identifiers": identifiers(source, units, events),
        "changes": events,
        "census": census(source, units),
        "zone_hosts": zone_hosts(),
        "adjacency": both(source, "county_adjacency").rename({"shared_border_km": "border_km"}),
        "areas": both(source, "county_area_density"),
        "places": places(source),
        "transmission_pairs": transmission_pairs(source),
    }


def write_table(path: Path, frame: pl.DataFrame, schema: pa.Schema) -> int:
    # A cast from Arrow's string view to a number goes through a plain string.
    plain = (frame[field.name].to_arrow(compat_level=pl.CompatLevel.oldest()) for field in schema)
    arrays = [array.cast(field.type) for array, field in zip(plain, schema, strict=True)]
    pq.write_table(pa.table(arrays, schema=schema), path, compression="zstd")
    return frame.height


def write_boundary(path: Path, source: Path) -> int:
    layer = json.loads(source.read_text(encoding="utf-8"))
    head = {"type": layer["type"], "source": TIANDITU, "caution": MAP_CAUTION}
    text = json.dumps(head | layer, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    return len(layer["features"])


def write_card(out: Path, name: str, file: str, rows: int) -> None:
    digest = hashlib.sha256((out / file).read_bytes()).hexdigest()
    card = {"name": name, "file": file, "rows": rows, "sha256": digest} | CARDS[name]
    path = out / "cards" / f"{name.replace('/', '_')}.json"
    path.write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{file:40} {rows:>7,} rows {(out / file).stat().st_size:>10,} bytes")


def build(source: Path, out: Path) -> None:
    for folder in (out, out / "boundaries", out / "cards"):
        folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables(source).items():
        rows = write_table(out / f"{name}.parquet", frame, SCHEMAS[name])
        write_card(out, name, f"{name}.parquet", rows)
    for layer in BOUNDARIES:
        file = f"boundaries/{layer}.geojson"
        rows = write_boundary(out / file, source / file)
        write_card(out, f"boundaries/{layer}", file, rows)


def main() -> None:
    package = Path(__file__).resolve().parents[1] / "src/zhongshu/reference/data"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder of public source files")
    parser.add_argument("--out", type=Path, default=package, help="folder to write")
    arguments = parser.parse_args()
    if not (arguments.source / "divisions").is_dir():
        parser.error(f"{arguments.source} has no folder 'divisions'; give the source folder")
    build(arguments.source, arguments.out)


if __name__ == "__main__":
    main()
