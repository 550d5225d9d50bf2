"""What approved plans of parcels have brought to closed areas, or are about to bring."""

from __future__ import annotations

import collections
import datetime as dt
from collections.abc import Mapping, Sequence

from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.service.dispatch import receipts, selectors
from zhongshu.service.dispatch.models import DispatchPlan, Job, Receipt

PLANNER = "parcels"
_LOOKS_BACK = 30 * DAY  # longer than any parcel lasts


def brought(
    *, besides: DispatchPlan | None, as_of: dt.datetime
) -> Mapping[str, Sequence[tuple[dt.date, int]]]:
    """By drop: days and parcels, the last first.  Counted is what a receipt says, and what is still
    to come from today on, the latter not of `besides`.  Two queries, however many jobs there are.
    """
    jobs = list(Job.objects.filter(planner=PLANNER, issued_at__gt=as_of - _LOOKS_BACK))
    closing = Receipt.objects.filter(job__in=jobs, what__in=receipts.CLOSES, told_at__lte=as_of)
    told = {(one.job_id, one.step): one.at for one in closing}
    found: dict[str, dict[dt.date, int]] = collections.defaultdict(collections.Counter)
    for job in jobs:
        open_ = job.state in selectors.OPEN_JOBS and not (besides and job.plan_id == besides.pk)
        for step in job.steps:
            planned = beijing_day(dt.datetime.fromisoformat(step["at"]))
            if step["kind"] != "goods":
                continue
            if at := told.get((job.pk, step["no"])):
                found[step["thing"]][beijing_day(at)] += step["count"]
            elif open_ and planned >= beijing_day(as_of):
                found[step["thing"]][planned] += step["count"]
    return {drop: sorted(days.items(), reverse=True) for drop, days in found.items()}
