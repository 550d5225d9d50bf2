"""What others may use of drills that are played."""

from zhongshu.service.drills.played.choices import Choice
from zhongshu.service.drills.played.models import Drill, DrillDecision
from zhongshu.service.drills.played.places import county
from zhongshu.service.drills.played.playing import go_on
from zhongshu.service.drills.played.selectors import get, listed
from zhongshu.service.drills.played.services import LIMITS, OPEN, Wish, abandon, begin, decide
from zhongshu.service.drills.played.sitting import Sittings

__all__ = [
    "LIMITS",
    "OPEN",
    "Choice",
    "Drill",
    "DrillDecision",
    "Sittings",
    "Wish",
    "abandon",
    "begin",
    "county",
    "decide",
    "get",
    "go_on",
    "listed",
]
