"""What others may use of rounds."""

from zhongshu.service.rounds import tubeviews
from zhongshu.service.rounds.clockfacts import told_all as follow_clocks
from zhongshu.service.rounds.counts import WHAT, Hop, hops, summary
from zhongshu.service.rounds.models import Round, RoundPoint, Tally, Tube, TubeMember
from zhongshu.service.rounds.publishing import Notice, notices, publish
from zhongshu.service.rounds.selectors import Alarm, Live, Point, get, listed, live
from zhongshu.service.rounds.services import (
    COLUMNS,
    Count,
    Taken,
    Wish,
    begin,
    close,
    take,
    take_file,
)
from zhongshu.service.rounds.tubes import collected, open_points, pending, unresolved
from zhongshu.service.rounds.tubes import follow as follow_tubes

__all__ = [
    "COLUMNS",
    "WHAT",
    "Alarm",
    "Count",
    "Hop",
    "Live",
    "Notice",
    "Point",
    "Round",
    "RoundPoint",
    "Taken",
    "Tally",
    "Tube",
    "TubeMember",
    "Wish",
    "begin",
    "close",
    "collected",
    "follow_clocks",
    "follow_tubes",
    "get",
    "hops",
    "listed",
    "live",
    "notices",
    "open_points",
    "pending",
    "publish",
    "summary",
    "take",
    "take_file",
    "tubeviews",
    "unresolved",
]
