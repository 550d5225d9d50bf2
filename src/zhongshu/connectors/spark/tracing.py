"""Tracing on a cluster: Spark finds whose scans can matter and gathers them by part of the
question; every part is answered by `engines.tracing.solve`, next to the data.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.connectors.spark import files, parcels, reach
from zhongshu.connectors.spark import session as sessions
from zhongshu.engines.tracing import model, parts
from zhongshu.kernel.errors import BadInput

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclasses.dataclass(frozen=True)
class Visits:
    """Day files as the executors see them.

    paths: Parquet files, local or of an object store (`files.visit_files`).
    known_at: what was known then, by the lake's versions; None: rows are not versioned.
    parts: into how many parts the cases are divided; None: one for every core of the cluster.
    part_memory: of DuckDB in each part; beyond it, it spills.
    """

    session: SparkSession
    paths: Sequence[str]
    _: dataclasses.KW_ONLY
    known_at: dt.datetime | None = None
    parts: int | None = None
    part_memory: str = "1GB"


def trace(
    cases: pa.Table,
    *,
    visits: Visits,
    places: pa.Table,
    households: pa.Table,
    rules: model.TraceRules,
    until: dt.datetime,
    isolations: pa.Table | None = None,
    aliases: pa.Table | None = None,
) -> model.TraceResult:
    """What `engines.tracing.solve.trace` answers, from the day files of a cluster.

    The tables are the same; the card names the parts.  Cases, the households asked and the
    answer pass through this process; visits do not.
    """
    if until.tzinfo is None:
        raise BadInput("time.naive", "`until` needs a time zone.")
    session = visits.session
    asked = parts.question(
        cases,
        places=places,
        households=households,
        rules=rules,
        until=until,
        isolations=isolations,
        aliases=aliases,
        parts=visits.parts or session.sparkContext.defaultParallelism,
    )
    scans = reach.known(session, files.read(session, visits.paths, visits.known_at), asked)
    first = session.createDataFrame(parts.first_sources(asked))
    persons = reach.wanted(session, scans, first, asked, second=False).persist()
    try:
        gathered = reach.gathered(session, scans, persons, asked)
        found = _answered(_near(asked), gathered, visits.part_memory)
        if rules.degrees == 2:
            contacts = parts.whole(asked, found, visits="").contacts
            sources = session.createDataFrame(parts.second_sources(asked, contacts))
            further = reach.wanted(session, scans, sources, asked, second=True)
            gathered = reach.gathered(session, scans, persons.union(further).distinct(), asked)
            found = _answered(_far(asked, contacts), gathered, visits.part_memory)
    finally:
        persons.unpersist()
    names = ",".join(path.rsplit("/", 1)[-1] for path in visits.paths)
    return parts.whole(asked, found, visits=names)


def trace_lake(
    cases: pa.Table, *, cluster: sessions.Cluster, lake: str, until: dt.datetime, **rest: Any
) -> model.TraceResult:
    """`trace` over the lake at `lake` (a folder or an address), as known at `until`, in a session
    of its own.  rest: places, households, rules, isolations, aliases, as for
    `trace`."""
    rules: model.TraceRules = rest["rules"]
    asked = model.checked_cases(cases)
    begin = pc.min(asked["window_from"]).as_py() or until
    before = dt.timedelta(seconds=rules.look_back_s())
    with sessions.opened(cluster) as session:
        paths = files.visit_files(session, lake, begin - before, until)
        visits = Visits(session, paths, known_at=until)
        return trace(asked, visits=visits, until=until, **rest)


def _near(asked: parts.Question) -> parts.Question:
    """The question to degree 1."""
    return dataclasses.replace(
        asked,
        rules=dataclasses.replace(asked.rules, degrees=1),
        households=parts.homes_of(asked.households, asked.cases["person"]),
    )


def _far(asked: parts.Question, contacts: pa.Table) -> parts.Question:
    """The whole question, with the households of the cases and of their contacts."""
    persons = pa.chunked_array([*asked.cases["person"].chunks, *contacts["person"].chunks])
    return dataclasses.replace(asked, households=parts.homes_of(asked.households, persons))


def _answered(
    asked: parts.Question, gathered: DataFrame, memory_limit: str
) -> list[model.TraceResult]:
    work = functools.partial(_work, asked, memory_limit)
    found = gathered.mapInArrow(work, parcels.DDL).toArrow()
    return parcels.unpacked(found, asked.parts)


def _work(
    asked: parts.Question, memory_limit: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """In an executor: one part's scans in, its answer out."""
    table = pa.Table.from_batches(batches)
    part = int(table["part"][0].as_py())
    scans = table.select(model.VISITS.names)
    answer = parts.answer(asked, part, scans, memory_limit=memory_limit)
    yield from parcels.packed(part, answer)
