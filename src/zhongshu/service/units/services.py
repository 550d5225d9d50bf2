"""Loading the register of units, set-based and safe to repeat."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from zhongshu.service.audit import facade as audit
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.bulk import staged

_UNITS = """
    INSERT INTO units_unit (code, name, level, parent_id, path, zone, host_id, host_rule,
                            population, population_source)
    SELECT code, name, level, parent, path, zone, host, coalesce(host_rule, ''), population,
           coalesce(population_source, '')
      FROM staged_units ORDER BY level, code
    ON CONFLICT (code) DO UPDATE SET
        (name, level, parent_id, path, zone, host_id, host_rule, population, population_source) =
        (excluded.name, excluded.level, excluded.parent_id, excluded.path, excluded.zone,
         excluded.host_id, excluded.host_rule, excluded.population, excluded.population_source)
    WHERE (units_unit.name, units_unit.level, units_unit.parent_id, units_unit.path,
           units_unit.zone, units_unit.host_id, units_unit.host_rule, units_unit.population,
           units_unit.population_source)
        IS DISTINCT FROM
          (excluded.name, excluded.level, excluded.parent_id, excluded.path,
           excluded.zone, excluded.host_id, excluded.host_rule, excluded.population,
           excluded.population_source)
"""
_IDENTIFIERS = """
    INSERT INTO units_identifier (unit_id, authority, value, valid_from, valid_to)
    SELECT code, authority, value, valid_from, valid_to FROM staged_identifiers
    ON CONFLICT (unit_id, authority, value) DO UPDATE SET
        valid_from = excluded.valid_from, valid_to = excluded.valid_to
    WHERE (units_identifier.valid_from, units_identifier.valid_to)
        IS DISTINCT FROM (excluded.valid_from, excluded.valid_to)
"""
_SUCCESSIONS = """
    INSERT INTO units_succession (old_code, old_name, unit_id, year, kind, suspect)
    SELECT DISTINCT ON (s.old_code, s.new_code)
           s.old_code, coalesce(s.old_name, ''), s.new_code, s.year, coalesce(s.kind, ''), s.suspect
      FROM staged_changes s JOIN units_unit u ON u.code = s.new_code
     WHERE s.old_code IS NOT NULL  -- a unit founded anew has no predecessor
     ORDER BY s.old_code, s.new_code, s.year DESC
    ON CONFLICT (old_code, unit_id) DO UPDATE SET
        year = excluded.year, kind = excluded.kind, suspect = excluded.suspect
    WHERE (units_succession.year, units_succession.kind, units_succession.suspect)
        IS DISTINCT FROM (excluded.year, excluded.kind, excluded.suspect)
"""


def load(
    *,
    divisions: pa.Table,
    identifiers: pa.Table,
    changes: pa.Table,
    census: pa.Table,
    census_source: str,
    zone_hosts: pa.Table,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Take the reference tables (columns: `zhongshu.reference.tables`) into the register.

    Returns how many rows were new or changed; loading the same tables again changes none.
    Units that are in the register and not in `divisions` stay.
    """
    units = _units(divisions, census, census_source, zone_hosts)
    with transaction.atomic():
        changed = _load(units, "staged_units", _UNIT_COLUMNS, _UNITS)
        changed += _load(identifiers, "staged_identifiers", _IDENTIFIER_COLUMNS, _IDENTIFIERS)
        changed += _load(changes, "staged_changes", _CHANGE_COLUMNS, _SUCCESSIONS)
        if changed:
            facts = {"units": units.num_rows, "changed": changed}
            audit.record(actor=actor, action="units.load", object_="units", at=now, facts=facts)
    return changed


_UNIT_COLUMNS = {
    "code": "text",
    "name": "text",
    "level": "smallint",
    "parent": "text",
    "path": 'text COLLATE "C"',
    "zone": "boolean",
    "host": "text",
    "host_rule": "text",
    "population": "bigint",
    "population_source": "text",
}
_IDENTIFIER_COLUMNS = {
    "code": "text",
    "authority": "text",
    "value": "text",
    "valid_from": "date",
    "valid_to": "date",
}
_CHANGE_COLUMNS = {
    "year": "smallint",
    "kind": "text",
    "old_code": "text",
    "old_name": "text",
    "new_code": "text",
    "suspect": "boolean",
}


def _load(table: pa.Table, name: str, columns: dict[str, str], sql: str) -> int:
    with staged(table, name, columns) as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def _units(
    divisions: pa.Table, census: pa.Table, census_source: str, zone_hosts: pa.Table
) -> pa.Table:
    """`divisions` with population, its source, and each zone's host."""

    def looked_up(keys: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.Array:
        return pc.take(values, pc.index_in(divisions["code"], value_set=keys.combine_chunks()))

    population = looked_up(census["code"], census["pop"])
    source = pc.if_else(pc.is_valid(population), census_source, None)
    return (
        divisions.append_column("population", population)
        .append_column("population_source", source)
        .append_column("host", looked_up(zone_hosts["zone_code"], zone_hosts["host_code"]))
        .append_column("host_rule", looked_up(zone_hosts["zone_code"], zone_hosts["rule"]))
    )
