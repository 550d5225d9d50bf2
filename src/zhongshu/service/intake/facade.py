"""What others may use of the record of files."""

from zhongshu.service.intake.contents import Forgotten, forget_visits, visits_held
from zhongshu.service.intake.models import FeedFile
from zhongshu.service.intake.selectors import Source, get, listed, seen, sources
from zhongshu.service.intake.services import Entry, record

__all__ = [
    "Entry",
    "FeedFile",
    "Forgotten",
    "Source",
    "forget_visits",
    "get",
    "listed",
    "record",
    "seen",
    "sources",
    "visits_held",
]
