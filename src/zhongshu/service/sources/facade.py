"""What others may use of sources."""

from zhongshu.service.sources.expected import F64, I64, Flags, Reports, Terms, tell
from zhongshu.service.sources.reading import terms

__all__ = ["F64", "I64", "Flags", "Reports", "Terms", "tell", "terms"]
