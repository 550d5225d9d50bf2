"""What others may use of rounds."""

from zhongshu.service.rounds.counts import WHAT, Hop, hops, summary
from zhongshu.service.rounds.models import Round, RoundPoint, Tally
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
    "Wish",
    "begin",
    "close",
    "get",
    "hops",
    "listed",
    "live",
    "notices",
    "publish",
    "summary",
    "take",
    "take_file",
]
