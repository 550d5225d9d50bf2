"""One case asked afresh: what a trace would find now, and how that differs from the register."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import fast, model, sensitivity
from zhongshu.kernel.errors import Refused, WrongState
from zhongshu.kernel.time import beijing_day
from zhongshu.rules.model import Pack
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.tracing import kept, question, standing
from zhongshu.service.tracing.asked import only
from zhongshu.service.tracing.moment import Moment, at


@dataclasses.dataclass(frozen=True, slots=True)
class Sensitivity:
    """Close contacts by how far device clocks may be off (`engines.tracing.sensitivity`)."""

    tolerance_min: float
    sure: int
    listed: int
    possible: int


@dataclasses.dataclass(frozen=True)
class Fresh:
    """found: contacts who live within the asker's rights (`model.CONTACTS`, release_on, kind);
    exposures: theirs.  added, removed: persons a trace would add to the register's list or
    withdraw from it, within the same rights.  clocks: of all close contacts, None where the
    files had to be asked.  ms: of the question itself; loading_ms: of making the index ready.
    kept_from: the first day of which visits are kept, where the window begins before it, by the
    rule `kept_by`.
    """

    window: tuple[dt.datetime, dt.datetime]
    found: pa.Table
    exposures: pa.Table
    result: model.TraceResult
    clocks: Sensitivity | None
    added: frozenset[int]
    removed: frozenset[int]
    ms: float
    loading_ms: float
    kept_from: dt.date | None
    kept_by: str

    def of_degree(self, degree: int) -> int:
        return int(pc.sum(pc.equal(self.found["degree"], degree)).as_py() or 0)


def fresh(
    case_id: int,
    *,
    as_of: dt.datetime,
    pack: Pack,
    scope: Scope,
    engine: question.Engine | None = None,
    seal: bool = False,
) -> Fresh:
    """Trace one case by what is known at `as_of`; nothing is written.

    The case has been looked up within the asker's rights.  Refuses one that is closed.
    seal: as for `trace`.
    """
    with rowsecurity.unscoped():
        moment = at(as_of, pack)
    window = window_of(moment, case_id)
    kept_from, kept_by = kept.from_day(window[0], as_of)
    answer = question.answer(
        only(moment.asked, [case_id]),
        as_of=as_of,
        pack=pack,
        isolations=moment.isolations,
        engine=engine,
        seal=seal,
    )
    result = answer.result
    found, exposures = standing.stand(
        result, pack=pack, places=moment.here.places(), today=beijing_day(as_of)
    )
    mine = _within(found, scope)
    shown = pc.is_in(exposures["person"], value_set=mine["person"])
    there = {
        row.person: row
        for row in contacts.listed(scope=scope, as_of=as_of, case_id=case_id).only(
            "person", "state", "by_hand"
        )
    }
    persons = frozenset(mine["person"].to_pylist())
    stays = {row.person for row in there.values() if row.by_hand or contacts.is_decided(row.state)}
    return Fresh(
        window=window,
        found=mine,
        exposures=exposures.filter(shown),
        result=result,
        clocks=_sensitivity(answer.tracer, moment, case_id) if answer.tracer else None,
        added=persons - set(there),
        removed=frozenset(there) - persons - stays,
        ms=answer.ms - answer.loading_ms,
        loading_ms=answer.loading_ms,
        kept_from=kept_from,
        kept_by=kept_by,
    )


def _sensitivity(tracer: fast.Tracer, moment: Moment, case_id: int) -> Sensitivity | None:
    """By the snapshot that answered; None where the index declines."""
    one = moment.asked.filter(pc.equal(moment.asked["case_id"], case_id))
    try:
        row = sensitivity.of(
            tracer,
            one,
            until=moment.as_of,
            tolerance_min=moment.pack.number("trace.clock_tolerance_min"),
        ).to_pylist()[0]
    except Refused as refusal:
        if refusal.code in question.ASK_THE_FILES:
            return None
        raise
    row.pop("case_id")
    return Sensitivity(**row)


def window_of(moment: Moment, case_id: int) -> tuple[dt.datetime, dt.datetime]:
    """The infectious window of an open case; refuses one that is closed."""
    row = moment.asked.filter(pc.equal(moment.asked["case_id"], case_id)).to_pylist()
    if not row:
        raise WrongState(
            "tracing.case_closed",
            f"Case {case_id} is not an open case of the current incident; there is nobody to trace "
            "for it.",
            case=case_id,
        )
    return row[0]["window_from"], row[0]["window_to"]


def _within(found: pa.Table, scope: Scope) -> pa.Table:
    """Contacts who live within scope."""
    home = incidents.current().scope_unit_id
    with rowsecurity.aggregate():
        paths = people.traits(found["person"], fallback=home)["unit_path"]
    mine = pa.array([False] * found.num_rows, pa.bool_())  # typed: there may be nobody
    for path in scope.paths:
        mine = pc.or_(mine, pc.starts_with(paths, path))
    return found.filter(mine)
