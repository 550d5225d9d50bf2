"""Trace: who was near today's cases, and who was near them."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model, solve
from zhongshu.kernel.time import DAY, beijing_day, start_of_day
from zhongshu.rules import isolation
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.frame import Frame, Outcome


def run(frame: Frame) -> Outcome:
    """Trace every case known by now and write its contacts to the register."""
    rules = rulebook.trace_rules(frame.pack)
    known = cases.open_cases(frame.as_of)
    if known.num_rows == 0:
        return Outcome({"cases": 0, "contacts_close": 0, "contacts_second": 0, "notices": 0})
    asked = windows(known, pack=frame.pack, until=frame.as_of)
    result = solve.trace(
        asked,
        visits=_visits(frame, asked),
        places=frame.lake.places(),
        households=people.households().select(["person", "household"]),
        rules=rules,
        until=frame.as_of,
    )
    found = result.contacts.append_column("release_on", _release_on(result.contacts, frame.pack))
    changed = contacts.upsert(
        contacts=found,
        exposures=result.exposures,
        notices=result.notices,
        run_id=frame.run_id,
        as_of=frame.as_of,
    )
    degree = found["degree"]
    summary = {
        "cases": known.num_rows,
        "contacts_close": int(pc.sum(pc.equal(degree, 1)).as_py() or 0),
        "contacts_second": int(pc.sum(pc.equal(degree, 2)).as_py() or 0),
        "persons": int(pc.count_distinct(found["person"]).as_py()),
        "exposures": result.exposures.num_rows,
        "notices": result.notices.num_rows,
        "cut_at_cap": result.capped.num_rows,
        "changed": changed["changed"] + changed["withdrawn"],
        "card": result.card.as_json(),
    }
    return Outcome(summary)


def windows(known: pa.Table, *, pack: Pack, until: dt.datetime) -> pa.Table:
    """Each case's infectious window (`tracing.model.CASES`).

    Counted from onset, or from sampling where there were no symptoms.  It ends with the day of
    confirmation: the moment of isolation is not reported, and some are seen about until night.
    """
    before_onset = pack.number("trace.window_days_before") * DAY
    before_sampling = pack.number("trace.window_days_before_sampling") * DAY
    rows = []
    for row in known.select(
        ["case_id", "person", "onset_date", "sampled_at", "confirmed_at"]
    ).to_pylist():
        onset = row["onset_date"]
        begin = start_of_day(onset) - before_onset if onset else row["sampled_at"] - before_sampling
        end = min(start_of_day(beijing_day(row["confirmed_at"])) + DAY, until)
        rows.append((row["case_id"], row["person"], begin, max(begin, end)))
    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, model.CASES, strict=True)],
        schema=model.CASES,
    )


def _visits(frame: Frame, asked: pa.Table) -> pa.Table:
    """Visits of the days the question can touch, as known now; a stay may begin a day earlier."""
    first = beijing_day(pc.min(asked["window_from"]).as_py()) - DAY
    return frame.lake.visits(first, frame.today, known_at=frame.as_of)


def _release_on(found: pa.Table, pack: Pack) -> pa.Array:
    """The last day of each contact's isolation, by degree, as the pack's schedule says."""
    beijing = found["last_exposure"].cast(pa.timestamp("s", "Asia/Shanghai"))
    days = pc.local_timestamp(beijing).cast(pa.date32()).to_pylist()
    degrees = found["degree"].to_pylist()
    asked = set(zip(degrees, days, strict=True))
    ends = {
        (degree, day): isolation.schedule(
            pack, isolation.BY_DEGREE[degree], last_contact=day
        ).ends_on
        for degree, day in asked
    }
    return pa.array([ends[pair] for pair in zip(degrees, days, strict=True)], pa.date32())
