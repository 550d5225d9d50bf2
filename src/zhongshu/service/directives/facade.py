"""What others may use of directives."""

from zhongshu.service.directives.clockfacts import told_all as follow_clocks
from zhongshu.service.directives.models import Directive, DirectiveEvent
from zhongshu.service.directives.selectors import (
    above,
    children_counts,
    first_reports,
    get,
    is_overdue,
    listed,
    overdue,
    receipts,
)
from zhongshu.service.directives.services import Order, act, forward, is_side, issue

__all__ = [
    "Directive",
    "DirectiveEvent",
    "Order",
    "above",
    "act",
    "children_counts",
    "first_reports",
    "follow_clocks",
    "forward",
    "get",
    "is_overdue",
    "is_side",
    "issue",
    "listed",
    "overdue",
    "receipts",
]
