"""Make the database's role, grants and policies match `tables`.  Safe to run again."""

from __future__ import annotations

from typing import Any

from zhongshu.service.rowsecurity import tables

ROLE = "zhongshu_scoped"
_ROLE_SQL = f"""
DO $$ BEGIN
    CREATE ROLE {ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT {ROLE} TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO {ROLE};
"""


def _within(column: str) -> str:
    """The sub-select makes PostgreSQL read the setting once per query instead of once per row."""
    return (
        f"{column} ^@ ANY "
        "((SELECT string_to_array(current_setting('zhongshu.scopes', true), ','))::text[])"
    )


_IN_SCOPE = _within("unit_path")


def _policy(table: str, condition: str, rights: str) -> str:
    return f"""
        REVOKE ALL ON {table} FROM {ROLE};
        GRANT {rights} ON {table} TO {ROLE};
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS in_scope ON {table};
        CREATE POLICY in_scope ON {table} TO {ROLE}
            USING ({condition}) WITH CHECK ({condition});
    """


def _statements(existing: set[str]) -> list[str]:
    found = [
        _policy(table, " OR ".join([_IN_SCOPE, *map(_within, tables.ALSO.get(table, ()))]), rights)
        for table, rights in tables.BY_PATH.items()
        if table in existing
    ]
    # The row above is looked up under the same role, so its own policy applies.
    found += [
        _policy(table, f"EXISTS (SELECT 1 FROM {above} a WHERE a.id = {column})", rights)
        for table, (column, above, rights) in tables.BY_PARENT.items()
        if table in existing
    ]
    found += [
        _policy(table, " OR ".join([_IN_SCOPE, *(f"EXISTS ({one})" for one in ways)]), tables.READ)
        for table, ways in tables.VAULT.items()
        if table in existing
    ]
    found += [
        f"REVOKE ALL ON {table} FROM {ROLE}; GRANT {rights} ON {table} TO {ROLE};"
        for table, rights in tables.SHARED.items()
        if table in existing
    ]
    return found


def install(connection: Any) -> None:
    """connection: Django's, as the owner of the tables.  Tables not made yet are passed over."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(_ROLE_SQL)
        for statement in _statements(existing):
            cursor.execute(statement)
