"""One run of the cycle: the steps in order, each recorded, each able to be done again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q

import zhongshu
from zhongshu.kernel.errors import BadInput, Refused, WrongState
from zhongshu.kernel.time import beijing, beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.reference import read as reference
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.intake import facade as intake
from zhongshu.service.kit.actor import CYCLE
from zhongshu.service.periods import proposals, runs, selectors
from zhongshu.service.periods.cycle import detect, editions, estimate, notices, plan, trace
from zhongshu.service.periods.cycle.areas import zone
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.watch import codes, events, inspection
from zhongshu.service.periods.cycle.words import say
from zhongshu.service.periods.models import Run
from zhongshu.service.periods.proposals import Draft

Step = Callable[[Frame], Outcome]
STEPS: tuple[tuple[str, Step], ...] = (
    ("detect", detect.run),
    ("trace", trace.run),
    ("notices", notices.run),
    ("events", events.run),
    ("estimate", estimate.run),
    ("zone", zone.run),
    ("isolate", plan.isolation),
    ("recollect", plan.recollect),
    ("test", plan.testing),
    ("supply", plan.supply),
    ("parcels", plan.parcels),
    ("codes", codes.run),
    ("inspect", inspection.run),
)
PROPOSE = "propose"


def run(
    *,
    as_of: dt.datetime,
    lake: Lake,
    seed: int,
    clock: Callable[[], dt.datetime],
    progress: Callable[[str, float], None] = lambda *_: None,
) -> Run:
    """Run the cycle over what was known at `as_of`.

    A finished run of the same inputs is given back as it is.  A run that was cut off, or whose
    inputs changed, is done again in the same row; every step writes by natural keys, so nothing
    doubles.  A step that is refused leaves the others' results; a fault ends the run, recorded.
    Refuses a moment later than the headquarters' own clock, or earlier than the last run's.
    """
    if as_of > clock():
        raise BadInput("runs.future", f"{as_of.isoformat()} has not come yet.")
    last = selectors.last_as_of()
    if last is not None and as_of < last:
        raise WrongState(
            "runs.past",
            f"A run as of {beijing(last).isoformat(timespec='minutes')} stands; one for an earlier "
            "moment would overwrite what it found.  The past can be looked at: as known at.",
        )
    incident = incidents.current()
    tree = reference.divisions(incident.scope_unit_id)
    pack = editions.in_force(
        incident, on=beijing_day(as_of), path=tree.get(incident.scope_unit_id).path
    )
    card = _card(as_of=as_of, pack_digest=pack.digest(), pack_version=pack.version, seed=seed)
    with runs.exclusive():
        done = selectors.run_at(as_of)
        if done and done.state == Run.State.DONE and done.card.get("inputs") == card["inputs"]:
            return done
        record = runs.start_run(as_of=as_of, card=card, now=clock())
        frame = Frame(
            run_id=record.pk,
            as_of=as_of,
            pack=pack,
            lake=lake,
            tree=tree,
            scope_unit=incident.scope_unit_id,
            seed=seed,
            inputs_hash=card["inputs"],
        )
        outcomes = _steps(record, frame, clock, progress)
        _propose(record, outcomes, clock, progress)
        return runs.finish_run(run=record, now=clock(), card=_finished(record, card))


def _card(*, as_of: dt.datetime, pack_digest: str, pack_version: str, seed: int) -> dict[str, Any]:
    """What goes in: feeds taken, what people decided, the pack, the program, the seed."""
    parts: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "feeds": _feeds_taken(),
        "decided": _decided(),
        "pack": pack_version,
        "pack_digest": pack_digest,
        "version": zhongshu.__version__,
        "seed": seed,
    }
    text = json.dumps(parts, sort_keys=True)
    return parts | {"inputs": hashlib.sha256(text.encode()).hexdigest()}


def _feeds_taken() -> str:
    """SHA-256 over the contents of all files taken."""
    hashes = intake.listed(state="taken").values_list("sha256", flat=True)
    return hashlib.sha256("".join(sorted(map(str, hashes))).encode()).hexdigest()


def _decided() -> int:
    """The last entry of the record in which a person changed what a run looks at."""
    acts = audit.entries(scope=None).exclude(actor=CYCLE.name)
    touching = Q()
    for noun in ("proposal.", "contact.", "zone.", "signal.", "case."):
        touching |= Q(action__startswith=noun)
    return acts.filter(touching).order_by("-seq").values_list("seq", flat=True).first() or 0


def _steps(
    record: Run,
    frame: Frame,
    clock: Callable[[], dt.datetime],
    progress: Callable[[str, float], None],
) -> list[Outcome]:
    """All steps but the last; the outcomes of those that were done."""
    outcomes = []
    for position, (name, step) in enumerate(STEPS):
        progress(name, 0.0)
        runs.step_started(run=record, name=name, position=position, now=clock())
        try:
            outcome = editions.without(name, frame.pack) or step(frame)
        except Refused as refusal:
            error = say("step.refused", code=refusal.code, message=refusal.message)
            runs.step_failed(run=record, name=name, error=error, now=clock())
            continue
        runs.step_done(run=record, name=name, summary=outcome.summary, now=clock())
        outcomes.append(outcome)
        progress(name, 1.0)
    return outcomes


def _propose(
    record: Run,
    outcomes: Sequence[Outcome],
    clock: Callable[[], dt.datetime],
    progress: Callable[[str, float], None],
) -> None:
    """Put all drafts before the headquarters; what lost its reason is superseded."""
    runs.step_started(run=record, name=PROPOSE, position=len(STEPS), now=clock())
    drafts: list[Draft] = [draft for outcome in outcomes for draft in outcome.drafts]
    kinds = {kind for outcome in outcomes for kind in outcome.proposes}
    for number, draft in enumerate(drafts, 1):
        proposals.propose(run=record, draft=draft, now=clock())
        progress(PROPOSE, number / len(drafts))
    gone = proposals.supersede_absent(run=record, kinds=kinds, now=clock())
    progress(PROPOSE, 1.0)
    summary = {"proposals": len(drafts), "superseded": gone}
    runs.step_done(run=record, name=PROPOSE, summary=summary, now=clock())


def _finished(record: Run, card: dict[str, Any]) -> dict[str, Any]:
    """The card with the engines' own cards and how long each step took."""
    steps = list(record.steps.order_by("position"))
    seconds = {
        step.name: (step.finished_at - step.started_at).total_seconds()
        for step in steps
        if step.finished_at
    }
    engines = {step.name: step.summary["card"] for step in steps if "card" in step.summary}
    return card | {"seconds": seconds, "engines": engines}
