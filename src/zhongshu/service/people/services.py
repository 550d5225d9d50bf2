"""Writing the vault, set-based, and opening it, on the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pyarrow as pa
from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import INTAKE, Actor
from zhongshu.service.kit.bulk import staged
from zhongshu.service.kit.moments import constant
from zhongshu.service.people import editions
from zhongshu.service.people.models import AccessRecord, Person
from zhongshu.service.people.pseudonyms import pseudonyms
from zhongshu.service.units import facade as units

PURPOSES = ("investigation", "treatment", "transfer", "correction")

_HOUSEHOLDS = """
    INSERT INTO people_household (household_no, village_code, unit_id, unit_path, unit_known,
                                  building, address, lon, lat, known_at)
    SELECT DISTINCT ON (household_id) household_id, village_code, unit, unit_path, unit_known,
           coalesce(building, ''), coalesce(address, ''), lon, lat, known_at
      FROM staged_households ORDER BY household_id
    ON CONFLICT (household_no) DO UPDATE SET
        (village_code, unit_id, unit_path, unit_known, building, address, lon, lat) =
        (excluded.village_code, excluded.unit_id, excluded.unit_path, excluded.unit_known,
         excluded.building, excluded.address, excluded.lon, excluded.lat)
    WHERE (people_household.village_code, people_household.unit_id, people_household.building,
           people_household.address, people_household.lon, people_household.lat)
        IS DISTINCT FROM (excluded.village_code, excluded.unit_id, excluded.building,
                          excluded.address, excluded.lon, excluded.lat)
"""
# A household that moved takes its people along.
_FOLLOW = """
    UPDATE people_person p SET unit_id = h.unit_id, unit_path = h.unit_path
      FROM people_household h
     WHERE p.household_id = h.id AND p.unit_path <> h.unit_path
"""
_PERSONS = """
    INSERT INTO people_person (pseudonym, id_no, name, sex, birth_date, household_id, unit_id,
                               unit_path, occupation, special_need, known_at)
    SELECT DISTINCT ON (s.pseudonym) s.pseudonym, s.id_no, coalesce(s.name, ''),
           coalesce(s.sex, ''), s.birth_date, h.id, coalesce(h.unit_id, s.unit),
           coalesce(h.unit_path, s.unit_path), coalesce(s.occupation, ''),
           coalesce(s.special_need, ''), s.known_at
      FROM staged_persons s LEFT JOIN people_household h ON h.household_no = s.household_id
     ORDER BY s.pseudonym
"""
# A later file may know less: what is known already stays.
_RENEW = """
    ON CONFLICT (pseudonym) DO UPDATE SET
        (name, sex, birth_date, household_id, unit_id, unit_path, occupation, special_need) =
        (coalesce(nullif(excluded.name, ''), people_person.name),
         coalesce(nullif(excluded.sex, ''), people_person.sex),
         coalesce(excluded.birth_date, people_person.birth_date),
         coalesce(excluded.household_id, people_person.household_id),
         CASE WHEN excluded.household_id IS NULL THEN people_person.unit_id
              ELSE excluded.unit_id END,
         CASE WHEN excluded.household_id IS NULL THEN people_person.unit_path
              ELSE excluded.unit_path END,
         coalesce(nullif(excluded.occupation, ''), people_person.occupation),
         coalesce(nullif(excluded.special_need, ''), people_person.special_need))
    WHERE people_person.id_no = excluded.id_no
      AND (people_person.name, people_person.sex, people_person.birth_date,
           people_person.household_id, people_person.unit_id, people_person.occupation,
           people_person.special_need)
        IS DISTINCT FROM
          (coalesce(nullif(excluded.name, ''), people_person.name),
           coalesce(nullif(excluded.sex, ''), people_person.sex),
           coalesce(excluded.birth_date, people_person.birth_date),
           coalesce(excluded.household_id, people_person.household_id),
           CASE WHEN excluded.household_id IS NULL THEN people_person.unit_id
                ELSE excluded.unit_id END,
           coalesce(nullif(excluded.occupation, ''), people_person.occupation),
           coalesce(nullif(excluded.special_need, ''), people_person.special_need))
