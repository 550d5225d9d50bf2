"""What others may use of signals."""

from zhongshu.service.signals.clockfacts import told_all as follow_clocks
from zhongshu.service.signals.groups import Group, beside, counted
from zhongshu.service.signals.groups import number as group_of
from zhongshu.service.signals.groups import page as group_page
from zhongshu.service.signals.handling import RISKS, Act, Triage, handle, triage
from zhongshu.service.signals.models import Signal, Snooze
from zhongshu.service.signals.past import deeds
from zhongshu.service.signals.quality import Quality, measure
from zhongshu.service.signals.selectors import OPEN, get, listed, open_counts, unproposed
from zhongshu.service.signals.services import upsert
from zhongshu.service.signals.snoozing import listed as snoozes
from zhongshu.service.signals.snoozing import snooze, wake
from zhongshu.service.signals.snoozing import until as snoozed_until

__all__ = [
    "OPEN",
    "RISKS",
    "Act",
    "Group",
    "Quality",
    "Signal",
    "Snooze",
    "Triage",
    "beside",
    "counted",
    "deeds",
    "follow_clocks",
    "get",
    "group_of",
    "group_page",
    "handle",
    "listed",
    "measure",
    "open_counts",
    "snooze",
    "snoozed_until",
    "snoozes",
    "triage",
    "unproposed",
    "upsert",
    "wake",
]
