"""What others may use of asking planners.  Apart from dispatch's own facade: a plan is proposed
through periods, which issue what is approved."""

from zhongshu.service.dispatch.planners import PLANNERS, planner
from zhongshu.service.dispatch.planners.shapes import Ask, Event, Field, Made, Word
from zhongshu.service.dispatch.planning.asking import (
    Question,
    again,
    ask,
    fail,
    finish,
    happened,
    take_up,
    withdraw,
)
from zhongshu.service.dispatch.planning.computing import asked, compute
from zhongshu.service.dispatch.planning.proposing import propose

__all__ = [
    "PLANNERS",
    "Ask",
    "Event",
    "Field",
    "Made",
    "Question",
    "Word",
    "again",
    "ask",
    "asked",
    "compute",
    "fail",
    "finish",
    "happened",
    "planner",
    "propose",
    "take_up",
    "withdraw",
]
