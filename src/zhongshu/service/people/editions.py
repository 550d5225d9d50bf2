"""Numbers that grow with every change, so that a copy of many rows knows whether it is stale."""

from __future__ import annotations

from django.db import connection

from zhongshu.service.people.models import Edition

HOMES, ALIASES = "homes", "aliases"
_BUMP = """
    INSERT INTO people_edition (name, number) VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET number = people_edition.number + 1
"""


def bump(name: str) -> None:
    """Say that something changed; in the transaction that changed it."""
    with connection.cursor() as cursor:
        cursor.execute(_BUMP, [name])


def edition() -> tuple[int, int]:
    """(homes, aliases): the same numbers, the same households, dormitories and pseudonyms."""
    found = dict(Edition.objects.values_list("name", "number"))
    return found.get(HOMES, 0), found.get(ALIASES, 0)
