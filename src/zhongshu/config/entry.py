"""Composition root: puts the pieces together and hands them to the command line."""

from __future__ import annotations

import atexit
import datetime as dt
import functools
import os
from collections.abc import Callable

from zhongshu.config import environment as env
from zhongshu.config import postgres, processes


class ThisMachine:
    """The installation this process belongs to (see `zhongshu.cli.installation`)."""

    def __init__(self, environment: env.Environment) -> None:
        self._environment = environment
        self.var = environment.var
        self.lake_root = environment.lake
        self.raw_root = environment.raw
        self.world_root = environment.world
        self.reports_root = environment.reports
        self.url = f"http://{environment.host}:{environment.port}"

    def wall(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    @functools.cache  # noqa: B019 - one per process
    def open(self) -> None:
        self.var.mkdir(parents=True, exist_ok=True)
        postgres.start(self._environment)
        os.environ["ZHONGSHU_VAR"] = str(self.var)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshu.config.settings")
        import django  # noqa: PLC0415 - the settings can be read only now
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)

    def prepare(self) -> None:
        atexit.register(processes.compile_kernels().kill)

    def serve(self, *, say: Callable[[str], None] = print) -> int:
        self.open()
        return processes.run(self._environment, say)

    def work(self) -> None:
        self.open()
        from zhongshu.jobs import worker  # noqa: PLC0415 - needs the models

        worker.run()


def main() -> None:
    from zhongshu.cli.main import app  # noqa: PLC0415 - `--help` stays fast
    from zhongshu.rules import reader  # noqa: PLC0415

    environment = env.read()
    reader.use_local(environment.packs)
    app(obj=ThisMachine(environment))


if __name__ == "__main__":
    main()
