"""One day's tests of all series, as the daily run does them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pyarrow as pa

from zhongshu.engines.warning import model, whole
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.detect.series import share_in
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.signals import facade as signals

Detector = Callable[[pa.Table, dt.date], model.DetectResult]


def detector(frame: Frame) -> Detector:
    """One day's tests of all series: without what was counted before a break, at the level the
    alert budget has reached.  It writes nothing, so that a self-test can ask it about counts that
    never were."""
    judge = Judge(frame)

    def day(series: pa.Table, on: dt.date) -> model.DetectResult:
        return judge.prepared(series, on).day(on, judge.state(on))

    return day


class Judge:
    """What one run judges by; it reads the registers and writes none."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.rules = rulebook.warning(frame.pack, frame.other("signals"))
        self._breaks = signals.breaks_in_force(frame.as_of)
        self._known = whole.Known(
            borders=signals.touching(),
            events=signals.confirmed(frame.as_of),
            share_in=share_in(frame),
            seed=frame.seed,
        )

    def prepared(self, series: pa.Table, last: dt.date) -> whole.Prepared:
        """All series fitted up to the day `last`."""
        path_of = self.frame.tree.get
        kept = self._breaks.kept(series, on=last, path_of=lambda code: path_of(code).path)
        return whole.prepare(kept, last=last, rules=self.rules, known=self._known)

    def begins(self, *, after: dt.date, upto: dt.date) -> bool:
        """Whether some break is of a day past `after`, up to `upto`."""
        return self._breaks.begins(after=after, upto=upto)

    def state(self, on: dt.date) -> whole.State:
        """What the days before `on` leave, as earlier runs decided them."""
        budget = self.rules.daily.budget
        found = signals.budget_before(on, as_of=self.frame.as_of, a_week=budget.alerts_a_week)
        return whole.State(found.level, found.since, found.raised, found.begun_days)
