"""Second degree over the hot index: from first contacts to theirs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import types
from numba.typed import Dict

from zhongshu.engines.tracing import kernels_second, model, ragged
from zhongshu.engines.tracing.fast_answer import Evidence, Found, Groups
from zhongshu.engines.tracing.fast_homes import Names
from zhongshu.engines.tracing.kernels_second import Links, Scoring
from zhongshu.kernel.segments import Array

if TYPE_CHECKING:
    from zhongshu.engines.tracing.fast import Asked, Room, Tracer


def trace(
    tracer: Tracer, asked: Asked, names: Names, first: Found, *, isolations: pa.Table | None
) -> tuple[Found, int, pa.Table]:
    """(second-degree contacts, crowded stays left out, cases cut at the cap)."""
    links = _links(tracer, asked, names, first, isolations)
    ranking, cap = tracer.rules.ranking, tracer.rules.second_cap_per_case
    scoring = Scoring(
        float(ranking.half_dose_min) * 60,
        float(ranking.imputed_weight),
        float(ranking.household_dose_min) * 60,
        -1 if cap is None else int(cap),
        tracer.rules.heavy_place_persons,
    )
    base, extra = tracer.index.snapshot.people.base, tracer.index.snapshot.people.extra
    extra = np.concatenate([extra, names.late()])

    memos = threading.local()

    def work(room: Room, cases: Array) -> tuple[Array, ...]:
        rooms = (room.own, room.other, room.marks, room.near(len(names)))
        if not hasattr(memos, "hours"):
            memos.hours = Dict.empty(types.int64, types.int64)
        found: tuple[Array, ...] = kernels_second.second(
            tracer.index.table,
            tracer.table.figures,
            links,
            cases,
            scoring,
            asked.begin_s,
            asked.until_s,
            rooms,
            base,
            extra,
            memos.hours,
        )
        return found

    parts = tracer.spread(work, np.arange(len(asked.case_ids)))
    persons, scores, rows, left, found = (np.concatenate(part) for part in zip(*parts, strict=True))
    capped = model.CAPPED.empty_table() if cap is None else _capped(asked, found, int(cap))
    crowded = len(np.unique(left, axis=0)) if len(left) else 0
    return _found(tracer, names, persons, scores, rows), crowded, capped


def _capped(asked: Asked, found: Array, cap: int) -> pa.Table:
    over = found[found[:, 1] > cap]
    kept = np.full(len(over), cap, np.int64)
    return pa.table([asked.case_ids[over[:, 0]], over[:, 1], kept], schema=model.CAPPED)


def _found(tracer: Tracer, names: Names, persons: Array, scores: Array, rows: Array) -> Found:
    evidence = Evidence(
        case=rows[:, kernels_second.CASE],
        source=names.pseudonyms(rows[:, kernels_second.VIA]),
        person=names.pseudonyms(rows[:, kernels_second.PERSON]),
        place=rows[:, kernels_second.PLACE],
        t0=rows[:, kernels_second.FROM],
        t1=rows[:, kernels_second.TO],
        imputed=rows[:, kernels_second.IMPUTED] != 0,
        two=rows[:, kernels_second.TWO] != 0,
    ).sorted()
    order = np.lexsort((names.pseudonyms(persons[:, 1]), persons[:, 0]))
    rule = tracer.rules.second_rule_id
    return Found(
        degree=2,
        evidence=evidence,
        groups=Groups.of(evidence),
        score=scores[order, 0],
        link=scores[order, 1],
        via=names.pseudonyms(persons[order, 2]),
        via_score=scores[order, 2],
        contact_rule=_repeated(rule, len(order)),
        exposure_rule=_repeated(rule, len(rows)),
    )


def _repeated(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)


def _links(
    tracer: Tracer, asked: Asked, names: Names, first: Found, isolations: pa.Table | None
) -> Links:
    groups = first.groups
    days = tracer.rules.second_lookback_days
    not_before = 0 if days is None else asked.until_s - round(days * 86_400)
    w0 = np.maximum(groups.first, not_before)
    w1 = np.minimum(asked.until_s, _isolated(tracer, isolations, groups.person, asked.until_s))
    some = (w1 > w0) & ~np.isin(groups.person, asked.patients)
    case, via = groups.case[some], groups.person[some]
    row, member = tracer.with_whom(via)
    near_case = np.concatenate([groups.case, np.arange(len(asked.persons))])
    near = names.ids(np.concatenate([groups.person, asked.persons]))
    order = np.argsort(near_case, kind="stable")
    cases = len(asked.case_ids)
    return Links(
        case_start=ragged.starts(case, cases),
        via=names.ids(via),
        w0=w0[some].astype(np.int64),
        w1=w1[some].astype(np.int64),
        score=first.score[some],
        home_start=ragged.starts(row, len(via)),
        member=names.ids(member),
        near_start=ragged.starts(near_case[order], cases),
        near=near[order],
    )


def _isolated(tracer: Tracer, isolations: pa.Table | None, person: Array, never: int) -> Array:
    """When each person was isolated first, or `never`."""
    found = np.full(len(person), never, np.int64)
    if isolations is None:
        return found
    table: Any = model.checked(isolations, model.ISOLATIONS, "isolations")
    table = model.canonical(table, tracer.aliases)
    table = table.filter(pc.is_valid(table["isolated_from"])).sort_by("isolated_from")
    who, when = table["person"].to_numpy(), table["isolated_from"].cast(pa.int64()).to_numpy()
    each, at = np.unique(who, return_index=True)
    if len(each):
        place = np.minimum(np.searchsorted(each, person), len(each) - 1)
        hit = each[place] == person
        found[hit] = when[at[place[hit]]]
    return found
