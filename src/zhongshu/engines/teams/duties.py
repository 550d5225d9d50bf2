"""One person's diary: what may still be added to it, and why not.  And the plain roster it makes,
with which the search begins."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.teams import model
from zhongshu.engines.teams.ground import Ground

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclasses.dataclass
class Diary:
    """tasks and windows by number."""

    ground: Ground
    rules: model.TeamRules
    person: int
    tasks: list[int] = dataclasses.field(default_factory=list)
    windows: list[int] = dataclasses.field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(self._length(w) for w in self.windows)

    def add(self, n: int) -> str:
        """Takes the task and a duty for it; else the code of what forbids it."""
        if any(self._clash(n, other) for other in self.tasks):
            return "people_busy"
        places = np.flatnonzero(self.ground.fits[n] & self.ground.free[self.person]).tolist()
        why = "" if set(places) & set(self.windows) else "rest_rule"
        for w in sorted(places, key=lambda w: (self._length(w), w)) if why else []:
            why = self._refused(w)
            if not why:
                self.windows.append(w)
                break
        if not why:
            self.tasks.append(n)
        return why

    def _length(self, w: int) -> int:
        return self.ground.windows[w].ends - self.ground.windows[w].begins

    def _clash(self, n: int, other: int) -> bool:
        g = self.ground
        after = g.begins[n] - g.ends[other] >= g.between[other, n]
        before = g.begins[other] - g.ends[n] >= g.between[n, other]
        return not (after or before)

    def _refused(self, w: int) -> str:
        g, rules = self.ground, self.rules
        window = g.windows[w]
        if not all(g.apart[w, other] for other in self.windows):
            return "rest_rule"
        if self.minutes + self._length(w) > (rules.hours_most - g.hours[self.person]) * 60:
            return "hours_limit"
        nights = sum(g.windows[other].night for other in self.windows)
        if window.night and nights >= rules.nights_most:
            return "nights_limit"
        days = {g.windows[other].day for other in self.windows} | {window.day}
        first = last = window.day
        while first - 1 in days:
            first -= 1
        while last + 1 in days:
            last += 1
        return "days_in_row" if last - first + 1 > rules.days_in_row else ""


def cost(ground: Ground, rules: model.TeamRules) -> Floats:
    """Kilometres that a task counts for a person, (p, n)."""
    change = np.asarray(ground.before.any(axis=0))[None, :] & ~ground.before
    each: Floats = np.nan_to_num(ground.km) + rules.change_km * change
    return each


def plain(ground: Ground, rules: model.TeamRules, *, people: Ints, needs: Ints) -> dict[int, Diary]:
    """Needs one after another, the worthiest first, each to who is near and has worked least."""
    diaries = {p: Diary(ground, rules, p) for p in people.tolist()}
    allowed, each = ground.allowed, cost(ground, rules)
    given = dict.fromkeys(needs.tolist(), 0)
    for p, n in np.argwhere(ground.pinned).tolist():
        if p in diaries and n in given and not diaries[p].add(n):
            given[n] += 1
    order = sorted(given, key=lambda n: (-ground.worth[n], ground.begins[n], n))
    for n in order:
        who = [p for p in diaries if allowed[p, n] and n not in diaries[p].tasks]
        fair = rules.fair_km / 60
        who.sort(key=lambda p: (each[p, n] + fair * diaries[p].minutes, p))
        for p in who:
            if given[n] == ground.persons[n]:
                break
            given[n] += not diaries[p].add(n)
    return diaries
