"""What others may use of clocks."""

from zhongshu.service.clocks.models import Clock, ClockEvent, Kind, Notification, Rung
from zhongshu.service.clocks.rulebook import Rulebook
from zhongshu.service.clocks.selectors import (
    STATES,
    by_due_time,
    events,
    get,
    kinds,
    listed,
    notification,
    notifications,
    of_subject,
    rungs,
    state_then,
)
from zhongshu.service.clocks.services import REASONS, follow, read_notification, remind, waive
from zhongshu.service.clocks.sweep import Swept, sweep
from zhongshu.service.clocks.wall import BUCKETS, Then, Wall
from zhongshu.service.clocks.wall import read as wall

__all__ = [
    "BUCKETS",
    "REASONS",
    "STATES",
    "Clock",
    "ClockEvent",
    "Kind",
    "Notification",
    "Rulebook",
    "Rung",
    "Swept",
    "Then",
    "Wall",
    "by_due_time",
    "events",
    "follow",
    "get",
    "kinds",
    "listed",
    "notification",
    "notifications",
    "of_subject",
    "read_notification",
    "remind",
    "rungs",
    "state_then",
    "sweep",
    "waive",
    "wall",
]
