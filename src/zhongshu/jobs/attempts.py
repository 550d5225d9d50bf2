"""What jobs that answer a person have in common: they are answered once, or told why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from procrastinate.contrib.django.models import ProcrastinateJob

from zhongshu.kernel.errors import Refused

T = TypeVar("T")
MOST_ATTEMPTS = 3  # what kills its worker each time would do so for ever


def once(
    asked: T,
    attempts: int,
    *,
    answer: Callable[[T], None],
    fail: Callable[[T, Refused], None],
    broken: Refused,
    killed: Refused,
) -> None:
    """Answer it, or say in one sentence why there is no answer.

    attempts: how often it was begun and cut off before.  broken, killed: what the asker is told of
    an error of ours, and of a worker that is ended each time.
    """
    if attempts >= MOST_ATTEMPTS:
        fail(asked, killed)
        return
    try:
        answer(asked)
    except Refused as refusal:
        fail(asked, refusal)
    except Exception:
        # Nobody would take it up again: the asker is told, and the log has the error.
        fail(asked, broken)
        raise


def left(
    task: str, argument: str, unfinished: Iterable[int], queue: Callable[[int], None]
) -> list[int]:
    """Queue again what waits or runs and has no job any more, e.g. after the queue was emptied or
    an older copy of the data was put back; returns which."""
    live = ProcrastinateJob.objects.filter(task_name=task, status__in=("todo", "doing"))
    known = {row[argument] for row in live.values_list("args", flat=True)}
    found = [one for one in unfinished if one not in known]
    for one in found:
        queue(one)
    return found
