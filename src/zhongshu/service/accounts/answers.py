"""Requests carried out once, with the answers they got."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from zhongshu.kernel.errors import BadInput, WrongState
from zhongshu.service.accounts.models import Answered, User

_CLAIM = """
    INSERT INTO accounts_answered (user_id, key, request_hash, at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (user_id, key) DO NOTHING
"""
LONGEST_KEY = 80


def answer_once(
    *,
    user: User,
    key: str,
    request_hash: str,
    write: Callable[[], dict[str, Any]],
    now: dt.datetime,
) -> dict[str, Any]:
    """The answer of `write`, done only if `key` is new for this user.

    Refuses a key that another request used, and none or a longer one than 80 characters.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise BadInput("idempotency.key", "Send an Idempotency-Key of 1 to 80 characters.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Waits for a transaction that is using the same key just now.
            cursor.execute(_CLAIM, [user.pk, key, request_hash, now])
            fresh = cursor.rowcount == 1
        kept = Answered.objects.get(user=user, key=key)
        if kept.request_hash != request_hash:
            raise WrongState(
                "idempotency.other_request", "This Idempotency-Key was used for another request."
            )
        if fresh or kept.answer is None:
            kept.answer = json.loads(json.dumps(write(), cls=DjangoJSONEncoder))
            kept.save(update_fields=["answer"])
    answer: dict[str, Any] = kept.answer
    return answer
