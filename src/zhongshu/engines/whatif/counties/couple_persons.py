"""The outbreak model of persons as the one that takes counties over."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Collection, Mapping

import numpy as np

from zhongshu.engines.whatif import answers
from zhongshu.engines.whatif.counties.couple import DAY_H, Handover, untraced_d
from zhongshu.engines.whatif.counties.model import F64
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak import state as memory
from zhongshu.engines.whatif.outbreak import step
from zhongshu.engines.whatif.outbreak.plan import Plan, placed, plan
from zhongshu.engines.whatif.outbreak.population import I32, Population
from zhongshu.engines.whatif.outbreak.solve import BEFORE_D, Cases
from zhongshu.engines.whatif.outbreak.turned import turned
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput

NOON_H = 12
ROWS = 1 << 14


def shifted(made: Plan, hours: int) -> Plan:
    """A plan whose hours are counted from so many hours later; what began before has begun, and
    acts on the days before hour 0 too."""
    return made._replace(
        area=_earlier(made.area, hours, columns=(0, 1)),
        closed=_earlier(made.closed, hours, columns=(1, 2)),
        mask_hours=_earlier(made.mask_hours[None], hours, columns=(0, 1))[0],
        round_start=made.round_start - hours,
    )


def _earlier(rows: I32, hours: int, *, columns: tuple[int, ...]) -> I32:
    out = rows.copy()
    for column in columns:
        ends = out[:, column] != outbreak.NEVER
        out[ends, column] -= hours
    return out


@dataclasses.dataclass(frozen=True)
class OutbreakModel:
    """populations: of the counties that may be handed over, each alone in its population.

    starts: of the counties handed over on the first day, their registered cases as persons;
        else who they are is drawn by run, and their other days are unknown.
    turns: (runs, 2) of a county, `turned.PARAMETERS` of each run; without: those of the model.
    """

    populations: Mapping[str, Population]
    model: outbreak.Model
    seed: int
    starts: Mapping[str, outbreak.Start] = dataclasses.field(default_factory=dict)
    turns: Mapping[str, F64] = dataclasses.field(default_factory=dict)
    _spare: threading.local = dataclasses.field(default_factory=threading.local, repr=False)

    @property
    def counties(self) -> Collection[str]:
        return self.populations.keys()

    def take_over(self, handover: Handover) -> dict[str, F64]:
        """One run from the registered cases, under what was in force before, too."""
        people, option = self.populations[handover.county], handover.option
        made = plan(option, people, handover.days)
        for place, day in handover.ended.items():
            made.area[place, 1] = min(int(made.area[place, 1]), day * DAY_H)
        start = self.start(handover, people)
        made = shifted(made, handover.day * DAY_H)
        if handover.day == 0 and handover.county in self.starts:
            made = placed(made, start)  # what is reported is free; those inside are not in it
        out = self._run(handover, people, made, start)
        names = (*answers.MEASURES, *(f"rooms.{tier}" for tier in option.room_tiers),
                 *(f"beds.{tier}" for tier in option.bed_tiers))  # fmt: skip
        told = {name: np.asarray(out[:, n], dtype=np.float64) for n, name in enumerate(names)}
        if not option.restricts:
            told["p_released"] = np.full(len(out), np.nan)
        return told

    def _run(
        self, handover: Handover, people: Population, made: Plan, start: outbreak.Start
    ) -> F64:
        """(days left, what the kernels write)."""
        given = self._model(handover)
        if handover.county in self.turns:
            given = turned(given, self.turns[handover.county][handover.run])
        days = handover.days - handover.day
        before = max(1, BEFORE_D - int(start.found_h.min()) // DAY_H)
        tiers = len(made.rooms) + len(made.beds)
        out = np.empty((1, days, step.TIERS + tiers), dtype=np.float32)
        cases = Cases(*(getattr(start, name) for name in Cases._fields))
        record, rows = self._record(handover.county, len(people)), ROWS
        while True:
            state = memory.make(
                record, rows=rows, days=days + before, tiers=tiers, areas=len(made.area)
            )
            done = step.run_all(
                state, people.people, given, made, cases, np.array([self._key(handover)]),
                days, before, np.inf, out,
            )  # fmt: skip
            touched = state.rec[: state.tally[memory.RECORDS], memory.PERSON]
            record[touched] = -1
            if done:
                return np.asarray(out[0], dtype=np.float64)
            rows *= 4

    def _model(self, handover: Handover) -> outbreak.Tables:
        """Whom tracing had named by then was found by then; the same tables for an option."""
        kept = self._spare.__dict__
        traced = handover.option.tracing if handover.day else self.model.traced
        name = repr(traced)
        if name not in kept:
            kept[name] = outbreak.tables(dataclasses.replace(self.model, traced=traced))
        found: outbreak.Tables = kept[name]
        return found

    def _record(self, county: str, people: int) -> I32:
        """Of a thread: row of each person, -1."""
        kept, name = self._spare.__dict__, f"record {county}"
        if name not in kept:
            kept[name] = np.full(people, -1, dtype=np.int32)
        found: I32 = kept[name]
        return found

    def _key(self, handover: Handover) -> np.uint64:
        """The same for every option: options share the luck of a run."""
        return chance.key(self.seed, f"whatif {handover.county}", handover.run)

    def start(self, handover: Handover, people: Population) -> outbreak.Start:
        """The cases as registered, or as persons drawn where nobody knows them yet; and the
        contacts who are kept apart.  Refuses more cases than people."""
        if handover.day == 0 and handover.county in self.starts:
            return self.starts[handover.county]
        cases, kept = handover.found_d.size, handover.kept_d.size
        if cases > len(people):
            raise BadInput(
                "whatif.population",
                f"County {handover.county} has {cases} cases and only {len(people)} people of its"
                " own.",
            )
        kept = min(kept, len(people) - cases)
        order = np.argsort(
            chance.uniform(self._key(handover), np.arange(len(people))), kind="stable"
        ).astype(np.int32)
        unknown = np.full(cases, outbreak.NEVER, dtype=np.int32)
        since = handover.kept_d[:kept] * DAY_H
        until = since + handover.option.isolation.days * DAY_H
        return outbreak.Start(
            person=order[:cases],
            infected_day=unknown,
            onset_day=unknown.copy(),
            found_h=(handover.found_d * DAY_H + NOON_H).astype(np.int32),
            isolated=np.column_stack((order[cases : cases + kept], since, until)).astype(np.int32),
            untraced_h=untraced_d(handover.option) * DAY_H,
            placed_h=0,
        )
