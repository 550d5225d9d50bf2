"""What tracing found against the synthetic truth.  The only reader of the truth in the product."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.cli.output import out, table
from zhongshu.kernel.errors import NotFound
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people

Row = tuple[str, int, int, str]


def against_truth(world: Path, as_of: dt.datetime) -> list[Row]:
    """(measure, found, of, share).

    A pair counts when its infector was a registered case by `as_of` and the two share a
    household or a visit that both had recorded: more, nobody could find.  Found: the infected
    person is on the infector's list of close contacts.
    """
    if not (world / "truth" / "pairs.parquet").exists():
        raise NotFound("world.none", f"There is no synthetic world in {world}; build one first.")
    pairs = _frame(pq.read_table(world / "truth" / "pairs.parquet"))
    pairs = pairs.with_columns(
        _pseudonyms(pairs["infector_id_no"]).alias("infector"),
        _pseudonyms(pairs["infectee_id_no"]).alias("infectee"),
        (pl.col("recorded_meetings") > 0).alias("met"),
    )
    known = _frame(cases.open_cases(as_of)).select("case_id", pl.col("person").alias("infector"))
    listed = (
        _frame(contacts.known(as_of))
        .filter(pl.col("degree") == 1)
        .select("case_id", pl.col("person").alias("infectee"), pl.lit(value=True).alias("found"))
    )
    judged = pairs.join(known, on="infector").join(listed, on=["case_id", "infectee"], how="left")
    findable = judged.filter(pl.col("same_household") | pl.col("met"))
    apart = findable.filter(~pl.col("same_household"))
    return [
        _row("true pairs of registered infectors on the contact list", judged),
        _row("... that share a household or a recorded visit", findable),
        _row("... of them in one household", findable.filter("same_household")),
        _row(
            "... of them met at a recorded visit only", findable.filter(~pl.col("same_household"))
        ),
        _row(
            "... of them infected at that recorded visit",
            apart.filter("infected_at_recorded_meeting"),
        ),
        _registered(world, known),
    ]


def _row(measure: str, judged: pl.DataFrame) -> Row:
    found = int(judged["found"].fill_null(value=False).sum())
    return (measure, found, judged.height, _share(found, judged.height))


def _registered(world: Path, known: pl.DataFrame) -> Row:
    infections = _frame(pq.read_table(world / "truth" / "infections.parquet"))
    return (
        "infections that are registered cases",
        known.height,
        infections.height,
        _share(known.height, infections.height),
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _frame(rows: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _pseudonyms(id_nos: pl.Series) -> pl.Series:
    series = pl.from_arrow(people.pseudonyms(id_nos.to_arrow()))
    assert isinstance(series, pl.Series)
    return series


def show(world: Path, as_of: dt.datetime) -> None:
    rows = against_truth(world, as_of)
    table("Against the synthetic truth", ("measure", "found", "of", "share"), rows)
    out.print("The truth is kept apart; only this comparison reads it.")
