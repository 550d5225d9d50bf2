"""What others may use of dispatch.  Asking planners on behalf of people and proposing what they
answer is `planning.facade`: a plan is proposed through periods, which issue what is approved."""

from zhongshu.service.dispatch.areas import risk_townships, risk_villages
from zhongshu.service.dispatch.issuing import decline, issue, let_go, put_forward
from zhongshu.service.dispatch.models import DispatchPlan, Job, PlanRow, Receipt
from zhongshu.service.dispatch.opening import Opened, opened
from zhongshu.service.dispatch.people import to_isolate, travellers
from zhongshu.service.dispatch.planning.constraints import constraint
from zhongshu.service.dispatch.planning.daily import answered
from zhongshu.service.dispatch.planning.daily import latest as latest_of_run
from zhongshu.service.dispatch.planning.telling import asked_for, explained
from zhongshu.service.dispatch.receipts import CLOSES, EVENT, WHAT, Told, latest, tell
from zhongshu.service.dispatch.selectors import (
    OPEN_JOBS,
    get,
    job,
    jobs,
    jobs_by_proposal,
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
    "answered",
    "asked_for",
    "constraint",
    "decline",
    "explained",
    "get",
    "issue",
    "job",
    "jobs",
    "jobs_by_proposal",
    "latest",
    "latest_of_run",
    "let_go",
    "open_events",
    "opened",
    "plans",
    "put_forward",
    "receipts",
    "risk_townships",
    "risk_villages",
    "rows",
    "tell",
    "to_isolate",
    "travellers",
    "unfinished",
]
