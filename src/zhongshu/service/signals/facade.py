"""What others may use of signals."""

from zhongshu.service.signals.models import Signal
from zhongshu.service.signals.selectors import OPEN, get, listed, open_counts
from zhongshu.service.signals.services import handle, upsert

__all__ = ["OPEN", "Signal", "get", "handle", "listed", "open_counts", "upsert"]
