"""The one place where a request's database rights are cut down to its scope."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction

from zhongshu.service.kit.scope import Scope
from zhongshu.service.rowsecurity.install import ROLE

_LEAVE = "SELECT set_config('role', 'none', true)"
_BACK = "SELECT set_config('role', %s, true)"
_ENTER = "SELECT set_config('role', %s, true), set_config('zhongshu.scopes', %s, true)"


@contextlib.contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """A transaction in which only rows within `scope` exist; commits on leaving."""
    paths = [path for path in scope.paths if path]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, [ROLE, ",".join(paths)])
        yield
        # Needed when this ran inside a longer transaction; a failed one rolls the role back.
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, ["none", ""])


@contextlib.contextmanager
def aggregate() -> Iterator[None]:
    """Inside `scoped`: leave the scoped role to count, over everybody, what may be shown as a
    number to people outside (suppressed when small) or is public (the colour of a county).

    Whoever uses it hands out no row and no person.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        cursor.execute(_LEAVE)
        yield
        if role == ROLE:
            cursor.execute(_BACK, [ROLE])


@contextlib.contextmanager
def unscoped() -> Iterator[None]:
    """Inside `scoped`: leave the scoped role for what a rule writes wherever it falls, e.g. the
    county's clock that a village's fact starts.

    Whoever uses it has checked the asker's scope before, and hands out nothing he read in it.
    """
    with aggregate():
        yield
