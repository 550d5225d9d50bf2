"""The evening's proposals: who met whom, what to close, whether to lock, whether to test.

From what is known, through the engines of tracing and zoning and the figures of the pack.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import solve as tracing
from zhongshu.engines.tracing.model import CASES
from zhongshu.engines.zoning.planning import model as planning
from zhongshu.engines.zoning.planning import solve as zoning
from zhongshu.service.drills.figures import Figures
from zhongshu.service.drills.known import Known
from zhongshu.service.drills.model import DAY_S, Case, Contact, Proposals

RECORDS_COME_D = 3  # the latest scans come so many days late: a case is traced again until then
ADJACENT = planning.ADJACENT.empty_table()  # areas of the largest kind are never joined


@dataclasses.dataclass(frozen=True)
class Aims:
    """What the zoning is asked for: the share of the predicted risk, at most so many areas, and
    person-days that each more of them is held equal to (posts, staff).  Assumptions."""

    share: float = 0.9
    zones: int = 12
    zone_cost: float = 20.0
    opening: float = 0.1
    closing: float = 0.1
    still_per_10000: float = 7.5
    """Community cases of an evening from which everybody stays at home on the next day."""
    still_first_per_10000: float = 3.5
    """The same of the evening of the first round, when few of its results have come."""
    behind_per_10000: float = 1.5
    """Community cases of an evening which, two evenings in a row, show that tracing is behind."""
    behind_after_d: int = 5
    """Evenings after the first case on which that begins to count: whoever was infected before the
    measures has been tested by then, so what still comes was infected under them."""
    behind_clean_d: int = 2
    """Evenings in a row without a community case that end staying at home for it."""


EFFORT = planning.Effort(restarts=1, moves=2_000, steps=0, nodes=0)


class Cycle:
    """What has to be remembered between two evenings.

    asked: of `model.ASKED`; what nobody will look at is not worked out.
    """

    def __init__(self, known: Known, figures: Figures, aims: Aims, asked: frozenset[str]) -> None:
        self.known, self.figures, self.aims, self.asked = known, figures, aims, asked
        self.contacts: dict[int, Contact] = {}
        self.ever: set[int] = set()
        """Everybody who ever was a contact."""
        self.closed: tuple[str, ...] = ()
        self.round_days: list[int] = []
        self.crowded: dict[int, int] = {}
        """By place too crowded to name everybody, the last day on which a case was there."""

    def propose(self, day: int) -> Proposals:
        """On the evening of `day`, once its files are in."""
        if "contacts" in self.asked:
            self._trace(day)
        if "areas" in self.asked:
            self.closed = areas(self.known, self.figures, self.aims, day=day, closed=self.closed)
        due = round_due(self.known.cases, self.round_days, self.figures, day=day)
        return Proposals(
            day=day,
            contacts=dict(self.contacts),
            areas=self.closed,
            places=self._crowded(day),
            county=locked(self.known.cases, self.figures, day=day),
            round_due=due,
            still=still(self.known, self.figures, self.aims, day=day),
        )

    def held_round(self, day: int) -> None:
        self.round_days.append(day)

    def named(self, cases: list[Case], *, day: int) -> list[Contact]:
        """The contacts of the cases who were none yet, or less near ones, from what is known."""
        fresh = []
        named, crowded = contacts(cases, self.known, self.figures, day=day)
        for place, last in crowded:
            self.crowded[place] = max(last, self.crowded.get(place, last))
        for found in named:
            self.ever.add(found.person)
            old = self.contacts.get(found.person)
            if old is not None and (old.degree, -old.last_day) <= (found.degree, -found.last_day):
                continue
            self.contacts[found.person] = found
            fresh.append(found)
        return fresh

    def _crowded(self, day: int) -> tuple[str, ...]:
        """Ids of the places where a case was within the pack's clean days."""
        recent = [p for p, last in self.crowded.items() if day - last < self.figures.clean_days]
        ids: list[str] = self.known.register.place_id.take(
            pa.array(sorted(recent), pa.int64())
        ).to_pylist()
        return tuple(ids)

    def _trace(self, day: int) -> None:
        recent = [
            case for case in self.known.cases.values() if case.known_day >= day - RECORDS_COME_D
        ]
        self.named(recent, day=day)
        self.contacts = {
            who: one
            for who, one in self.contacts.items()
            if who not in self.known.cases and stay(one, self.figures, day=day + 1) is not None
        }


def stay(contact: Contact, figures: Figures, *, day: int) -> str | None:
    """Where a contact is to be on `day`: ``central``, ``home``, or None when his days are over.

    Day 1 is the day after the last contact; days before he was found count (top-up).
    """
    central, home = figures.stays[contact.degree]
    number = day - contact.last_day
    if number <= central:
        return "central"
    return "home" if number <= central + home else None


