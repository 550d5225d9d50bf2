"""What others may use of letters."""

from zhongshu.service.letters.clockfacts import told_all as follow_clocks
from zhongshu.service.letters.models import Letter, LetterRow, Receipt
from zhongshu.service.letters.opening import Identity, Opened, may_open, opened
from zhongshu.service.letters.selectors import (
    by_number,
    contact_ids,
    get,
    is_overdue,
    listed,
    receipts,
    rows,
)
from zhongshu.service.letters.services import Figures, answer, is_receiver, make
from zhongshu.service.letters.words import DROPPED

__all__ = [
    "DROPPED",
    "Figures",
    "Identity",
    "Letter",
    "LetterRow",
    "Opened",
    "Receipt",
    "answer",
    "by_number",
    "contact_ids",
    "follow_clocks",
    "get",
    "is_overdue",
    "is_receiver",
    "listed",
    "make",
    "may_open",
    "opened",
    "receipts",
    "rows",
]
