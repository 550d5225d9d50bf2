"""The worker process: takes jobs from PostgreSQL, and takes up those of workers that died."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from typing import cast

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

_HEARTBEAT_S = 2.0
_STALLED_S = 10.0  # a worker silent for five heartbeats is dead
# A cycle, a comparison of options and a self-test may take minutes; the clocks of everybody and the
# index, due each minute, never wait for them.
_AT_ONCE = 5


def run() -> None:
    """Work until SIGTERM or SIGINT; the job in hand is finished first."""
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        asyncio.run(_run(worker_app))


async def _run(worker_app: App) -> None:
    async with worker_app.open_async():
        rescue = asyncio.create_task(_rescue(worker_app))
        try:
            await worker_app.run_worker_async(
                concurrency=_AT_ONCE,
                update_heartbeat_interval=_HEARTBEAT_S,
                stalled_worker_timeout=_STALLED_S,
            )
        finally:
            rescue.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescue


async def _rescue(worker_app: App) -> None:
    """Put the jobs of dead workers back in the queue."""
    manager = worker_app.job_manager
    while True:
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_S):
            await manager.retry_job(job, retry_at=dt.datetime.now(dt.UTC))
        await asyncio.sleep(_HEARTBEAT_S)
