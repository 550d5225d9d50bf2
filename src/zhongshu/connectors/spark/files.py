"""The day files of the lake as a cluster sees them: on a shared disk or in an object store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zhongshu.engines.tracing import model
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day
from zhongshu.kernel.visitfiles import PERSONS, SPARK, Offset, VisitFiles
from zhongshu.lake import clocks
from zhongshu.lake.persons import FILE as PERSONS_FILE
from zhongshu.lake.store import day_file

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_DDL = "person long, place int, time_in timestamp, time_out timestamp, recorded_at timestamp"
_CLOCKS = f"dims/{clocks.FILE}"


def visit_files(
    session: SparkSession, root: str, first: dt.datetime, last: dt.datetime
) -> list[str]:
    """Paths of the days that touch `first`..`last` and exist under `root`, in order; with the
    days beside them where clocks were off.

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
    if system.exists(hadoop.Path(f"{root.rstrip('/')}/{_CLOCKS}")):
        begin, end = begin - dt.timedelta(days=1), end + dt.timedelta(days=1)
    days = [begin + dt.timedelta(days=n) for n in range((end - begin).days + 1)]
    return [f"{folder}/{day_file(day)}" for day in days if day_file(day) in there]


def read(session: SparkSession, paths: Sequence[str], known_at: dt.datetime | None) -> DataFrame:
    """Scans of these files, only the columns that tracing reads.

    known_at: the files are the lake's, and what was known then counts; None: they are plain files
    of these columns.
    """
    if not paths:
        return session.createDataFrame(model.VISITS.empty_table())
    if known_at is None:
        return session.read.schema(_DDL).parquet(*paths)
    folder = paths[0].rsplit("/", 1)[0]
    packed = VisitFiles((), PERSONS.empty_table(), _offsets(session, folder), known_at=known_at)
    text = packed.select("{persons}", files="{files}", dialect=SPARK)
    persons = session.read.parquet(f"{folder}/{PERSONS_FILE}")
    return session.sql(text, files=session.read.parquet(*paths), persons=persons)


def _offsets(session: SparkSession, visits: str) -> tuple[Offset, ...]:
    """Offsets of clocks, of the lake whose visits are in the folder `visits`."""
    path = f"{visits.rsplit('/', 1)[0]}/{_CLOCKS}"
    hadoop = session.sparkContext._jvm.org.apache.hadoop.fs.Path(path)
    system = hadoop.getFileSystem(session.sparkContext._jsc.hadoopConfiguration())
    if not system.exists(hadoop):
        return ()
    return clocks.offsets(session.read.parquet(path).toArrow().cast(clocks.CLOCKS))
