"""What others may use of signals."""

from zhongshu.service.signals.borders import touching
from zhongshu.service.signals.checks.breaks import STREAMS, Marked
from zhongshu.service.signals.checks.breaks import get as get_break
from zhongshu.service.signals.checks.breaks import in_force as breaks_in_force
from zhongshu.service.signals.checks.breaks import listed as breaks
from zhongshu.service.signals.checks.breaks import mark as mark_break
from zhongshu.service.signals.checks.breaks import remove as remove_break
from zhongshu.service.signals.checks.models import Break, SelfTest
from zhongshu.service.signals.checks.selftest import listed as selftests
from zhongshu.service.signals.checks.selftest import of_week as selftests_of_week
from zhongshu.service.signals.checks.selftest import run as run_selftests
from zhongshu.service.signals.checks.selftest import week_of as selftest_week
from zhongshu.service.signals.checks.testlog import take as log_tests
from zhongshu.service.signals.clockfacts import told_all as follow_clocks
from zhongshu.service.signals.goingon import confirmed, going_on
from zhongshu.service.signals.groups import Group, beside, counted
from zhongshu.service.signals.groups import number as group_of
from zhongshu.service.signals.groups import page as group_page
from zhongshu.service.signals.handling import RISKS, Act, Triage, handle, triage
from zhongshu.service.signals.models import Signal, Snooze
from zhongshu.service.signals.past import deeds
from zhongshu.service.signals.quality import Quality, measure
from zhongshu.service.signals.selectors import (
    OPEN,
    get,
    listed,
    of_whole_area,
    open_counts,
    unproposed,
)
from zhongshu.service.signals.services import upsert
from zhongshu.service.signals.snoozing import listed as snoozes
from zhongshu.service.signals.snoozing import snooze, wake
from zhongshu.service.signals.snoozing import until as snoozed_until
from zhongshu.service.signals.spending import before as budget_before
from zhongshu.service.signals.spending import keep as keep_budget

__all__ = [
    "OPEN",
    "RISKS",
    "STREAMS",
    "Act",
    "Break",
    "Group",
    "Marked",
    "Quality",
    "SelfTest",
    "Signal",
    "Snooze",
    "Triage",
    "beside",
    "breaks",
    "breaks_in_force",
    "budget_before",
    "confirmed",
    "counted",
    "deeds",
    "follow_clocks",
    "get",
    "get_break",
    "going_on",
    "group_of",
    "group_page",
    "handle",
    "keep_budget",
    "listed",
    "log_tests",
    "mark_break",
    "measure",
    "of_whole_area",
    "open_counts",
    "remove_break",
    "run_selftests",
    "selftest_week",
    "selftests",
    "selftests_of_week",
    "snooze",
    "snoozed_until",
    "snoozes",
    "touching",
    "triage",
    "unproposed",
    "upsert",
    "wake",
]
