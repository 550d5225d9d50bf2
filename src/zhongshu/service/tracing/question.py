"""Asking: which engine answers, and what it is given."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import time
from pathlib import Path
from typing import Literal, Protocol, cast

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils.module_loading import import_string

from zhongshu.engines.tracing import fast, model, solve
from zhongshu.kernel.errors import BadInput, Refused
from zhongshu.kernel.time import beijing_day
from zhongshu.rules.model import Pack
from zhongshu.service.kit.tracerules import trace_rules
from zhongshu.service.tracing.index import Index, Span, of

Engine = Literal["hot", "parquet", "spark"]
ENGINES: tuple[Engine, ...] = ("hot", "parquet", "spark")
ENGINE = "engine"  # of the card's parameters
# Why the index declines what the files can answer.
ASK_THE_FILES = frozenset(
    {
        "tracing.known_later",
        "tracing.stay_too_long",
        "tracing.index_behind",
        "lake.damaged",
        "lake.disk_full",
        "lake.not_written",
        "lake.people_many",
        "lake.place_key",
    }
)


@dataclasses.dataclass(frozen=True)
class Answer:
    """tracer: the one that answered, to be asked more of the same snapshot; None: the files or
    the cluster did.  loading_ms: of opening the index and preparing the tracer, of `ms` in all.
    """

    result: model.TraceResult
    tracer: fast.Tracer | None
    ms: float = 0.0
    loading_ms: float = 0.0


class Cluster(Protocol):
    """What the setting ``ZHONGSHU_TRACE_CLUSTER`` names: tracing on this installation's cluster."""

    def __call__(
        self,
        cases: pa.Table,
        *,
        until: dt.datetime,
        places: pa.Table,
        households: pa.Table,
        rules: model.TraceRules,
        isolations: pa.Table | None,
        aliases: pa.Table | None,
    ) -> model.TraceResult:
        """As `solve.trace`, over the lake as the cluster sees it.  Refuses when none is set."""
        ...


def span_of(cases: pa.Table, rules: model.TraceRules, as_of: dt.datetime) -> Span:
    """The days whose files a question can touch; a stay may begin days before a window."""
    begin = pc.min(cases["window_from"]).as_py() or as_of
    reach = dt.timedelta(seconds=rules.look_back_s())
    return Span(beijing_day(begin - reach), beijing_day(as_of))


def index(root: Path | None = None) -> Index:
    """This process's index over the installation's lake, or the one at `root`."""
    return of(Path(root or settings.ZHONGSHU_LAKE))


def tracer(
    as_of: dt.datetime, *, rules: model.TraceRules, first: dt.date, root: Path | None = None
) -> fast.Tracer | None:
    """A tracer whose index holds all that is known at `as_of` of the days from `first` on, or
    None: ask the Parquet files."""
    try:
        return _tracer(index(root), rules, Span(first, beijing_day(as_of)), as_of)
    except Refused as refusal:
        if refusal.code in ASK_THE_FILES:
            return None
        raise


def trace(
    cases: pa.Table,
    *,
    as_of: dt.datetime,
    pack: Pack,
    isolations: pa.Table | None = None,
    engine: Engine | None = None,
    seal: bool = False,
    root: Path | None = None,
) -> model.TraceResult:
    """Contacts of `cases` (`model.CASES`) by what was known at `as_of`, under `pack`.

    engine: one of `ENGINES`, asked alone and refused if it cannot; by default the index, and the
    Parquet files where it declines.  The answer is the same; `engine_of` says whose it is.
    seal: first make the index a copy of the truth for the days the question touches, unless
    other upkeep of the lake is at work: nobody waits for that.
    root: of the lake; by default the installation's.
    """
    return answer(
        cases, as_of=as_of, pack=pack, isolations=isolations, engine=engine, seal=seal, root=root
    ).result


