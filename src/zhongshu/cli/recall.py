"""What tracing found against the synthetic truth.  The only reader of the truth in the product."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.cli.installation import Installation
from zhongshu.cli.output import out, table
from zhongshu.kernel import tables
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.spots import SPOT
from zhongshu.lake.lake import Lake
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people

Row = tuple[str, int, int, int, str]
HEADINGS = ("pairs (infector registered as a case)", "all", "named", "told", "found")


def against_truth(here: Installation, as_of: dt.datetime) -> list[Row]:
    """(which true pairs, how many, named, told, share found).

    A pair counts when its infector was a registered case by `as_of`.  Named: the infected person
    is on the infector's list of close contacts.  Told: not named, but they met at a place and
    hour of a venue notice about the infector.
    """
    world = here.world_root
    if not (world / "truth" / "pairs.parquet").exists():
        raise NotFound("world.none", f"There is no synthetic world in {world}; build one first.")
    pairs = _with_persons(pq.read_table(world / "truth" / "pairs.parquet"))
    known = tables.frame(cases.open_cases(as_of)).select(
        "case_id", pl.col("person").alias("infector")
    )
    listed = (
        tables.frame(contacts.known(as_of))
        .filter(pl.col("degree") == 1)
        .select("case_id", pl.col("person").alias("infectee"), pl.lit(value=True).alias("named"))
    )
    judged = (
        pairs.join(known, on="infector")
        .join(listed, on=["case_id", "infectee"], how="left")
        .join(_told(here, as_of), on=["case_id", "infectee"], how="left")
        .with_columns(
            pl.col("named", "told").fill_null(value=False),
            (pl.col("recorded_meetings") > 0).alias("met"),
        )
    )
    home, met = pl.col("same_household"), pl.col("met")
    passed_on = pl.col("infected_at_recorded_meeting")
    return [
        _row("sharing a household or a recorded visit", judged.filter(home | met)),
        _row("of them: infected at home or at that visit", judged.filter(home | passed_on)),
        _row("of them: one household", judged.filter(home)),
        _row("of them: a recorded visit only", judged.filter(~home & met)),
        _row("sharing nothing that was recorded", judged.filter(~home & ~met)),
    ]


def _row(measure: str, judged: pl.DataFrame) -> Row:
    named = int(judged["named"].sum())
    told = int((judged["told"] & ~judged["named"]).sum())
    share = f"{(named + told) / judged.height:.1%}" if judged.height else "-"
    return (measure, judged.height, named, told, share)


def _told(here: Installation, as_of: dt.datetime) -> pl.DataFrame:
    """(case_id, infectee) whose recorded meeting lies at a place and time of a venue notice."""
    scope = Scope((incidents.current().scope_unit.path,))
    notices = pl.DataFrame(
        list(
            contacts.notices(scope=scope, as_of=as_of).values_list(
                "case_id", "case__person", "place", "time_from", "time_to"
            )
        ),
        schema=["case_id", "infector", "place", "notice_from", "notice_to"],
        orient="row",
        schema_overrides={"place": pl.Int32, "case_id": pl.Int64, "infector": pl.Int64},
    )
    meetings = _with_persons(pq.read_table(here.world_root / "truth" / "meetings.parquet"))
    # The truth knows whole places; a notice may be about one floor, and met means on one floor.
    places = tables.frame(Lake(here.lake_root).places()).select(
        "place", pl.col("place_id").str.split(SPOT).list.first()
    )
    announced = notices.join(places, on="place")
    met = meetings.filter("recorded")
    told = met.join(announced, on=["infector", "place_id"]).filter(
        (pl.col("time_from") < pl.col("notice_to")) & (pl.col("time_to") > pl.col("notice_from"))
    )
    return told.select("case_id", "infectee", pl.lit(value=True).alias("told")).unique()


def _with_persons(rows: pa.Table) -> pl.DataFrame:
    frame = tables.frame(rows)
    return frame.with_columns(
        _pseudonyms(frame["infector_id_no"]).alias("infector"),
        _pseudonyms(frame["infectee_id_no"]).alias("infectee"),
    )


def _pseudonyms(id_nos: pl.Series) -> pl.Series:
    return pl.Series(pl.from_arrow(people.pseudonyms(id_nos.to_arrow())))


def show(here: Installation, as_of: dt.datetime) -> None:
    """Print the comparison."""
    table("Tracing against the synthetic truth", HEADINGS, against_truth(here, as_of))
    out.print("The truth is kept apart; only this comparison reads it.")
