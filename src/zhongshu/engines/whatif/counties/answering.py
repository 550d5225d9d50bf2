"""What options lead to in the province: `compare(...)` gives the same Answer as the outbreak model.

The people in whom nothing is counted one by one (contacts who are not infected, rooms, tests) are
counted from the infected, found and called, as `measured.py` says line by line.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

import numpy as np

from zhongshu.engines.whatif import answers, options
from zhongshu.engines.whatif.counties import measured, plan, solve
from zhongshu.engines.whatif.counties.model import F64, I64, Course, Futures, Province, Run
from zhongshu.engines.whatif.counties.plan import Setting
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

VERSION = "1"


@dataclasses.dataclass(frozen=True)
class Compared:
    """answer: as of the outbreak model; futures: of each option, by county, in their order."""

    answer: answers.Answer
    futures: tuple[Futures, ...]


def compare(
    province: Province,
    course: Course,
    several: Sequence[options.Option],
    start: I64,
    *,
    setting: Setting,
    days: int,
    run: Run,
    r0: float | F64,
    calibrated: bool = False,
    calibrated_days: int | None = None,
) -> Compared:
    """Run every option under the same luck.

    start, r0: as `solve.simulate` takes them, one for all runs or one for each.
    Refuses a start in which nobody is infected and nobody
    is expected from outside, two options of one name, and areas that are no counties.
    calibrated: whether r0 and start were fitted to the current outbreak (`calibrate`), and on how
    many days; a longer horizon is noted on the answer.
    """
    _check(start, several, setting)
    futures = tuple(
        solve.simulate(
            province,
            course,
            plan.make(option, province, course, setting, days=days),
            start,
            run=run,
            r0=r0,
        )
        for option in several
    )
    runs = table(province, course, several, futures, setting=setting)
    notes = [note for option in several if (note := plan.beyond(option))]
    if calibrated and calibrated_days is not None and days > calibrated_days:
        notes.append(f"asked for {days} days, calibrated on {calibrated_days}")
    card = RunCard(
        engine="whatif.counties",
        version=VERSION,
        parameters={"r0": np.asarray(r0).tolist(), "days": days, "runs": run.runs,
                    "steps": run.steps_per_day, "course": dataclasses.asdict(course)},
        inputs={"people": _digest(province.people), "start": _digest(start)},
        seed=run.seed,
    )  # fmt: skip
    answer = answers.Answer(
        options=tuple(option.name for option in several),
        measures=answers.measures(several),
        runs=runs,
        card=card,
        calibrated=calibrated,
        note="; ".join(notes),
    )
    return Compared(answer=answer, futures=futures)


def table(
    province: Province,
    course: Course,
    several: Sequence[options.Option],
    futures: Sequence[Futures],
    *,
    setting: Setting,
) -> answers.Runs:
    """(options, runs, days, measures) of the answer, from what was simulated."""
    names = answers.measures(several)
    out = np.zeros((len(several), *futures[0].counted.shape[:2], len(names)), dtype=np.float32)
    for at, (option, future) in enumerate(zip(several, futures, strict=True)):
        columns = measured.measured(option, province, course, setting, future)
        for position, name in enumerate(names):
            if name in columns:
                out[at, :, :, position] = columns[name]
    return out


def _digest(table: I64) -> str:
    return hashlib.sha256(np.ascontiguousarray(table).tobytes()).hexdigest()


def _check(start: I64, several: Sequence[options.Option], setting: Setting) -> None:
    names = [option.name for option in several]
    if len(set(names)) < len(names):
        raise BadInput("whatif.same_name", "Two options have the same name; rename one.")
    expected = setting.imports is not None and float(np.sum(setting.imports)) > 0
    if start[..., 2:-1].sum() == 0 and not expected:
        raise BadInput(
            "whatif.no_cases",
            "Nobody is infected at the start and nobody is expected from outside; give the "
            "registered cases or the imports expected.",
        )
