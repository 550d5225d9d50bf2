"""What others may use of what if."""

from zhongshu.service.whatif.chosen import Chosen, chosen
from zhongshu.service.whatif.compute import Asked, answer, compute
from zhongshu.service.whatif.models import Comparison
from zhongshu.service.whatif.propose import propose
from zhongshu.service.whatif.selectors import get, listed, unfinished
from zhongshu.service.whatif.services import Question, ask, fail, finish, take_up, withdraw
from zhongshu.service.whatif.templates import form
from zhongshu.service.whatif.zonings import ASKED_D, Outcome, Spread, area_of, outcomes, zonings

__all__ = [
    "ASKED_D",
    "Asked",
    "Chosen",
    "Comparison",
    "Outcome",
    "Question",
    "Spread",
    "answer",
    "area_of",
    "ask",
    "chosen",
    "compute",
    "fail",
    "finish",
    "form",
    "get",
    "listed",
    "outcomes",
    "propose",
    "take_up",
    "unfinished",
    "withdraw",
    "zonings",
]
