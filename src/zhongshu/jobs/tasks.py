"""Background work.  Every task may be run twice: a killed worker's job is taken up again."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from zhongshu.jobs import clocks, cycle
from zhongshu.kernel.time import parse_moment


@app.task(name="cycle.run", lock="cycle")
def run_cycle(*, as_of: str) -> None:
    """Run the cycle as of a moment; one that was cut off is done again from the start."""
    cycle.run(parse_moment(as_of))


def queue_cycle(as_of: dt.datetime) -> None:
    """Ask for a run; takes effect when the caller's transaction commits."""
    run_cycle.defer(as_of=as_of.isoformat())


# One waits at most: what it had to do, the next one does too.
@app.periodic(cron="* * * * *")
@app.task(name="clocks.sweep", lock="clocks.sweep", queueing_lock="clocks.sweep")
def sweep_clocks(timestamp: int) -> None:
    """Each minute: steps that have come are told, clocks that end by themselves end."""
    clocks.sweep()
