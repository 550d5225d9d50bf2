"""Whether the parts are there, for whoever keeps them running."""

from __future__ import annotations

import datetime as dt

from django.db import Error, connection
from django.http import HttpRequest
from ninja import Router, Schema, Status

from zhongshu.api.door import open_to
from zhongshu.rules import reader

router = Router(tags=["system"])
_WORKER = "SELECT max(last_heartbeat) FROM procrastinate_workers"


class Health(Schema):
    """pack_mistakes: mistakes in files of policy packs, which are not in force until mended;
    `zhongshu pack lint` tells them."""

    ok: bool
    database: bool
    worker_seen_at: dt.datetime | None
    pack_mistakes: int


@router.get("/health", auth=None, response={200: Health, 503: Health})
@open_to("anyone")
def health(request: HttpRequest) -> object:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WORKER)
            seen = cursor.fetchone()[0]
    except Error:
        return Status(503, _health(ok=False, seen=None))
    return _health(ok=True, seen=seen)


def _health(*, ok: bool, seen: dt.datetime | None) -> dict[str, object]:
    mistakes = sum(not problem.remark for problem in reader.problems())
    return {"ok": ok, "database": ok, "worker_seen_at": seen, "pack_mistakes": mistakes}
