"""What others may use of signals."""

from zhongshu.service.signals.clockfacts import told_all as follow_clocks
from zhongshu.service.signals.handling import RISKS, Act, Triage, handle, triage
from zhongshu.service.signals.models import Signal
from zhongshu.service.signals.selectors import OPEN, get, listed, open_counts
from zhongshu.service.signals.services import upsert

__all__ = [
    "OPEN",
    "RISKS",
    "Act",
    "Signal",
    "Triage",
    "follow_clocks",
    "get",
    "handle",
    "listed",
    "open_counts",
    "triage",
    "upsert",
]
