"""A write asked for twice is done once, and answered the same both times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja.params import functions

from zhongshu.api.door import here
from zhongshu.service.accounts import facade as accounts

Key = Annotated[str, functions.Header(alias="Idempotency-Key")]


def once(request: HttpRequest, key: str, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do `write` and keep its answer under the user's `key`, in the transaction of the write.

    The same request again gets the kept answer; another request under that key is refused.  Two
    at the same moment: the second waits for the first.
    """
    asking = here(request)
    told = json.dumps([request.method, request.path]).encode() + request.body
    return accounts.answer_once(
        user=asking.held.user,
        key=key,
        request_hash=hashlib.sha256(told).hexdigest(),
        write=write,
        now=asking.now,
    )
