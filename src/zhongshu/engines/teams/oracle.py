"""The slow twin: try every set of tasks for everybody.  For three people and a handful of needs.

It says in a few lines what a roster is to achieve; nothing of the search is in it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from zhongshu.engines.teams.ground import Ground
from zhongshu.engines.teams.model import TeamRules

Tasks = tuple[int, ...]


def least_total(ground: Ground, rules: TeamRules) -> float:
    """The least `TeamPlan.total` there can be, if all share their skills."""
    options = [list(_diaries(ground, rules, p)) for p in range(len(ground.staff))]
    best = math.inf
    for chosen in itertools.product(*options):
        given = [sum(n in tasks for tasks, _ in chosen) for n in range(len(ground.needs))]
        if any(number > most for number, most in zip(given, ground.persons, strict=True)):
            continue
        lacks = sum(
            float(ground.worth[n]) * (int(ground.persons[n]) - number)
            for n, number in enumerate(given)
        )
        km = sum(_km(ground, rules, p, n) for p, (tasks, _) in enumerate(chosen) for n in tasks)
        longest = max((minutes for _, minutes in chosen), default=0)
        best = min(best, lacks + km + rules.fair_km * longest / 60)
    return best


def _diaries(ground: Ground, rules: TeamRules, p: int) -> Iterator[tuple[Tasks, int]]:
    """What a person could do altogether, each with the fewest minutes of duty."""
    can = [n for n in range(len(ground.needs)) if ground.allowed[p, n]]
    pins = {n for n in can if ground.pinned[p, n]}
    for size in range(len(can) + 1):
        for tasks in itertools.combinations(can, size):
            if pins <= set(tasks) and _apart(ground, tasks):
                minutes = [
                    sum(ground.windows[w].ends - ground.windows[w].begins for w in set(windows))
                    for windows in itertools.product(
                        *([w for w in range(len(ground.windows)) if ground.fits[n, w]]
                          for n in tasks)
                    )
                    if _rested(ground, rules, p, set(windows))
                ]  # fmt: skip
                if minutes:
                    yield tasks, min(minutes)


def _apart(ground: Ground, tasks: Tasks) -> bool:
    return all(
        ground.begins[b] - ground.ends[a] >= ground.between[a, b]
        or ground.begins[a] - ground.ends[b] >= ground.between[b, a]
        for a, b in itertools.combinations(tasks, 2)
    )


def _rested(ground: Ground, rules: TeamRules, p: int, windows: set[int]) -> bool:
    duties = sorted((ground.windows[w] for w in windows), key=lambda one: one.begins)
    for one, other in itertools.pairwise(duties):
        rest = max(rules.rest_h, rules.rest_after_night_h if one.night else 0.0)
        if other.begins - one.ends < rest * 60:
            return False
    hours = sum(one.ends - one.begins for one in duties) / 60
    days = {one.day for one in duties}
    runs = any(all(d + k in days for k in range(rules.days_in_row + 1)) for d in days)
    return (
        all(ground.free[p, w] for w in windows)
        and (not duties or hours + ground.hours[p] <= rules.hours_most)
        and sum(one.night for one in duties) <= rules.nights_most
        and not runs
    )


def _km(ground: Ground, rules: TeamRules, p: int, n: int) -> float:
    km = 0.0 if math.isnan(ground.km[p, n]) else round(float(ground.km[p, n]), 1)
    return km + rules.change_km * bool(ground.before[:, n].any() and not ground.before[p, n])
