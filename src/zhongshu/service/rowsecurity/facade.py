"""The one place where a request's database rights are cut down to its scope."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction

from zhongshu.service.kit.scope import Scope
from zhongshu.service.rowsecurity.install import ROLE

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
