"""The day files of the lake as a cluster sees them: on a shared disk or in an object store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zhongshu.engines.tracing import model
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.store import day_file

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_DDL = "person long, place int, time_in timestamp, time_out timestamp, recorded_at timestamp"
_SUPERSEDED = "superseded_at"


def visit_files(
    session: SparkSession, root: str, first: dt.datetime, last: dt.datetime
) -> list[str]:
    """Paths of the days that touch `first`..`last` and exist under `root`, in order.

    root: of the lake, e.g. ``/data/lake``, ``s3a://headquarters/lake``; anything Hadoop reads.
    """
    hadoop = session.sparkContext._jvm.org.apache.hadoop.fs
    folder = hadoop.Path(f"{root.rstrip('/')}/visits")
    system = folder.getFileSystem(session.sparkContext._jsc.hadoopConfiguration())
    if not system.exists(folder):
        raise BadInput(
            "spark.no_lake",
            f"There is no lake with visits at {root}, as this program sees it.",
            root=root,
        )
    there = {status.getPath().getName() for status in system.listStatus(folder)}
    begin, end = beijing_day(first), beijing_day(last)
    days = [begin + dt.timedelta(days=n) for n in range((end - begin).days + 1)]
    return [f"{folder}/{day_file(day)}" for day in days if day_file(day) in there]


def read(session: SparkSession, paths: Sequence[str], known_at: dt.datetime | None) -> DataFrame:
    """Scans of these files, only the columns that tracing reads; the versions of `known_at`."""
    if not paths:
        return session.createDataFrame(model.VISITS.empty_table())
    schema = _DDL if known_at is None else f"{_DDL}, {_SUPERSEDED} timestamp"
    table = session.read.schema(schema).parquet(*paths)
    if known_at is None:
        return table
    if known_at.tzinfo is None:
        raise BadInput("time.naive", "`known_at` needs a time zone.")
    moment = f"timestamp_seconds({int(known_at.timestamp())})"
    return table.where(
        f"recorded_at <= {moment} AND ({_SUPERSEDED} IS NULL OR {_SUPERSEDED} > {moment})"
    )
