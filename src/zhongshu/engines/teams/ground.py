"""Reading the tables of a roster into arrays; refusing what cannot be planned with."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.teams import model
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
WORDS = ("pinned", "forbidden", "before")


@dataclasses.dataclass(frozen=True)
class Window:
    """A duty that could be had: day number, pattern, minutes from the start of the plan."""

    day: int
    pattern: str
    begins: int
    ends: int
    night: bool


@dataclasses.dataclass(frozen=True)
class Ground:
    """People p, needs n, windows w by number.  Minutes count from the start of the plan.

    km: (p, n) from the base, nan without coordinates.  fits: (n, w); within: the same as numbers
    by need.  apart: (w, w) two duties that one person may have.  clashes, blocks: groups of needs,
    and of windows, of which a person has at most one; every such pair is in a group.
    steps: masks (p, n) of what may not be, in the order in which they are told.  free: (p, w) duty
    possible at all.
    """

    staff: tuple[str, ...]
    skills: tuple[frozenset[str], ...]
    hours: Floats
    needs: tuple[str, ...]
    skill: tuple[str, ...]
    places: tuple[str, ...]
    begins: Ints
    ends: Ints
    persons: Ints
    worth: Floats
    km: Floats
    between: Floats
    windows: tuple[Window, ...]
    fits: Bools
    within: tuple[tuple[int, ...], ...]
    clashes: tuple[tuple[int, ...], ...]
    blocks: tuple[tuple[int, ...], ...]
    apart: Bools
    free: Bools
    steps: tuple[tuple[str, Bools], ...]
    pinned: Bools
    before: Bools

    def windows_of(self, p: int, n: int) -> list[int]:
        """Windows in which a person could do the task."""
        return [w for w in self.within[n] if self.free[p, w]]

    @property
    def allowed(self) -> Bools:
        """(p, n) who may do what, as far as one task goes."""
        allowed: Bools = np.logical_and.reduce([mask for _, mask in self.steps])
        return allowed


def read(
    *, staff: pa.Table, needs: pa.Table, rules: model.TeamRules, words: pa.Table | None = None
) -> Ground:
    """Refuses (BadInput): doubled people or needs, needs of nobody, that end before they begin or
    lie outside the days, ranks without a worth, unknown people, needs and words."""
    _rules(rules)
    tables.require(staff, "staff", model.STAFF.names)
    tables.require(needs, "needs", model.NEEDS.names)
    people, asked = _numbers(staff, "staff", "staff"), _numbers(needs, "needs", "need")
    begins, ends = _minutes(needs, "starts_at", rules), _minutes(needs, "ends_at", rules)
    _spans(needs, begins, ends, rules)
    windows = _windows(rules)
    fits = np.array(
        [
            [w.begins <= a and b <= w.ends for w in windows]
            for a, b in zip(begins, ends, strict=True)
        ],
        bool,
    ).reshape(len(asked), len(windows))
    free = _free(staff, windows, rules)
    skills = tuple(_codes(text) for text in tables.texts(staff, "skills"))
    skill = tuple(tables.texts(needs, "skill"))
    km, between = _distances(staff, needs, rules)
    apart = _apart(windows, rules)
    said = {word: _said(words, people, asked, word) for word in WORDS}
    steps = (
        ("no_skill", np.array([[one in mine for one in skill] for mine in skills], bool)),
        ("no_pattern", np.tile(fits.any(axis=1), (len(people), 1))),
        ("off", (free.astype(np.int64) @ fits.T.astype(np.int64)) > 0),
        ("too_far", ~(km / rules.speed_kmh > _most(rules))),
        ("forbidden", ~said["forbidden"]),
    )
    _pins(said["pinned"], steps, tuple(people), tuple(asked))
    return Ground(
        staff=tuple(people),
        skills=skills,
        hours=np.nan_to_num(tables.floats(staff, "hours"))
        if "hours" in staff.column_names
        else np.zeros(len(people)),
        needs=tuple(asked),
        skill=skill,
        places=tuple(tables.texts(needs, "place")),
        begins=begins,
        ends=ends,
        persons=tables.ints(needs, "persons"),
        worth=_worth(needs, rules),
        km=km,
        between=between,
        windows=windows,
        fits=fits,
        within=tuple(tuple(np.flatnonzero(row).tolist()) for row in fits),
        clashes=_together(_clash(begins, ends, between), _at_once(begins, ends)),
        blocks=_together(~apart),
        apart=apart,
        free=free,
        steps=tuple((code, mask.reshape(len(people), len(asked))) for code, mask in steps),
        pinned=said["pinned"],
        before=said["before"],
    )


def _rules(rules: model.TeamRules) -> None:
    wrong = [
        name
        for name, good in (
            ("patterns", rules.patterns and all(0 <= h < 24 and 0 < n <= 24 for h, n in
                                                rules.patterns.values())),
            ("nights", rules.nights <= set(rules.patterns)),
            ("days", rules.days >= 1),
            ("start", rules.start.tzinfo is not None),
            ("speed_kmh", rules.speed_kmh > 0),
            ("worth_km", len(rules.worth_km) >= 1),
        )
        if not good
    ]  # fmt: skip
    if wrong:
        raise BadInput(
            "teams.bad_rules",
            f"The rules of the roster cannot be used: {', '.join(wrong)}; a pattern is an hour of "
            "the day and a length, nights are patterns, the start has a zone.",
            fields=wrong,
        )


def _most(rules: model.TeamRules) -> float:
    return np.inf if rules.travel_most_h is None else rules.travel_most_h


def _numbers(table: pa.Table, name: str, column: str) -> dict[str, int]:
    values = tables.texts(table, column)
    found = {value: n for n, value in enumerate(values)}
    if len(found) < len(values):
        twice = next(value for n, value in enumerate(values) if found[value] != n)
        raise BadInput("teams.twice", f"{twice} stands twice in '{name}'; keep one row.", id=twice)
    return found


def _minutes(table: pa.Table, column: str, rules: model.TeamRules) -> Ints:
    moments = table[column].to_pylist()
    if None in moments:
        raise BadInput(
            "teams.no_moment", f"A need has no {column}; give its beginning and its end.",
            column=column,
        )  # fmt: skip
    return np.array([round((one - rules.start).total_seconds() / 60) for one in moments], np.int64)


def _spans(needs: pa.Table, begins: Ints, ends: Ints, rules: model.TeamRules) -> None:
    names = tables.texts(needs, "need")
    wrong = [
        (ends <= begins, "teams.ends_first", "ends before it begins; correct its moments"),
        ((begins < 0) | (begins >= rules.days * 24 * 60), "teams.outside",
         f"begins outside the {rules.days} days planned; plan other days or leave it out"),
        (tables.ints(needs, "persons", null=0) < 1, "teams.need_of_nobody",
         "asks for nobody; give the number of persons"),
    ]  # fmt: skip
    for mask, code, words in wrong:
        if mask.any():
            name = names[int(np.argmax(mask))]
            raise BadInput(code, f"The need {name} {words}.", need=name)


def _windows(rules: model.TeamRules) -> tuple[Window, ...]:
    found = []
    for day in range(rules.days):
        for name, (hour, length) in rules.patterns.items():
            begins = round((day * 24 + hour) * 60)
            ends = begins + round(length * 60)
            found.append(Window(day, name, begins, ends, name in rules.nights))
    return tuple(found)


def _apart(windows: tuple[Window, ...], rules: model.TeamRules) -> Bools:
    apart = np.zeros((len(windows), len(windows)), bool)
    for a, one in enumerate(windows):
        rest = max(rules.rest_h, rules.rest_after_night_h if one.night else 0.0)
        for b, other in enumerate(windows):
            if other.begins - one.ends >= rest * 60:
                apart[a, b] = apart[b, a] = True
    return apart


def _clash(begins: Ints, ends: Ints, between: Floats) -> Bools:
    """Two tasks that leave no time to go from one place to the other."""
    gap = begins[None, :] - ends[:, None]
    clash: Bools = (gap < between) & (gap.T < between.T)
    return clash


def _at_once(begins: Ints, ends: Ints) -> list[tuple[int, ...]]:
    """The tasks under way at each moment when one begins."""
    moments = [np.flatnonzero((begins <= at) & (at < ends)) for at in np.unique(begins)]
    return [tuple(one.tolist()) for one in moments if len(one) > 1]


def _together(clash: Bools, known: Sequence[tuple[int, ...]] = ()) -> tuple[tuple[int, ...], ...]:
    """Groups that clash pairwise, which hold every pair that clashes; `known` ones first."""
    clash = clash & ~np.eye(len(clash), dtype=bool)
    left, found = np.triu(clash), list(known)
    for group in known:
        left[np.ix_(group, group)] = False
    while left.any():
        first, second = divmod(int(np.argmax(left)), len(left))
        members, more = [first, second], clash[first] & clash[second]
        while more.any():
            members.append(int(np.argmax(more)))
            more = more & clash[members[-1]]
        left[np.ix_(members, members)] = False
        found.append(tuple(sorted(members)))
    return tuple(found)


def _free(staff: pa.Table, windows: tuple[Window, ...], rules: model.TeamRules) -> Bools:
    free = np.ones((staff.num_rows, len(windows)), bool)
    for p, row in enumerate(staff.to_pylist()):
        off = _codes(row.get("off_on") or "")
        for w, window in enumerate(windows):
            day = (rules.start + dt.timedelta(days=window.day)).date().isoformat()
            free[p, w] = day not in off
            if row.get("worked_until") is not None:
                last = (row["worked_until"] - rules.start).total_seconds() / 60
                free[p, w] &= window.begins - last >= rules.rest_h * 60
    return free


def _codes(text: str) -> frozenset[str]:
    return frozenset(code.strip() for code in text.split(";") if code.strip())


def _distances(staff: pa.Table, needs: pa.Table, rules: model.TeamRules) -> tuple[Floats, Floats]:
    home = tables.floats(staff, "lon"), tables.floats(staff, "lat")
    place = tables.floats(needs, "lon"), tables.floats(needs, "lat")
    km = geo.matrix_km(*home, *place) * rules.detour_factor
    between = np.nan_to_num(geo.matrix_km(*place, *place)) * rules.detour_factor
    where = np.array(tables.texts(needs, "place"))
    minutes = between / rules.speed_kmh * 60 + rules.changeover_min
    return km, np.where(where[:, None] == where[None, :], 0.0, minutes)


def _worth(needs: pa.Table, rules: model.TeamRules) -> Floats:
    ranks = (
        tables.ints(needs, "rank", null=1)
        if "rank" in needs.column_names
        else np.ones(needs.num_rows, np.int64)
    )
    if len(ranks) and not 1 <= ranks.min() <= ranks.max() <= len(rules.worth_km):
        raise BadInput(
            "teams.rank_without_worth",
            f"Needs have ranks {ranks.min()} to {ranks.max()}, and the rules give a worth to 1 to "
            f"{len(rules.worth_km)}; correct the ranks or add a worth.",
        )
    return np.array([rules.worth_km[rank - 1] for rank in ranks], np.float64)


def _said(
    words: pa.Table | None, people: dict[str, int], asked: dict[str, int], word: str
) -> Bools:
    mask = np.zeros((len(people), len(asked)), bool)
    for row in words.to_pylist() if words is not None else []:
        for value, known, where in (
            (row["staff"], people, "staff"), (row["need"], asked, "needs"), (row["word"], WORDS, "")
        ):  # fmt: skip
            if value not in known:
                known_as = f"in '{where}'" if where else f"one of {', '.join(WORDS)}"
                raise BadInput("teams.unknown", f"{value} is not {known_as}.", value=value)
        if row["word"] == word:
            mask[people[row["staff"]], asked[row["need"]]] = True
    return mask


def _pins(
    pinned: Bools,
    steps: tuple[tuple[str, Bools], ...],
    staff: tuple[str, ...],
    needs: tuple[str, ...],
) -> None:
    for code, mask in steps:
        for p, n in np.argwhere(pinned & ~mask.reshape(pinned.shape)).tolist():
            raise BadInput(
                "teams.pin_not_allowed",
                f"{staff[p]} cannot be kept to the need {needs[n]} ({code}); take the pin back.",
                staff=staff[p],
                need=needs[n],
                why=code,
            )
