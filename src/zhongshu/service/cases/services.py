"""Taking the line list in."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.cases import clockfacts
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import INTAKE, Actor
from zhongshu.service.kit.bulk import staged
from zhongshu.service.kit.history import changing
from zhongshu.service.people import facade as people
from zhongshu.service.units import facade as units

_FROM_LIST = (
    "person, category, unit_id, unit_path, village_code, sex, age_years, onset_date, sampled_at, "
    "confirmed_at, reported_at, found_by, severity, flags"
)


def _columns(prefix: str) -> str:
    return ", ".join(f"{prefix}.{name.strip()}" for name in _FROM_LIST.split(","))


_NEW = states.initial("case")
_CONFIRMED = states.check_may_do("case", "confirm", state=_NEW)
# What people decided (state) is not the list's to change; a flag once set by hand stays too.
_UPSERT = f"""
    INSERT INTO cases_case (incident_id, case_no, state, known_at, taken_at, {_FROM_LIST})
    SELECT DISTINCT ON (s.case_no) %(incident)s, s.case_no,
           CASE WHEN s.confirmed_at IS NULL THEN '{_NEW}' ELSE '{_CONFIRMED}' END,
           s.reported_at, %(taken_at)s,
           s.person, s.category, s.unit, s.unit_path, s.village_code, s.sex, s.age_years,
           s.onset_date, s.sampled_at, s.confirmed_at, s.reported_at, coalesce(s.found_by, ''),
           coalesce(s.severity, ''), string_to_array(s.flags, ' ')
      FROM staged_cases s ORDER BY s.case_no, s.reported_at DESC
    ON CONFLICT (incident_id, case_no) DO UPDATE SET
        known_at = least(cases_case.known_at, excluded.known_at),
        ({_FROM_LIST}) = ({_columns("excluded")})
    WHERE ({_columns("cases_case")}) IS DISTINCT FROM ({_columns("excluded")})
"""
_STAGED = {
    "case_no": "text",
    "person": "bigint",
    "category": "text",
    "unit": "text",
    "unit_path": 'text COLLATE "C"',
    "village_code": "text",
    "sex": "text",
    "age_years": "smallint",
    "onset_date": "date",
    "sampled_at": "timestamptz",
    "confirmed_at": "timestamptz",
    "reported_at": "timestamptz",
    "found_by": "text",
    "severity": "text",
    "flags": "text",
}


def take_line_list(*, table: pa.Table, known_at: dt.datetime, actor: Actor = INTAKE) -> int:
    """Take case rows (columns: feed ``cases``) into the register; rows new or changed.

    The same rows again change none.  A person not in the vault is put there by number and name.
    An unknown village code is kept, flagged ``unit_unknown``, and the case filed under the
    incident's scope unit.  A case is known from its `reported_at` on; `known_at` is the time of
    this intake.
    """
    incident = incidents.current()
    with transaction.atomic(), changing(actor, "cases.take", known_at):
        people.register(
            households=None,
            persons=table.select(["id_no", "name"]),
            known_at=known_at,
            renew=False,
            actor=actor,
        )
        with staged(_prepared(table, incident.scope_unit_id), "staged_cases", _STAGED) as run:
            run.execute(_UPSERT, {"incident": incident.pk, "taken_at": known_at})
            changed = int(run.rowcount)
        if changed:
            clockfacts.told(table["case_no"].to_pylist(), actor=actor, now=known_at)
            facts = {"rows": table.num_rows, "changed": changed}
            audit.record(
                actor=actor, action="cases.take", object_="cases", at=known_at, facts=facts
            )
    return changed


def _prepared(table: pa.Table, home: str) -> pa.Table:
    """The line list without names and numbers, with pseudonym, unit, sex, age and flags."""
    person = people.pseudonyms(table["id_no"])
    placed = units.resolve(table["village_code"], fallback=home)
    traits = people.traits(person, fallback=home)
    ages = [
        people.age_years(birth, reported.date())
        for birth, reported in zip(
            traits["birth_date"].to_pylist(), table["reported_at"].to_pylist(), strict=True
        )
    ]
    unknown_unit = np.where(placed["unit_known"].to_numpy(), "", "unit_unknown")
    unknown_person = np.where(traits["placed"].to_numpy(), "", "person_unknown")
    flags = pc.utf8_trim_whitespace(
        pc.binary_join_element_wise(pa.array(unknown_unit), pa.array(unknown_person), " ")
    )
    columns = {name: table[name] for name in _STAGED if name in table.column_names}
    return pa.table(
        columns
        | {
            "person": person,
            "unit": placed["unit"],
            "unit_path": placed["unit_path"],
            "sex": pc.fill_null(traits["sex"], ""),
            "age_years": pa.array(ages, pa.int16()),
            "flags": flags,
        }
    )
