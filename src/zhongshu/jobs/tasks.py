"""Background work.  Every task may be run twice: a killed worker's job is taken up again."""

from __future__ import annotations

from procrastinate.contrib.django import app

from zhongshu.jobs import cycle as cycle_job
from zhongshu.kernel.time import parse_moment


@app.task(name="cycle.run", lock="cycle")
def run_cycle(*, as_of: str) -> None:
    """Run the cycle as of a moment; a run that was cut off goes on where it stopped."""
    cycle_job.run(parse_moment(as_of))
