"""What others may use of findings."""

from zhongshu.service.findings.models import Finding
from zhongshu.service.findings.selectors import counts, get, listed
from zhongshu.service.findings.services import Found, take

__all__ = ["Finding", "Found", "counts", "get", "listed", "take"]
