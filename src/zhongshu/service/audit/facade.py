"""What others may use of the audit record."""

from zhongshu.service.audit.selectors import Verdict, entries, verify
from zhongshu.service.audit.services import record

__all__ = ["Verdict", "entries", "record", "verify"]
