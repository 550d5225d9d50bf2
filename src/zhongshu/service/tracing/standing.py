"""From what a trace found to what stands in the register: kind, last day apart, who is left out."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.kernel import tables
from zhongshu.rules import isolation
from zhongshu.rules.model import Pack

_KINDS = "trace.contact_kind"
_KEYS = ["case_id", "person"]


def stand(
    result: model.TraceResult, *, pack: Pack, places: pa.Table, today: dt.date
) -> tuple[pa.Table, pa.Table]:
    """(contacts, exposures) for the register: contacts with `release_on` and `kind`."""
    dated = result.contacts.append_column("release_on", _release_on(result.contacts, pack))
    kinds = _kinds(result.exposures, places, pack)
    found = tables.frame(dated).join(kinds, on=_KEYS, how="left", maintain_order="left")
    named = found.with_columns(pl.col("kind").fill_null("")).to_arrow()
    full = pa.schema([*dated.schema, ("kind", pa.string())])
    return _without_over(named.cast(full), result.exposures, today=today)


def _kinds(exposures: pa.Table, places: pa.Table, pack: Pack) -> pl.DataFrame:
    """case_id, person, kind: by the kind of place of the longest exposure; living together is
    stronger than any place."""
    words = pack.group(_KINDS)
    at = tables.frame(places.select(["place", "kind"])).rename({"kind": "where"})
    met = tables.frame(exposures.select([*_KEYS, "setting", "place", "overlap_min", "time_from"]))
    where = pl.when(pl.col("setting") == model.HOUSEHOLD).then(pl.lit(model.HOUSEHOLD))
    return (
        met.join(at, on="place", how="left")
        .with_columns(where=where.otherwise(pl.col("where")))
        .sort(
            pl.col("setting") != model.HOUSEHOLD,
            -pl.col("overlap_min"),
            "time_from",
            "place",
            nulls_last=True,
        )
        .group_by(_KEYS, maintain_order=True)
        .agg(pl.col("where").first())
        .select(
            *_KEYS,
            kind=pl.col("where").replace_strict(
                {str(kind): str(word) for kind, word in words.items()},
                default=_undescribed(pack),
                return_dtype=pl.String,
            ),
        )
    )


def _undescribed(pack: Pack) -> str:
    """What somebody is who was met where no place feed says what it is: for people to judge."""
    return str(pack.value("trace.contact_kinds")[-1])


def _without_over(
    found: pa.Table, exposures: pa.Table, *, today: dt.date
) -> tuple[pa.Table, pa.Table]:
    """Without secondary contacts by way of somebody whose own days have passed: he was kept
    apart, or fell ill and is a case himself."""
    every, evidence = tables.frame(found), tables.frame(exposures)
    over = every.filter((pl.col("degree") == 1) & (pl.col("release_on") < today)).select(
        "case_id", pl.col("person").alias("via_person")
    )
    gone = every.filter(pl.col("degree") > 1).join(over, on=["case_id", "via_person"], how="semi")
    kept = every.join(gone, on=_KEYS, how="anti")
    kept_evidence = evidence.join(gone, on=_KEYS, how="anti")
    return kept.to_arrow().cast(found.schema), kept_evidence.to_arrow().cast(exposures.schema)


def _release_on(found: pa.Table, pack: Pack) -> pa.Array:
    """The last day of each contact's isolation as the pack's schedules say, null where none
    applies to him."""
    return isolation.releases(pack, found.select(["degree", "last_exposure"]))["ends_on"]
