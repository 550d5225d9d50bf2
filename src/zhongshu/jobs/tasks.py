"""Background work.  Every task may be run twice: a killed worker's job is taken up again."""

from __future__ import annotations

import contextlib
import datetime as dt

from django.db import transaction
from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhongshu.jobs import clocks, cycle, dispatch, index, selftest, whatif
from zhongshu.jobs import drill as drill_job
from zhongshu.kernel.time import parse_moment

_KEEP_JOBS_H = 72


@app.task(name="cycle.run", lock="cycle")
def run_cycle(*, as_of: str) -> None:
    """Run the cycle as of a moment; one that was cut off is done again from the start."""
    cycle.run(parse_moment(as_of))


def queue_cycle(as_of: dt.datetime) -> None:
    """Ask for a run; takes effect when the caller's transaction commits."""
    run_cycle.defer(as_of=as_of.isoformat())


# No lock: two sweeps share the work, and a lock held by a worker that was killed would stop the
# clocks of everybody.
@app.periodic(cron="* * * * *")
@app.task(name="clocks.sweep")
def sweep_clocks(timestamp: int) -> None:
    """Each minute: steps that have come are told, clocks that end by themselves end."""
    clocks.sweep()


# One waits at most while another works; the lake's own lock goes with a killed process.
@app.periodic(cron="* * * * *")
@app.task(name="tracing.keep_ready", queueing_lock="tracing.keep_ready")
def keep_index_ready(timestamp: int) -> None:
    """Each minute: the hot index of tracing takes in what changed in the lake."""
    index.keep_ready()


# Hourly, so that a worker that was down on Monday makes up for it: those of a week are done once.
@app.periodic(cron="41 * * * *")
@app.task(name="signals.selftest_due", queueing_lock="signals.selftest_due")
def selftest_due(timestamp: int) -> None:
    """Once a week: synthetic outbreaks in a copy of the counts must be found."""
    selftest.run()


@app.task(name="signals.selftest", queueing_lock="signals.selftest")
def run_selftest() -> None:
    """The same, asked for by somebody."""
    selftest.run()


def queue_selftest() -> None:
    """Ask for this week's self-tests; takes effect when the caller's transaction commits."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        run_selftest.defer()


# One at a time: each takes every core.
@app.task(name=whatif.TASK, lock="whatif", pass_context=True)
def run_whatif(context: JobContext, *, comparison: int) -> None:
    """Compute a comparison of options; one that was cut off is computed again from the start."""
    whatif.run(comparison, context.job.attempts)


def queue_whatif(comparison: int) -> None:
    """Ask for it; takes effect when the caller's transaction commits."""
    run_whatif.defer(comparison=comparison)


# A job is queued with its record and ends after it, so one that is computed is never taken twice.
@app.periodic(cron="* * * * *")
@app.task(name="whatif.take_up_left", queueing_lock="whatif.take_up_left")
def take_up_whatif(timestamp: int) -> None:
    """Each minute: comparisons that nobody computes any more are queued again."""
    with transaction.atomic():
        whatif.take_up_left(queue_whatif)


# Not behind a comparison of options: a dispatcher waits for it.
@app.task(name=dispatch.TASK, lock="dispatch", pass_context=True, priority=10)
def run_dispatch(context: JobContext, *, plan: int) -> None:
    """Make a plan of dispatch; one that was cut off is made again from the start."""
    dispatch.run(plan, context.job.attempts)


def queue_dispatch(plan: int) -> None:
    """Ask for it; takes effect when the caller's transaction commits."""
    run_dispatch.defer(plan=plan)


@app.periodic(cron="* * * * *")
@app.task(name="dispatch.take_up_left", queueing_lock="dispatch.take_up_left")
def take_up_dispatch(timestamp: int) -> None:
    """Each minute: plans that nobody makes any more are queued again."""
    with transaction.atomic():
        dispatch.take_up_left(queue_dispatch)


@app.task(name="drill.run")
def run_drill(*, drill: int) -> None:
    """Take a played drill to its next evening; one that was cut off is played again to there."""
    drill_job.run(drill)


def queue_drill(drill: int) -> None:
    """Ask for it; takes effect when the caller's transaction commits.  The jobs of one drill are
    done one after the other."""
    run_drill.configure(lock=f"drill-{drill}").defer(drill=drill)


@app.periodic(cron="17 3 * * *")
@app.task(name="jobs.tidy", pass_context=True)
async def tidy_jobs(context: JobContext, timestamp: int) -> None:
    """Each night: forget the jobs that ended well; what they did is on other records."""
    await builtin_tasks.remove_old_jobs(context, max_hours=_KEEP_JOBS_H)
