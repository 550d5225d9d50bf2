"""The outbreak model of persons as the one that takes counties over."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Collection, Mapping, Sequence

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
from zhongshu.kernel.disease.course import PROFILE_FROM_D
from zhongshu.kernel.errors import BadInput

NOON_H = 12
ROWS = 1 << 14
UNSEEN_D = 17  # days over which the unseen were infected: as long as an infection lasts
PROBES = 60  # handovers by which their number is set
LEAST_EACH = 0.2  # at large for one unseen at least: chance may have left all of them out


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
class Level:
    """unseen: how many whom no registered case infected, for each at large.
    barren: share of the registered cases who infected nobody: as though infected when found."""

    unseen: float = 0.0
    barren: float = 0.0


@dataclasses.dataclass(frozen=True)
class OutbreakModel:
    """populations: of the counties that may be handed over, each alone in its population.

    starts: of the counties handed over on the first day, their registered cases as persons;
        else who they are is drawn by run, and their other days are unknown.
    levels: of counties, what brings their start to the level of the counts, see `levelled`.
    turns: (runs, 2) of a county, `turned.PARAMETERS` of each run; without: those of the model.
    """

    populations: Mapping[str, Population]
    model: outbreak.Model
    seed: int
    starts: Mapping[str, outbreak.Start] = dataclasses.field(default_factory=dict)
    turns: Mapping[str, F64] = dataclasses.field(default_factory=dict)
    levels: Mapping[str, Level] = dataclasses.field(default_factory=dict)
    _spare: threading.local = dataclasses.field(default_factory=threading.local, repr=False)

    @property
    def counties(self) -> Collection[str]:
        return self.populations.keys()

    def levelled(self, handovers: Sequence[Handover]) -> OutbreakModel:
        """As many infected at large as in the counts, on average.

        A start has whom registered cases infected by itself.  Where one case infects few, much of
        what the counts have descends from nobody registered, and would be lost: so many unseen are
        added.  Where rounds were held or an outbreak is young, the counts have fewer: a share of
        the cases is taken to have infected nobody.  Counties of the first day begin as registered.
        """
        by_county: dict[str, list[Handover]] = {}
        for one in handovers:
            if one.day:
                by_county.setdefault(one.county, []).append(one)
        levels = {county: self._level(own[:PROBES]) for county, own in by_county.items()}
        return dataclasses.replace(self, levels=levels)

    def _level(self, handovers: Sequence[Handover]) -> Level:
        """Those at large are taken as linear in either share."""
        wanted = sum(one.at_large for one in handovers)
        bare = sum(self._at_large(one, Level()) for one in handovers)
        missing = wanted - bare
        if missing <= 0:
            return Level(barren=-missing / max(1, bare))
        tried = missing / wanted
        there = sum(self._at_large(one, Level(unseen=tried)) for one in handovers)
        return Level(unseen=tried * missing / max(there - bare, LEAST_EACH * missing))

    def _at_large(self, handover: Handover, level: Level) -> int:
        """Infected before hour 0 in this run, by then neither well, found nor kept apart."""
        model = dataclasses.replace(self, levels={handover.county: level})
        people, made, start = model.begun(handover)
        state, _ = model.simulated(handover, people, made, start, days=1)
        rows = state.rec[: state.tally[memory.RECORDS]]
        well_d = len(self.model.disease.profile) + PROFILE_FROM_D
        return int(
            (
                (rows[:, memory.INFECTED_H] < 0)
                & (rows[:, memory.FOUND_H] >= 0)
                & (rows[:, memory.ISO_FROM] >= 0)
                & (rows[:, memory.ONSET_D] + well_d > 0)
            ).sum()
        )

    def take_over(self, handover: Handover) -> dict[str, F64]:
        """One run from the registered cases, under what was in force before, too."""
        option = handover.option
        people, made, start = self.begun(handover)
        days = handover.days - handover.day
        _, out = self.simulated(handover, people, made, start, days=days)
        names = (*answers.MEASURES, *(f"rooms.{tier}" for tier in option.room_tiers),
                 *(f"beds.{tier}" for tier in option.bed_tiers))  # fmt: skip
        told = {name: np.asarray(out[:, n], dtype=np.float64) for n, name in enumerate(names)}
        if not option.restricts:
            told["p_released"] = np.full(len(out), np.nan)
        return told

    def begun(self, handover: Handover) -> tuple[Population, Plan, outbreak.Start]:
        people = self.populations[handover.county]
        made = plan(handover.option, people, handover.days)
        for place, day in handover.ended.items():
            made.area[place, 1] = min(int(made.area[place, 1]), day * DAY_H)
        start = self.start(handover, people)
        made = shifted(made, handover.day * DAY_H)
        if handover.day == 0 and handover.county in self.starts:
            made = placed(made, start)  # what is reported is free; those inside are not in it
        return people, made, start

    def simulated(
        self,
        handover: Handover,
        people: Population,
        made: Plan,
        start: outbreak.Start,
        *,
        days: int,
    ) -> tuple[memory.State, F64]:
        """What the run has in memory at its end, and (days, what the kernels write)."""
        given = self._model(handover)
        if handover.county in self.turns:
            given = turned(given, self.turns[handover.county][handover.run])
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
                return state, np.asarray(out[0], dtype=np.float64)
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
        level = self.levels.get(handover.county, Level())
        luck = chance.uniform(
            chance.key(self.seed, f"barren {handover.county}", handover.run), np.arange(cases)
        )
        infected = np.where(luck < level.barren, handover.found_d, unknown).astype(np.int32)
        since = handover.kept_d[:kept] * DAY_H
        until = since + handover.option.isolation.days * DAY_H
        return outbreak.Start(
            person=order[:cases],
            infected_day=infected,
            onset_day=unknown,
            found_h=(handover.found_d * DAY_H + NOON_H).astype(np.int32),
            isolated=np.column_stack((order[cases : cases + kept], since, until)).astype(np.int32),
            untraced_h=untraced_d(handover.option) * DAY_H,
            placed_h=0,
            unseen=min(level.unseen * handover.at_large, outbreak.MOST_UNSEEN),
            unseen_d=UNSEEN_D,
        )
