"""What others may use of signals."""

from zhongshu.service.signals.clockfacts import told_all as follow_clocks
from zhongshu.service.signals.models import Signal
from zhongshu.service.signals.selectors import OPEN, get, listed, open_counts
from zhongshu.service.signals.services import handle, upsert

__all__ = ["OPEN", "Signal", "follow_clocks", "get", "handle", "listed", "open_counts", "upsert"]
