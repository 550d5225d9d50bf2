"""Time-space companions (WHO-8): how many were in one cell with a case for too long."""

from __future__ import annotations

import dataclasses
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from zhongshu.engines.tracing import fast, model, solve
from zhongshu.kernel.errors import Refused
from zhongshu.kernel.time import DAY, start_of_day
from zhongshu.rules import windows
from zhongshu.service.cases import facade as cases
from zhongshu.service.kit.tracerules import companion_rules
from zhongshu.service.tracing import ground, inquiries, question
from zhongshu.service.tracing.cells import Count
from zhongshu.service.tracing.index import Index
from zhongshu.service.tracing.inquiries import Asking

MINUTES, DAYS = "trace.time_space.minutes", "trace.time_space.days"


@dataclasses.dataclass(frozen=True)
class Companions:
    """cells: in which anybody was with the case; by_county: unit and persons.  minutes, days: the
    figures of the pack; verified: whether they are."""

    persons: Count
    by_county: list[dict[str, Any]]
    cells: int
    rule_id: str
    verified: bool
    minutes: float
    days: float


@transaction.atomic
def companions(asking: Asking, *, case_id: int) -> Companions:
    """Refuses (NotFound) under an edition that knows no companions."""
    case = cases.get(case_id, asking.scope, asking.as_of)
    rules, figure = companion_rules(asking.pack), asking.pack.figure(MINUTES)
    found = _traced(question.index(), _window(case, asking), rules, asking)
    persons = pc.unique(found.contacts["person"])
    told, by_county = ground.county_counts(persons, least=asking.least)
    answer = Companions(
        told.total,
        by_county,
        pc.count_distinct(found.exposures["place"]).as_py(),
        figure.rule_id,
        figure.verified,
        asking.pack.number(MINUTES),
        asking.pack.number(DAYS),
    )
    inquiries.record(
        asking,
        kind="companions",
        what={"case_id": case_id},
        answered={"persons": answer.persons, "cells": answer.cells},
    )
    return answer


def _window(case: cases.Case, asking: Asking) -> pa.Table:
    """`model.CASES`: from so many days before onset, or sampling, until the case was apart."""
    pack, sampled = asking.pack, case.sampled_at or case.reported_at
    apart = windows.infectious(
        pack,
        onset=case.onset_date,
        sampled_at=sampled,
        confirmed_at=case.confirmed_at or case.reported_at,
        until=asking.as_of,
    ).end
    anchor = start_of_day(case.onset_date) if case.onset_date else sampled
    begin = min(anchor - pack.number(DAYS) * DAY, apart)
    row = dict(zip(model.CASES.names, (case.pk, case.person, begin, apart), strict=True))
    return pa.Table.from_pylist([row], schema=model.CASES)


def _traced(
    here: Index, asked: pa.Table, rules: model.TraceRules, asking: Asking
) -> model.TraceResult:
    """By the index, or by the files where it declines."""
    span = question.span_of(asked, rules, asking.as_of)
    aliases = ground.merged()
    try:
        ready = ground.tracer(here, rules, span, asking.as_of)
        if aliases.num_rows:
            homes = model.HOUSEHOLDS.empty_table()
            ready = fast.prepare(
                ready.index.snapshot,
                places=here.places(),
                households=homes,
                rules=rules,
                aliases=aliases,
            )
        return ready.trace(asked, until=asking.as_of)
    except Refused as refusal:
        if refusal.code not in question.ASK_THE_FILES:
            raise
    return solve.trace(
        asked,
        visits=here.lake.visits(span.first, span.last, known_at=asking.as_of),
        places=here.places(),
        households=model.HOUSEHOLDS.empty_table(),
        rules=rules,
        until=asking.as_of,
        aliases=aliases,
    )
