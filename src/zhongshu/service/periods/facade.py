"""What others may use of periods: runs, proposals, decisions."""

from zhongshu.service.periods.clockfacts import told_all as follow_clocks
from zhongshu.service.periods.decisions import Verdict, carried_out, decide, of_proposals
from zhongshu.service.periods.explain import Explained, Explanation, explain, replayed
from zhongshu.service.periods.models import Decision, Proposal, Run
from zhongshu.service.periods.proposals import Draft, propose, supersede_absent
from zhongshu.service.periods.runs import (
    exclusive,
    finish_run,
    start_run,
    step_done,
    step_failed,
    step_started,
)
from zhongshu.service.periods.selectors import (
    first_run_as_of,
    get,
    get_run,
    last_as_of,
    latest_run,
    listed,
    numbers,
    runs,
    waiting,
)

__all__ = [
    "Decision",
    "Draft",
    "Explained",
    "Explanation",
    "Proposal",
    "Run",
    "Verdict",
    "carried_out",
    "decide",
    "exclusive",
    "explain",
    "finish_run",
    "first_run_as_of",
    "follow_clocks",
    "get",
    "get_run",
    "last_as_of",
    "latest_run",
    "listed",
    "numbers",
    "of_proposals",
    "propose",
    "replayed",
    "runs",
    "start_run",
    "step_done",
    "step_failed",
    "step_started",
    "supersede_absent",
    "waiting",
]
