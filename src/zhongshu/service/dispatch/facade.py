"""What others may use of dispatch.  Asking planners and proposing is `planning.facade`: a plan is
proposed through periods, which issue it when it is approved."""

from zhongshu.service.dispatch.issuing import decline, issue
from zhongshu.service.dispatch.models import DispatchPlan, Job, PlanRow, Receipt
from zhongshu.service.dispatch.opening import Opened, opened
from zhongshu.service.dispatch.people import to_isolate, travellers
from zhongshu.service.dispatch.receipts import CLOSES, EVENT, WHAT, Told, latest, tell
from zhongshu.service.dispatch.selectors import (
    OPEN_JOBS,
    get,
    job,
    jobs,
    open_events,
    plans,
    receipts,
    rows,
    unfinished,
)

__all__ = [
    "CLOSES",
    "EVENT",
    "OPEN_JOBS",
    "WHAT",
    "DispatchPlan",
    "Job",
    "Opened",
    "PlanRow",
    "Receipt",
    "Told",
    "decline",
    "get",
    "issue",
    "job",
    "jobs",
    "latest",
    "open_events",
    "opened",
    "plans",
    "receipts",
    "rows",
    "tell",
    "to_isolate",
    "travellers",
    "unfinished",
]
