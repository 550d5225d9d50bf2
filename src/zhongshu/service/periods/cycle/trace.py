"""Trace: who was near today's cases, and who was near them."""

from __future__ import annotations

import collections

import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.tracing import facade as tracing


def run(frame: Frame) -> Outcome:
    """Trace every case known by now whose contacts can have become others; the register is then
    what a full trace of all of them would have written.

    Under an edition that traces nobody, contacts nobody has decided about are withdrawn.
    """
    if not frame.pack.number("trace.degrees"):
        return _nobody(frame)
    done = tracing.retrace(
        as_of=frame.as_of, pack=frame.pack, run_id=frame.run_id, root=frame.lake.root, seal=True
    )
    standing = contacts.totals()
    summary = {
        "cases": done.cases,
        "traced": len(done.traced),
        "reasons": dict(collections.Counter(done.traced.values())),
        "contacts_close": standing["close"],
        "contacts_second": standing["second"],
        "persons": standing["persons"],
        "exposures": standing["exposures"],
        "notices": standing["notices"],
        "cut_at_cap": done.capped,
        "changed": done.counts.get("changed", 0) + done.counts.get("withdrawn", 0),
    }
    return Outcome(summary | ({"card": done.card} if done.card else {}))


def _nobody(frame: Frame) -> Outcome:
    changed = contacts.upsert(
        contacts=model.CONTACTS.empty_table().append_column(
            "release_on", pa.array([], pa.date32())
        ),
        exposures=model.EXPOSURES.empty_table(),
        notices=model.NOTICES.empty_table(),
        run_id=frame.run_id,
        as_of=frame.as_of,
    )
    return Outcome(
        {
            "not_in_edition": 1,
            "edition": frame.pack.version,
            "contacts_close": 0,
            "contacts_second": 0,
            "changed": changed["changed"] + changed["withdrawn"],
        }
    )
