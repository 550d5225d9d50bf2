"""Whom today's plans are for: contacts who still have to be apart from others."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from zhongshu.engines.transfer import model as transfer
from zhongshu.kernel import tables
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.ground import Ground
from zhongshu.service.people import facade as people

STANDING = ("proposed", "confirmed", "isolating")
_ORDER = {"isolating": 0, "confirmed": 1, "proposed": 2}


def to_isolate(ground: Ground) -> pl.DataFrame:
    """One row per person: person, degree, contact_ids, case_ids, unit, county, last_exposure,
    central_until (null: not central), ends_on, state.  Those whose days have passed, or whom the
    edition in force does not isolate, are left out.

    state: ``isolating`` (apart already), ``confirmed`` (decided, not moved yet) or ``proposed``.

    A person who is a contact twice counts once, at the closer degree, until the later end.
    """
    rows = contacts.with_days(contacts.known(ground.as_of), ground.pack, ground.today).filter(
        pl.col("state").is_in(STANDING) & ~pl.col("is_case") & pl.col("ends_on").is_not_null()
    )
    grouped = (
        rows.sort("degree", "case_id")
        .group_by("person", maintain_order=True)
        .agg(
            pl.col("degree").min(),
            pl.col("contact_id").alias("contact_ids"),
            pl.col("case_id").unique(maintain_order=True).alias("case_ids"),
            pl.col("unit").first(),
            pl.col("last_exposure").max(),
            pl.col("central_until").max(),
            pl.col("ends_on").max(),
            # the furthest along: somebody confirmed for one case need not be decided for another
            pl.col("state").min_by(pl.col("state").replace_strict(_ORDER, return_dtype=pl.Int8)),
        )
        .filter(pl.col("ends_on") >= ground.today)
        .sort("person")
    )
    counties = [ground.county(unit) for unit in grouped["unit"]]
    return grouped.with_columns(pl.Series("county", counties, pl.String))


def travellers(ground: Ground, wanted: pl.DataFrame) -> pa.Table:
    """`transfer.model.PEOPLE` of the persons in `wanted` who have to go to a central site."""
    homes = tables.frame(people.households())
    central = wanted.filter(
        (pl.col("central_until") >= ground.today) & (pl.col("state") != "isolating")
    )
    persons = central.select("person", "degree").join(
        homes.select("person", "household", "lon", "lat"), on="person", how="left"
    )
    # Somebody no household lists travels alone, under a key no household has.
    persons = persons.with_columns(pl.col("household").fill_null(-pl.col("person")))
    table = persons.to_arrow()
    traits = people.traits(table["person"], fallback=ground.scope_unit)
    return (
        table.append_column("special_need", traits["special_need"])
        .select(transfer.PEOPLE.names)
        .cast(transfer.PEOPLE)
    )