"""
_PATH = 'text COLLATE "C"'
_HOUSEHOLD_COLUMNS = {
    "household_id": "text",
    "village_code": "text",
    "unit": "text",
    "unit_path": _PATH,
    "unit_known": "boolean",
    "building": "text",
    "address": "text",
    "lon": "double precision",
    "lat": "double precision",
    "known_at": "timestamptz",
}
_PERSON_COLUMNS = {
    "pseudonym": "bigint",
    "id_no": "text",
    "name": "text",
    "sex": "text",
    "birth_date": "date",
    "household_id": "text",
    "unit": "text",
    "unit_path": _PATH,
    "occupation": "text",
    "special_need": "text",
    "known_at": "timestamptz",
}


def _with(table: pa.Table, columns: dict[str, str]) -> pa.Table:
    """`table` with a null column for each of `columns` it lacks."""
    for name in columns:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table


def register(
    *,
    households: pa.Table | None,
    persons: pa.Table | None,
    known_at: dt.datetime,
    renew: bool = True,
    actor: Actor = INTAKE,
) -> int:
    """Take households and persons (columns: ``kernel.feeds``) into the vault.

    renew: whether the sender knows a person better than the vault; a line list does not, it only
        brings in those who are not there yet.
    Returns how many rows were new or changed.  The same rows again change none; a blank never
    overwrites what is known.  An unknown village code is kept and the household filed under the
    incident's scope unit.
    """
    home = incidents.current().scope_unit_id
    with transaction.atomic():
        changed = _households(households, home, known_at) if households is not None else 0
        if persons is not None:
            changed += _persons(persons, home, known_at, renew=renew)
        if changed:
            if households is not None or _homed(persons):
                editions.bump(editions.HOMES)
            facts = {"changed": changed}
            audit.record(
                actor=actor, action="people.register", object_="people", at=known_at, facts=facts
            )
    return changed


def _homed(persons: pa.Table | None) -> bool:
    """Whether the rows say where somebody lives; a line list does not."""
    if persons is None or "household_id" not in persons.column_names:
        return False
    return bool(persons["household_id"].null_count < persons.num_rows)


def _households(table: pa.Table, home: str, known_at: dt.datetime) -> int:
    placed = units.resolve(table["village_code"], fallback=home)
    for name in ("unit", "unit_path", "unit_known"):
        table = table.append_column(name, placed[name])
    table = table.append_column("known_at", constant(known_at, table.num_rows))
    with staged(_with(table, _HOUSEHOLD_COLUMNS), "staged_households", _HOUSEHOLD_COLUMNS) as run:
        run.execute(_HOUSEHOLDS)
        changed = int(run.rowcount)
        if changed:
            run.execute(_FOLLOW)
        return changed


def _persons(table: pa.Table, home: str, known_at: dt.datetime, *, renew: bool) -> int:
    rows = table.num_rows
    table = _with(table, dict.fromkeys(("household_id", "birth_date", "sex"), ""))
    if "pseudonym" not in table.column_names:
        table = table.append_column("pseudonym", pseudonyms(table["id_no"]))
    if "unit" not in table.column_names:
        table = table.append_column("unit", pa.repeat(home, rows))
        table = table.append_column("unit_path", pa.repeat(units.get(home).path, rows))
    table = table.append_column("known_at", constant(known_at, rows))
    with staged(_with(table, _PERSON_COLUMNS), "staged_persons", _PERSON_COLUMNS) as run:
        _refuse_collision(run)
        run.execute(_PERSONS + (_RENEW if renew else " ON CONFLICT (pseudonym) DO NOTHING"))
        return int(run.rowcount)


def _refuse_collision(run: object) -> None:
    """Two identity numbers with one pseudonym (about 1 in 15,000 for a province) stop the load."""
    run.execute(  # type: ignore[attr-defined]
        "SELECT count(*) FROM staged_persons s JOIN people_person p USING (pseudonym) "
        "WHERE p.id_no <> s.id_no"
    )
    if run.fetchone()[0]:  # type: ignore[attr-defined]
        raise BadInput(
            "people.pseudonym_collision",
            "Two identity numbers share a pseudonym; the vault key has to be changed.",
        )


def open_identity(
    *,
    actor: Actor,
    purpose: str,
    note: str,
    pseudonyms: Collection[int],
    now: dt.datetime,
) -> list[Person]:
    """The persons, named, with the access on record in the same transaction.

    Refuses an unknown purpose, and pseudonyms that are not in the vault or out of reach: all or
    nothing, so that a refusal tells nothing about the rest.
    """
    if purpose not in PURPOSES:
        raise BadInput(
            "people.purpose", f"'{purpose}' is not a purpose; it is one of {', '.join(PURPOSES)}."
        )
    wanted = sorted(set(pseudonyms))
    with transaction.atomic():
        people = list(
            Person.objects.filter(pseudonym__in=wanted)
            .select_related("household")
            .order_by("pseudonym")
        )
        if len(people) != len(wanted):
            raise NotFound("people.unknown", "There is no such person within your rights.")
        AccessRecord.objects.create(
            actor=actor.name,
            user_id=actor.user_id,
            purpose=purpose,
            note=note,
            pseudonyms=wanted,
            at=now,
        )
        audit.record(
            actor=actor,
            action="identity.open",
            object_=f"person:{wanted[0]}" if len(wanted) == 1 else "persons",
            at=now,
            facts={"purpose": purpose, "persons": [str(person) for person in wanted]},
        )
    return people