def answer(
    cases: pa.Table,
    *,
    as_of: dt.datetime,
    pack: Pack,
    isolations: pa.Table | None = None,
    engine: Engine | None = None,
    seal: bool = False,
    root: Path | None = None,
) -> Answer:
    """As `trace`, with who answered and how long it took."""
    began = time.perf_counter()
    found = _answer(
        cases, as_of, trace_rules(pack), isolations, engine=engine, seal=seal, here=index(root)
    )
    return dataclasses.replace(found, ms=(time.perf_counter() - began) * 1000)


def _answer(
    cases: pa.Table,
    as_of: dt.datetime,
    rules: model.TraceRules,
    isolations: pa.Table | None,
    *,
    engine: Engine | None,
    seal: bool,
    here: Index,
) -> Answer:
    if engine == "parquet":
        return Answer(_by_files(here, cases, rules, as_of, isolations), None)
    if engine == "spark":
        return Answer(_by_cluster(here, cases, rules, as_of, isolations), None)
    try:
        return _by_index(here, cases, rules, as_of, isolations, seal=seal)
    except Refused as refusal:
        if engine == "hot" or refusal.code not in ASK_THE_FILES:
            raise
    return Answer(_by_files(here, cases, rules, as_of, isolations), None)


def engine_of(result: model.TraceResult) -> Engine:
    """Who answered."""
    return cast(Engine, result.card.parameters[ENGINE])


def _tracer(here: Index, rules: model.TraceRules, span: Span, as_of: dt.datetime) -> fast.Tracer:
    behind = here.behind(span, as_of)
    if behind:
        raise BadInput(
            "tracing.index_behind",
            f"The hot index lacks what the lake holds of {behind[0]}; seal the day "
            "(zhongshu lake seal) or ask the Parquet files.",
            day=behind[0].isoformat(),
            days=len(behind),
        )
    return here.tracer(rules, span)


def _by_index(
    here: Index,
    cases: pa.Table,
    rules: model.TraceRules,
    as_of: dt.datetime,
    isolations: pa.Table | None,
    *,
    seal: bool,
) -> Answer:
    began = time.perf_counter()
    span = span_of(cases, rules, as_of)
    if seal:
        _seal(here, span, as_of)
    ready = _tracer(here, rules, span, as_of)
    loading_ms = (time.perf_counter() - began) * 1000
    result = _named(ready.trace(cases, until=as_of, isolations=isolations), "hot")
    return Answer(result, ready, loading_ms=loading_ms)


def _seal(here: Index, span: Span, as_of: dt.datetime) -> None:
    with contextlib.suppress(Refused):  # what it could not seal is asked of the files
        here.seal(span, as_of, wait=False)


def _by_files(
    here: Index,
    cases: pa.Table,
    rules: model.TraceRules,
    as_of: dt.datetime,
    isolations: pa.Table | None,
) -> model.TraceResult:
    span = span_of(cases, rules, as_of)
    known = here.people(span)
    result = solve.trace(
        cases,
        visits=here.lake.visit_files(span.first, span.last, known_at=as_of),
        places=here.places(),
        households=known.households,
        rules=rules,
        until=as_of,
        isolations=isolations,
        aliases=known.aliases,
    )
    return _named(result, "parquet")


def _by_cluster(
    here: Index,
    cases: pa.Table,
    rules: model.TraceRules,
    as_of: dt.datetime,
    isolations: pa.Table | None,
) -> model.TraceResult:
    cluster = cast(Cluster, import_string(settings.ZHONGSHU_TRACE_CLUSTER))
    known = here.people(span_of(cases, rules, as_of))
    result = cluster(
        cases,
        until=as_of,
        places=here.places(),
        households=known.households,
        rules=rules,
        isolations=isolations,
        aliases=known.aliases,
    )
    return _named(result, "spark")


def _named(result: model.TraceResult, engine: Engine) -> model.TraceResult:
    card = dataclasses.replace(result.card, parameters={**result.card.parameters, ENGINE: engine})
    return dataclasses.replace(result, card=card)