def contacts(
    cases: list[Case], known: Known, figures: Figures, *, day: int
) -> tuple[list[Contact], list[tuple[int, int]]]:
    """The contacts of cases from the records known on the evening of `day`, the nearest first; and
    the places too crowded to name everybody, with the last day of a case's stay."""
    if not cases:
        return [], []
    begin = [case.anchor_s - _before_s(case, figures) for case in cases]
    table = pa.table(
        {
            "case_id": np.arange(len(cases)),
            "person": [case.person for case in cases],
            "window_from": [known.at(second) for second in begin],
            "window_to": [
                known.at(max(first, case.confirmed_s))
                for first, case in zip(begin, cases, strict=True)
            ],
        }
    ).cast(CASES)
    traced = tracing.trace(
        table,
        visits=known.visits(),
        places=known.register.places,
        households=known.register.households,
        rules=figures.trace,
        until=known.until(day),
    )
    found, left = traced.contacts, traced.notices
    columns = [found[name].to_pylist() for name in ("person", "degree", "score")]
    last = found["last_exposure"].cast(pa.int64()).to_numpy()
    rows = zip(*columns, ((last - known.zero) // DAY_S).tolist(), strict=True)
    stays = left["time_to"].cast(pa.int64()).to_numpy()
    crowded = zip(left["place"].to_pylist(), ((stays - known.zero) // DAY_S).tolist(), strict=True)
    named = [Contact(person, degree, when, score) for person, degree, score, when in rows]
    return named, list(crowded)


def _before_s(case: Case, figures: Figures) -> int:
    """Seconds before the anchor from which a case counts as infectious."""
    ill = case.anchor_s != case.sampled_s
    days = figures.trace.window_days_before if ill else figures.days_before_sampling
    return round(days * DAY_S)


def areas(
    known: Known, figures: Figures, aims: Aims, *, day: int, closed: tuple[str, ...]
) -> tuple[str, ...]:
    """The homes' areas to be closed: at least social cost, covering a share of the risk.

    The risk of an area is its community cases of the pack's days, each weighing less by the day.
    """
    risk, count = _risk(known, figures, day=day)
    chosen = np.flatnonzero(count >= max(1, figures.home_min_cases))
    if not len(chosen):
        return ()
    ids = known.register.area_id.take(pa.array(chosen)).to_pylist()
    people = np.bincount(known.register.area, minlength=len(risk))[chosen]
    nothing = np.zeros(len(chosen), dtype=np.int64)
    cells = pa.table(
        {
            "cell_id": ids,
            "risk": risk[chosen],
            "strictness": np.ones(len(chosen)),
            "days": np.full(len(chosen), float(figures.clean_days)),
            "named": ids,
            "largest": ids,
            "present": np.isin(ids, closed),
            **dict.fromkeys(planning.COUNTS, nothing),
            "people": people,
        }
    ).cast(planning.CELLS)
    asked = planning.Aims(
        share=aims.share, zones=aims.zones, zone_cost=aims.zone_cost,
        opening=aims.opening, closing=aims.closing,
    )  # fmt: skip
    plan = zoning.plan(cells=cells, adjacent=ADJACENT, aims=asked, effort=EFFORT)
    return tuple(cell for zone in plan.best.zones for cell in zone)


def _risk(
    known: Known, figures: Figures, *, day: int
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.int64]]
]:
    size = len(known.register.area_id)
    risk, count = np.zeros(size), np.zeros(size, dtype=np.int64)
    span = min(figures.case_days, figures.clean_days)
    for case in known.cases.values():
        age = day - case.known_day
        if not case.isolated and age < span:
            where = known.register.area[case.person]
            risk[where] += 1.0 - age / span
            count[where] += 1
    return risk, count


def locked(cases: Mapping[int, Case], figures: Figures, *, day: int) -> bool:
    """A county that locks stays locked for the pack's clean days after its last community case."""
    last = last_community(cases)
    return last is not None and day - last < figures.clean_days


def round_due(cases: Mapping[int, Case], held: list[int], figures: Figures, *, day: int) -> bool:
    """Rounds day by day until the pack's number in a row found nobody at large, then a pause, then
    the last ones."""
    last = last_community(cases)
    if last is None:
        return False
    clean = [one for one in held if one > last]
    if len(clean) < figures.first:
        return True
    pause_over = day + 1 > clean[figures.first - 1] + figures.pause_days
    return pause_over and len(clean) < figures.first + figures.after


def still(known: Known, figures: Figures, aims: Aims, *, day: int) -> bool:
    """Whether everybody should stay at home: while the first round is taken, after an evening with
    many cases whom nobody had isolated, and for as long as tracing is behind."""
    evenings = _at_large(known.cases, day=day)
    people = len(known.register.id_no)
    early = first_round(known.cases, figures, day=day - 1)
    least = aims.still_first_per_10000 if early else aims.still_per_10000
    return (
        evenings[-1] * 10_000 >= least * people
        or first_round(known.cases, figures, day=day)
        or behind(evenings, people, aims)
    )


def behind(evenings: list[int], people: int, aims: Aims) -> bool:
    """Whether tracing is held to be behind the spread, from the community cases of each evening
    since the first case: once many still come in late, until none has for some evenings."""
    lost, many = False, [count * 10_000 >= aims.behind_per_10000 * people for count in evenings]
    for at in range(aims.behind_after_d, len(evenings)):
        clean = not any(evenings[at + 1 - aims.behind_clean_d : at + 1])
        lost = (lost and not clean) or (many[at - 1] and many[at])
    return lost


def _at_large(cases: Mapping[int, Case], *, day: int) -> list[int]:
    """Community cases that came in on each evening, from that of the first case to `day`."""
    begun = min(case.known_day for case in cases.values())
    counts = [0] * (day - begun + 1)
    for case in cases.values():
        if case.known_day <= day:
            counts[case.known_day - begun] += not case.isolated
    return counts


def first_round(cases: Mapping[int, Case], figures: Figures, *, day: int) -> bool:
    """Whether the next day lies in the hours that the pack gives the first round."""
    begun = min(case.known_day for case in cases.values())
    return (day - begun) * 24 < figures.round_hours


def last_community(cases: Mapping[int, Case]) -> int | None:
    """The last evening on which a case came in who was at large when sampled."""
    return max((case.known_day for case in cases.values() if not case.isolated), default=None)
