"""Trace: who was near today's cases, and who was near them."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model, solve
from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.rules import isolation, windows
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.frame import Frame, Outcome


def run(frame: Frame) -> Outcome:
    """Trace every case known by now and write its contacts to the register.

    Under an edition that traces nobody, contacts nobody has decided about are withdrawn.
    """
    if not frame.pack.number("trace.degrees"):
        return _nobody(frame)
    rules = rulebook.trace_rules(frame.pack)
    known = cases.open_cases(frame.as_of)
    if known.num_rows == 0:
        return Outcome({"cases": 0, "contacts_close": 0, "contacts_second": 0, "notices": 0})
    asked = asked_windows(known, pack=frame.pack, until=frame.as_of)
    result = solve.trace(
        asked,
        visits=_visits(frame, asked),
        places=frame.lake.places(),
        households=people.households().select(["person", "household"]),
        rules=rules,
        until=frame.as_of,
    )
    dated = result.contacts.append_column("release_on", _release_on(result.contacts, frame.pack))
    found, exposures = _standing(dated, result.exposures, today=frame.today)
    changed = contacts.upsert(
        contacts=found,
        exposures=exposures,
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
        "exposures": exposures.num_rows,
        "notices": result.notices.num_rows,
        "cut_at_cap": result.capped.num_rows,
        "changed": changed["changed"] + changed["withdrawn"],
        "card": result.card.as_json(),
    }
    return Outcome(summary)


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


def asked_windows(known: pa.Table, *, pack: Pack, until: dt.datetime) -> pa.Table:
    """Each case's infectious window: `tracing.model.CASES`."""
    rows = []
    for row in known.to_pylist():
        found = windows.infectious(
            pack,
            onset=row["onset_date"],
            sampled_at=row["sampled_at"],
            confirmed_at=row["confirmed_at"],
            until=until,
        )
        rows.append(
            {
                "case_id": row["case_id"],
                "person": row["person"],
                "window_from": found.begin,
                "window_to": found.end,
            }
        )
    return pa.Table.from_pylist(rows, schema=model.CASES)


def _visits(frame: Frame, asked: pa.Table) -> pa.Table:
    """Visits of the days the question can touch, as known now; a stay may begin a day earlier."""
    first = beijing_day(pc.min(asked["window_from"]).as_py()) - DAY
    return frame.lake.visits(first, frame.today, known_at=frame.as_of)


def _standing(found: pa.Table, exposures: pa.Table, *, today: dt.date) -> tuple[pa.Table, pa.Table]:
    """Without secondary contacts by way of somebody whose own days have passed: he was kept
    apart, or fell ill and is a case himself."""
    every, evidence = pl.from_arrow(found), pl.from_arrow(exposures)
    assert isinstance(every, pl.DataFrame)
    assert isinstance(evidence, pl.DataFrame)
    over = every.filter((pl.col("degree") == 1) & (pl.col("release_on") < today)).select(
        "case_id", pl.col("person").alias("via_person")
    )
    gone = every.filter(pl.col("degree") > 1).join(over, on=["case_id", "via_person"], how="semi")
    keys = ["case_id", "person"]
    kept = every.join(gone, on=keys, how="anti")
    kept_evidence = evidence.join(gone, on=keys, how="anti")
    return kept.to_arrow().cast(found.schema), kept_evidence.to_arrow().cast(exposures.schema)


def _release_on(found: pa.Table, pack: Pack) -> pa.Array:
    """The last day of each contact's isolation as the pack's schedules say, null where none
    applies to him."""
    return isolation.releases(pack, found.select(["degree", "last_exposure"]))["ends_on"]
