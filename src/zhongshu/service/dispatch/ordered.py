"""What approved plans have ordered and nobody has received yet."""

from __future__ import annotations

import collections
import datetime as dt
from collections.abc import Mapping

from zhongshu.kernel.time import beijing_day
from zhongshu.service.dispatch import receipts, selectors
from zhongshu.service.dispatch.models import DispatchPlan, Job, Receipt

KIND = "supplier"


def coming(*, besides: DispatchPlan | None) -> Mapping[tuple[str, str, dt.date], float]:
    """By store, goods and day of delivery.  Two queries, however many jobs are open."""
    open_ = Job.objects.filter(kind=KIND, state__in=selectors.OPEN_JOBS)
    open_ = open_.exclude(plan=besides) if besides else open_
    jobs = list(open_)
    told = Receipt.objects.filter(job__in=jobs, what__in=receipts.CLOSES)
    closed = set(told.values_list("job_id", "step"))
    found: dict[tuple[str, str, dt.date], float] = collections.defaultdict(float)
    for job in jobs:
        for step in job.steps:
            facts = step["facts"]
            if (
                step["kind"] == "goods"
                and "store_id" in facts
                and (job.pk, step["no"]) not in closed
            ):
                arrives = beijing_day(dt.datetime.fromisoformat(step["ends"]))
                found[facts["store_id"], facts["item"], arrives] += step["count"]
    return found
