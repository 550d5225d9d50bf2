"""What others may use of incidents."""

from zhongshu.service.incidents.models import Incident
from zhongshu.service.incidents.selectors import current, find_current, headquarters_time
from zhongshu.service.incidents.services import open_incident, set_clock

__all__ = [
    "Incident",
    "current",
    "find_current",
    "headquarters_time",
    "open_incident",
    "set_clock",
]
