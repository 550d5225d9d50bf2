"""Whether the parts are there, for whoever keeps them running."""

from __future__ import annotations

import datetime as dt

from django.db import Error, connection
from django.http import HttpRequest
from ninja import Router, Schema, Status

from zhongshu.api.door import open_to

router = Router(tags=["system"])
_WORKER = "SELECT max(last_heartbeat) FROM procrastinate_workers"


class Health(Schema):
    ok: bool
    database: bool
    worker_seen_at: dt.datetime | None


@router.get("/health", auth=None, response={200: Health, 503: Health})
@open_to("anyone")
def health(request: HttpRequest) -> object:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WORKER)
            seen = cursor.fetchone()[0]
    except Error:
        return Status(503, {"ok": False, "database": False, "worker_seen_at": None})
    return {"ok": True, "database": True, "worker_seen_at": seen}
