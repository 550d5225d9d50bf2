"""People who share a dormitory: taken from the feed, read beside the households."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from django.db import transaction

from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import INTAKE, Actor
from zhongshu.service.kit.bulk import fetch, staged
from zhongshu.service.kit.moments import constant
from zhongshu.service.people import editions
from zhongshu.service.people.pseudonyms import pseudonyms
from zhongshu.service.units import facade as units

MEMBERSHIPS = pa.schema([("person", pa.int64()), ("household", pa.int64())])
_COLUMNS = {
    "pseudonym": "bigint",
    "dormitory_id": "text",
    "village_code": "text",
    "unit": "text",
    "unit_path": 'text COLLATE "C"',
    "unit_known": "boolean",
    "moved_in": "date",
    "moved_out": "date",
    "known_at": "timestamptz",
}
_DORMITORIES = """
    INSERT INTO people_dormitory (dormitory_no, village_code, unit_id, unit_path, unit_known,
                                  known_at)
    SELECT DISTINCT ON (dormitory_id) dormitory_id, village_code, unit, unit_path, unit_known,
           known_at
      FROM staged_dormitories ORDER BY dormitory_id
    ON CONFLICT (dormitory_no) DO UPDATE SET
        (village_code, unit_id, unit_path, unit_known) =
        (excluded.village_code, excluded.unit_id, excluded.unit_path, excluded.unit_known)
    WHERE (people_dormitory.village_code, people_dormitory.unit_id)
        IS DISTINCT FROM (excluded.village_code, excluded.unit_id)
"""
# A blank day of moving out says "still there" and takes an earlier one back.
_STAYS = """
    INSERT INTO people_dormitorystay (dormitory_id, pseudonym, moved_in, moved_out, known_at)
    SELECT DISTINCT ON (d.id, s.pseudonym, s.moved_in) d.id, s.pseudonym, s.moved_in, s.moved_out,
           s.known_at
      FROM staged_dormitories s JOIN people_dormitory d ON d.dormitory_no = s.dormitory_id
     ORDER BY d.id, s.pseudonym, s.moved_in
    ON CONFLICT (dormitory_id, pseudonym, moved_in) DO UPDATE SET moved_out = excluded.moved_out
    WHERE people_dormitorystay.moved_out IS DISTINCT FROM excluded.moved_out
"""
# Dormitories count down from -1, so that none has the id of a household.
_MEMBERSHIPS = """
    SELECT p.pseudonym AS person, p.household_id AS household
      FROM people_person p WHERE p.household_id IS NOT NULL
    UNION
    SELECT s.pseudonym, -s.dormitory_id
      FROM people_dormitorystay s
     WHERE s.moved_in <= %(last)s AND (s.moved_out IS NULL OR s.moved_out >= %(first)s)
     ORDER BY 1, 2
"""


def register(*, table: pa.Table, known_at: dt.datetime, actor: Actor = INTAKE) -> int:
    """Take rows of the feed ``dormitories`` (columns: `kernel.feeds`) into the vault.

    Returns how many stays were new or changed; the same rows again change none.  An unknown
    village code is kept and the dormitory filed under the incident's scope unit.
    """
    rows = table.num_rows
    placed = units.resolve(table["village_code"], fallback=incidents.current().scope_unit_id)
    for name in ("unit", "unit_path", "unit_known"):
        table = table.append_column(name, placed[name])
    table = table.append_column("pseudonym", pseudonyms(table["id_no"]))
    table = table.append_column("known_at", constant(known_at, rows))
    with transaction.atomic():
        with staged(table, "staged_dormitories", _COLUMNS) as run:
            run.execute(_DORMITORIES)
            run.execute(_STAYS)
            changed = int(run.rowcount)
        if changed:
            editions.bump(editions.HOMES)
            audit.record(
                actor=actor,
                action="people.dormitories",
                object_="people",
                at=known_at,
                facts={"changed": changed},
            )
    return changed


def memberships(first: dt.date, last: dt.date) -> pa.Table:
    """Who lived with whom on any of the Beijing days `first`..`last`: `MEMBERSHIPS`.

    Households as registered now, and dormitories by their days; a person may be in several.
    Dormitories have negative ids, households positive ones.
    """
    return fetch(_MEMBERSHIPS, MEMBERSHIPS, {"first": first, "last": last})
