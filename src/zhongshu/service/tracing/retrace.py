"""Tracing again only what a new trace could answer differently, and keeping why."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from zhongshu.engines.tracing import model
from zhongshu.kernel.errors import Refused
from zhongshu.kernel.time import beijing_day
from zhongshu.rules.model import Pack
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.people import facade as people
from zhongshu.service.tracing import basis, changes, passing, question, standing, stored
from zhongshu.service.tracing.asked import only
from zhongshu.service.tracing.moment import Moment, at
from zhongshu.service.tracing.stored import Before
from zhongshu.service.tracing.why import changed, digests

_QUICK_ROWS = 5_000_000  # sealed in a few seconds


@dataclasses.dataclass(frozen=True)
class Retraced:
    """traced: each case asked again, with the reason.  cases: how many there are.  counts: what
    `contacts.upsert` did, and `moved`: contacts filed where they live now.  card: of the engine,
    None when nothing had to be asked."""

    traced: Mapping[int, str]
    cases: int
    counts: Mapping[str, int]
    capped: int
    card: Mapping[str, Any] | None


def retrace(
    *,
    as_of: dt.datetime,
    pack: Pack,
    run_id: int = 0,
    case_ids: Collection[int] | None = None,
    root: Path | None = None,
    engine: question.Engine | None = None,
    seal: bool = False,
    actor: Actor = CYCLE,
) -> Retraced:
    """Trace every open case that could have other contacts than the register says, and write them.

    case_ids: only these, whether anything changed or not.  Of a case closed since, contacts nobody
    has decided about are withdrawn.  The register is the one a full trace would have written; a
    case traced as of a later moment is left alone.
    """
    if seal:
        _seal(at(as_of, pack, root))
    with transaction.atomic():
        stored.alone()
        moment = at(as_of, pack, root)
        moved = contacts.follow_homes(
            run_id=run_id, as_of=as_of, reason=changes.HOUSEHOLD, actor=actor
        )
        before = stored.read()
        why = changed(moment, before)
        traced = why if case_ids is None else _named(case_ids, why)
        same = _same(moment, before, {*why, *traced})
        done = _write(moment, before, traced, same, run_id=run_id, engine=engine, actor=actor)
        return dataclasses.replace(done, counts={**done.counts, "moved": moved})


def keep_ready(now: dt.datetime, pack: Pack) -> None:
    """Make the index answer for the windows of the open cases: what changed is sealed anew.

    Days of many rows are left to the next cycle, which can wait for them.
    """
    _seal(at(now, pack), most_rows=_QUICK_ROWS)


def _seal(moment: Moment, most_rows: int | None = None) -> None:
    """So that the index can answer; where it cannot be made to, the files will."""
    with contextlib.suppress(Refused):
        moment.here.seal(moment.span, moment.as_of, most_rows=most_rows)


def _named(case_ids: Collection[int], why: Mapping[int, str]) -> dict[int, str]:
    return {case: why.get(case, changes.TIME) for case in case_ids}


def _same(moment: Moment, before: Mapping[int, Before], others: Collection[int]) -> list[int]:
    """Open cases whose last answer a trace as of this moment would give again."""
    return [
        case
        for case, one in before.items()
        if case in moment.open and case not in others and one.basis.as_of <= moment.as_of
    ]


def _write(
    moment: Moment,
    before: Mapping[int, Before],
    traced: Mapping[int, str],
    same: Collection[int],
    *,
    run_id: int,
    engine: question.Engine | None,
    actor: Actor,
) -> Retraced:
    asking = [case for case in traced if case in moment.open]
    if not traced:
        if any(before[case].basis.as_of < moment.as_of for case in same):
            _keep(moment, before, {}, closed=(), same=same)
        return Retraced({}, moment.asked.num_rows, {}, 0, None)
    result = question.trace(
        only(moment.asked, asking),
        as_of=moment.as_of,
        pack=moment.pack,
        isolations=moment.isolations,
        engine=engine,
        root=moment.here.lake.root,
    )
    found, exposures = standing.stand(
        result, pack=moment.pack, places=moment.here.places(), today=beijing_day(moment.as_of)
    )
    counts = contacts.upsert(
        contacts=found,
        exposures=exposures,
        notices=result.notices,
        run_id=run_id,
        as_of=moment.as_of,
        traced=traced,
        deleted=basis.deleted(moment.here.lake),
        patients=moment.asked["person"].to_pylist(),
        actor=actor,
    )
    stands = passing.stands_to(
        result,
        found,
        rules=moment.rules,
        as_of=moment.as_of,
        apart=model.canonical(moment.isolations, moment.aliases)["person"],
    )
    lasting = {case: stands.get(case) for case in asking}
    _keep(moment, before, lasting, closed=set(traced) - set(asking), same=same)
    card = result.card.as_json()
    return Retraced(traced, moment.asked.num_rows, counts, result.capped.num_rows, card)


def _keep(
    moment: Moment,
    before: Mapping[int, Before],
    lasting: Mapping[int, dt.datetime | None],
    *,
    closed: Collection[int],
    same: Collection[int],
) -> None:
    """What these cases were now traced on, and how long their answers stand."""
    latest = max((one.basis for one in before.values()), key=lambda b: b.as_of, default=None)
    last_event = people.changed_since(latest.alias_event if latest else 0)[1]
    now = basis.take(
        moment.here.lake,
        moment.span,
        moment.as_of,
        places=moment.here.places(),
        alias_event=last_event,
        previous=latest,
    )
    homes, apart = digests(moment, moment.found()) if lasting else ({}, {})
    rows = {
        row["case_id"]: Before(
            person=row["person"],
            window_from=row["window_from"],
            window_to=row["window_to"],
            read_from=moment.read_from,
            rules=moment.digest,
            homes=homes.get(row["case_id"], ""),
            isolations=apart.get(row["case_id"], ""),
            stands_to=lasting[row["case_id"]],
            basis=now,
        )
        for row in moment.asked.to_pylist()
        if row["case_id"] in lasting
    }
    stored.write(rows, now, forget=closed, same=same)
