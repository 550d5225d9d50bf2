"""The stepper's slow readable twin: the same draws under the same keys, person counts in dicts.

It shares with the stepper the keyed numbers of the kernel (tested against SciPy) and the numbers
of the purposes, and nothing else: compartments have names, commuting is a full matrix.
"""

# ruff: noqa: PLR0917 - in the order of the stepper

from __future__ import annotations

import math
from typing import Any

import numpy as np

from zhongshu.engines.whatif.counties import stepper
from zhongshu.engines.whatif.counties.model import COUNTED, I64, Course, Plan, Province, Run
from zhongshu.engines.whatif.counties.solve import transmission
from zhongshu.kernel import chance, sampling

State = list[list[dict[str, int]]]  # [county][age][compartment]


def names(course: Course) -> list[str]:
    """The compartments in the order of the stepper's arrays."""
    shown = [f"early{n}" for n in range(course.early_stages)]
    shown += [f"ill{n}" for n in range(len(course.ill_weights))]
    return [
        "S",
        "V",
        *(f"latent{n}" for n in range(course.latent_stages)),
        *shown,
        *(f"silent {name}" for name in shown),
        *(f"isolated{n}" for n in range(course.isolated_stages)),
        "R",
    ]


class Twin:
    """One future, told slowly."""

    def __init__(
        self, province: Province, course: Course, plan: Plan, start: I64, *, run: Run, r0: float
    ) -> None:
        self.province, self.course, self.plan, self.run = province, course, plan, run
        self.names = names(course)
        self.beta = transmission(province, course, r0=r0)
        self.step_d = 1.0 / run.steps_per_day
        self.counties, self.ages = province.people.shape
        self.state: State = [
            [{name: int(start[c, a, k]) for k, name in enumerate(self.names)}
             for a in range(self.ages)]
            for c in range(self.counties)
        ]  # fmt: skip
        self.beds = [[0, 0, 0, 0] for _ in range(self.counties)]
        self.found_share: list[list[float]] = []
        self.ended = [plan.days + 1] * (len(plan.endings) + 1)  # as in `model.Futures`
        self.community: list[list[bool]] = []  # by day and county: a case outside isolation

    def play(self, number: int) -> tuple[I64, I64]:
        """counted (days, counties, COUNTED) and the last state of run `number`."""
        counted = np.zeros((self.plan.days, self.counties, len(COUNTED)), dtype=np.int64)
        run_key = self.under(chance.key(self.run.seed, "counties"), number)
        for day in range(self.plan.days):
            sources = [self.number(c, "early", "ill", "silent") for c in range(self.counties)]
            for step in range(self.run.steps_per_day):
                key = self.under(run_key, day * self.run.steps_per_day + step)
                self.one_step(day, key, counted[day])
            self.close(day, sources, counted[day])
            self.release(day, counted[day])
        last = [[[row[name] for name in self.names] for row in rows] for rows in self.state]
        return counted, np.array(last, dtype=np.int64)

    @staticmethod
    def under(key: np.uint64, who: int) -> np.uint64:
        return np.uint64(chance.person_key(key, who))

    def draw(self, key: np.uint64, purpose: int, age: int) -> np.uint64:
        return self.under(key, purpose * 65536 + age)

    def number(self, county: int, *beginnings: str) -> int:
        rows = self.state[county]
        return sum(n for row in rows for name, n in row.items() if name.startswith(beginnings))

    def rate(self, name: str) -> float:
        """Hazard per day of going on; in steps too the stage lasts its days on average."""
        course, name = self.course, name.removeprefix("silent ")
        part = name.rstrip("0123456789")
        mean, stages = {
            "latent": (course.latent_d, course.latent_stages),
            "early": (course.early_d, course.early_stages),
            "ill": (course.ill_d, len(course.ill_weights)),
            "isolated": (course.isolated_d, course.isolated_stages),
            "way": (course.to_hospital_d, 2),
            "ward": (course.in_hospital_d, 2),
        }[part]
        return -float(np.log1p(-self.step_d * stages / mean)) / self.step_d

    def weight(self, county: int, name: str) -> float:
        """Infectiousness of one person of a compartment."""
        if name.startswith("silent "):
            return self.weight(county, name.removeprefix("silent ")) * self.course.silent_factor
        if name.startswith("early"):
            return self.course.early_weight
        if name.startswith("ill"):
            return self.course.ill_weights[int(name.removeprefix("ill"))]
        if name.startswith("isolated"):
            plan, out = self.plan, self.number(county, "isolated")
            home = max(0.0, 1.0 - plan.rooms[county] / out) if out else 0.0
            leak = plan.home_leak[county] * home + plan.room_leak[county] * (1.0 - home)
            return float(leak) * self.course.isolated_weight
        return 0.0

    def mass(self, county: int, age: int, key: np.uint64) -> float:
        """Infectiousness of a county's age group, with the luck of who is infectious."""
        row = self.state[county][age]
        total = 0.0
        for name in self.names:
            if row[name]:
                total += self.weight(county, name) * row[name]
        if total > 0 and math.isfinite(self.course.dispersion):
            each = self.course.dispersion / self.course.infectious_days * self.step_d
            total = sampling.gamma(self.draw(key, stepper.P_MASS, age), total * each) / each
        return total

    def forces(self, day: int, masses: Any) -> Any:
        """(counties, ages) hazard per day, commuters there and back counted."""
        home = self.province.commuting
        mixing, border = self.restricted(day)
        travel = home * border[:, None] * border[None, :]
        np.fill_diagonal(travel, 0.0)
        np.fill_diagonal(travel, 1.0 - travel.sum(axis=1))
        met = (travel.T @ masses) / np.maximum(travel.T @ self.province.people, 1e-300)
        pressed = met @ self.province.contacts.T * self.beta * mixing[:, None]
        return travel @ pressed * self.province.susceptibility

    def restricted(self, day: int) -> tuple[Any, Any]:
        """What measures leave of mixing and borders, those that have ended left out."""
        ending = self.plan.endings
        holds = [at for at in range(len(ending)) if day < self.ended[at]]
        mixing, border = self.plan.mixing[day].copy(), self.plan.border[day].copy()
        for at in holds:
            mixing *= ending.mixing[at, day]
            border *= ending.border[at, day]
        return mixing, border

    def release(self, day: int, counted: I64) -> None:
        """What had its days without a case in the community ends."""
        ending, never = self.plan.endings, self.plan.days + 1
        self.community.append([n > 0 for n in counted[:, COUNTED.index("found")]])

        def clean(counties: Any, first: int) -> int:
            """Days without a case up to now, from `first` on."""
            streak = 0
            for at in range(day, first - 1, -1):
                if any(self.community[at][c] for c in counties):
                    break
                streak += 1
            return streak

        every = len(ending)
        if 0 <= ending.all_clear <= clean(range(self.counties), 0) and self.ended[every] == never:
            self.ended[every] = day + 1
        for at in range(every):
            mine = [c for c in range(self.counties) if ending.where[at, c]]
            streak = clean(mine, int(ending.first[at]))
            own = 0 <= ending.clear[at] <= streak and day >= ending.first[at]
            if self.ended[at] == never and (own or self.ended[every] <= day + 1):
                self.ended[at] = day + 1

    def one_step(self, day: int, step_key: np.uint64, counted: I64) -> None:
        keys = [self.under(step_key, county) for county in range(self.counties)]
        masses = np.array(
            [[self.mass(c, a, keys[c]) for a in range(self.ages)] for c in range(self.counties)]
        )
        forces = self.forces(day, masses)
        for county in range(self.counties):
            coming = self.come_home(day, county, keys[county])
            severe = 0
            for age in range(self.ages):
                row, flows = self.state[county][age], counted[county]
                self.go_on(day, county, age, keys[county], flows)
                severe += self.catch_it(
                    day, county, age, row, forces[county, age], coming[age], keys[county], flows
                )
            counted[county, COUNTED.index("severe")] += severe
            self.fill_beds(county, severe, keys[county])

    def trace_hazard(self, day: int, county: int) -> float:
        before = day - max(self.plan.trace_delay_d, 1)
        if before < 0:
            return 0.0
        return -math.log1p(-self.plan.traced[day, county] * self.found_share[before][county])

    def go_on(self, day: int, county: int, age: int, key: np.uint64, counted: I64) -> None:
        """Everybody infected stays, goes on, is found or is traced; all at once."""
        row = self.state[county][age]
        before = dict(row)
        for index, name in enumerate(self.names):
            if name in {"S", "V", "R"} or before[name] == 0:
                continue
            on, find, reach = self.rate(name), 0.0, 0.0
            if not name.startswith("isolated"):
                column = 0 if name.startswith("latent") else 2 if name.startswith("ill") else 1
                find, reach = self.plan.found[day, county, column], self.trace_hazard(day, county)
            purpose = stepper.P_EXITS + 4 * index
            chance_out = sampling.exit_probability(on + find + reach, self.step_d)
            left = sampling.binomial(self.draw(key, purpose, age), before[name], chance_out)
            row[name] -= left
            found = sampling.binomial(
                self.draw(key, purpose + 1, age), left, find / (on + find + reach)
            )
            traced = sampling.binomial(
                self.draw(key, purpose + 2, age), left - found, reach / (on + reach)
            )
            row["isolated0"] += found + traced
            counted[COUNTED.index("found")] += found
            counted[COUNTED.index("traced")] += traced
            self.arrive(name, index, left - found - traced, age, row, key, counted)

    def arrive(
        self,
        name: str,
        index: int,
        going: int,
        age: int,
        row: dict[str, int],
        key: np.uint64,
        counted: I64,
    ) -> None:
        """Where those go who go on."""
        following = self.names[index + 1]
        if name == f"latent{self.course.latent_stages - 1}":
            silent = sampling.binomial(
                self.draw(key, stepper.P_EXITS + 4 * index + 3, age),
                going,
                self.course.silent_share,
            )
            row["silent early0"] += silent
            row["early0"] += going - silent
        elif following in {"silent early0", "isolated0"}:
            row["R"] += going
        else:
            row[following] += going
            if following == "ill0":
                counted[COUNTED.index("onsets")] += going

    def catch_it(
        self,
        day: int,
        county: int,
        age: int,
        row: dict[str, int],
        force: float,
        coming: int,
        key: np.uint64,
        counted: I64,
    ) -> int:
        """The susceptible are infected or vaccinated; returns who will fall severely ill."""
        plan = self.plan
        dose = float(plan.vaccinated[day, county] * plan.vaccine_ages[age])
        caught_v, waned = self.part(
            key, stepper.P_LEAVE_V, age, row["V"], force * (1.0 - plan.vaccine_infection),
            plan.waning,
        )  # fmt: skip
        caught, dosed = self.part(key, stepper.P_LEAVE_S, age, row["S"], force, dose)
        home = min(coming, row["S"] - caught - dosed)
        row["V"] += dosed - caught_v - waned
        row["S"] += waned - caught - dosed - home
        row["latent0"] += caught + caught_v + home
        counted[COUNTED.index("infections")] += caught + caught_v + home
        counted[COUNTED.index("imported")] += home
        share = float(self.province.severe[age])
        severe: int = sampling.binomial(
            self.draw(key, stepper.P_SEVERE_S, age), caught + home, share
        ) + sampling.binomial(
            self.draw(key, stepper.P_SEVERE_V, age), caught_v, share * (1.0 - plan.vaccine_severe)
        )
        return severe

    def part(
        self, key: np.uint64, purpose: int, age: int, people: int, first: float, second: float
    ) -> tuple[int, int]:
        """How many leave by the first and by the second of two competing hazards."""
        if first + second <= 0:
            return 0, 0
        out = sampling.exit_probability(first + second, self.step_d)
        left = sampling.binomial(self.draw(key, purpose, age), people, out)
        by_first = sampling.binomial(
            self.draw(key, purpose + 1, age), left, first / (first + second)
        )
        return by_first, left - by_first

    def come_home(self, day: int, county: int, key: np.uint64) -> list[int]:
        people = self.province.people[county].astype(float)
        mean = self.plan.imports[day, county] / self.run.steps_per_day
        coming = [0] * self.ages
        for index in range(sampling.poisson(self.draw(key, stepper.P_IMPORTS, 0), mean)):
            at = chance.unit(self.draw(key, stepper.P_WHO, 0), index) * people.sum()
            ends = np.cumsum(people)
            coming[min(int(np.searchsorted(ends, at, side="right")), self.ages - 1)] += 1
        return coming

    def fill_beds(self, county: int, severe: int, key: np.uint64) -> None:
        before = list(self.beds[county])
        for stage, name in enumerate(("way", "way", "ward", "ward")):
            out = sampling.exit_probability(self.rate(name), self.step_d)
            left = sampling.binomial(self.draw(key, stepper.P_BEDS, stage), before[stage], out)
            self.beds[county][stage] -= left
            if stage < 3:
                self.beds[county][stage + 1] += left
        self.beds[county][0] += severe

    def close(self, day: int, sources: list[int], counted: I64) -> None:
        shares = []
        for county in range(self.counties):
            large = self.number(county, "latent", "early", "ill", "silent")
            counted[county, COUNTED.index("at_large")] = large
            counted[county, COUNTED.index("isolated")] = self.number(county, "isolated")
            counted[county, COUNTED.index("in_hospital")] = sum(self.beds[county][2:])
            found = counted[county, COUNTED.index("found")] / max(sources[county], 1)
            shares.append(min(stepper.MOST_FOUND, float(found)))
        self.found_share.append(shares)
